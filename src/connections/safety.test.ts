import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { createBookable } from '../../test/support/bookable.ts'
import { appointment, type CalendarServer, startCalendarServer } from '../../test/support/calendar-server.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'
import { violatedConstraint } from '../platform/database.ts'
import { elementAt } from '../platform/element-at.ts'
import { makeSecrets } from '../platform/secrets.ts'
import { MINUTE } from '../time/durations.ts'
import { renewCredentials } from './renewing.ts'

const NOW = Date.parse('2027-02-20T08:00:00Z')
const ROUNDS = 8

eachDatabase((open) => {
  const clock = manualClock(NOW)
  let app: TestApp
  let server: CalendarServer
  before(async () => {
    app = await openTestApp(await open(), { clock })
    server = await startCalendarServer()
  })
  after(async () => {
    await app.stop()
    await server.stop()
  })

  async function connect() {
    const bookable = await createBookable(app)
    const member = elementAt(bookable.hosts, 0)
    server.set([])
    const made = await app.api('POST', '/api/v1/connections', { provider: 'ics', member, url: server.url })
    assert.equal(made.status, 201, made.text)
    const sync = () => app.api('POST', `/api/v1/connections/${made.body.id}/sync`, {})
    assert.equal((await sync()).status, 200)
    return { ...bookable, member, id: made.body.id as number, sync }
  }

  test('two bookings and a sync at the same time leave at most one meeting, and none after the calendar is busy', async () => {
    const { tryBook, sync } = await connect()
    for (let round = 0; round < ROUNDS; round++) {
      const day = `2027-03-0${round + 1}`
      server.set(appointment(`${day}T08:00`, `${day}T08:30`))
      const [synced, ...bookings] = await Promise.all([
        sync(),
        tryBook(`${day}T08:00:00Z`),
        tryBook(`${day}T08:00:00Z`),
      ])
      assert.equal(synced.status, 200)
      for (const { status, text } of bookings) assert.ok([201, 409].includes(status), text)
      assert.ok(bookings.filter(({ status }) => status === 201).length <= 1)
      assert.equal((await tryBook(`${day}T08:00:00Z`)).status, 409)
    }
  })

  test('the database refuses a meeting at a busy time, unless a host overruled the calendar', async () => {
    const { member, sync, type } = await connect()
    server.set(appointment('2027-03-20T08:00', '2027-03-20T09:00'))
    await sync()
    const at = {
      start: '2027-03-10T08:00:00Z',
      attendee: { first_name: 'A', last_name: 'B', email: 'a@example.com', timezone: 'UTC' },
    }
    const booked = await app.api('POST', '/api/v1/meetings', { ...at, meeting_type: type.id })
    assert.equal(booked.status, 201, booked.text)
    const move = (overrules: boolean) =>
      sql`update busy set overrules_calendar = ${overrules}, during = tstzrange('2027-03-20T08:30:00Z', '2027-03-20T08:45:00Z')
        where member_id = ${member} and meeting_id = ${booked.body.id}`.execute(app.database.executor)
    await assert.rejects(move(false), (error) => violatedConstraint(error) === 'busy_calendar')
    await move(true)
  })

  test('credentials are stored encrypted, and encrypted again with a new secret', async () => {
    const { id } = await connect()
    const { database, organization } = app
    const read = async () => {
      const { rows } = await sql<{ credentials: Uint8Array }>`
        select credentials from connections where organization_id = ${organization} and id = ${id}`.execute(
        database.executor,
      )
      return elementAt(rows, 0).credentials
    }
    const stored = await read()
    assert.ok(!Buffer.from(stored).includes('127.0.0.1'))
    const secrets = makeSecrets(['a new secret of the tests', 'a secret of the tests only'])
    await renewCredentials({ database, secrets })
    assert.notDeepEqual(await read(), stored)
    assert.match(makeSecrets(['a new secret of the tests']).decrypt(await read()), /127\.0\.0\.1/)
    await assert.rejects(renewCredentials({ database, secrets: makeSecrets(['an unrelated secret of the tests']) }), {
      name: 'StartError',
      message: /BOOKBELL_SECRET/,
    })
    await renewCredentials({
      database,
      secrets: makeSecrets(['a secret of the tests only', 'a new secret of the tests']),
    })
  })

  test('a booking with an Idempotency-Key rereads the calendar too', async (t) => {
    t.after(() => clock.set(NOW))
    const { url } = await connect()
    server.set(appointment('2027-03-11T08:00', '2027-03-11T08:30'))
    clock.advance(2 * MINUTE)
    const person = { first_name: 'A', last_name: 'B', email: 'key@example.com', timezone: 'UTC' }
    const body = { start: '2027-03-11T08:00:00Z', attendee: person }
    const headers = { authorization: null, 'idempotency-key': 'a-key-of-the-tests-0001' }
    const answer = await app.api('POST', `${url}/meetings`, body, headers)
    assert.deepEqual([answer.status, answer.body.code], [409, 'slot_taken'])
  })

  test('a CalDAV password is not sent to another server without a new password', async () => {
    const { hosts } = await createBookable(app)
    const input = { provider: 'caldav', member: hosts[0], url: server.url, username: 'ada', password: 'secret' }
    const { body: made } = await app.api('POST', '/api/v1/connections', input)
    const other = server.url.replace(/:\d+/, ':65535')
    const change = (patch: object) => app.api('PATCH', `/api/v1/connections/${made.id}`, patch)
    for (const patch of [{ url: other }, { url: other, username: 'ada' }, { url: other, password: 'secret' }]) {
      const refused = await change(patch)
      assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'password'])
    }
    assert.equal((await change({ url: `${server.url}?new=path` })).status, 200)
    assert.equal((await change({ url: other, username: 'ada', password: 'new' })).status, 200)
    const colon = await app.api('POST', '/api/v1/connections', { ...input, username: 'a:da' })
    assert.deepEqual([colon.status, colon.body.errors[0].path], [422, 'username'])
  })

  test('a calendar with too many busy times is refused, and quickly', async () => {
    const { id, sync } = await connect()
    const rules = Array.from({ length: 30 }, (_, index) => [
      'BEGIN:VEVENT',
      `UID:many-${index}`,
      `DTSTART:20270301T0000${String(index * 2).padStart(2, '0')}Z`,
      'DURATION:PT1S',
      'RRULE:FREQ=MINUTELY',
      'END:VEVENT',
    ])
    server.set(rules.flat())
    assert.equal((await sync()).status, 200)
    const { body } = await app.api('GET', `/api/v1/connections/${id}`)
    assert.match(body.problem, /more than 20,000 busy times/)
  })
})
