import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openCalendarClient, sampleReading, tokensInMemory } from '../../test/support/calendar-cases.ts'
import { type GraphCalendar, type MicrosoftServer, startMicrosoftServer } from '../../test/support/microsoft-server.ts'
import { registration } from '../../test/support/oauth-server.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { makeMicrosoftSource } from './microsoft-source.ts'
import { makeOAuthProviders } from './oauth-providers.ts'
import type { CalendarEntryContent } from './provider.ts'

const account = 'ada@example.com'
const id = 'AAMkAGI2TGuLAAA='
const day = Date.UTC(2027, 2, 1)
const window = { from: day - DAY, to: day + 30 * DAY }
const content: CalendarEntryContent = {
  uid: '1@bookbell',
  start: day + 8 * HOUR,
  end: day + 9 * HOUR,
  title: 'Intro',
  description: 'With Grace',
  location: null,
  isTentative: true,
  url: 'https://book.example.com/m/1',
}

describe('a Microsoft calendar', () => {
  const { signal } = new AbortController()
  let server: MicrosoftServer
  let client: ReturnType<typeof openCalendarClient>
  let calendar: GraphCalendar
  before(async () => {
    server = await startMicrosoftServer()
    client = openCalendarClient()
  })
  after(async () => {
    await client.close()
    await server.stop()
  })
  beforeEach(() => {
    calendar = server.addCalendar(account, { id, name: 'Calendar' })
    server.setPageSize(1_000)
    server.setNextHost(undefined)
  })

  function open(reading: Partial<typeof sampleReading> = {}) {
    const { microsoft: provider } = makeOAuthProviders(
      { google: undefined, microsoft: { ...registration, tenant: 'common' } },
      { microsoft: server.endpoints },
    )
    assert.ok(provider)
    const { send } = client
    const tokens = tokensInMemory({ send, provider, server, account })
    return makeMicrosoftSource({ send, tokens, provider, reading: { ...sampleReading, ...reading } })
  }
  const at = (hour: number) => ({
    dateTime: new Date(day + hour * HOUR).toISOString().slice(0, 19),
    timeZone: 'UTC',
  })
  const put = (hour: number, more: Record<string, unknown> = {}) =>
    server.put(calendar, { start: at(hour), end: at(hour + 1), ...more })
  /** The hours at which busy times start. */
  const busyHours = async (reading?: Partial<typeof sampleReading>) => {
    const { busy } = await open(reading).readWindow(id, window, signal)
    return busy.map(({ from }) => (from - day) / HOUR)
  }

  test('what is free, elsewhere, cancelled or declined is not busy', async () => {
    put(0, { showAs: 'free' })
    put(2, { showAs: 'workingElsewhere' })
    put(4, { isCancelled: true })
    put(6, { responseStatus: { response: 'declined', time: '2027-02-01T08:00:00Z' } })
    put(8, { showAs: 'oof' })
    put(10, { showAs: 'unknown' })
    put(12, { responseStatus: { response: 'notResponded', time: '0001-01-01T00:00:00Z' } })
    assert.deepEqual(await busyHours(), [8, 10, 12])
  })

  test('tentative events count unless the calendar says otherwise', async () => {
    put(0, { showAs: 'tentative' })
    put(2, { responseStatus: { response: 'tentativelyAccepted', time: '2027-02-01T08:00:00Z' } })
    put(4)
    assert.deepEqual(await busyHours(), [0, 2, 4])
    assert.deepEqual(await busyHours({ tentativeBlocks: false }), [4])
  })

  test("an all-day event counts in the zone of its mailbox, else in the member's, unless the calendar says otherwise", async () => {
    const allDay = { isAllDay: true, start: at(24), end: at(48) }
    server.put(calendar, { ...allDay, originalStartTimeZone: 'Pacific Standard Time' })
    assert.deepEqual(await busyHours(), [24 + 8])
    calendar.events.clear()
    server.put(calendar, { ...allDay, originalStartTimeZone: 'tzone://Microsoft/Custom' })
    assert.deepEqual(await busyHours(), [24 - 1])
    calendar.events.clear()
    server.put(calendar, { ...allDay, originalStartTimeZone: 'UTC' })
    assert.deepEqual(await busyHours(), [24 - 1])
    assert.deepEqual(await busyHours({ allDayBlocks: false }), [])
  })

  test('Microsoft expands recurring events, over several pages', async () => {
    const instances = Array.from({ length: 12 }, (_, index) => ({ start: at(index * 24), end: at(index * 24 + 1) }))
    server.put(calendar, { start: at(0), end: at(1), type: 'seriesMaster', instances })
    server.setPageSize(5)
    server.requests.length = 0
    assert.deepEqual(
      await busyHours(),
      instances.map((_, index) => index * 24),
    )
    assert.equal(server.requests.length, 3)
  })

  test('a next page on another server is not fetched, because the token must not leave Microsoft', async () => {
    put(0)
    put(2)
    server.setPageSize(1)
    server.setNextHost('http://127.0.0.2:9')
    await assert.rejects(busyHours, { name: 'ProviderError', next: 'retry' })
  })

  test('an event that cannot be understood is counted, and does not hide the others', async () => {
    put(0)
    server.put(calendar, { start: { dateTime: 'soon', timeZone: 'UTC' }, end: at(3) })
    const { busy, unreadable } = await open().readWindow(id, window, signal)
    assert.deepEqual([busy.length, unreadable], [1, 1])
  })

  test('a move, a deletion and a new answer are changes; asking again without one is not', async () => {
    const first = put(0)
    const second = put(2)
    const source = open()
    const mark = async () => (await source.readWindow(id, window, signal)).mark
    const changes: (() => unknown)[] = [
      () => server.put(calendar, { ...calendar.events.get(first), start: at(-1) }),
      () => server.put(calendar, { ...calendar.events.get(first), showAs: 'free' }),
      () => server.remove(calendar, second),
    ]
    for (const change of changes) {
      const before = await mark()
      assert.equal(await source.changedSince(id, before, signal), false)
      change()
      assert.equal(await source.changedSince(id, before, signal), true)
    }
  })

  test('an entry has no attendees, is tentative, and keeps its UID in an extended property', async () => {
    const created = await open().writeEntry(id, { content, known: null }, signal)
    assert.ok(created.kind === 'written')
    const stored = calendar.events.get(created.entry.id)
    assert.deepEqual(
      [
        stored?.showAs,
        stored?.transactionId,
        stored?.singleValueExtendedProperties?.[0]?.value,
        'attendees' in stored!,
      ],
      ['tentative', content.uid, content.uid, false],
    )
  })

  test('an entry that was deleted is created again, although Microsoft remembers its transaction', async () => {
    const source = open()
    const created = await source.writeEntry(id, { content, known: null }, signal)
    assert.ok(created.kind === 'written')
    server.remove(calendar, created.entry.id)
    const again = await source.writeEntry(id, { content, known: null }, signal)
    assert.equal(again.kind, 'written')
    assert.equal(calendar.events.size, 1)
    const { busy, entries } = await source.readWindow(id, window, signal)
    assert.deepEqual([busy, entries.map(({ uid }) => uid)], [[], [content.uid]])
  })

  test('a calendar that may not be changed is a problem of this calendar only', async () => {
    server.addCalendar(account, { id: 'holidays', canEdit: false })
    const source = open()
    const listed = await source.listCalendars(signal)
    assert.equal(listed.find((one) => one.id === 'holidays')?.isWritable, false)
    await assert.rejects(source.writeEntry('holidays', { content, known: null }, signal), { next: 'give_up' })
  })

  test('the new refresh token of each refresh is used for the next one', async () => {
    const source = open()
    for (let time = 0; time < 3; time++) {
      server.expireTokens()
      assert.ok((await source.listCalendars(signal)).length > 0)
    }
  })
})
