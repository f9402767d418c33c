import { z } from 'zod'
import type { HttpResponse } from '../platform/http-client.ts'
import type { AccessTokens } from './access-tokens.ts'
import { type ApiRequest, makeApiClient } from './api-client.ts'
import type { SendToCalendar } from './calendar-client.ts'
import {
  EVENT_FIELDS,
  eventSchema,
  type GoogleAppointment,
  readGoogleAppointments,
  readGoogleEntry,
  toGoogleEntry,
} from './google-appointments.ts'
import type { SourceReading } from './ics-source.ts'
import type { OAuthProvider } from './oauth-providers.ts'
import {
  type BusyInterval,
  type CalendarEntryContent,
  type CalendarProvider,
  type FoundEntry,
  type KnownEntry,
  ProviderError,
  type WriteResult,
} from './provider.ts'

/** The settings of a provider's API with OAuth. */
export interface ApiSourceSettings {
  send: SendToCalendar
  tokens: AccessTokens
  provider: OAuthProvider
  reading: SourceReading
}

const pageSchema = z.object({ nextPageToken: z.string().optional(), nextSyncToken: z.string().optional() })
const listSchema = pageSchema.extend({
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        summary: z.string().optional(),
        summaryOverride: z.string().optional(),
        timeZone: z.string().optional(),
        accessRole: z.string().optional(),
      }),
    )
    .default([]),
})
const eventsSchema = pageSchema.extend({
  kind: z.literal('calendar#events'),
  timeZone: z.string().optional(),
  items: z.array(z.unknown()).default([]),
})

const foundSchema = eventsSchema.extend({ items: z.array(eventSchema).default([]) })

/** The most events of a page, which Google allows, and the most pages of a calendar. */
const PAGE = '2500'
const MOST_PAGES = 40

/**
 * A Google account (Calendar API v3). A calendar's id is Google's, an entry's id is the event's, and an entry's version is its ETag.
 * The API is used instead of Google's CalDAV because it expands recurring events itself, says what changed with a sync token, knows
 * which events are working locations and birthdays, and reports rate limits.
 */
