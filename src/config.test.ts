import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopbackUrl, parseConfig } from './config.ts'

test('an empty environment serves on localhost:3000 with the data in ./data', () => {
  const config = parseConfig({})
  assert.deepEqual(
    [config.port, config.host, config.url, config.dataDirectory, config.roles],
    [3000, '127.0.0.1', 'http://localhost:3000', './data', ['web', 'worker']],
  )
})

test('the URL follows the port unless it is set, and an empty variable counts as absent', () => {
  assert.equal(parseConfig({ PORT: '4000' }).url, 'http://localhost:4000')
  assert.equal(parseConfig({ PORT: '4000', BOOKBELL_URL: '' }).url, 'http://localhost:4000')
  assert.equal(parseConfig({ BOOKBELL_URL: 'https://book.example.com/' }).url, 'https://book.example.com')
})

const wrong: [name: string, value: string, allowed: RegExp][] = [
  ['PORT', 'http', /whole number from 0 to 65535/],
  ['PORT', '70000', /whole number from 0 to 65535/],
  ['PORT', '0x10', /whole number from 0 to 65535/],
  ['PORT', ' ', /whole number from 0 to 65535/],
  ['BOOKBELL_URL', 'book.example.com', /http:\/\/ or https:\/\//],
  ['BOOKBELL_URL', 'https://example.com/path', /without a path/],
  ['DATABASE_URL', 'mysql://db', /postgres:\/\//],
  ['BOOKBELL_ROLES', 'web,wroker', /web, worker or web,worker/],
  ['BOOKBELL_OWNER_EMAIL', 'ada', /email address/],
  ['BOOKBELL_SECRET', 'aaaaaaaaaaaaaaaa', /8 of them different/],
  ['BOOKBELL_OWNER_PASSWORD', 'too short', /at least 10 characters/],
  ['BOOKBELL_API_KEY', 'x'.repeat(23), /24 to 200 letters/],
  ['BOOKBELL_API_KEY', 'a key with spaces', /without spaces/],
  ['BOOKBELL_SECRET', 'short', /at least 16 random characters/],
  ['BOOKBELL_TRUST_PROXY', 'localhost', /CIDR/],
  ['BOOKBELL_WEBHOOK_ALLOW', '10.0.0.0/99', /CIDR/],
  ['SMTP_URL', 'mail.example.com', /smtp:\/\//],
  ['SMTP_URL', 'smtp://', /with a host/],
  ['SMTP_URL', 'smtp://mail.example.com:99999', /smtp:\/\//],
  ['BOOKBELL_RETENTION_DAYS', '1.5', /1 to 3650/],
  ['BOOKBELL_RETENTION_DAYS', '0', /1 to 3650/],
  ['BOOKBELL_LOG_LEVEL', 'loud', /fatal, error, warn/],
]

for (const [name, value, allowed] of wrong) {
  test(`${name}=${value} prevents the start, and the error names the variable and the allowed values`, () => {
    assert.throws(
      () => parseConfig({ [name]: value }),
      (error: Error) => error.message.startsWith(`${name} must be `) && allowed.test(error.message),
    )
  })
}

test('the value of a confidential variable is not shown', () => {
  assert.throws(
    () => parseConfig({ BOOKBELL_SECRET: 'hunter2' }),
    (error: Error) => !error.message.includes('hunter2') && /not shown/.test(error.message),
  )
})

test('the first API key can have any form', () => {
  const owner = { BOOKBELL_OWNER_EMAIL: 'a@example.com', BOOKBELL_OWNER_PASSWORD: 'a long password' }
  for (const key of ['test-key-that-is-long-enough', `bb_${'0123456789'.repeat(3)}`, '6f1c/+=.~'.repeat(3)])
    assert.equal(parseConfig({ ...owner, BOOKBELL_API_KEY: key }).owner?.apiKey, key)
})

test('an owner needs an email address and a password together', () => {
  assert.throws(() => parseConfig({ BOOKBELL_OWNER_EMAIL: 'a@example.com' }), /BOOKBELL_OWNER_PASSWORD is missing/)
  assert.throws(() => parseConfig({ BOOKBELL_API_KEY: `bb_${'x'.repeat(21)}` }), /BOOKBELL_OWNER_EMAIL is missing/)
})

test('only this machine’s addresses are loopback addresses', () => {
  for (const url of [
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://127.9.9.9:1',
    'http://[::1]:80',
    'http://app.localhost',
  ]) {
    assert.equal(isLoopbackUrl(url), true, url)
  }
  for (const url of [
    'https://example.com',
    'http://127.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
  ]) {
    assert.equal(isLoopbackUrl(url), false, url)
  }
})

test('a registration at a calendar provider needs an ID and a secret; the tenant of Microsoft is common by default', () => {
  assert.deepEqual([parseConfig({}).google, parseConfig({}).microsoft], [undefined, undefined])
  assert.throws(() => parseConfig({ BOOKBELL_GOOGLE_CLIENT_ID: 'a' }), /BOOKBELL_GOOGLE_CLIENT_SECRET is missing/)
  assert.throws(() => parseConfig({ BOOKBELL_MICROSOFT_CLIENT_SECRET: 'a' }), /BOOKBELL_MICROSOFT_CLIENT_ID is missing/)
  const microsoft = { BOOKBELL_MICROSOFT_CLIENT_ID: 'a', BOOKBELL_MICROSOFT_CLIENT_SECRET: 'b' }
  assert.deepEqual(parseConfig(microsoft).microsoft, { clientId: 'a', clientSecret: 'b', tenant: 'common' })
  assert.throws(() => parseConfig({ ...microsoft, BOOKBELL_MICROSOFT_TENANT: 'a/../b' }), /BOOKBELL_MICROSOFT_TENANT/)
})
