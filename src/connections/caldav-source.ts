import { createHash } from 'node:crypto'
import { type ReadingOptions, readCalendar } from '../calendars/reading.ts'
import type { HttpResponse } from '../platform/http-client.ts'
import { DAY } from '../time/durations.ts'
import { findCalendars, propfind } from './caldav-discovery.ts'
import { refuseAnswer, type SendToCalendar } from './calendar-client.ts'
import { canonicalUrl, type DavAccount, type DavResource, makeDavClient, TooLargeError } from './dav-client.ts'
import { findElement } from './dav-xml.ts'
import { entryFile } from './entry-file.ts'
import {
  type BusyInterval,
  type CalendarEntryContent,
  type CalendarProvider,
  type FoundEntry,
  type KnownEntry,
  ProviderError,
  type WriteResult,
} from './provider.ts'

export interface CalDavSettings {
  send: SendToCalendar
  account: DavAccount
  reading: Omit<ReadingOptions, 'window'>
  /** The current time in epoch milliseconds. */
  now: () => number
}

/**
 * An account on a CalDAV server (RFC 4791). A calendar's id is its URL, an entry's id is the URL of its file, and an entry's version
 * is its ETag.
 */
export function makeCalDavSource({ send, account, reading, now }: CalDavSettings): CalendarProvider {
  const client = makeDavClient(send, account)

  /** Returns a file, or null if it does not exist on the server. */
  async function get(url: string, signal: AbortSignal): Promise<HttpResponse | null> {
    const response = await client.send({ method: 'GET', url, headers: ENTRY_HEADERS }, signal)
    if (response.status === 404 || response.status === 410) return null
    if (response.status !== 200) refuseAnswer(response)
    return response
  }

  async function find(calendar: string, { uid, known }: EntryKey, signal: AbortSignal): Promise<FoundEntry | null> {
    const id = known?.id ?? defaultUrl(calendar, uid)
    const response = await get(id, signal)
    if (response === null) return null
    const start = await startOf(response.body, uid)
    if (start !== null) return { id, uid, ...start, version: textOf(response.headers.etag) }
    // A file without an end was cut off. A file with another UID is not ours.
    if (/END:VCALENDAR\s*$/i.test(response.body)) return null
    throw new ProviderError('The calendar server returned an incomplete entry.', { next: 'retry' })
  }

  async function put(
    { id, content, condition }: { id: string; content: CalendarEntryContent; condition: Record<string, string> },
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const headers = { 'content-type': 'text/calendar; charset=utf-8', ...condition }
    return client.send({ method: 'PUT', url: id, headers, body: entryFile(content, now()) }, signal)
  }

  async function change(
    calendar: string,
    { content, known }: { content: CalendarEntryContent; known: KnownEntry },
    signal: AbortSignal,
  ): Promise<WriteResult> {
    const condition: Record<string, string> = known.version === null ? {} : { 'if-match': known.version }
    const response = await put({ id: known.id, content, condition }, signal)
    if (isWritten(response)) return { kind: 'written', entry: await entryAfter(known.id, response, signal) }
    if (response.status !== 412 && response.status !== 404 && response.status !== 410) return refuseWrite(response)
    const found = await find(calendar, { uid: content.uid, known }, signal)
    return found ? { kind: 'changed', entry: found } : { kind: 'missing' }
  }

  /** Reads the ETag separately if the PUT response has none. Servers omit it if they changed the file (RFC 4791, 5.3.4). */
  async function entryAfter(id: string, response: HttpResponse, signal: AbortSignal): Promise<KnownEntry> {
    const version = textOf(response.headers.etag) ?? textOf((await get(id, signal))?.headers.etag)
    return { id, version }
  }

  return {
    kind: 'calendar',
    listCalendars: (signal) => findCalendars(client, account.url, signal),

    async changedSince(calendar, mark, signal) {
      return (await readMark(calendar, signal)) !== mark
    },

    async readWindow(calendar, window, signal) {
      // Read the mark first, so that a change made during the read is noticed the next time.
      const mark = await readMark(calendar, signal)
      const files = await listFiles(calendar, window, signal)
      const result = await readCalendar(
        files.map(({ text }) => text),
        { ...reading, window },
      )
      if (!result.ok) throw new ProviderError(`${result.problem} Bookbell will try again.`, { next: 'retry' })
      const { busy, unreadable } = result
      // The name and time zone come with the list of calendars. A single file says nothing about the calendar.
      return { busy, entries: await findOwn(files), mark, name: null, timezone: null, unreadable }
    },

    async writeEntry(calendar, { content, known }, signal) {
      if (known) return change(calendar, { content, known }, signal)
      const id = defaultUrl(calendar, content.uid)
      const response = await put({ id, content, condition: { 'if-none-match': '*' } }, signal)
      if (isWritten(response)) return { kind: 'written', entry: await entryAfter(id, response, signal) }
      if (response.status !== 412) return refuseWrite(response)
      // An earlier write succeeded, but its response was lost.
      const found = await find(calendar, { uid: content.uid, known: null }, signal)
      if (found) return change(calendar, { content, known: found }, signal)
      throw new ProviderError('The calendar server refused to create the entry.', { next: 'retry' })
    },

    findEntry: find,

    async deleteEntry(calendar, { uid, known }, signal) {
      const found = known ?? (await find(calendar, { uid, known: null }, signal))
      if (!found) return
      const response = await client.send({ method: 'DELETE', url: found.id }, signal)
      if (response.status >= 300 && response.status !== 404 && response.status !== 410) refuseWrite(response)
    },
  }

  /** Returns a calendar's state: its CTag and sync token, or a hash of all ETags if the server has neither. */
  async function readMark(calendar: string, signal: AbortSignal): Promise<string> {
    const body = propfind('S:getctag', 'D:sync-token')
    const [found] = await client.list({ method: 'PROPFIND', url: calendar, headers: { depth: '0' }, body }, signal)
    if (!found) throw missingCalendar()
    const parts = ['getctag', 'sync-token'].map((name) => findElement(found.properties, name)?.text.trim() ?? '')
    if (parts.some((part) => part !== '')) return hashOf(parts)
    const request = { method: 'PROPFIND', url: calendar, headers: { depth: '1' }, body: propfind('D:getetag') }
    const files = await client.list(request, signal)
    return hashOf(files.map(({ url, properties }) => `${url} ${findElement(properties, 'getetag')?.text}`).toSorted())
  }

  /**
   * Returns a calendar's files. The request has no time range, because some servers find the wrong recurring events for a range.
   * A range is only used if the whole calendar is too large.
   */
  async function listFiles(calendar: string, window: BusyInterval, signal: AbortSignal): Promise<CalendarText[]> {
    try {
      return await query(calendar, '', signal)
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error
      const [start, end] = [window.from, window.to].map(toCalendarTime)
      return query(calendar, `<C:time-range start="${start}" end="${end}"/>`, signal)
    }
  }

  async function query(calendar: string, range: string, signal: AbortSignal): Promise<CalendarText[]> {
    const body = `<?xml version="1.0" encoding="utf-8"?><C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${range}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`
    const found = await client.list({ method: 'REPORT', url: calendar, headers: { depth: '1' }, body }, signal)
    return found.flatMap((resource) => toText(resource) ?? [])
  }

  async function findOwn(files: readonly CalendarText[]): Promise<FoundEntry[]> {
    const own: FoundEntry[] = []
    for (const { url, version, text } of files) {
      const uid = /^UID:(\S+)/m.exec(text)?.[1]
      if (uid === undefined || !reading.isOwn(uid)) continue
      const start = await startOf(text, uid)
      if (start !== null) own.push({ id: url, version, uid, ...start })
    }
    return own
  }

  /** Returns when an entry starts; null if it is not in the file. */
  async function startOf(text: string, uid: string): Promise<Pick<FoundEntry, 'start' | 'isAllDay'> | null> {
    const window = { from: now() - DAY, to: now() + 400 * DAY }
    const result = await readCalendar([text], { ...reading, window, isOwn: (one) => one === uid })
    const [entry] = result.ok ? result.entries : []
    if (!entry) return null
    return entry.isAllDay ? { start: entry.start, isAllDay: true } : { start: entry.start }
  }
}

