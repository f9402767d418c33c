import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { type Bookable, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type Receiver, startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { recordAudit } from '../audit/service.ts'
import { writeBackup } from '../platform/backup.ts'
import { type ManualClock, manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

const now = Date.parse('2027-02-01T08:00:00Z')
const day = 24 * 60 * 60 * 1000

/** Every text about the person in these tests contains one of these words. */
const WORDS = 'quagga|okapi'
const email = 'Ophelia.Quagga@Example.com'
const person = { first_name: 'Ophelia-Okapi', last_name: 'Quagga', email, timezone: 'Pacific/Chatham' }

/** Returns the rows in any table that contain one of the person's texts. */
async function findTraces(database: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(database.executor)
  const traces: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(name)} t where t::text ~* ${WORDS}`.execute(database.executor)
    traces.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return traces
}

/** Returns the text of a full backup. */
async function readBackup(database: Database): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bookbell-people-'))
  try {
    const path = join(folder, 'backup')
    await writeBackup(database, path, { program: 'test', takenAt: new Date().toISOString() })
    return gunzipSync(await readFile(path)).toString()
  } finally {
    await rm(folder, { recursive: true })
  }
}

eachDatabase((open) => {
  let database: Database
  let clock: ManualClock
  let app: TestApp
  let receiver: Receiver
  let oneOnOne: Bookable
  let group: Bookable
  let webhook: number

  before(async () => {
    database = await open()
    clock = manualClock(now)
    app = await openTestApp(database, { clock, listen: true, work: true })
    receiver = await startReceiver({
      answer: ({ text }) => ({
        status: 200,
        headers: { 'x-echo': text.includes('okapi') ? 'okapi' : 'none' },
        body: text,
      }),
    })
    webhook = await createWebhook(receiver.url)
    const inspector = await app.api('POST', '/api/v1/inspectors', { name: 'Inspector' })
    await createWebhook(inspector.body.url)
    const fields = [{ name: 'Topic', field_type: 'text' }]
    oneOnOne = await createBookable(app, { location_type: 'place_user', location: null, fields, reminders: [60] })
    group = await createBookable(app, { kind: 'group', seats: 5, fields })
  })
  after(async () => {
    await app?.stop()
    await receiver?.close()
  })

  async function createWebhook(url: string): Promise<number> {
    const { status, body, text } = await app.api('POST', '/api/v1/webhooks', { url })
    assert.equal(status, 201, text)
    return body.id
  }

  const path = (what: 'export' | 'erase', address = email) => `/api/v1/people/${encodeURIComponent(address)}/${what}`
  const answers = { field_submissions: [{ name: 'Topic', value: 'answer okapi' }], utm_source: 'utm-okapi' }

  /** Books both meetings, leaves the group and cancels the other meeting with a message. Waits until everything is delivered. */
  async function makeHistory() {
    const url = `${oneOnOne.url}/meetings`
    const first = { start: '2027-02-02T10:00:00Z', attendee: person, location: 'place okapi', ...answers }
    const booked = await app.api('POST', url, first, { authorization: null, 'idempotency-key': 'key-of-the-booking' })
    assert.equal(booked.status, 201, booked.text)
    const other = { first_name: 'Otto', last_name: 'Other', email: 'otto@example.com', timezone: 'UTC' }
    const seat = await group.book('2027-02-02T12:00:00Z', { attendee: person, ...answers })
    await group.book('2027-02-02T12:00:00Z', { attendee: other })
    const left = await app.api('POST', `/api/v1/public/attendees/${seat.external_id}/cancel`, { message: 'bye okapi' })
    assert.equal(left.status, 200, left.text)
    return { meeting: booked.body.meeting.id as number, group: seat.meeting.id as number }
  }

  async function deliverAll() {
    await waitFor(async () => {
      const { rows } = await sql<{ count: number }>`
        select (select count(*) from deliveries where status = 'pending') + (select count(*) from mails where status = 'waiting') as count`.execute(
        database.executor,
      )
      return rows[0]?.count === 0
    })
  }

  const feedOf = async (meeting: number) =>
    (await app.api('GET', `/api/v1/activities?meeting=${meeting}&limit=200`)).body

  describe('erasing a person', () => {
    let meetings: { meeting: number; group: number }
    let before: Awaited<ReturnType<typeof feedOf>>

    test('is refused before an upcoming meeting, and the refusal says what to do', async () => {
      meetings = await makeHistory()
      await deliverAll()
      const { status, body } = await app.api('POST', path('erase'))
      assert.deepEqual([status, body.code], [409, 'conflict'])
      assert.match(body.detail, new RegExp(`Cancel it first \\(POST /api/v1/meetings/${meetings.meeting}/cancel`))
    })

    test('the export contains everything about the person, and no one else', async () => {
      await app.api('POST', '/api/v1/blocked-attendees', { value: email })
      const { status, body, text } = await app.api('GET', path('export', email.toUpperCase()))
      assert.equal(status, 200, text)
      assert.equal(body.meetings.length, 2)
      for (const part of [
        'activities',
        'mails',
        'deliveries',
        'recorded_requests',
        'blocked_attendees',
        'stored_responses',
      ])
        assert.ok(body[part].length > 0, part)
      for (const word of ['answer okapi', 'place okapi', 'bye okapi', 'utm-okapi']) assert.ok(text.includes(word), word)
      assert.ok(!/otto/i.test(JSON.stringify([body.meetings, body.activities])))
      const host = body.meetings[0].host
      assert.deepEqual([host.first_name, host.external_id, host.cancel_url], ['Hanna', '(hidden)', '(hidden)'])
    })

    test('leaves no trace in any table, and keeps meetings, ids and keys', async () => {
      clock.advance(2 * day)
      before = await feedOf(meetings.meeting)
      assert.ok((await findTraces(database)).length > 10)
      assert.match(await readBackup(database), /quagga/i)
      const { status, body, text } = await app.api(
        'POST',
        path('erase', email.toLowerCase()),
        {},
        { 'idempotency-key': 'erase-1' },
      )
      assert.equal(status, 200, text)
      assert.equal(body.meetings, 2)
      assert.deepEqual(await findTraces(database), [])
      assert.doesNotMatch(await readBackup(database), new RegExp(WORDS, 'i'))
      const erased = await feedOf(meetings.meeting)
      assert.deepEqual(keysOf(erased), keysOf(before))
      const { attendees, location, start, host } = erased.data[0].entity
      assert.deepEqual([location, start, host], [null, '2027-02-02T10:00:00Z', before.data[0].entity.host])
      assert.deepEqual(
        [attendees[0].email, attendees[0].first_name, attendees[0].last_name, attendees[0].field_submissions],
        [`erased-${attendees[0].id}@erased.invalid`, 'Erased', 'person', []],
      )
      assert.equal(attendees[0].external_id, before.data[0].entity.attendees[0].external_id)
      assert.ok(JSON.stringify(await feedOf(meetings.group)).includes('otto@example.com'))
    })

    test('resent and replayed deliveries contain the placeholders', async () => {
      const sent = receiver.requests.length
      const { body } = await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries?limit=200`)
      const own = body.data.filter((delivery: { meeting: number }) => delivery.meeting === meetings.meeting)
      for (const { id } of own) assert.equal((await app.api('POST', `/api/v1/deliveries/${id}/resend`)).status, 201)
      const replay = { since: '2027-01-01T00:00:00Z', only: 'all' }
      assert.ok((await app.api('POST', `/api/v1/webhooks/${webhook}/replay`, replay)).status < 300)
      const requests = (await receiver.received(sent + own.length + body.data.length)).slice(sent)
      const erasedBodies = requests.map(({ text }) => text)
      for (const text of erasedBodies) assert.doesNotMatch(text, new RegExp(WORDS, 'i'))
      assert.ok(erasedBodies.some((text) => text.includes('@erased.invalid')))
      await deliverAll()
    })

    test('a second erasure finds nothing, even with the Idempotency-Key of the first', async () => {
      const again = await app.api('POST', path('erase'))
      assert.deepEqual([again.status, again.body.code], [404, 'not_found'])
      const retry = await app.api('POST', path('erase', email.toLowerCase()), {}, { 'idempotency-key': 'erase-1' })
      assert.deepEqual([retry.status, retry.body.meetings], [200, 2])
      assert.equal((await app.api('GET', path('export'))).status, 404)
    })
  })

  test('a member’s address is refused, and the refusal says what to do', async () => {
    const { body } = await app.api('GET', '/api/v1/members')
    const [member] = body.data
    const answer = await app.api('POST', path('erase', member.email.toUpperCase()))
    assert.equal(answer.status, 409)
    assert.match(answer.body.detail, new RegExp(`DELETE /api/v1/members/${member.id}`))
    const exported = await app.api('GET', path('export', member.email))
    assert.deepEqual([exported.body.members.length, Object.keys(exported.body.account)], [1, ['name', 'email']])
  })

  test('an address that ends in the erased address belongs to someone else', async () => {
    const [ann, joann] = ['ann@example.net', 'joann@example.net']
    for (const [hours, address] of [ann, joann].entries()) {
      const attendee = { first_name: 'A', last_name: 'B', email: address, timezone: 'UTC' }
      const start = new Date(clock.now() + day + hours * 3_600_000).toISOString().replace('.000', '')
      const { external_id } = await oneOnOne.book(start, { attendee, location: 'There' })
      await app.api('POST', `/api/v1/public/attendees/${external_id}/cancel`)
      await app.api('POST', '/api/v1/blocked-attendees', { value: address })
    }
    await deliverAll()
    const own = await app.api('GET', path('export', ann))
    assert.doesNotMatch(own.text, /joann/)
    const before = (await app.api('GET', path('export', joann))).body
    assert.ok(before.mails.length > 0 && before.audit_entries.length > 0)
    const { actor, address } = own.body.audit_entries[0]
    assert.deepEqual([actor.name, address], ['(hidden)', null], 'who blocked them is not theirs to know')
    assert.equal((await app.api('POST', path('erase', ann))).status, 200)
    const after = (await app.api('GET', path('export', joann))).body
    // The first export is itself an entry in the audit log.
    const entries = (all: { action: string }[]) => all.filter(({ action }) => action !== 'person.exported')
    assert.deepEqual([after.mails, entries(after.audit_entries)], [before.mails, entries(before.audit_entries)])
    assert.equal((await app.api('POST', path('erase', 'oann@example.net'))).status, 404)
    assert.equal((await app.api('POST', path('erase', joann))).status, 200)
  })

  test('an address that is only blocked is erased, and an unknown address is refused and not recorded', async () => {
    const count = async () => (await app.api('GET', '/api/v1/audit?action=person.erased&limit=200')).body.data.length
    const before = await count()
    const blocked = 'only-blocked@example.net'
    await app.api('POST', '/api/v1/blocked-attendees', { value: blocked })
    assert.equal((await app.api('POST', path('erase', blocked))).status, 200)
    assert.equal((await app.api('GET', path('export', blocked))).status, 404)
    assert.equal((await app.api('POST', path('erase', 'unknown@example.net'))).status, 404)
    assert.equal(await count(), before + 1)
  })

  test('a former member is erased from the meetings that they hosted', async () => {
    const past = await createBookable(app, {})
    await past.book(new Date(clock.now() + day).toISOString().replace('.000', ''))
    const [host] = past.hosts
    const renamed = { email, first_name: 'Okapi', last_name: 'Quagga' }
    await app.api('PATCH', `/api/v1/members/${host}`, renamed)
    await past.book(new Date(clock.now() + day + 3_600_000).toISOString().replace('.000', ''))
    const filter = [
      { path: 'kind', equals: 'one_on_one' },
      { path: 'host.email', equals: email.toLowerCase() },
    ]
    const filtered = await app.api('POST', '/api/v1/webhooks', { url: receiver.url, filter })
    assert.equal(filtered.status, 201, filtered.text)
    await recordMember(host ?? 0)
    clock.advance(3 * day)
    assert.equal((await app.api('DELETE', `/api/v1/pages/${await pageId(past.page)}`)).status, 204)
    assert.equal((await app.api('DELETE', `/api/v1/meeting-types/${past.type.id}`)).status, 204)
    const deleted = await app.api('DELETE', `/api/v1/members/${host}`)
    assert.equal(deleted.status, 204, deleted.text)
    await deliverAll()
    const { status, text } = await app.api('POST', path('erase'))
    assert.equal(status, 200, text)
    assert.deepEqual(await findTraces(database), [])
    assert.doesNotMatch(await readBackup(database), new RegExp(WORDS, 'i'))
    const { body: webhook } = await app.api('GET', `/api/v1/webhooks/${filtered.body.id}`)
    assert.deepEqual(webhook.filter, [
      { path: 'kind', equals: 'one_on_one' },
      { path: 'host.email', equals: 'erased@erased.invalid' },
    ])
    const { body: audit } = await app.api('GET', `/api/v1/audit?object=member:${host}&action=member.changed`)
    assert.deepEqual(
      [audit.data[0].actor.name, audit.data[0].address, audit.data[0].object.label, audit.data[0].changes],
      ['Erased person', null, 'Erased person', [{ field: 'first_name' }]],
    )
  })

  /** Records a change to the person's own name in the audit log. */
  async function recordMember(id: number) {
    const { organization } = app
    const name = 'Okapi Quagga <ophelia.quagga@example.com>'
    const actor = { kind: 'member', organization, memberId: id, role: 'member', name, address: '192.0.2.7' } as const
    const changes = [{ field: 'first_name', before: 'Hanna', after: 'Okapi' }]
    await database.transaction((tx) =>
      recordAudit(tx, actor, { action: 'member.changed', object: { type: 'member', id, label: name }, changes, clock }),
    )
  }

  async function pageId(slug: string): Promise<number> {
    const { body } = await app.api('GET', '/api/v1/pages?limit=200')
    return body.data.find((page: { slug: string }) => page.slug === slug).id
  }
})

/** Returns the keys of a JSON value at every depth, in order. Lists of answers are omitted. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf)
  if (typeof value !== 'object' || value === null) return null
  return Object.entries(value).map(([key, inner]) => [key, key === 'field_submissions' ? null : keysOf(inner)])
}
