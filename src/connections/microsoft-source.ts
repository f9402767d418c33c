import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { HttpResponse } from '../platform/http-client.ts'
import { type ApiRequest, makeApiClient } from './api-client.ts'
import type { ApiSourceSettings } from './google-source.ts'
import {
  EVENT_FIELDS,
  eventSchema,
  type MicrosoftAppointment,
  readMicrosoftAppointments,
  readMicrosoftEntry,
  toMicrosoftEntry,
  UID_PROPERTY,
} from './microsoft-appointments.ts'
import {
  type BusyInterval,
  type CalendarEntryContent,
  type CalendarProvider,
  type FoundEntry,
  type KnownEntry,
  ProviderError,
  type WriteResult,
} from './provider.ts'

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() })
const calendarSchema = z.object({ id: z.string().min(1), name: z.string().nullish(), canEdit: z.boolean().nullish() })
const errorSchema = z.object({ error: z.object({ code: z.string() }) })

/** What was read: the range, and a hash of the events in it. */
const markSchema = z.object({ from: z.number(), to: z.number(), hash: z.string() })

/** The most events of a page, which Microsoft allows, and the most pages of a calendar. */
const PAGE = '1000'
const MOST_PAGES = 100

/**
 * Times in UTC. Immutable IDs are not requested: a deleted event is moved to the folder of deleted items, where its usual ID is no longer
 * valid, but its immutable ID is.
 */
const PREFER = { prefer: 'outlook.timezone="UTC"' }
const EXPAND = `singleValueExtendedProperties($filter=id eq '${UID_PROPERTY}')`

/**
 * A Microsoft account (Graph, calendars of Outlook). A calendar's id and an entry's id are Microsoft's, and an entry's version is its
 * ETag. Microsoft assigns the UID of an event; our UID is in an extended property, and in the transaction's ID, by which Microsoft
 * recognizes a repeated request.
 */
