import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAddress, checkResolved, checkUrl, hostOf, makeTargetPolicy, type TargetPolicy } from './target-guard.ts'

const closed = makeTargetPolicy({ loopback: false, allow: [], inspector: 'https://book.example.com/inspect/' })
const local = makeTargetPolicy({ loopback: true, allow: [], inspector: null })

function reasonFor(text: string, policy: TargetPolicy = closed): string {
  const verdict = checkUrl(policy, text)
  return verdict.ok ? 'allowed' : verdict.refusal.found
}

function refuses(text: string, reason: RegExp, policy: TargetPolicy = closed) {
  test(`refuses ${JSON.stringify(text)}`, () => assert.match(reasonFor(text, policy), reason))
}

function allows(text: string, policy: TargetPolicy = closed) {
  test(`allows ${JSON.stringify(text)}`, () => assert.equal(reasonFor(text, policy), 'allowed'))
}

allows('https://example.com/hook')
allows('https://example.com:8443/hook?a=b')
allows('https://93.184.216.34/hook')
allows('https://[2606:2800:220:1::1]/hook')
allows('https://example.com./hook')
allows('https://bücher.example/hook')

refuses('ftp://example.com/', /scheme ftp/)
refuses('javascript:alert(1)', /scheme javascript/)
refuses('file:///etc/passwd', /scheme file/)
refuses('example.com/hook', /not a URL/)
refuses('', /not a URL/)
refuses('https://', /not a URL/)
refuses('https://exa mple.com/', /white space/)
refuses('https://exa\tmple.com/', /white space/)
refuses('https://example.com\\@127.0.0.1/', /backslash/)
refuses('https://example.com/\u0000', /control character/)
refuses(`https://example.com/${'a'.repeat(2048)}`, /longer than/)
refuses('https://user:pass@example.com/', /user name or a password/)
refuses('https://user@example.com/', /user name or a password/)
refuses('https://example.com:25/', /Port 25/)
refuses('https://example.com:22/', /Port 22/)
refuses('https://example.com:0/', /Port 0/)
refuses('http://93.184.216.34/', /uses http/)

// The same loopback address in every notation that some program accepts.
for (const host of [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '127.255.255.254',
  '１２７.０.０.１',
  '127。0。0。1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'anything.localhost',
]) {
  refuses(`https://${host}/`, /loopback/)
  allows(`http://${host}/`, local)
}

test('a zone id is rejected, in a URL and in a resolved address', () => {
  assert.match(reasonFor('https://[fe80::1%25eth0]/'), /zone id/)
  assert.match(reasonFor('https://[fe80::1%eth0]/'), /zone id/)
  assert.match(checkAddress(closed, 'fe80::1%eth0', true)?.found ?? '', /link-local/)
})

// The IANA special-purpose registries: the first and last address of each block.
for (const [first, last, what] of [
  ['0.0.0.0', '0.255.255.255', /this network/],
  ['10.0.0.0', '10.255.255.255', /private/],
  ['100.64.0.0', '100.127.255.255', /carrier/],
  ['127.0.0.0', '127.255.255.255', /loopback/],
  ['169.254.0.0', '169.254.255.255', /link-local/],
  ['172.16.0.0', '172.31.255.255', /private/],
  ['192.0.0.0', '192.0.0.255', /protocol assignments/],
  ['192.0.2.0', '192.0.2.255', /documentation/],
  ['192.31.196.0', '192.31.196.255', /AS112/],
  ['192.52.193.0', '192.52.193.255', /multicast tunnelling/],
  ['192.88.99.0', '192.88.99.255', /6to4/],
  ['192.168.0.0', '192.168.255.255', /private/],
  ['192.175.48.0', '192.175.48.255', /AS112/],
  ['198.18.0.0', '198.19.255.255', /benchmarks/],
  ['198.51.100.0', '198.51.100.255', /documentation/],
  ['203.0.113.0', '203.0.113.255', /documentation/],
  ['168.63.129.16', '168.63.129.16', /metadata/],
  ['224.0.0.0', '239.255.255.255', /multicast/],
  ['240.0.0.0', '255.255.255.254', /reserved/],
  ['255.255.255.255', '255.255.255.255', /broadcast/],
  ['::', '::', /unspecified/],
  ['::1', '::1', /loopback/],
  ['::2', '::ffff:ffff', /IPv4-compatible/],
  ['::ffff:0.0.0.0', '::ffff:255.255.255.255', /IPv4-mapped/],
  ['::ffff:0:0.0.0.0', '::ffff:0:255.255.255.255', /IPv4-translated/],
  ['64:ff9b::', '64:ff9b::ffff:ffff', /NAT64/],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', /NAT64/],
  ['100::', '100::ffff:ffff:ffff:ffff', /black hole/],
  ['100:0:0:1::', '100::1:ffff:ffff:ffff:ffff', /dummy/],
  ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff', /Teredo/],
  ['2001:1::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', /protocol assignments/],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', /documentation/],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', /6to4/],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff', /AS112/],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', /documentation/],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff', /segment routing/],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', /private/],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', /link-local/],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', /site-local/],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', /multicast/],
  ['4000::', 'fbff::', /global unicast/],
  ['1::', '1fff::', /global unicast/],
] as const) {
  test(`refuses ${first} to ${last}`, () => {
    for (const address of [first, last]) assert.match(checkAddress(closed, address, true)?.found ?? '', what, address)
  })
}

