import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { createOrganization } from '../organizations/service.ts'
import { manualClock } from '../platform/clock.ts'
import { deleteExpiredKeys } from './service.ts'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.UTC(2027, 0, 4, 9))
  before(async () => {
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  test('the same Idempotency-Key and body return the first response again, and a different body is rejected', async () => {
    const key = { 'idempotency-key': 'one' }
    const first = await app.api('POST', '/api/v1/api-keys', { name: 'Once' }, key)
    const again = await app.api('POST', '/api/v1/api-keys', { name: 'Once' }, key)
    assert.deepEqual([again.status, again.text, again.headers.get('idempotency-replayed')], [201, first.text, 'true'])
    const other = await app.api('POST', '/api/v1/api-keys', { name: 'Other' }, key)
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused'])
  })

  test('only one of eight concurrent requests with the same Idempotency-Key takes effect', async () => {
    const send = () => app.api('POST', '/api/v1/api-keys', { name: 'Racing' }, { 'idempotency-key': 'race' })
    const answers = await Promise.all(Array.from({ length: 8 }, send))
    assert.equal(new Set(answers.map((answer) => answer.text)).size, 1)
    const { body } = await app.api('GET', '/api/v1/api-keys')
    assert.equal(body.data.filter((key: { name: string }) => key.name === 'Racing').length, 1)
  })

  test('a refused request does not use up its Idempotency-Key, and every key expires after a day', async () => {
    const key = { 'idempotency-key': 'free' }
    assert.equal((await app.api('POST', '/api/v1/api-keys', { name: '' }, key)).status, 422)
    const first = await app.api('POST', '/api/v1/api-keys', { name: 'Free' }, key)
    assert.equal(first.status, 201)
    clock.advance(24 * 60 * 60 * 1000 + 1)
    const later = await app.api('POST', '/api/v1/api-keys', { name: 'Free' }, key)
    assert.notEqual(later.body.id, first.body.id)
  })

  test('a response that is shown only once is stored encrypted', async () => {
    const { body } = await app.api('POST', '/api/v1/api-keys', { name: 'Hidden' }, { 'idempotency-key': 'hidden' })
    const { rows } = await sql<{ answer: string }>`select answer from idempotency_keys where key = 'hidden'`.execute(
      app.database.executor,
    )
    const [{ answer = '' } = {}] = rows
    assert.ok(answer.length > 0 && !answer.includes(body.key))
    assert.ok(!Buffer.from(answer, 'base64').includes(body.key))
  })

  test('keys older than a day are deleted, and newer keys are kept', async () => {
    await app.api('POST', '/api/v1/api-keys', { name: 'Old' }, { 'idempotency-key': 'old' })
    clock.advance(24 * 60 * 60 * 1000 + 1)
    await app.api('POST', '/api/v1/api-keys', { name: 'Young' }, { 'idempotency-key': 'young' })
    assert.ok((await deleteExpiredKeys({ database: app.database, clock }, { limit: 500 })) > 0)
    assert.equal(await deleteExpiredKeys({ database: app.database, clock }, { limit: 500 }), 0)
    const again = await app.api('POST', '/api/v1/api-keys', { name: 'Young' }, { 'idempotency-key': 'young' })
    assert.equal(again.headers.get('idempotency-replayed'), 'true')
  })

  test('an Idempotency-Key belongs to the API key that sent it', async () => {
    const other = await createTestOrganization({ database: app.database, clock })
    const key = { 'idempotency-key': 'mine' }
    const mine = await app.api('POST', '/api/v1/api-keys', { name: 'Mine' }, key)
    const theirs = await app.api(
      'POST',
      '/api/v1/api-keys',
      { name: 'Mine' },
      { ...key, authorization: `Bearer ${other.apiKey}` },
    )
    assert.notEqual(theirs.body.key, mine.body.key)
  })

  test('a session cookie cannot be used by pages on other sites', async () => {
    const owner = { email: 'person@example.com', password: 'correct horse battery' }
    await createOrganization(
      { database: app.database, clock },
      { ...owner, organizationName: 'P', firstName: 'P', lastName: '', timezone: 'UTC' },
    )
    const wrong = await app.api(
      'POST',
      '/api/auth/sign-in/email',
      { ...owner, password: 'something else' },
      { authorization: null },
    )
    assert.equal(wrong.status, 401)
    const signedIn = await app.api('POST', '/api/auth/sign-in/email', owner, { authorization: null })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    assert.match(signedIn.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/)
    const me = await app.api('GET', '/api/v1/me', undefined, { authorization: null, cookie })
    assert.equal(me.body.member.email, owner.email)
    const from = (headers: Record<string, string>) =>
      app.api('POST', '/api/v1/api-keys', { name: 'K' }, { authorization: null, cookie, ...headers })
    assert.equal((await from({ 'sec-fetch-site': 'same-origin' })).status, 201)
    assert.equal((await from({ 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await from({ origin: 'https://evil.example' })).status, 403)
    // Behind a proxy that sends a different Host, the origin is compared with the public URL.
    assert.equal((await from({ origin: app.url, host: 'inner.example' })).status, 201)
  })
})
