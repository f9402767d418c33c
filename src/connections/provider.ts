/**
 * The port to other providers: a member's account for calendars or conference rooms. A connection is
 * such an account; its rows, its sync and its settings come with the first provider.
 *
 * The contract of every provider, which test/support/provider-conformance.ts checks:
 * - Calls are made by workers, never in a request and never inside a transaction.
 * - Writing is idempotent: it can be repeated with the same key after a crash, and leaves one entry or room.
 * - A failure is thrown as a ProviderError that says what must happen next. An error is never reported as an empty
 * calendar.
 * - All instants are epoch milliseconds. Every call ends soon after its signal is aborted.
 */
export type Provider = CalendarProvider | ConferenceProvider

/** An interval that counts as busy; `to` is exclusive. */
export interface BusyInterval {
  from: number
  to: number
}

/** A calendar of the account. */
export interface ProviderCalendar {
  /** The provider's own id, which never changes. */
  id: string
  name: string
  /** An IANA name; null if the provider does not report it. */
  timezone: string | null
  isWritable: boolean
}

/** The content of a calendar in a time range. */
export interface CalendarWindow {
  /** Without overlaps, in order, and without our own entries. */
  busy: BusyInterval[]
  /** Our own entries, recognized by their UID. */
  entries: { uid: string; start: number }[]
  /** The state that was read, for `changedSince`. */
  mark: string
}

/** What Bookbell writes into a calendar for a meeting. It does not include an organizer or attendees, because calendar servers would invite them. */
export interface CalendarEntryContent {
  /** The UID of the meeting in every calendar, and the key of the write. */
  uid: string
  start: number
  end: number
  title: string
  description: string
  location: string | null
  isTentative: boolean
}

export interface CalendarProvider {
  kind: 'calendar'
  listCalendars(signal: AbortSignal): Promise<ProviderCalendar[]>
  /** Whether the calendar may have changed since the mark. Must be cheap, and return true when in doubt. */
  changedSince(calendar: string, mark: string, signal: AbortSignal): Promise<boolean>
  readWindow(calendar: string, window: BusyInterval, signal: AbortSignal): Promise<CalendarWindow>
  /** Creates the entry with this UID, or changes it. */
  writeEntry(calendar: string, entry: CalendarEntryContent, signal: AbortSignal): Promise<void>
  /** Deletes the entry. Does nothing if it does not exist. */
  deleteEntry(calendar: string, uid: string, signal: AbortSignal): Promise<void>
}

/** What people need to join a conference room. */
export interface ConferenceRoom {
  /** The provider's own id. */
  id: string
  url: string
  password: string | null
}

export interface ConferenceProvider {
  kind: 'conference'
  /** Creates a meeting's room, or updates it to a new time. `key` identifies the meeting. */
  keepRoom(
    key: string,
    meeting: { name: string; start: number; end: number },
    signal: AbortSignal,
  ): Promise<ConferenceRoom>
  /** Deletes the room. Does nothing if it does not exist. */
  deleteRoom(key: string, signal: AbortSignal): Promise<void>
}

/**
 * What must happen after a failure:
 * `retry`: later, not before `retryAfter` milliseconds if given; `reconnect`: the member must sign in again; `give_up`: never.
 */
export type NextStep = 'retry' | 'reconnect' | 'give_up'

/** A failure of a provider. `message` says what happened and what to do, for the member. */
export class ProviderError extends Error {
  readonly next: NextStep
  readonly retryAfter: number | null

  constructor(
    message: string,
    { next, retryAfter = null, cause }: { next: NextStep; retryAfter?: number | null; cause?: unknown },
  ) {
    super(message, { cause })
    this.name = 'ProviderError'
    this.next = next
    this.retryAfter = retryAfter
  }
}