export function makeGoogleSource({ send, tokens, provider, reading }: ApiSourceSettings): CalendarProvider {
  const api = makeApiClient({ send, tokens, title: provider.title })
  const eventsOf = (calendar: string) => `${provider.api}/calendars/${encodeURIComponent(calendar)}/events`
  const addressOf = (calendar: string, id: string) => `${eventsOf(calendar)}/${encodeURIComponent(id)}?sendUpdates=none`

  async function listPages<Page extends z.output<typeof pageSchema>>(
    schema: z.ZodType<Page>,
    { url, query }: { url: string; query: Record<string, string> },
    signal: AbortSignal,
  ): Promise<Page[]> {
    const pages: Page[] = []
    let more: Record<string, string> = {}
    while (pages.length < MOST_PAGES) {
      const search = new URLSearchParams({ ...query, ...more })
      const page = await api.read(schema, { method: 'GET', url: `${url}?${search}` }, signal)
      pages.push(page)
      if (page.nextPageToken === undefined) return pages
      more = { pageToken: page.nextPageToken }
    }
    throw new ProviderError('This calendar has too many events.', { next: 'retry' })
  }

  /** Finds an event by its UID. Google keeps deleted events, with the status `cancelled`. */
  async function findByUid(
    calendar: string,
    { uid, deleted }: { uid: string; deleted: boolean },
    signal: AbortSignal,
  ): Promise<GoogleAppointment | null> {
    const query = { iCalUID: uid, showDeleted: String(deleted), fields: `kind,nextPageToken,items(${EVENT_FIELDS})` }
    const pages = await listPages(foundSchema, { url: eventsOf(calendar), query }, signal)
    const events = pages.flatMap(({ items }) => items)
    return events.find(({ status }) => deleted || status !== 'cancelled') ?? null
  }

  /** Returns an event, or null if Google says that it does not exist. */
  async function get(calendar: string, id: string, signal: AbortSignal): Promise<GoogleAppointment | null> {
    const request: ApiRequest = { method: 'GET', url: `${eventsOf(calendar)}/${encodeURIComponent(id)}` }
    const response = await api.send(request, signal)
    if (isMissing(response)) return null
    if (response.status !== 200) return api.refuse(response)
    const event = api.parse(eventSchema, response)
    return event.status === 'cancelled' ? null : event
  }

  async function find(
    calendar: string,
    { uid, known }: { uid: string; known: KnownEntry | null },
    signal: AbortSignal,
  ): Promise<FoundEntry | null> {
    const event = known
      ? await get(calendar, known.id, signal)
      : await findByUid(calendar, { uid, deleted: false }, signal)
    if (!event) return null
    const entry = readGoogleEntry(event, reading)
    if (entry?.uid === uid) return entry
    throw new ProviderError('Google returned an incomplete entry.', { next: 'retry' })
  }

  function patch(
    { url, content, version }: { url: string; content: CalendarEntryContent; version: string | null },
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const { iCalUID: _, start, end, ...event } = toGoogleEntry(content)
    // The host may have made it an all-day event. A patch keeps what it does not name, such as the host's reminders.
    const body = {
      ...event,
      start: { ...start, date: null, timeZone: null },
      end: { ...end, date: null, timeZone: null },
    }
    const headers: Record<string, string> = version === null ? {} : { 'if-match': version }
    return api.send({ method: 'PATCH', url, headers, body }, signal)
  }

  async function change(
    calendar: string,
    { content, known }: { content: CalendarEntryContent; known: KnownEntry },
    signal: AbortSignal,
  ): Promise<WriteResult> {
    const url = addressOf(calendar, known.id)
    const response = await patch({ url, content, version: known.version }, signal)
    if (response.status === 200) return written(response)
    if (response.status !== 412 && !isMissing(response)) return api.refuse(response, 'give_up')
    const found = await find(calendar, { uid: content.uid, known }, signal)
    return found ? { kind: 'changed', entry: found } : { kind: 'missing' }
  }

  function written(response: HttpResponse): WriteResult {
    const { id, etag } = api.parse(eventSchema, response)
    return { kind: 'written', entry: { id, version: etag ?? null } }
  }

  /** Google still knows the UID of an entry that was deleted: that one is restored. */
  async function restore(calendar: string, content: CalendarEntryContent, signal: AbortSignal): Promise<WriteResult> {
    const event = await findByUid(calendar, { uid: content.uid, deleted: true }, signal)
    if (!event) throw new ProviderError('Google refused to create the entry.', { next: 'retry' })
    const response = await patch({ url: addressOf(calendar, event.id), content, version: event.etag ?? null }, signal)
    return response.status === 200 ? written(response) : api.refuse(response, 'give_up')
  }

  return {
    kind: 'calendar',

    async listCalendars(signal) {
      const fields = 'nextPageToken,items(id,summary,summaryOverride,timeZone,accessRole)'
      const query = { maxResults: '250', showHidden: 'true', fields }
      const pages = await listPages(listSchema, { url: `${provider.api}/users/me/calendarList`, query }, signal)
      return pages
        .flatMap(({ items }) => items)
        .map(({ id, summary, summaryOverride, timeZone, accessRole }) => ({
          id,
          name: summaryOverride ?? summary ?? '',
          timezone: timeZone ?? null,
          isWritable: accessRole === 'owner' || accessRole === 'writer',
        }))
    },

    async changedSince(calendar, mark, signal) {
      if (mark === '') return true
      // The parameters must be those of the first request. A token that is too old is answered with 410.
      const query = { ...EXPANDED, syncToken: mark, maxResults: '1', fields: 'kind,nextPageToken,items(id)' }
      const request: ApiRequest = { method: 'GET', url: `${eventsOf(calendar)}?${new URLSearchParams(query)}` }
      const response = await api.send(request, signal)
      if (response.status === 400 || response.status === 410) return true
      if (response.status !== 200) return api.refuse(response)
      const { items, nextPageToken } = api.parse(eventsSchema, response)
      return items.length > 0 || nextPageToken !== undefined
    },

    async readWindow(calendar, window, signal) {
      const fields = `kind,timeZone,nextPageToken,nextSyncToken,items(${EVENT_FIELDS})`
      const query = { ...EXPANDED, ...toRange(window), maxResults: PAGE, fields }
      const pages = await listPages(eventsSchema, { url: eventsOf(calendar), query }, signal)
      const timezone = pages[0]?.timeZone ?? null
      const read = readGoogleAppointments(
        pages.flatMap(({ items }) => items),
        { timezone, reading },
      )
      return { ...read, name: null, timezone, mark: pages.at(-1)?.nextSyncToken ?? '' }
    },

    async writeEntry(calendar, { content, known }, signal) {
      // An earlier write may have arrived although its answer did not.
      const before = known ?? (await find(calendar, { uid: content.uid, known: null }, signal))
      if (before) return change(calendar, { content, known: before }, signal)
      const request: ApiRequest = { method: 'POST', url: `${eventsOf(calendar)}/import`, body: toGoogleEntry(content) }
      const response = await api.send(request, signal)
      if (response.status === 200) return written(response)
      return response.status === 409 ? restore(calendar, content, signal) : api.refuse(response, 'give_up')
    },

    findEntry: find,

    async deleteEntry(calendar, { uid, known }, signal) {
      const found = known ?? (await find(calendar, { uid, known: null }, signal))
      if (!found) return
      const response = await api.send({ method: 'DELETE', url: addressOf(calendar, found.id) }, signal)
      if (response.status >= 300 && !isMissing(response)) api.refuse(response, 'give_up')
    },
  }
}

/** Recurring events as instances. Of the attendees, only the member's own answer is needed. */
const EXPANDED = { singleEvents: 'true', maxAttendees: '1' }

function toRange({ from, to }: BusyInterval) {
  return { timeMin: new Date(from).toISOString(), timeMax: new Date(to).toISOString() }
}

function isMissing({ status }: HttpResponse): boolean {
  return status === 404 || status === 410
}
