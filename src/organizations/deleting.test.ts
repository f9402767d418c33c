import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { fillBacklog } from '../../test/support/backlog.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { openStream } from '../../test/support/event-stream.ts'
import { openPost } from '../../test/support/notifications.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { createSampleOrganization, type SampleOrganization } from '../../test/support/sample-organization.ts'
import { readInvitation, type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import type { OrganizationId } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { operatorCommands } from '../main.ts'
import { type ManualClock, manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { listOrganizationTables } from '../platform/organization-rows.ts'
import { getSettings } from '../settings/service.ts'
import { deleteOrganizationRows } from './deleting.ts'
import { deleteNextOrganization, deleteOrganization } from './service.ts'

const now = Date.parse('2027-01-15T12:00:00Z')
const DAY = 86_400_000

/** An image of one pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Counts an organization's rows in every table that has an organization column, including the organization's own row. */
async function countRows(database: Database, organization: number): Promise<Record<string, number>> {
  const { rows: tables } = await sql<{ name: string; column: string }>`
    select table_name as name, column_name as column from information_schema.columns
    where table_schema = current_schema() and column_name in ('organization_id', 'activeOrganization')`.execute(
    database.executor,
  )
  const counts: Record<string, number> = {}
  for (const { name, column } of tables) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(name)} where ${sql.ref(column)} = ${organization}`.execute(
      database.executor,
    )
    counts[name] = rows[0]?.count ?? 0
  }
  return counts
}

eachDatabase((open, name) => {
  let database: Database
  let clock: ManualClock
  let app: TestApp
  let other: { organization: OrganizationId; apiKey: string }
  let own: SampleOrganization
  let foreign: SampleOrganization
  let admin: SignedIn
  let manager: SignedIn
  let nameOfOwn: string

  const askOther: TestApp['api'] = (method, path, body) =>
    app.api(method, path, body, { authorization: `Bearer ${other.apiKey}` })
  const askAnyone: TestApp['api'] = (method, path, body) => app.api(method, path, body, { authorization: null })

  before(async () => {
    database = await open()
    clock = manualClock(now)
    app = await openTestApp(database, { clock, listen: true })
    other = await createTestOrganization({ database, clock })
    admin = await signInAs(app, 'admin')
    manager = await signInAs(app, 'manager')
    own = await createSampleOrganization(app.api, { mark: 'quince', now })
    foreign = await createSampleOrganization(askOther, { mark: 'medlar', now })
    await useEverything()
    nameOfOwn = (await app.api('GET', '/api/v1/organization')).body.name
  })
  after(() => app?.stop())

  /**
   * Adds rows that the sample does not have: a second membership, a pending invitation, idempotency keys, recorded requests,
   * erasures.
   */
  async function useEverything() {
    const joined = { email: admin.email, first_name: 'Nell', timezone: 'UTC', role: 'manager' }
    const { body: member } = await askOther('POST', '/api/v1/members', joined)
    await askOther('POST', `/api/v1/members/${member.id}/invite`)
    const token = await readInvitation(app, admin.email)
    const accepted = await admin.ask('POST', `/api/v1/public/invitations/${token}/accept`, {})
    assert.equal(accepted.status, 200, accepted.text)
    const acting = { organization: app.organization }
    assert.ok((await admin.ask('POST', '/api/account/organization', acting)).status < 300)
    const invited = { email: 'invited@example.com', first_name: 'In', timezone: 'UTC', role: 'member' }
    const { body } = await app.api('POST', '/api/v1/members', invited)
    await app.api('POST', `/api/v1/members/${body.id}/invite`)
    await app.api('POST', '/api/v1/tags', { name: 'Retried' }, { 'idempotency-key': 'a-key' })
    const { body: inspector } = await app.api('POST', '/api/v1/inspectors', { name: 'Requests' })
    await app.api('POST', new URL(inspector.url).pathname, { hello: true })
    const replayed = { since: '2027-01-01T00:00:00Z', only: 'all' }
    await app.api('POST', `/api/v1/webhooks/${own.webhook}/replay`, replayed)
    await app.api('POST', `/api/v1/meetings/${own.meeting}/approve`)
    await app.api('PATCH', '/api/v1/organization', { meeting_retention_days: 30 })
    for (const path of ['/api/v1/organization/logo', `/api/v1/members/${own.member}/photo`]) {
      const uploaded = await app.api('PUT', path, PICTURE, { 'content-type': 'image/png' })
      assert.equal(uploaded.status, 200, uploaded.text)
    }
  }

  describe('deleting an organization', () => {
    let streamEnded: Promise<void>

    test('is refused for keys, for managers, and without the name', async () => {
      const url = '/api/v1/organization'
      const asKey = await app.api('DELETE', url, { confirm: nameOfOwn })
      assert.deepEqual([asKey.status, asKey.body.code], [403, 'forbidden'])
      assert.match(asKey.body.detail, /Sign in as an admin, or run bookbell organizations delete/)
      assert.equal((await manager.ask('DELETE', url, { confirm: nameOfOwn })).status, 403)
      assert.equal((await admin.ask('DELETE', url, {})).status, 422)
      const wrong = await admin.ask('DELETE', url, { confirm: 'Another name' })
      assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, 'confirm'])
      assert.ok(wrong.text.includes(nameOfOwn))
    })

    test('immediately closes every access to it', async () => {
      const stream = await openStream(`${app.url}/api/v1/activities/stream?after=0`, {
        authorization: `Bearer ${app.apiKey}`,
      })
      await stream.messages(1)
      const deleted = await admin.ask('DELETE', '/api/v1/organization', { confirm: nameOfOwn })
      assert.equal(deleted.status, 204, deleted.text)
      assert.equal((await app.api('GET', '/api/v1/me')).status, 401)
      assert.equal((await manager.ask('GET', '/api/v1/me')).status, 401)
      assert.equal((await admin.ask('GET', '/api/v1/me')).body.organization.id, other.organization)
      const url = `/api/v1/public/pages/${own.page.slug}/meeting-types/${own.meetingType.slug}`
      assert.equal((await askAnyone('GET', url)).status, 404)
      assert.equal((await askAnyone('GET', `/api/v1/public/attendees/${own.externalId}`)).status, 404)
      assert.equal((await askAnyone('POST', `/api/v1/public/attendees/${own.externalId}/cancel`, {})).status, 404)
      assert.equal((await askAnyone('GET', `/api/v1/public/inspectors/${own.inspectorToken}/requests`)).status, 404)
      streamEnded = stream.ended
    })

    test('deletes the accounts of people who are not members elsewhere, and no other accounts', async () => {
      const { rows } = await sql<{ email: string }>`select email from "user"`.execute(database.executor)
      const emails = rows.map(({ email }) => email)
      assert.ok(emails.includes(admin.email) && !emails.includes(manager.email))
      const { rows: sessions } = await sql`
        select from session where "activeOrganization" = ${app.organization}`.execute(database.executor)
      assert.equal(sessions.length, 0)
    })

    test('stops its emails and reminders, but not those of others', async () => {
      const before = await countRows(database, app.organization)
      assert.ok((before.mails ?? 0) > 0 && (before.reminders ?? 0) > 0)
      const office = { ...app, clock, slug: async () => '' }
      const post = await openPost(office)
      clock.set(Date.parse('2027-01-29T07:30:00Z'))
      await post.remindDue()
      post.close()
      const settled = async (organization: number) => {
        const { rows } = await sql<{ waiting: number; settled: number }>`
          select count(*) filter (where status = 'waiting') as waiting, count(*) filter (where status <> 'waiting') as settled
          from mails where organization_id = ${organization}`.execute(database.executor)
        return rows[0]
      }
      assert.equal((await settled(app.organization))?.settled, 0)
      assert.equal((await settled(other.organization))?.waiting, 0)
    })

    test('continues after a kill, and deletes all of the organization’s rows and no others', async () => {
      const before = await countRows(database, app.organization)
      const others = await countRows(database, other.organization)
      const filled = Object.entries(before).filter(([, count]) => count > 0)
      assert.ok(filled.length > 20, filled.map(([table]) => table).join(', '))
      const killed = AbortSignal.abort()
      assert.equal(await deleteOrganizationRows({ database }, app.organization, killed), false)
      const half = await countRows(database, app.organization)
      assert.equal(half.organizations, 1)
      assert.ok(total(half) < total(before))
      // Two processes do this at the same time.
      await Promise.all([deleteNextOrganization({ database, clock }), deleteNextOrganization({ database, clock })])
      const left = await countRows(database, app.organization)
      assert.deepEqual(
        Object.entries(left).filter(([, count]) => count > 0),
        [],
      )
      assert.deepEqual(await countRows(database, other.organization), others)
      const meeting = await askOther('GET', `/api/v1/meetings/${foreign.meeting}`)
      assert.equal(meeting.status, 200, meeting.text)
      assert.equal(await deleteNextOrganization({ database, clock }), false)
    })

    test('ends its streams', () => streamEnded)
  })

  test('lets the dispatcher finish only what was in flight, and continue for others', async () => {
    const release = Promise.withResolvers<void>()
    const receiver = await startReceiver({ answer: () => release.promise.then(() => ({ status: 200 })) })
    const delivering = await startDelivering(database, { clock })
    let next: typeof delivering | undefined
    try {
      await delivering.makeWebhook({ url: receiver.url, concurrency: 2 })
      for (let meeting = 1; meeting <= 20; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
      await receiver.received(2)
      const { organization } = delivering
      const { name: confirm } = await getSettings(database.executor, organization)
      accept(await deleteOrganization({ database, clock }, { kind: 'operator', organization }, { confirm }))
      // Its rows are deleted while its requests are in flight.
      await deleteOrganizationRows({ database }, organization)
      release.resolve()
      next = await startDelivering(database, { clock })
      await next.makeWebhook({ url: `${receiver.url}/next` })
      await next.happen(['Meeting.scheduled', 'Meeting.cancelled'])
      await receiver.received(4)
      await Promise.all([delivering.stop(), next.stop()])
      assert.deepEqual(receiver.requests.map(({ path }) => path).sort(), ['/', '/', '/next', '/next'])
      assert.equal(total(await countRows(database, organization)), 0)
    } finally {
      await Promise.all([delivering.stop(), next?.stop(), receiver.close()])
    }
  })

  test('deletes a large organization in steps, and other organizations are served in the meantime', async () => {
    const deliveries = 5_000
    const large = await createTestOrganization({ database, clock })
    const ask = (method: string, path: string, body?: unknown) =>
      app.api(method, path, body, { authorization: `Bearer ${large.apiKey}` })
    await ask('POST', '/api/v1/webhooks', { url: 'http://127.0.0.1:65535/' })
    await fillBacklog(database, { organization: large.organization, activities: deliveries, bodyBytes: 200 })
    await sql`update organizations set deleting_at = ${clock.timestamp()} where organization_id = ${large.organization}`.execute(
      database.executor,
    )
    clock.advance(DAY)
    let isDone = false
    const work = deleteNextOrganization({ database, clock }).finally(() => {
      isDone = true
    })
    let served = 0
    while (!isDone) {
      assert.equal((await askOther('GET', '/api/v1/tags')).status, 200)
      served++
      await setImmediate()
    }
    await work
    assert.ok(served >= 20, `${served} requests were served on ${name}`)
    assert.equal(total(await countRows(database, large.organization)), 0)
  })

  test('is done by the running server when the server administrator uses the command', async () => {
    const third = await createTestOrganization({ database, clock })
    const { name } = await getSettings(database.executor, third.organization)
    const command = operatorCommands({ database, secrets: app.secrets })['delete-organization']
    await assert.rejects(command?.({ nameOrId: name, confirm: 'another' }) ?? Promise.resolve(), /must repeat the name/)
    assert.deepEqual(await command?.({ nameOrId: name, confirm: name }), {
      ok: true,
      organization: third.organization,
      name,
    })
    const { status } = await app.api('GET', '/api/v1/me', undefined, { authorization: `Bearer ${third.apiKey}` })
    assert.equal(status, 401)
  })

  test('covers every table that has a column organization_id', async () => {
    const covered = (await listOrganizationTables(database.executor)).map((table) => table.name)
    const tables = Object.keys(await countRows(database, 0))
    assert.deepEqual(covered.sort(), tables.filter((table) => !['organizations', 'session'].includes(table)).sort())
  })
})

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
