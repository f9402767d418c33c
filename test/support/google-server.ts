import type { OAuthEndpoints } from '../../src/connections/oauth-providers.ts'
import { type ApiAnswer, type ApiCall, type OAuthServer, startOAuthServer } from './oauth-server.ts'

/** An event as a person, or an API client, writes it. `instances` are the occurrences of a recurring event. */
export interface WrittenEvent {
  id?: string
  iCalUID?: string
  status?: string
  start?: EventTime | null
  end?: EventTime | null
  instances?: { start: EventTime; end: EventTime }[]
  [field: string]: unknown
}

interface EventTime {
  date?: string | null
  dateTime?: string | null
  timeZone?: string | null
}

interface StoredEvent extends WrittenEvent {
  id: string
  iCalUID: string
  status: string
  etag: string
  /** The calendar's version after the last change. */
  changed: number
}

/** A calendar of an account. */
export interface GoogleCalendar {
  id: string
  summary: string
  timeZone: string
  accessRole: string
  events: Map<string, StoredEvent>
  version: number
}

/**
 * A stateful counterpart of the Google Calendar API, version 3. google-server.test.ts compares it with the published reference.
 */
export interface GoogleServer extends OAuthServer {
  endpoints: OAuthEndpoints
  /** Limits the number of events per page, regardless of the number requested. */
  setPageSize(size: number): void
  addCalendar(account: string, calendar: Partial<GoogleCalendar> & { id: string }): GoogleCalendar
  /** Stores an event as a user would. Returns its id. */
  put(calendar: GoogleCalendar, event: WrittenEvent): string
  /** Deletes an event as a user would. */
  remove(calendar: GoogleCalendar, id: string): void
  /** The events that are not deleted. */
  list(calendar: GoogleCalendar): WrittenEvent[]
}

const API = '/calendar/v3'

export async function startGoogleServer(): Promise<GoogleServer> {
  const accounts = new Map<string, Map<string, GoogleCalendar>>()
  const state = { pageSize: 2_500, created: 0 }
  const server = await startOAuthServer({
    paths: { authorization: '/o/oauth2/v2/auth', token: '/token', revocation: '/revoke', api: API },
    rotates: false,
    rejected: errorBody(401, 'authError', 'Invalid Credentials'),
    answer: (call) => answer(call, accounts.get(call.account) ?? new Map(), state),
  })
  const { url } = server
  return Object.assign(server, {
    setPageSize(size: number) {
      state.pageSize = size
    },
    endpoints: {
      issuer: url,
      authorization: `${url}/o/oauth2/v2/auth`,
      token: `${url}/token`,
      revocation: `${url}/revoke`,
      api: `${url}${API}`,
    },
    addCalendar(account: string, given: Partial<GoogleCalendar> & { id: string }) {
      const calendar = {
        summary: given.id,
        timeZone: 'Europe/Berlin',
        accessRole: 'owner',
        events: new Map(),
        version: 0,
        ...given,
      }
      const calendars = accounts.get(account) ?? new Map<string, GoogleCalendar>()
      accounts.set(account, calendars.set(calendar.id, calendar))
      return calendar
    },
    put: (calendar: GoogleCalendar, event: WrittenEvent) => store(calendar, event, state).id,
    remove(calendar: GoogleCalendar, id: string) {
      const event = calendar.events.get(id)
      if (event) store(calendar, { ...event, status: 'cancelled' }, state)
    },
    list: (calendar: GoogleCalendar) => [...calendar.events.values()].filter(({ status }) => status !== 'cancelled'),
  })
}

interface State {
  pageSize: number
  created: number
}

function store(calendar: GoogleCalendar, event: WrittenEvent, state: State): StoredEvent {
  const number = ++state.created
  const id = event.id ?? `event${number}`
  const stored = {
    status: 'confirmed',
    iCalUID: `${id}@google.com`,
    ...withoutNull(event),
    id,
    etag: `"${number}"`,
    changed: ++calendar.version,
  }
  calendar.events.set(id, stored)
  return stored
}

