import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { createTestDirectory } from '../../test/support/embedded.ts'
import { type Database, openPglite } from './database.ts'
import { migrate } from './migrations.ts'

let database: Database
let app: TestApp

before(async () => {
  database = await openPglite(await createTestDirectory())
  await migrate(database)
  app = await openTestApp(database, { env: { BOOKBELL_URL: 'https://book.example.com' } })
})
after(async () => {
  await app?.stop()
  await database?.close()
})

const head = async (path: string, method = 'GET', body?: object) => (await app.api(method, path, body)).headers

describe('every response of the API', () => {
  for (const [method, path, body] of [
    ['GET', '/api/v1/members'],
    ['POST', '/api/v1/api-keys', { name: 'Shown once' }],
    ['GET', '/api/v1/nowhere'],
    ['GET', '/api/v1/public/pages/nowhere'],
    ['GET', '/api/auth/get-session'],
    ['GET', '/api/openapi.json'],
  ] as const) {
    test(`is not cached, and browsers do not guess its type: ${method} ${path}`, async () => {
      const headers = await head(path, method, body)
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000')
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin')
      assert.match(headers.get('permissions-policy') ?? '', /camera=\(\)/)
    })
  }
})

test('other sites can load public calls, but no other part of the API', async () => {
  assert.equal((await head('/api/v1/public/pages/nowhere')).get('cross-origin-resource-policy'), 'cross-origin')
  assert.equal((await head('/api/v1/members')).get('cross-origin-resource-policy'), 'same-origin')
})

test('other sites can load the resources that they embed', async () => {
  for (const path of ['/embed.js', '/favicon.svg']) {
    const headers = await head(path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    if (headers.get('content-type')?.includes('json')) continue
    assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin', path)
  }
})

test('the API document viewer does not store keys and loads nothing from other hosts', async () => {
  const page = await app.api('GET', '/api/docs/')
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.doesNotMatch(policy, /upgrade-insecure-requests|swagger\.io|https:/)
  assert.match(policy, /script-src 'self'/)
  const script = await app.api('GET', '/api/docs/static/swagger-initializer.js')
  assert.match(script.text, /"?persistAuthorization"?: ?false/)
})

test('a server that is used over plain HTTP does not require HTTPS', async () => {
  const plain = await openTestApp(database)
  assert.equal((await plain.api('GET', '/api/v1/members')).headers.get('strict-transport-security'), null)
  await plain.stop()
})
