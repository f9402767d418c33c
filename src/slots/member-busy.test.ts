import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { createBookable } from '../../test/support/bookable.ts'
import { appointment, type CalendarServer, startCalendarServer } from '../../test/support/calendar-server.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'
import { elementAt } from '../platform/element-at.ts'

const NOW = Date.parse('2027-02-20T08:00:00Z')

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

  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await app.api(method, `/api/v1/${path}`, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  const busyOf = (member: number, from: string, to = from) =>
    call('GET', `members/${member}/busy?from=${from}&to=${to}`)

  /** A host in Berlin, where 28 March 2027 has 23 hours, with hours on every day of that week. */
  async function makeHost() {
    const { hosts, type } = await createBookable(app)
    const member = elementAt(hosts, 0)
    await call('PATCH', `members/${member}`, { timezone: 'Europe/Berlin' })
    const weekly = [{ day: 'su', from: '01:00', to: '04:00' }]
    const schedule = { member, name: 'Sundays', timezone: 'Europe/Berlin', default: true, weekly }
    await call('POST', 'schedules', schedule)
    const attendee = { first_name: 'Ada', last_name: 'Vale', email: 'ada@example.com', timezone: 'UTC' }
    const bookAt = (start: string) => call('POST', 'meetings', { meeting_type: type.id, start, attendee })
    return { member, bookAt }
  }

  test('meetings, times in calendars and time off are listed with the hours, without titles or people', async () => {
    const { member, bookAt } = await makeHost()
    server.set(appointment('2027-03-28T12:00', '2027-03-28T13:00', 'SUMMARY:Doctor'))
    const connection = { provider: 'ics', member, url: server.url, name: 'Mine' }
    const { id } = await call('POST', 'connections', connection)
    await call('POST', `connections/${id}/sync`, {})
    await bookAt('2027-03-28T08:00:00Z')
    await call('POST', `members/${member}/time-off`, { from: '2027-03-20', to: '2027-03-28', reason: 'Holiday' })
    assert.deepEqual(await busyOf(member, '2027-03-28'), {
      timezone: 'Europe/Berlin',
      hours: [{ start: '2027-03-28T00:00:00Z', end: '2027-03-28T02:00:00Z' }],
      busy: [
        { kind: 'time_off', start: '2027-03-27T23:00:00Z', end: '2027-03-28T22:00:00Z', calendar: null },
        { kind: 'meeting', start: '2027-03-28T08:00:00Z', end: '2027-03-28T08:30:00Z', calendar: null },
        { kind: 'calendar', start: '2027-03-28T12:00:00Z', end: '2027-03-28T13:00:00Z', calendar: 'Work' },
      ],
    })
    assert.deepEqual((await busyOf(member, '2027-03-29')).busy, [])
  })

  test('the dates are in the time zone of the member', async () => {
    const { member, bookAt } = await makeHost()
    await call('PATCH', `members/${member}`, { timezone: 'Pacific/Apia' })
    await bookAt('2027-03-01T15:00:00Z')
    assert.equal((await busyOf(member, '2027-03-01')).busy.length, 0)
    assert.equal((await busyOf(member, '2027-03-02')).busy.length, 1)
  })

  test('a range that is reversed, or has more than 31 dates, is refused', async () => {
    const { member } = await makeHost()
    for (const [from, to] of [
      ['2027-03-02', '2027-03-01'],
      ['2027-03-01', '2027-04-01'],
    ]) {
      const { status, body } = await app.api('GET', `/api/v1/members/${member}/busy?from=${from}&to=${to}`)
      assert.deepEqual([status, body.errors[0].path], [422, 'to'])
    }
    assert.equal((await busyOf(member, '2027-03-01', '2027-03-31')).timezone, 'Europe/Berlin')
  })
})
