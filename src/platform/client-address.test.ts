import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientOf, isInRanges, readAddress, readForwardedFor } from './client-address.ts'

test('an address is read without its port, brackets and zone', () => {
  for (const [text, address] of [
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1:4711 ', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:DB8:0::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])
    assert.equal(readAddress(text!), address)
  for (const text of ['', 'unknown', '_hidden', '1.2.3', '0x7f.1', '010.1.1.1.1', '192.0.2.1:x', '<script>'])
    assert.equal(readAddress(text), undefined, text)
})

test('a client is identified by an IPv4 address or an IPv6 /64', () => {
  assert.equal(clientOf('192.0.2.1:5'), clientOf('::ffff:192.0.2.1'))
  assert.equal(clientOf('2001:db8:0:7::1'), clientOf('2001:db8:0:7:ffff::2'))
  assert.notEqual(clientOf('2001:db8:0:7::1'), clientOf('2001:db8:0:8::1'))
  assert.equal(clientOf('no address'), 'unknown')
})

test('an X-Forwarded-For entry that is not an address is dropped, together with everything before it', () => {
  assert.equal(readForwardedFor('192.0.2.1:80, [2001:db8::1]:443'), '192.0.2.1, 2001:db8::1')
  assert.equal(readForwardedFor('192.0.2.1, unknown, 192.0.2.2'), '192.0.2.2')
  assert.equal(readForwardedFor('unknown'), '')
})

test('a trusted proxy is recognized by its range, as an IPv4 or a mapped address', () => {
  const ranges = ['10.0.0.0/8', '192.0.2.7', 'fd00::/8']
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1']) assert.ok(isInRanges(address, ranges))
  for (const address of ['11.1.2.3', '192.0.2.8', '2001:db8::1', '']) assert.ok(!isInRanges(address, ranges), address)
})