test('the neighbours of the special ranges are public', () => {
  const neighbours = ['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255']
  neighbours.push('128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0')
  neighbours.push('192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255')
  neighbours.push('2000::', '2001:200::', '2001:db9::', '2003::', '3fff:1000::', '2606:4700::1111')
  for (const address of neighbours) assert.equal(checkAddress(closed, address, true), null, address)
})

test('an embedded private address is rejected in every form', () => {
  const wrapped = ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::10.0.0.1', '64:ff9b::10.0.0.1']
  wrapped.push('64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2002:a00:1::1', '::ffff:0:10.0.0.1', '2001:0:a00:1::')
  for (const address of wrapped) {
    assert.ok(checkAddress(closed, address, true), address)
    assert.notEqual(reasonFor(`https://[${address}]/`), 'allowed', address)
  }
})

test('a resolver’s invalid answers are rejected', () => {
  for (const address of ['', 'example.com', '1.2.3', '::g', '256.1.1.1']) {
    assert.ok(checkAddress(closed, address, true), address)
  }
})

test('loopback is allowed, even over http, if the server itself is on loopback', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    assert.equal(checkAddress(local, address, false), null, address)
  }
  assert.match(checkAddress(local, '10.0.0.1', true)?.found ?? '', /private/)
  assert.match(checkAddress(local, '0.0.0.0', true)?.found ?? '', /this network/)
  assert.match(checkAddress(local, '93.184.216.34', false)?.found ?? '', /uses http/)
})

test('a range in the allow list can be reached, even over http', () => {
  const policy = makeTargetPolicy({
    loopback: false,
    allow: ['10.1.0.0/16', 'fd00::/8', '192.168.1.5'],
    inspector: null,
  })
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', '192.168.1.5']) {
    assert.equal(checkAddress(policy, address, false), null, address)
  }
  for (const address of ['10.2.0.1', 'fc00::1', '192.168.1.6', '127.0.0.1']) {
    assert.ok(checkAddress(policy, address, true), address)
  }
})

test('allowing NAT64 does not allow the private addresses behind it', () => {
  const policy = makeTargetPolicy({ loopback: false, allow: ['64:ff9b::/96'], inspector: null })
  assert.equal(checkAddress(policy, '64:ff9b::5db8:d822', true), null)
  assert.match(checkAddress(policy, '64:ff9b::10.0.0.1', true)?.found ?? '', /NAT64/)
  assert.match(checkAddress(policy, '64:ff9b::127.0.0.1', true)?.found ?? '', /NAT64/)
})

test("the inspector's URLs are always allowed, and no other URL on that host is trusted", () => {
  const policy = makeTargetPolicy({ loopback: false, allow: [], inspector: 'http://10.0.0.5:3000/inspect/' })
  const inspector = checkUrl(policy, 'http://10.0.0.5:3000/inspect/abc')
  assert.equal(inspector.ok && inspector.trust, 'inspector')
  assert.match(reasonFor('http://10.0.0.5:3000/api/v1/members', policy), /private/)
  assert.match(reasonFor('http://10.0.0.5:3000/inspect/../api/v1/members', policy), /private/)
  assert.match(reasonFor('http://10.0.0.5:3000/inspect/%2e%2e/api', policy), /private/)
})

test('every refusal says how to fix it', () => {
  for (const text of [
    'nonsense',
    'ftp://a.b/',
    'https://u@a.b/',
    'https://a.b:25/',
    'https://10.0.0.1/',
    'http://1.1.1.1/',
  ]) {
    const verdict = checkUrl(closed, text)
    assert.ok(!verdict.ok && /\.$/.test(verdict.refusal.remedy), text)
  }
})

test('the host is written as for resolvers and certificates: no brackets, no trailing dot, punycode', () => {
  assert.equal(hostOf(new URL('https://[::1]:8/')), '::1')
  assert.equal(hostOf(new URL('https://Example.COM./')), 'example.com')
  assert.equal(hostOf(new URL('https://bücher.example/')), 'xn--bcher-kva.example')
})

test('the finding about a name does not show its address, but the operator’s log does', () => {
  const refused: string[] = []
  const policy = { ...closed, onRefused: (address: string, what: string) => void refused.push(`${address} ${what}`) }
  for (const address of ['10.1.2.3', '127.0.0.1', 'fd00::1', '169.254.169.254']) {
    const finding = checkResolved(policy, address, true)
    assert.equal(
      finding?.found,
      'The target resolves to an address that is not public, so webhooks cannot be sent to it.',
    )
    assert.ok(!JSON.stringify(finding).includes(address))
  }
  assert.equal(refused.length, 4)
  assert.match(refused[0] ?? '', /^10\.1\.2\.3 /)
  assert.equal(checkResolved(policy, '93.184.216.34', true), null)
  assert.match(checkResolved(policy, '93.184.216.34', false)?.found ?? '', /uses http/)
})
