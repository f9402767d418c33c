/**
 * The interface for external providers. A connection is a member's account for calendars or conference rooms.
 *
 * Every provider must meet this contract, which test/support/provider-conformance.ts checks:
 * - Calls are made by workers, never in a request and never inside a transaction.
 * - Writes are idempotent. After a crash, a write can be repeated with the same key and results in one entry or room.
 * - A failure is thrown as a ProviderError that says what must happen next. An error is never reported as an empty calendar.
 * - All instants are epoch milliseconds. Every call ends soon after its signal is aborted.
 */
export type Provider = CalendarProvider | ConferenceProvider

/** A busy interval. `to` is exclusive. */
export interface BusyInterval {
  from: number
  to: number
}

/** A calendar in an account. */
export interface ProviderCalendar {
  /** The provider's own id, which never changes. */
  id: string
  name: string
  /** An IANA name, or null if the provider does not report it. */
  timezone: string | null
  isWritable: boolean
}

/** A calendar's content in a time range. */
export interface CalendarWindow {
  /** The busy times in order, without overlaps. Our own entries are not included. */
  busy: BusyInterval[]
  /** Our own entries, recognized by their UID. Empty for a read-only calendar. */
  entries: FoundEntry[]
  /** The name and time zone in the calendar's content, if it contains them. */
  name: string | null
  timezone: string | null
  /** How many events could not be parsed. */
  unreadable: number
  /** The version that was read, for `changedSince`. */
  mark: string
}

/**
 * The entry that Bookbell writes to a calendar for a meeting. It has no organizer and no attendees, because calendar servers
 * would send them invitations.
 */
export interface CalendarEntryContent {
  /** The meeting's UID, which is the same in every calendar. It also makes the write idempotent. */
  uid: string
  start: number
  end: number
  title: string
  description: string
  location: string | null
  isTentative: boolean
  /** The meeting's URL in Bookbell. */
  url: string
}

/** An entry's identity at the provider. */
export interface KnownEntry {
  /** The provider's own id, which never changes. */
  id: string
  /** Differs after every change of the entry. Null if the provider does not report versions. */
  version: string | null
}

/** One of our entries that was found in a calendar. */
export interface FoundEntry extends KnownEntry {
  uid: string
  start: number
  /** Set if someone turned it into an all-day event; `start` is then midnight. */
  isAllDay?: true
}

/**
 * The result of writing an entry. `changed` and `missing` mean that nothing was written, because someone has changed or deleted
 * the entry.
 */
export type WriteResult =
  | { kind: 'written'; entry: KnownEntry }
  | { kind: 'changed'; entry: FoundEntry }
  | { kind: 'missing' }

export interface CalendarProvider {
  kind: 'calendar'
  listCalendars(signal: AbortSignal): Promise<ProviderCalendar[]>
  /** Returns whether the calendar may have changed since the mark. Must be cheap, and must return true when in doubt. */
  changedSince(calendar: string, mark: string, signal: AbortSignal): Promise<boolean>
  readWindow(calendar: string, window: BusyInterval, signal: AbortSignal): Promise<CalendarWindow>
  /** Updates the known entry. If `known` is null, creates the entry, or updates an existing entry that has the same UID. */
  writeEntry(
    calendar: string,
    write: { content: CalendarEntryContent; known: KnownEntry | null },
    signal: AbortSignal,
  ): Promise<WriteResult>
  /** Finds one of our entries. Returns null if it does not exist at the provider. */
  findEntry(
    calendar: string,
    entry: { uid: string; known: KnownEntry | null },
    signal: AbortSignal,
  ): Promise<FoundEntry | null>
  /** Deletes one of our entries, whatever its version. Does nothing if it does not exist. */
  deleteEntry(calendar: string, entry: { uid: string; known: KnownEntry | null }, signal: AbortSignal): Promise<void>
}

/** The details that people need to join a conference room. */
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
 * What must happen after a failure. `retry`: try again later, but not before `retryAfter` milliseconds if it is given.
 * `reconnect`: the member must sign in again. `give_up`: do not try again.
 */
export type NextStep = 'retry' | 'reconnect' | 'give_up'

/** A provider failure. `message` tells the member what happened and what to do. */
export class ProviderError extends Error {
  readonly next: NextStep
  readonly retryAfter: number | null
  /** The status of the provider's response; null if the provider sent no response that could be read. */
  readonly status: number | null

  constructor(
    message: string,
    {
      next,
      retryAfter = null,
      status = null,
      cause,
    }: { next: NextStep; retryAfter?: number | null; status?: number | null; cause?: unknown },
  ) {
    super(message, { cause })
    this.name = 'ProviderError'
    this.next = next
    this.retryAfter = retryAfter
    this.status = status
  }
}