type EntryKey = { uid: string; known: KnownEntry | null }

/** A calendar file on the server. */
interface CalendarText {
  url: string
  version: string | null
  text: string
}

function toText({ url, properties }: DavResource): CalendarText | null {
  const text = findElement(properties, 'calendar-data')?.text
  return text ? { url, version: textOf(findElement(properties, 'getetag')?.text.trim()), text } : null
}

/** Entries are not compressed, because some servers change the ETag of compressed responses. */
const ENTRY_HEADERS = { accept: 'text/calendar', 'accept-encoding': 'identity' }

function defaultUrl(calendar: string, uid: string): string {
  return canonicalUrl(`${encodeURIComponent(uid)}.ics`, calendar.endsWith('/') ? calendar : `${calendar}/`)
}

function isWritten({ status }: HttpResponse): boolean {
  return status === 200 || status === 201 || status === 204
}

function missingCalendar(): ProviderError {
  return new ProviderError('The calendar no longer exists on its server.', { next: 'retry' })
}

/** Returns an ETag. One that could not be sent back in a header is ignored. */
function textOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,500}$/.test(value) ? value : null
}

/** Throws a ProviderError for a write that failed. A calendar that does not allow writing must be replaced by another one. */
function refuseWrite(response: HttpResponse): never {
  const { status, body } = response
  const isLimited = status === 403 && /rateLimitExceeded/i.test(body)
  if ((status === 403 || status === 405 || status === 415) && !isLimited)
    throw new ProviderError(
      `The calendar server does not allow writing to this calendar (${status}). Choose another calendar for your meetings.`,
      { next: 'give_up', status },
    )
  return refuseAnswer(response)
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url')
}

/** Formats an instant as in RFC 5545: 20270301T080000Z. */
function toCalendarTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
