import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type CalendarEntryContent,
  type CalendarProvider,
  type ConferenceProvider,
  ProviderError,
} from '../../src/connections/provider.ts'
import { DAY, HOUR } from '../../src/time/durations.ts'

/** A provider under test, and functions that change the account as its user would. */
export interface CalendarCase {
  provider: CalendarProvider
  /** A calendar of the account that can be written to. */
  calendar: string
  /** The member adds an appointment at the provider. */
  addAppointment(from: number, to: number): Promise<void>
  /** Makes the account reject our credentials from now on. */
  revoke(): Promise<void>
}

export interface ConferenceCase {
  provider: ConferenceProvider
  /** How many rooms there are. */
  countRooms(): Promise<number>
}

const { signal } = new AbortController()
const start = Date.UTC(2027, 2, 1, 8)
const window = { from: start - DAY, to: start + DAY }
const entry: CalendarEntryContent = {
  uid: 'meeting-1@bookbell',
  start,
  end: start + HOUR,
  title: 'Intro',
  description: 'With Ada',
  location: null,
  isTentative: false,
}

/** The contract of every calendar provider. `open` creates an empty account. */
export function checkCalendarProvider(name: string, open: () => Promise<CalendarCase>): void {
  describe(`${name} keeps the contract of calendars`, () => {
    test('an appointment is busy time and a change since the mark', async () => {
      const { provider, calendar, addAppointment } = await open()
      const { mark } = await provider.readWindow(calendar, window, signal)
      assert.equal(await provider.changedSince(calendar, mark, signal), false)
      await addAppointment(start, start + HOUR)
      assert.equal(await provider.changedSince(calendar, mark, signal), true)
      const { busy } = await provider.readWindow(calendar, window, signal)
      assert.deepEqual(busy, [{ from: start, to: start + HOUR }])
    })

    test('appointments that overlap or touch are one interval', async () => {
      const { provider, calendar, addAppointment } = await open()
      await addAppointment(start + HOUR, start + 2 * HOUR)
      await addAppointment(start, start + HOUR)
      await addAppointment(start, start + HOUR / 2)
      const { busy } = await provider.readWindow(calendar, window, signal)
      assert.deepEqual(busy, [{ from: start, to: start + 2 * HOUR }])
    })

    test('our own entry is not busy time, and writing it again leaves one', async () => {
      const { provider, calendar } = await open()
      await provider.writeEntry(calendar, entry, signal)
      await provider.writeEntry(calendar, { ...entry, start: start + HOUR, end: start + 2 * HOUR }, signal)
      const { busy, entries } = await provider.readWindow(calendar, window, signal)
      assert.deepEqual(busy, [])
      assert.deepEqual(entries, [{ uid: entry.uid, start: start + HOUR }])
    })

    test('deleting an entry can be repeated', async () => {
      const { provider, calendar } = await open()
      await provider.writeEntry(calendar, entry, signal)
      await provider.deleteEntry(calendar, entry.uid, signal)
      await provider.deleteEntry(calendar, entry.uid, signal)
      const { entries } = await provider.readWindow(calendar, window, signal)
      assert.deepEqual(entries, [])
    })

    test('lists the calendar as writable', async () => {
      const { provider, calendar } = await open()
      const listed = await provider.listCalendars(signal)
      assert.equal(listed.find(({ id }) => id === calendar)?.isWritable, true)
    })

    test('revoked credentials are an error that asks to reconnect, never an empty calendar', async () => {
      const { provider, calendar, revoke } = await open()
      await revoke()
      const asksToReconnect = (error: unknown) => error instanceof ProviderError && error.next === 'reconnect'
      await assert.rejects(provider.readWindow(calendar, window, signal), asksToReconnect)
      await assert.rejects(provider.writeEntry(calendar, entry, signal), asksToReconnect)
    })
  })
}

/** The contract of every conference provider. `open` creates an account without rooms. */
export function checkConferenceProvider(name: string, open: () => Promise<ConferenceCase>): void {
  describe(`${name} keeps the contract of conference rooms`, () => {
    test('a meeting keeps its room when it moves, and has only one', async () => {
      const { provider, countRooms } = await open()
      const meeting = { name: 'Intro', start, end: start + HOUR }
      const room = await provider.keepRoom('1', meeting, signal)
      const moved = await provider.keepRoom('1', { ...meeting, start: start + HOUR, end: start + 2 * HOUR }, signal)
      assert.deepEqual(moved, room)
      assert.ok(URL.canParse(room.url))
      assert.equal(await countRooms(), 1)
    })

    test('deleting a room can be repeated', async () => {
      const { provider, countRooms } = await open()
      await provider.keepRoom('1', { name: 'Intro', start, end: start + HOUR }, signal)
      await provider.deleteRoom('1', signal)
      await provider.deleteRoom('1', signal)
      assert.equal(await countRooms(), 0)
    })
  })
}