export function makeMicrosoftSource({ send, tokens, provider, reading }: ApiSourceSettings): CalendarProvider {
  const api = makeApiClient({ send, tokens, title: provider.title })
  const calendarUrl = (calendar: string) => `${provider.api}/me/calendars/${encodeURIComponent(calendar)}`
  const eventUrl = (id: string) => `${provider.api}/me/events/${encodeURIComponent(id)}`

  async function listAll(first: string, signal: AbortSignal): Promise<unknown[]> {
    const items: unknown[] = []
    let url = first
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await api.read(pageSchema, { method: 'GET', url, headers: PREFER }, signal)
      items.push(...page.value)
      const next = page['@odata.nextLink']
      if (next === undefined) return items
      // The token must not reach another server.
      if (URL.parse(next)?.origin !== new URL(provider.api).origin)
        throw new ProviderError('Microsoft did not respond as expected. Bookbell will try again.', { next: 'retry' })
      url = next
    }
    throw new ProviderError('This calendar has too many events.', { next: 'retry' })
  }

  function view(calendar: string, { from, to }: BusyInterval, signal: AbortSignal): Promise<unknown[]> {
    const range = { startDateTime: new Date(from).toISOString(), endDateTime: new Date(to).toISOString() }
    const query = toQuery({ ...range, $select: EVENT_FIELDS, $expand: EXPAND, $top: PAGE })
    return listAll(`${calendarUrl(calendar)}/calendarView?${query}`, signal)
  }

  async function findByUid(calendar: string, uid: string, signal: AbortSignal): Promise<MicrosoftAppointment | null> {
    const value = uid.replaceAll("'", "''")
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${UID_PROPERTY}' and ep/value eq '${value}')`
    const query = toQuery({ $filter: filter, $select: EVENT_FIELDS, $expand: EXPAND })
    const [found] = await listAll(`${calendarUrl(calendar)}/events?${query}`, signal)
    return found === undefined ? null : parseEvent(found)
  }

  async function get(id: string, signal: AbortSignal): Promise<MicrosoftAppointment | null> {
    const query = toQuery({ $select: EVENT_FIELDS, $expand: EXPAND })
    const response = await api.send({ method: 'GET', url: `${eventUrl(id)}?${query}`, headers: PREFER }, signal)
    if (isMissing(response)) return null
    return response.status === 200 ? api.parse(eventSchema, response) : api.refuse(response)
  }

  async function find(
    calendar: string,
    { uid, known }: { uid: string; known: KnownEntry | null },
    signal: AbortSignal,
  ): Promise<FoundEntry | null> {
    const event = known ? await get(known.id, signal) : await findByUid(calendar, uid, signal)
    return event && { ...readMicrosoftEntry(event, reading), uid }
  }

  async function change(
    calendar: string,
    { content, known }: { content: CalendarEntryContent; known: KnownEntry },
    signal: AbortSignal,
  ): Promise<WriteResult> {
    const headers = { ...PREFER, ...(known.version === null ? {} : { 'if-match': known.version }) }
    const request: ApiRequest = { method: 'PATCH', url: eventUrl(known.id), headers, body: toMicrosoftEntry(content) }
    const response = await api.send(request, signal)
    if (response.status === 200) return written(response)
    if (response.status !== 412 && !isMissing(response)) return api.refuse(response, 'give_up')
    const found = await find(calendar, { uid: content.uid, known }, signal)
    return found ? { kind: 'changed', entry: found } : { kind: 'missing' }
  }

  function written(response: HttpResponse): WriteResult {
    const { id, version } = readMicrosoftEntry(api.parse(eventSchema, response), reading)
    return { kind: 'written', entry: { id, version } }
  }

  /**
   * Creates an entry that a lookup did not find. If Microsoft remembers its transaction, either a request has arrived meanwhile, which a
   * second lookup finds, or the entry was deleted since: then it is created without a transaction.
   */
  async function create(calendar: string, content: CalendarEntryContent, signal: AbortSignal): Promise<WriteResult> {
    const post = (body: object) =>
      api.send({ method: 'POST', url: `${calendarUrl(calendar)}/events`, headers: PREFER, body }, signal)
    const response = await post({ ...toMicrosoftEntry(content), transactionId: content.uid })
    if (response.status === 201) return written(response)
    if (!isRepeated(response)) return api.refuse(response, 'give_up')
    const found = await find(calendar, { uid: content.uid, known: null }, signal)
    if (found) return change(calendar, { content, known: found }, signal)
    const again = await post(toMicrosoftEntry(content))
    return again.status === 201 ? written(again) : api.refuse(again, 'give_up')
  }

  function isRepeated(response: HttpResponse): boolean {
    if (response.status !== 400 && response.status !== 409) return false
    return api.parse(errorSchema, response).error.code === 'ErrorDuplicateTransactionId'
  }

  return {
    kind: 'calendar',

    async listCalendars(signal) {
      const query = toQuery({ $select: 'id,name,canEdit', $top: '100' })
      const found = await listAll(`${provider.api}/me/calendars?${query}`, signal)
      return found
        .flatMap((item) => calendarSchema.safeParse(item).data ?? [])
        .map(({ id, name, canEdit }) => ({ id, name: name ?? '', timezone: null, isWritable: canEdit ?? false }))
    },

    // Microsoft has no cheaper question: its delta needs a request for each changed series, and calendars have no state. One request
    // returns up to 1,000 events, so that they are read and compared.
    async changedSince(calendar, text, signal) {
      const mark = parseMark(text)
      return mark === null || hashOf(await view(calendar, mark, signal)) !== mark.hash
    },

    async readWindow(calendar, window, signal) {
      const items = await view(calendar, window, signal)
      const mark = JSON.stringify({ ...window, hash: hashOf(items) } satisfies z.output<typeof markSchema>)
      return { ...readMicrosoftAppointments(items, reading), name: null, timezone: null, mark }
    },

    async writeEntry(calendar, { content, known }, signal) {
      // An earlier write may have arrived although its answer did not.
      const before = known ?? (await find(calendar, { uid: content.uid, known: null }, signal))
      return before ? change(calendar, { content, known: before }, signal) : create(calendar, content, signal)
    },

    findEntry: find,

    async deleteEntry(calendar, { uid, known }, signal) {
      const found = known ?? (await find(calendar, { uid, known: null }, signal))
      if (!found) return
      const response = await api.send({ method: 'DELETE', url: eventUrl(found.id), headers: PREFER }, signal)
      if (response.status >= 300 && !isMissing(response)) api.refuse(response, 'give_up')
    },
  }
}

/** OData does not read a plus sign as a space. */
function toQuery(parameters: Record<string, string>): string {
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20')
}

function parseEvent(item: unknown): MicrosoftAppointment {
  const { data } = eventSchema.safeParse(item)
  if (data) return data
  throw new ProviderError('Microsoft returned an incomplete entry.', { next: 'retry' })
}

function parseMark(text: string): z.output<typeof markSchema> | null {
  try {
    return markSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function hashOf(items: readonly unknown[]): string {
  const texts = items.map((item) => JSON.stringify(item)).toSorted()
  return createHash('sha256').update(texts.join('\n')).digest('base64url')
}

function isMissing({ status }: HttpResponse): boolean {
  return status === 404 || status === 410
}
