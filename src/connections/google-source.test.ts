import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openCalendarClient, sampleReading, tokensInMemory } from '../../test/support/calendar-cases.ts'
import { type GoogleCalendar, type GoogleServer, startGoogleServer } from '../../test/support/google-server.ts'
import { registration } from '../../test/support/oauth-server.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { makeGoogleSource } from './google-source.ts'
import { makeOAuthProviders } from './oauth-providers.ts'
import type { CalendarEntryContent } from './provider.ts'

const account = 'ada@example.com'
const day = Date.UTC(2027, 2, 1)
const window = { from: day - DAY, to: day + 30 * DAY }
const content: CalendarEntryContent = {
  uid: '1@bookbell',
  start: day + 8 * HOUR,
  end: day + 9 * HOUR,
  title: 'Intro',
  description: 'With Grace',
  location: null,
  isTentative: false,
  url: 'https://book.example.com/m/1',
}

describe('a Google calendar', () => {
  const { signal } = new AbortController()
  let server: GoogleServer
  let client: ReturnType<typeof openCalendarClient>
  let calendar: GoogleCalendar
  before(async () => {
    server = await startGoogleServer()
    client = openCalendarClient()
  })
  after(async () => {
    await client.close()
    await server.stop()
  })
  beforeEach(() => {
    calendar = server.addCalendar(account, { id: account, timeZone: 'America/New_York' })
    server.setPageSize(2_500)
  })

  function open(reading: Partial<typeof sampleReading> = {}) {
    const { google: provider } = makeOAuthProviders(
      { google: registration, microsoft: undefined },
      { google: server.endpoints },
    )
    assert.ok(provider)
    const { send } = client
    const tokens = tokensInMemory({ send, provider, server, account })
    return makeGoogleSource({ send, tokens, provider, reading: { ...sampleReading, ...reading } })
  }
  const at = (hour: number) => ({ dateTime: new Date(day + hour * HOUR).toISOString() })
  const put = (hour: number, more: Record<string, unknown> = {}) =>
    server.put(calendar, { start: at(hour), end: at(hour + 1), ...more })
  /** The hours at which busy times start. */
  const busyHours = async (reading?: Partial<typeof sampleReading>) => {
    const { busy } = await open(reading).readWindow(account, window, signal)
    return busy.map(({ from }) => (from - day) / HOUR)
  }

  test('what is free, cancelled, declined, a working location or a birthday is not busy', async () => {
    put(0, { transparency: 'transparent' })
    put(2, { status: 'cancelled' })
    put(4, { attendees: [{ email: account, self: true, responseStatus: 'declined' }] })
    put(6, { eventType: 'workingLocation' })
    put(8, { eventType: 'birthday' })
    put(10, { eventType: 'outOfOffice' })
    put(12, { eventType: 'focusTime' })
    put(14, { attendees: [{ email: 'grace@example.com', responseStatus: 'declined' }] })
    put(16, { attendees: [{ email: account, self: true, responseStatus: 'needsAction' }] })
    assert.deepEqual(await busyHours(), [10, 12, 14, 16])
  })

  test('tentative events count unless the calendar says otherwise', async () => {
    put(0, { status: 'tentative' })
    put(2, { attendees: [{ self: true, responseStatus: 'tentative' }] })
    put(4)
    assert.deepEqual(await busyHours(), [0, 2, 4])
    assert.deepEqual(await busyHours({ tentativeBlocks: false }), [4])
  })

  test('an all-day event counts in the time zone of the calendar, unless the calendar says otherwise', async () => {
    server.put(calendar, { start: { date: '2027-03-14' }, end: { date: '2027-03-15' } })
    const { busy, timezone } = await open().readWindow(account, window, signal)
    // The clocks go forward on this day.
    const from = Date.parse('2027-03-14T00:00:00-05:00')
    assert.deepEqual(busy, [{ from, to: from + 23 * HOUR }])
    assert.equal(timezone, 'America/New_York')
    assert.deepEqual(await busyHours({ allDayBlocks: false }), [])
  })

  test('Google expands recurring events, over several pages', async () => {
    const instances = Array.from({ length: 12 }, (_, index) => ({ start: at(index * 24), end: at(index * 24 + 1) }))
    server.put(calendar, { start: at(0), end: at(1), recurrence: ['RRULE:FREQ=DAILY;COUNT=12'], instances })
    server.setPageSize(5)
    server.requests.length = 0
    assert.deepEqual(
      await busyHours(),
      instances.map((_, index) => index * 24),
    )
    assert.equal(server.requests.length, 3)
  })

  test('an event that cannot be understood is counted, and does not hide the others', async () => {
    put(0)
    server.put(calendar, { start: { dateTime: 'soon' }, end: at(3) })
    const { busy, unreadable } = await open().readWindow(account, window, signal)
    assert.deepEqual([busy.length, unreadable], [1, 1])
  })

  test('a deletion is a change, and asking costs one small request', async () => {
    const id = put(0)
    const source = open()
    const { mark } = await source.readWindow(account, window, signal)
    server.remove(calendar, id)
    server.requests.length = 0
    assert.equal(await source.changedSince(account, mark, signal), true)
    assert.equal(server.requests.length, 1)
    assert.equal(await source.changedSince(account, 'a token of long ago', signal), true)
  })

  test('an entry has the UID of the invitation, and no attendees; a deleted one is restored', async () => {
    const source = open()
    const write = () => source.writeEntry(account, { content, known: null }, signal)
    const created = await write()
    assert.ok(created.kind === 'written')
    server.remove(calendar, created.entry.id)
    const again = await write()
    assert.equal(again.kind, 'written')
    const [stored, ...others] = server.list(calendar)
    assert.equal(others.length, 0)
    assert.equal(stored?.iCalUID, content.uid)
    assert.equal('attendees' in (stored ?? {}), false)
    assert.equal(stored?.status, 'confirmed')
  })

  test('a change keeps what only the host has set, and makes an all-day entry a timed one', async () => {
    const source = open()
    const created = await source.writeEntry(account, { content, known: null }, signal)
    assert.ok(created.kind === 'written')
    const { id } = created.entry
    const start = { date: '2027-03-05' }
    server.put(calendar, { ...calendar.events.get(id), colorId: '7', start, end: { date: '2027-03-06' } })
    const found = await source.findEntry(account, { uid: content.uid, known: created.entry }, signal)
    assert.equal(found?.start, Date.parse('2027-03-05T00:00:00+01:00'))
    assert.equal((await source.writeEntry(account, { content, known: found }, signal)).kind, 'written')
    const stored = calendar.events.get(id)
    assert.equal(stored?.colorId, '7')
    assert.deepEqual(stored?.start, { dateTime: '2027-03-01T08:00:00.000Z' })
  })

  test('a calendar that may not be changed is a problem of this calendar only', async () => {
    server.addCalendar(account, { id: 'holidays', accessRole: 'reader' })
    const source = open()
    const listed = await source.listCalendars(signal)
    assert.equal(listed.find(({ id }) => id === 'holidays')?.isWritable, false)
    await assert.rejects(source.writeEntry('holidays', { content, known: null }, signal), { next: 'give_up' })
  })

  test('an expired access token is refreshed once; missing permissions ask to reconnect', async () => {
    const source = open()
    server.expireTokens()
    const before = server.refreshes
    await source.listCalendars(signal)
    assert.equal(server.refreshes, before + 1)
    server.fail({ status: 403, body: JSON.stringify({ error: { errors: [{ reason: 'insufficientPermissions' }] } }) })
    await assert.rejects(source.listCalendars(signal), { next: 'reconnect' })
    server.fail(undefined)
  })
})
