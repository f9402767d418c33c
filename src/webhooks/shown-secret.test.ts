import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { systemClock } from '../platform/clock.ts'

eachDatabase((open) => {
  let app: TestApp
  let admin: SignedIn
  let webhook: { id: number; secret: string }
  let path: string
  before(async () => {
    app = await openTestApp(await open())
    admin = await signInAs(app, 'admin')
    webhook = (await app.api('POST', '/api/v1/webhooks', { url: 'http://127.0.0.1:4000/hook' })).body
    path = `/api/v1/webhooks/${webhook.id}/secret`
  })
  after(() => app?.stop())

  /** Makes everyone's sessions more than ten minutes old, which is too old to show secrets. */
  const wait = () =>
    sql`update "session" set "createdAt" = now() - interval '11 minutes', "confirmedAt" = "confirmedAt" - interval '11 minutes'`.execute(
      app.database.executor,
    )
  const codeOf = async (answer: ReturnType<TestApp['api']>) => {
    const { status, body } = await answer
    return [status, body?.code]
  }
  const shownCount = async () => (await app.api('GET', '/api/v1/audit?action=secret.shown')).body.data.length

  describe('the secret of a webhook', () => {
    test('is shown to an admin who has just signed in, and the audit log records it without the secret', async () => {
      const { status, body, headers } = await admin.ask('GET', path)
      assert.deepEqual([status, body], [200, { secret: webhook.secret, public_key: null, previous_valid_until: null }])
      assert.equal(headers.get('cache-control'), 'no-store')
      const log = await app.api('GET', '/api/v1/audit?action=secret.shown')
      const [entry] = log.body.data
      assert.deepEqual([entry.actor.kind, entry.object.type, entry.object.id], ['member', 'webhook', webhook.id])
      assert.ok(!log.text.includes(webhook.secret))
      for (const list of ['/api/v1/webhooks', `/api/v1/webhooks/${webhook.id}`])
        assert.ok(!(await admin.ask('GET', list)).text.includes(webhook.secret), list)
    })

    test('is shown again after ten minutes only once the password has been entered again', async () => {
      await wait()
      const shown = await shownCount()
      assert.deepEqual(await codeOf(admin.ask('GET', path)), [403, 'fresh_sign_in_required'])
      assert.equal((await admin.ask('GET', `/api/v1/webhooks/${webhook.id}`)).status, 200)
      assert.deepEqual(await codeOf(admin.ask('POST', '/api/account/confirm', {})), [422, 'invalid_input'])
      const wrong = await admin.ask('POST', '/api/account/confirm', { password: 'not the password' })
      assert.deepEqual([wrong.status, wrong.body.errors[0].code], [422, 'wrong'])
      assert.deepEqual(await codeOf(admin.ask('GET', path)), [403, 'fresh_sign_in_required'])
      assert.equal(await shownCount(), shown)
      assert.equal((await admin.ask('POST', '/api/account/confirm', { password: 'a good password' })).status, 200)
      assert.equal((await admin.ask('GET', path)).body.secret, webhook.secret)
      await wait()
      assert.deepEqual(await codeOf(admin.ask('GET', path)), [403, 'fresh_sign_in_required'])
    })

    test('after a rotation is the new one, with the time until which the previous one signs', async () => {
      await admin.ask('POST', '/api/account/confirm', { password: 'a good password' })
      const rotated = await app.api('POST', `/api/v1/webhooks/${webhook.id}/rotate-secret`)
      assert.deepEqual((await admin.ask('GET', path)).body, rotated.body)
    })

    test('is not shown to API keys, other roles and other organizations', async () => {
      assert.deepEqual(await codeOf(app.api('GET', path)), [403, 'forbidden'])
      const manager = await signInAs(app, 'manager')
      assert.deepEqual(await codeOf(manager.ask('GET', path)), [403, 'forbidden'])
      const { apiKey } = await createTestOrganization({ database: app.database, clock: systemClock })
      const foreign = await app.api(
        'POST',
        '/api/v1/webhooks',
        { url: 'http://127.0.0.1:4000/other' },
        { authorization: `Bearer ${apiKey}` },
      )
      assert.equal(foreign.status, 201, foreign.text)
      const another = await admin.ask('GET', `/api/v1/webhooks/${foreign.body.id}/secret`)
      assert.deepEqual([another.status, another.body.code], [404, 'not_found'])
    })
  })
})