/** In a patch, null removes a field. */
function withoutNull(value: WrittenEvent): WrittenEvent {
  const kept = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(
    kept.map(([name, field]) => [
      name,
      name === 'start' || name === 'end' ? withoutNull(field as WrittenEvent) : field,
    ]),
  )
}

function answer(call: ApiCall, calendars: Map<string, GoogleCalendar>, state: State): ApiAnswer {
  const fields = call.url.searchParams.get('fields')
  const found = route(call, calendars, state)
  return fields !== null && found.status === 200 ? { ...found, body: pick(found.body, fields) } : found
}

function route(call: ApiCall, calendars: Map<string, GoogleCalendar>, state: State): ApiAnswer {
  const path = call.url.pathname.slice(API.length)
  if (path === '/users/me/calendarList') return { status: 200, body: calendarList([...calendars.values()]) }
  const [, calendarId = '', id] = /^\/calendars\/([^/]+)\/events(?:\/([^/]+))?$/.exec(path) ?? []
  const calendar = calendars.get(decodeURIComponent(calendarId))
  if (!calendar) return fail(404, 'notFound', 'Not Found')
  if (call.method !== 'GET' && calendar.accessRole !== 'owner' && calendar.accessRole !== 'writer')
    return fail(403, 'requiredAccessLevel', 'You need to have writer access to this calendar.')
  if (id === 'import') return importEvent(call, calendar, state)
  if (id === undefined) return listEvents(call, calendar, state)
  return answerEvent(call, { calendar, id: decodeURIComponent(id), state })
}

function calendarList(calendars: GoogleCalendar[]) {
  const items = calendars.map(({ id, summary, timeZone, accessRole }) => ({
    kind: 'calendar#calendarListEntry',
    etag: '"1"',
    id,
    summary,
    timeZone,
    accessRole,
    defaultReminders: [],
  }))
  return { kind: 'calendar#calendarList', etag: '"1"', nextSyncToken: 'list', items }
}

function importEvent({ body }: ApiCall, calendar: GoogleCalendar, state: State): ApiAnswer {
  const event = body as WrittenEvent
  if (!event.iCalUID || !event.start || !event.end) return fail(400, 'required', 'Missing field')
  const known = [...calendar.events.values()].find(({ iCalUID }) => iCalUID === event.iCalUID)
  if (known) return fail(409, 'duplicate', 'The requested identifier already exists.')
  return { status: 200, body: show(store(calendar, event, state)) }
}

function answerEvent(
  { method, headers, body }: ApiCall,
  { calendar, id, state }: { calendar: GoogleCalendar; id: string; state: State },
): ApiAnswer {
  const event = calendar.events.get(id)
  if (!event) return fail(404, 'notFound', 'Not Found')
  if (method === 'GET') return { status: 200, body: show(event) }
  if (method === 'DELETE' && event.status === 'cancelled') return fail(410, 'deleted', 'Resource has been deleted')
  const condition = headers['if-match']
  if (condition !== undefined && condition !== event.etag) return fail(412, 'conditionNotMet', 'Precondition Failed')
  const patched = merge(event, method === 'DELETE' ? { status: 'cancelled' } : (body as WrittenEvent))
  const stored = store(calendar, patched, state)
  return method === 'DELETE' ? { status: 204 } : { status: 200, body: show(stored) }
}

function merge(event: StoredEvent, patch: WrittenEvent): WrittenEvent {
  const time = (name: 'start' | 'end') => ({ [name]: { ...event[name], ...patch[name] } })
  return { ...event, ...patch, ...time('start'), ...time('end') }
}

