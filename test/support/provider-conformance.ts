import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type CalendarEntryContent,
  type CalendarProvider,
  type ConferenceProvider,
  type FoundEntry,
  type KnownEntry,
  ProviderError,
} from '../../src/connections/provider.ts'
import { DAY, HOUR } from '../../src/time/durations.ts'

/** A provider under test, and functions that change the account as its user would. */
export interface CalendarCase {
  provider: CalendarProvider
  /** A calendar in the account. */
  calendar: string
  /** The member adds an appointment at the provider. */
  addAppointment(from: number, to: number): Promise<void>
  /** The member removes all appointments at the provider. */
  clear(): Promise<void>
  /** Makes the account reject our credentials from now on. */
  revoke(): Promise<void>
  /** Changes the response to every request from now on. Undefined restores the usual response. */
  fail(answer: Fault | undefined): void
}

/** A calendar that Bookbell can write to. */
export interface WritableCase extends CalendarCase {
  /** The member moves one of our entries at the provider. */
  moveEntry(entry: KnownEntry, content: CalendarEntryContent): Promise<void>
  /** The member deletes one of our entries at the provider. */
  removeEntry(entry: KnownEntry): Promise<void>
  /** Returns how many of our entries the calendar contains. */
  countEntries(): Promise<number>
  /** Lets the next write arrive, but not its response. */
  loseNextAnswer(): void
}

/** A fault to inject: a response, or `cut` and `slow` for a body that ends early or arrives slowly. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string | Buffer }
  | { kind: 'cut' | 'hang' }

export interface ConferenceCase {
  provider: ConferenceProvider
  /** Returns how many rooms exist. */
  countRooms(): Promise<number>
}

/** A running server that opens accounts. */
export interface OpenedServer<Case> {
  /** Opens an empty account. */
  open(): Promise<Case>
  stop(): Promise<void>
}

const start = Date.UTC(2027, 2, 1, 8)
const window = { from: start - DAY, to: start + DAY }

