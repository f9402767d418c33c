import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { generateSecret, parseSecret, publicKeyOf, signatureOf, signedPrefix, verifySignature } from './signature.ts'

const body = Buffer.from('{"id":1,"name":"Zoë — 予定"}')
const now = Math.floor(Date.now() / 1000)

function signedHeaders(secrets: string[], timestamp = now) {
  return {
    'webhook-id': 'act_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf(secrets.map(parseSecret), signedPrefix('act_1', timestamp), body),
  }
}

test('a shared secret is whsec_ followed by 32 random bytes in base64', () => {
  const secret = generateSecret('v1')
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.notEqual(secret, generateSecret('v1'))
})

for (const [name, Library] of [
  ['standardwebhooks', StandardWebhook],
  ['svix', SvixWebhook],
] as const) {
  test(`${name} from npm verifies what we sign`, () => {
    const secret = generateSecret('v1')
    new Library(secret).verify(body.toString(), signedHeaders([secret]))
    assert.throws(() => new Library(secret).verify('{}', signedHeaders([secret])))
  })

  test(`${name} verifies with the old and with the new secret during a rotation`, () => {
    const [fresh, old] = [generateSecret('v1'), generateSecret('v1')]
    const headers = signedHeaders([fresh, old])
    assert.match(headers['webhook-signature'], /^v1,\S+ v1,\S+$/)
    new Library(old).verify(body.toString(), headers)
    new Library(fresh).verify(body.toString(), headers)
    assert.throws(() => new Library(generateSecret('v1')).verify(body.toString(), headers))
  })
}

test('we verify what standardwebhooks signs', () => {
  const secret = generateSecret('v1')
  const signature = new StandardWebhook(secret).sign('act_1', new Date(now * 1000), body.toString())
  const headers = { 'webhook-id': 'act_1', 'webhook-timestamp': String(now), 'webhook-signature': signature }
  assert.deepEqual(verifySignature([secret], headers, { body, now }), { ok: true })
})

test('the example in the specification has the specified signature', () => {
  const key = parseSecret('whsec_plJ3nmyCDGBKInavdOK15jsl')
  const text = Buffer.from('{"event_type":"ping","data":{"success":true}}')
  const value = signatureOf([key], signedPrefix('msg_loFOjxBNrRLzqYUf', 1731705121), text)
  assert.equal(value, 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=')
})

test('an asymmetric key signs v1a, and its public key is enough to verify', () => {
  const secret = generateSecret('v1a')
  const shown = publicKeyOf(secret)
  assert.ok(shown)
  assert.match(secret, /^whsk_[A-Za-z0-9+/]{86}==$/)
  assert.match(shown, /^whpk_[A-Za-z0-9+/]{43}=$/)
  const headers = signedHeaders([secret])
  assert.match(headers['webhook-signature'], /^v1a,[A-Za-z0-9+/]{86}==$/)
  assert.deepEqual(verifySignature([shown], headers, { body, now }), { ok: true })
  assert.deepEqual(verifySignature([publicKeyOf(generateSecret('v1a')) ?? ''], headers, { body, now }), {
    ok: false,
    reason: 'no_match',
  })
})

test('v1a is plain Ed25519 over id.timestamp.body (RFC 8032)', () => {
  const secret = generateSecret('v1a')
  const x = Buffer.from(publicKeyOf(secret)?.slice('whpk_'.length) ?? '', 'base64').toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const signature = signedHeaders([secret])['webhook-signature'].slice('v1a,'.length)
  const content = Buffer.concat([Buffer.from(`act_1.${now}.`), body])
  assert.ok(verify(null, content, publicKey, Buffer.from(signature, 'base64')))
})

test('a shared secret does not have a public key', () => {
  assert.equal(publicKeyOf(generateSecret('v1')), null)
})

test('a changed body, id or time does not verify', () => {
  const secret = generateSecret('v1')
  const headers = signedHeaders([secret])
  const refused = { ok: false, reason: 'no_match' }
  assert.deepEqual(verifySignature([secret], headers, { body: Buffer.from('{}'), now }), refused)
  assert.deepEqual(verifySignature([secret], { ...headers, 'webhook-id': 'act_2' }, { body, now }), refused)
  const later = { ...headers, 'webhook-timestamp': String(now + 1) }
  assert.deepEqual(verifySignature([secret], later, { body, now }), refused)
})

test('a timestamp that is missing or more than five minutes away does not verify', () => {
  const secret = generateSecret('v1')
  const refused = { ok: false, reason: 'timestamp_off' }
  assert.deepEqual(verifySignature([secret], signedHeaders([secret], now - 301), { body, now }), refused)
  assert.deepEqual(verifySignature([secret], signedHeaders([secret], now + 301), { body, now }), refused)
  const garbled = { ...signedHeaders([secret]), 'webhook-timestamp': 'soon' }
  assert.deepEqual(verifySignature([secret], garbled, { body, now }), refused)
  assert.deepEqual(verifySignature([secret], signedHeaders([secret], now - 300), { body, now }), { ok: true })
  assert.deepEqual(verifySignature([secret], {}, { body, now }), { ok: false, reason: 'headers_missing' })
})

test('signatures in an unknown format are ignored without an error', () => {
  const secret = generateSecret('v1')
  const headers = signedHeaders([secret])
  headers['webhook-signature'] = `v2,abc , nonsense v1,kurz ${headers['webhook-signature']}`
  assert.deepEqual(verifySignature([secret], headers, { body, now }), { ok: true })
})

test('a secret in another format is rejected', () => {
  assert.throws(() => parseSecret('hunter2'), /whsec_ or whsk_/)
})