function listEvents({ url }: ApiCall, calendar: GoogleCalendar, { pageSize }: State): ApiAnswer {
  const given = url.searchParams
  const token = given.get('syncToken')
  const restricted = ['timeMin', 'timeMax', 'iCalUID', 'orderBy', 'q', 'updatedMin'].some((name) => given.has(name))
  if (token !== null && (restricted || given.get('showDeleted') === 'false'))
    return fail(400, 'syncTokenWithRequestRestrictions', 'Sync token cannot be used with other request restrictions.')
  const since = token === null ? null : /^sync-(\d+)$/.exec(token)?.[1]
  if (since === undefined)
    return fail(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.')
  const found = [...calendar.events.values()]
    .filter((event) => (since === null ? matches(event, given) : event.changed > Number(since)))
    .flatMap((event) => expand(event, given))
    .filter((event) => since !== null || isWithin(event, given))
  const first = Number(given.get('pageToken') ?? 0)
  const size = Math.min(pageSize, Number(given.get('maxResults') ?? 250))
  const isLast = first + size >= found.length
  const next = isLast ? { nextSyncToken: `sync-${calendar.version}` } : { nextPageToken: String(first + size) }
  const { summary, timeZone, accessRole, version } = calendar
  return {
    status: 200,
    body: {
      kind: 'calendar#events',
      etag: `"${version}"`,
      summary,
      updated: '2027-02-01T08:00:00.000Z',
      timeZone,
      accessRole,
      defaultReminders: [],
      ...next,
      items: found.slice(first, first + size).map(show),
    },
  }
}

function matches(event: StoredEvent, given: URLSearchParams): boolean {
  const uid = given.get('iCalUID')
  if (event.status === 'cancelled' && given.get('showDeleted') !== 'true') return false
  return uid === null || event.iCalUID === uid
}

/** With `singleEvents`, the occurrences of a recurring event are separate events. */
function expand({ instances, ...event }: StoredEvent, given: URLSearchParams): StoredEvent[] {
  if (!instances || given.get('singleEvents') !== 'true') return [event as StoredEvent]
  return instances.map((instance, index) => ({
    ...(event as StoredEvent),
    ...instance,
    id: `${event.id}_${index}`,
    recurringEventId: event.id,
  }))
}

/** `timeMin` limits the end and `timeMax` limits the start. Both are exclusive. */
function isWithin({ start, end }: StoredEvent, given: URLSearchParams): boolean {
  const [min, max] = [given.get('timeMin'), given.get('timeMax')]
  const instantOf = (time: EventTime | null | undefined) => Date.parse(time?.dateTime ?? time?.date ?? '')
  const endsBefore = min !== null && instantOf(end) <= Date.parse(min)
  const startsAfter = max !== null && instantOf(start) >= Date.parse(max)
  return !endsBefore && !startsAfter
}

function show({ changed: _changed, instances: _instances, ...event }: StoredEvent) {
  return {
    kind: 'calendar#event',
    htmlLink: `https://www.google.com/calendar/event?eid=${event.id}`,
    created: '2027-02-01T08:00:00.000Z',
    updated: '2027-02-01T08:00:00.000Z',
    creator: { email: 'ada@example.com', self: true },
    organizer: { email: 'ada@example.com', self: true },
    sequence: 0,
    reminders: { useDefault: true },
    eventType: 'default',
    ...event,
  }
}

function fail(status: number, reason: string, message: string): ApiAnswer {
  return { status, body: errorBody(status, reason, message) }
}

function errorBody(code: number, reason: string, message: string) {
  return { error: { errors: [{ domain: 'global', reason, message }], code, message } }
}

/** A partial response: only the named fields, such as `kind,items(id,start)`. */
function pick(value: unknown, fields: string): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, fields))
  if (typeof value !== 'object' || value === null) return value
  const picked: Record<string, unknown> = {}
  for (const [, name = '', inner] of fields.matchAll(/(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?/g)) {
    const field = (value as Record<string, unknown>)[name]
    if (field !== undefined) picked[name] = inner === undefined ? field : pick(field, inner)
  }
  return picked
}