/** The contract for every calendar. */
export function checkReading(name: string, startServer: () => Promise<OpenedServer<CalendarCase>>): void {
  describe(`${name} keeps the contract of reading calendars`, () => {
    let server: OpenedServer<CalendarCase>
    const { signal } = new AbortController()
    before(async () => {
      server = await startServer()
    })
    after(() => server.stop())
    const openAccount = async () => {
      const opened = await server.open()
      return { ...opened, read: async () => (await opened.provider.readWindow(opened.calendar, window, signal)).busy }
    }

    test('an appointment is busy time and a change since the mark', async () => {
      const { provider, calendar, addAppointment } = await openAccount()
      const { mark } = await provider.readWindow(calendar, window, signal)
      assert.equal(await provider.changedSince(calendar, mark, signal), false)
      await addAppointment(start, start + HOUR)
      assert.equal(await provider.changedSince(calendar, mark, signal), true)
      const { busy, mark: later } = await provider.readWindow(calendar, window, signal)
      assert.deepEqual(busy, [{ from: start, to: start + HOUR }])
      assert.equal(await provider.changedSince(calendar, later, signal), false)
    })

    test('appointments that overlap or touch are one interval, and removed appointments are free', async () => {
      const { addAppointment, clear, read } = await openAccount()
      await addAppointment(start + HOUR, start + 2 * HOUR)
      await addAppointment(start, start + HOUR)
      await addAppointment(start, start + HOUR / 2)
      await addAppointment(start + 3 * DAY, start + 3 * DAY + HOUR)
      assert.deepEqual(await read(), [{ from: start, to: start + 2 * HOUR }])
      await clear()
      assert.deepEqual(await read(), [])
    })

    test('lists the calendar', async () => {
      const { provider, calendar } = await openAccount()
      assert.ok((await provider.listCalendars(signal)).some(({ id }) => id === calendar))
    })

    test('revoked credentials are an error that asks to reconnect, never an empty calendar', async () => {
      const { provider, calendar, revoke } = await openAccount()
      await revoke()
      await assert.rejects(provider.readWindow(calendar, window, signal), { name: 'ProviderError', next: 'reconnect' })
    })

    const faults: [string, Fault, Partial<ProviderError>][] = [
      ['401', { status: 401 }, { next: 'reconnect' }],
      [
        'a rate limit of 403',
        { status: 403, body: '{"error":{"errors":[{"reason":"rateLimitExceeded"}]}}' },
        { next: 'retry' },
      ],
      ['404', { status: 404 }, { next: 'retry' }],
      [
        '429 with Retry-After',
        { status: 429, headers: { 'retry-after': '120' } },
        { next: 'retry', retryAfter: 120_000 },
      ],
      ['500', { status: 500 }, { next: 'retry' }],
      [
        '503 with Retry-After',
        { status: 503, headers: { 'retry-after': '60' } },
        { next: 'retry', retryAfter: 60_000 },
      ],
      [
        '200 with HTML',
        { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>Sign in' },
        { next: 'retry' },
      ],
      ['a body that is cut off', { kind: 'cut' }, { next: 'retry' }],
      ['a body that never ends', { kind: 'hang' }, { next: 'retry' }],
      ['30 MB', { status: 200, body: Buffer.alloc(30 * 1024 * 1024, ' ') }, { next: 'retry' }],
      ['a redirect to another host', { status: 302, headers: { location: 'http://127.0.0.2:9/' } }, {}],
      ['410', { status: 410 }, {}],
    ]
    for (const [what, fault, expected] of faults) {
      test(`${what} is an error, never an empty calendar`, async () => {
        const { provider, calendar, addAppointment, fail, read } = await openAccount()
        await addAppointment(start, start + HOUR)
        fail(fault)
        try {
          const mayHaveChanged = await provider.changedSince(calendar, 'an old mark', signal).catch(() => true)
          assert.equal(mayHaveChanged, true)
          await assert.rejects(read, { name: 'ProviderError', ...expected })
        } finally {
          fail(undefined)
        }
        assert.deepEqual(await read(), [{ from: start, to: start + HOUR }])
      })
    }

    test('ends soon after its signal is aborted', async () => {
      const { provider, calendar, fail } = await openAccount()
      fail({ kind: 'hang' })
      try {
        const early = AbortSignal.timeout(50)
        await assert.rejects(provider.readWindow(calendar, window, early), { name: 'ProviderError', next: 'retry' })
      } finally {
        fail(undefined)
      }
    })
  })
}

const content: CalendarEntryContent = {
  uid: '0123456789abcdef0123456789abcdef@bookbell',
  start,
  end: start + HOUR,
  title: 'Intro & questions, <everyone>',
  description: 'With Ada;\nJörg, 日本',
  location: null,
  isTentative: false,
  url: 'https://book.example.com/m/1',
}
const later = { ...content, start: start + 2 * HOUR, end: start + 3 * HOUR }

/**
 * The contract for calendars that Bookbell writes to. The provider recognizes every UID that ends with `@bookbell` as its own.
 */
export function checkWriting(name: string, startServer: () => Promise<OpenedServer<WritableCase>>): void {
  describe(`${name} keeps the contract of writing calendars`, () => {
    let server: OpenedServer<WritableCase>
    const { signal } = new AbortController()
    before(async () => {
      server = await startServer()
    })
    after(() => server.stop())

    const openAccount = async () => {
      const opened = await server.open()
      const { provider, calendar } = opened
      return {
        ...opened,
        read: () => provider.readWindow(calendar, window, signal),
        write: (given: CalendarEntryContent, known: KnownEntry | null) =>
          provider.writeEntry(calendar, { content: given, known }, signal),
        async create(given = content): Promise<KnownEntry> {
          const result = await provider.writeEntry(calendar, { content: given, known: null }, signal)
          assert.ok(result.kind === 'written')
          return result.entry
        },
      }
    }
    const places = (entries: readonly FoundEntry[]) => entries.map(({ uid, start: at }) => [uid, at])

    test('lists the calendar as writable', async () => {
      const { provider, calendar } = await openAccount()
      const listed = await provider.listCalendars(signal)
      assert.equal(listed.find(({ id }) => id === calendar)?.isWritable, true)
    })

    test('our own entry is not busy time, and has the version that was written', async () => {
      const { create, read, write } = await openAccount()
      const known = await create()
      const { busy, entries } = await read()
      assert.deepEqual(busy, [])
      assert.deepEqual(entries, [{ uid: content.uid, start, ...known }])
      const moved = await write(later, known)
      assert.ok(moved.kind === 'written')
      assert.deepEqual((await read()).entries, [{ uid: content.uid, start: later.start, ...moved.entry }])
    })

    test('creating an entry again leaves one entry, with the later content', async () => {
      const { create, read, countEntries } = await openAccount()
      await create()
      await create(later)
      assert.equal(await countEntries(), 1)
      assert.deepEqual(places((await read()).entries), [[later.uid, later.start]])
    })

    test('a write whose response was lost can be repeated, and leaves one entry', async () => {
      const { create, write, countEntries, loseNextAnswer } = await openAccount()
      // The client itself may repeat a request on a connection that was closed.
      const mayFail = (work: Promise<unknown>) =>
        work.catch((error: unknown) => assert.ok(error instanceof ProviderError && error.next === 'retry'))
      loseNextAnswer()
      await mayFail(create())
      const known = await create()
      loseNextAnswer()
      await mayFail(write(later, known))
      // The known version is outdated, but the entry already has the start that is being written.
      const again = await write(later, known)
      assert.ok(again.kind === 'changed' || again.kind === 'written')
      if (again.kind === 'changed') assert.equal(again.entry.start, later.start)
      assert.equal(await countEntries(), 1)
    })

    test('an entry that the member moved is not overwritten, but reported with its start', async () => {
      const { create, write, read, moveEntry } = await openAccount()
      const known = await create()
      await moveEntry(known, later)
      const result = await write({ ...content, title: 'Renamed' }, known)
      assert.ok(result.kind === 'changed')
      assert.equal(result.entry.start, later.start)
      assert.deepEqual(places((await read()).entries), [[content.uid, later.start]])
      assert.equal((await write(content, result.entry)).kind, 'written')
      assert.deepEqual(places((await read()).entries), [[content.uid, start]])
    })

    test('an entry that the member deleted is reported as missing, and can be created again', async () => {
      const { provider, calendar, create, write, read, removeEntry } = await openAccount()
      const known = await create()
      const find = () => provider.findEntry(calendar, { uid: content.uid, known }, signal)
      assert.equal((await find())?.start, start)
      await removeEntry(known)
      assert.equal(await find(), null)
      assert.deepEqual(await write(later, known), { kind: 'missing' })
      assert.deepEqual((await read()).entries, [])
      await create(later)
      assert.deepEqual(places((await read()).entries), [[later.uid, later.start]])
    })

    test('deleting an entry can be repeated, and needs only its UID', async () => {
      const { provider, calendar, create, countEntries } = await openAccount()
      const known = await create()
      for (const one of [known, known, null])
        await provider.deleteEntry(calendar, { uid: content.uid, known: one }, signal)
      assert.equal(await countEntries(), 0)
      await create()
      await provider.deleteEntry(calendar, { uid: content.uid, known: null }, signal)
      assert.equal(await countEntries(), 0)
    })

    test('a fault while writing or looking up is an error, never a missing entry', async () => {
      const { provider, calendar, create, write, fail, countEntries } = await openAccount()
      const known = await create()
      for (const fault of [
        { status: 401 },
        { status: 429, headers: { 'retry-after': '5' } },
        { status: 500 },
        { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' },
        { kind: 'cut' },
      ] as Fault[]) {
        fail(fault)
        try {
          const isError = (error: unknown) => error instanceof ProviderError
          await assert.rejects(provider.findEntry(calendar, { uid: content.uid, known }, signal), isError)
          if (!('status' in fault && fault.status === 200)) await assert.rejects(write(later, known), isError)
        } finally {
          fail(undefined)
        }
      }
      assert.equal(await countEntries(), 1)
    })
  })
}

/** The contract for every conference provider. `open` creates an account without rooms. */
export function checkConferenceProvider(name: string, open: () => Promise<ConferenceCase>): void {
  const { signal } = new AbortController()
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
