import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { type Bookable, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { openStream } from '../../test/support/event-stream.ts'
import { openPost } from '../../test/support/notifications.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { type ManualClock, manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { completeOldestErasure, erasePerson } from './service.ts'

const now = Date.parse('2027-02-01T08:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

const email = 'ophelia.quagga@example.com'
const person = { first_name: 'Ophelia', last_name: 'Okapi', email, timezone: 'UTC' }
const TRACES = /quagga|okapi/i

/** The tables that contain the person. */
async function findTraces(database: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(database.executor)
  const traces: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql`select from ${sql.table(name)} t where t::text ~* ${TRACES.source} limit 1`.execute(
      database.executor,
    )
    if (rows.length > 0) traces.push(name)
  }
  return traces
}

/** A database whose process is killed when the transaction after `count` transactions begins. */
function killAfter(database: Database, count: number): Database {
  let left = count
  const transaction: Database['transaction'] = (work) => {
    if (left-- === 0) throw new Error('killed')
    return database.transaction(work)
  }
  return Object.create(database, { transaction: { value: transaction } })
}

eachDatabase((open) => {
  let database: Database
  let clock: ManualClock
  let app: TestApp
  let bookable: Bookable

  before(async () => {
    database = await open()
    clock = manualClock(now)
    app = await openTestApp(database, { clock, listen: true })
    bookable = await createBookable(app, { upcoming_limit_per_attendee: null })
  })
  after(() => app?.stop())

  const deps = (given = database) => ({ database: given, clock, secrets: app.secrets, url: app.url })
  const erase = () => app.api('POST', `/api/v1/people/${email}/erase`)
  const startAt = (hours: number) => new Date(clock.now() + hours * HOUR).toISOString().replace('.000', '')
  const book = (hours: number) => bookable.book(startAt(hours), { attendee: person })
  const cancel = ({ external_id }: { external_id: string }, message: string) =>
    app.api('POST', `/api/v1/public/attendees/${external_id}/cancel`, { message })

  test('pending emails to the person are withdrawn, and hosts receive theirs in erased form', async () => {
    await cancel(await book(24), 'Okapi is ill')
    const pending = await sql<{ to: string }>`
      select to_address as to from mails where status = 'waiting'`.execute(database.executor)
    assert.ok(pending.rows.some(({ to }) => to === email))
    const { status, text } = await erase()
    assert.equal(status, 200, text)
    assert.deepEqual(await findTraces(database), [])
    const post = await openPost({ ...app, clock, slug: async () => '' })
    await post.sendDue()
    post.close()
    const { body } = await app.api('GET', '/api/v1/mailbox')
    assert.ok(body.data.length > 0)
    for (const { id } of body.data) {
      const mail = await app.api('GET', `/api/v1/mailbox/${id}`)
      assert.doesNotMatch(mail.text, TRACES)
      assert.match(mail.text, /Erased person/)
    }
  })

  test('a simultaneous booking by the same person is either completely erased or complete', async () => {
    await cancel(await book(24), 'Quagga')
    const [erased, booked] = await Promise.all([erase(), bookable.tryBook(startAt(48), { attendee: person })])
    assert.equal(booked.status, 201, booked.text)
    assert.ok([200, 409].includes(erased.status), erased.text)
    const { body } = await app.api('GET', `/api/v1/meetings/${booked.body.meeting.id}`)
    assert.equal(body.attendees[0].email, email)
    const feed = await app.api('GET', `/api/v1/activities?meeting=${body.id}`)
    assert.equal(feed.body.data[0].entity.attendees[0].email, email)
    await cancel(booked.body, 'Quagga')
    assert.equal((await erase()).status, 200)
    assert.deepEqual(await findTraces(database), [])
  })

  test('if it is killed halfway, with two dispatchers and an open stream, it is completed, and no old data is sent later', async () => {
    const release = Promise.withResolvers<void>()
    // The receiver returns the request that it was sent, as many receivers do.
    const receiver = await startReceiver({
      answer: ({ text }) => release.promise.then(() => ({ status: 200, body: text })),
    })
    const { body: webhook } = await app.api('POST', '/api/v1/webhooks', { url: receiver.url, concurrency: 3 })
    const dispatchers = await Promise.all([
      openTestApp(database, { clock, work: true }),
      openTestApp(database, { clock, work: true }),
    ])
    try {
      const meetings: number[] = []
      for (let hours = 1; hours <= 30; hours++) meetings.push((await book(hours)).meeting.id)
      clock.advance(2 * DAY)
      const stream = await openStream(`${app.url}/api/v1/activities/stream?after=0`, {
        authorization: `Bearer ${app.apiKey}`,
      })
      await receiver.received(3)
      const { organization } = app
      await assert.rejects(
        erasePerson(deps(killAfter(database, 2)), { kind: 'operator', organization }, { email }),
        /killed/,
      )
      assert.ok((await findTraces(database)).includes('attendees'))
      const half = await app.api('GET', `/api/v1/meetings/${meetings[0]}`)
      assert.match(half.body.attendees[0].email, /@erased\.invalid$/)

      clock.advance(2 * 60_000)
      assert.equal(await completeOldestErasure(deps()), true)
      assert.equal(await completeOldestErasure(deps()), false)
      const sent = receiver.requests.length
      assert.deepEqual(await findTraces(database), [])
      release.resolve()
      await waitFor(async () => {
        const { body } = await app.api('GET', `/api/v1/webhooks/${webhook.id}/deliveries?status=pending`)
        return body.data.length === 0
      })
      const later = receiver.requests.slice(sent).map(({ text }) => text)
      assert.ok(later.length >= meetings.length)
      for (const text of later) assert.doesNotMatch(text, TRACES)
      assert.deepEqual(await findTraces(database), [])

      const seen = stream.blocks.length
      await app.api('PUT', `/api/v1/meetings/${meetings[0]}/tags/later`)
      await waitFor(() => stream.blocks.slice(seen).some(({ data }) => data?.includes('Meeting.tagged')))
      const tagged = stream.blocks.find(({ data }) => data?.includes('Meeting.tagged'))
      assert.doesNotMatch(tagged?.data ?? '', TRACES)
      assert.match(tagged?.data ?? '', /@erased\.invalid/)
      stream.close()
    } finally {
      release.resolve()
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()))
      await receiver.close()
    }
  })
})
