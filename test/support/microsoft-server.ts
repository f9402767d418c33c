import type { OAuthEndpoints } from '../../src/connections/oauth-providers.ts'
import { type ApiAnswer, type ApiCall, type OAuthServer, startOAuthServer } from './oauth-server.ts'

/** An event as a person, or an API client, writes it. `instances` are the occurrences of a recurring event. */
export interface GraphEvent {
  id?: string
  transactionId?: string
  isAllDay?: boolean
  start?: GraphTime
  end?: GraphTime
  singleValueExtendedProperties?: { id: string; value: string }[]
  instances?: { start: GraphTime; end: GraphTime }[]
  [field: string]: unknown
}

interface GraphTime {
  dateTime: string
  timeZone: string
}

type StoredEvent = GraphEvent & { id: string; start: GraphTime; end: GraphTime; '@odata.etag': string }

/** A calendar of an account. */
export interface GraphCalendar {
  id: string
  name: string
  canEdit: boolean
  events: Map<string, StoredEvent>
  /** Microsoft remembers the transactions of deleted events, too. */
  transactions: Set<string>
}

/** A stateful counterpart of Microsoft Graph, version 1.0. counterparts.test.ts compares it with the published reference. */
export interface MicrosoftServer extends OAuthServer {
  endpoints: OAuthEndpoints
  /** Limits the number of events per page, regardless of the number requested. */
  setPageSize(size: number): void
  /** Makes the next pages refer to another server. */
  setNextHost(host: string | undefined): void
  addCalendar(account: string, calendar: Partial<GraphCalendar> & { id: string }): GraphCalendar
  /** Stores an event as a user would. Returns its id. */
  put(calendar: GraphCalendar, event: GraphEvent): string
  /** Deletes an event as a user would. */
  remove(calendar: GraphCalendar, id: string): void
}

const API = '/v1.0'
const TENANT = '/common'

interface State {
  url: string
  pageSize: number
  nextHost: string | undefined
  created: number
}

export async function startMicrosoftServer(): Promise<MicrosoftServer> {
  const accounts = new Map<string, Map<string, GraphCalendar>>()
  const state: State = { url: '', pageSize: 1_000, nextHost: undefined, created: 0 }
  const paths = {
    authorization: `${TENANT}/oauth2/v2.0/authorize`,
    token: `${TENANT}/oauth2/v2.0/token`,
    revocation: null,
    api: API,
  }
  const server = await startOAuthServer({
    paths,
    rotates: true,
    rejected: errorBody('InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'),
    answer: (call) => answer(call, accounts.get(call.account) ?? new Map(), state),
  })
  const { url } = server
  state.url = url
  return Object.assign(server, {
    endpoints: {
      issuer: `${url}${TENANT}/v2.0`,
      authorization: `${url}${paths.authorization}`,
      token: `${url}${paths.token}`,
      revocation: null,
      api: `${url}${API}`,
    },
    setPageSize(size: number) {
      state.pageSize = size
    },
    setNextHost(host: string | undefined) {
      state.nextHost = host
    },
    addCalendar(account: string, given: Partial<GraphCalendar> & { id: string }) {
      const calendar = { name: given.id, canEdit: true, events: new Map(), transactions: new Set<string>(), ...given }
      const calendars = accounts.get(account) ?? new Map<string, GraphCalendar>()
      accounts.set(account, calendars.set(calendar.id, calendar))
      return calendar
    },
    put: (calendar: GraphCalendar, event: GraphEvent) => store(calendar, event, state).id,
    remove: (calendar: GraphCalendar, id: string) => void calendar.events.delete(id),
  })
}

function store(calendar: GraphCalendar, event: GraphEvent, state: State): StoredEvent {
  const number = ++state.created
  const none = { dateTime: '', timeZone: 'UTC' }
  const { start = none, end = none, id = `AAMkAGI${number}=` } = event
  const stored = { ...event, id, start: inUtc(start), end: inUtc(end), '@odata.etag': `W/"etag${number}"` }
  calendar.events.set(id, stored)
  if (event.transactionId) calendar.transactions.add(event.transactionId)
  return stored
}

/** Times are returned in the requested zone, with seven decimals. */
function inUtc({ dateTime, timeZone }: GraphTime): GraphTime {
  return { dateTime: /\.\d{7}$/.test(dateTime) || dateTime.length < 19 ? dateTime : `${dateTime}.0000000`, timeZone }
}

function answer(call: ApiCall, calendars: Map<string, GraphCalendar>, state: State): ApiAnswer {
  const path = decodeURIComponent(call.url.pathname.slice(API.length))
  if (path === '/me/calendars') return page(call, [...calendars.values()].map(showCalendar), state)
  const [, eventId] = /^\/me\/events\/([^/]+)$/.exec(path) ?? []
  if (eventId !== undefined) return answerEvent(call, { calendars, id: eventId, state })
  const [, calendarId = '', list] = /^\/me\/calendars\/([^/]+)\/(calendarView|events)$/.exec(path) ?? []
  const calendar = calendars.get(calendarId)
  if (!calendar) return fail(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  if (call.method === 'POST') return createEvent(call, calendar, state)
  return list === 'events' ? listEvents(call, calendar, state) : listView(call, calendar, state)
}

function showCalendar({ id, name, canEdit }: GraphCalendar) {
  const owner = { name: 'Ada', address: 'ada@example.com' }
  return { id, name, color: 'auto', changeKey: 'key', canShare: true, canViewPrivateItems: true, canEdit, owner }
}

function createEvent({ body }: ApiCall, calendar: GraphCalendar, state: State): ApiAnswer {
  if (!calendar.canEdit) return fail(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
  const event = body as GraphEvent
  if (event.transactionId && calendar.transactions.has(event.transactionId))
    return fail(
      409,
      'ErrorDuplicateTransactionId',
      "Your request can't be completed. The TransactionId was already used.",
    )
  return { status: 201, body: show(store(calendar, event, state)) }
}

function answerEvent(
  { method, url, headers, body }: ApiCall,
  { calendars, id, state }: { calendars: Map<string, GraphCalendar>; id: string; state: State },
): ApiAnswer {
  const calendar = [...calendars.values()].find(({ events }) => events.has(id))
  const event = calendar?.events.get(id)
  if (!calendar || !event) return fail(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  if (method === 'GET') return { status: 200, body: select(show(event), url.searchParams) }
  const condition = headers['if-match']
  if (condition !== undefined && condition !== event['@odata.etag'])
    return fail(
      412,
      'ErrorIrresolvableConflict',
      'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
    )
  if (method === 'DELETE') {
    calendar.events.delete(id)
    return { status: 204 }
  }
  return { status: 200, body: show(store(calendar, { ...event, ...(body as GraphEvent) }, state)) }
}

/** Only lookups by a string property are known. The response does not contain the property unless it is expanded. */
function listEvents(call: ApiCall, calendar: GraphCalendar, state: State): ApiAnswer {
  const filter = call.url.searchParams.get('$filter') ?? ''
  const form = /^singleValueExtendedProperties\/Any\(ep: ep\/id eq '([^']+)' and ep\/value eq '([^']+)'\)$/
  const [, id, value] = form.exec(filter) ?? []
  if (id === undefined) return fail(400, 'BadRequest', `Invalid filter clause: ${filter}`)
  const found = [...calendar.events.values()].filter(({ singleValueExtendedProperties: properties }) =>
    properties?.some((property) => property.id === id && property.value.toLowerCase() === value?.toLowerCase()),
  )
  return page(call, found.map(show), state)
}

function listView(call: ApiCall, calendar: GraphCalendar, state: State): ApiAnswer {
  const given = call.url.searchParams
  const [from, to] = [given.get('startDateTime'), given.get('endDateTime')].map((text) => Date.parse(text ?? ''))
  if (!from || !to) return fail(400, 'ErrorInvalidParameter', 'This request requires a time window.')
  const prefer = String(call.headers.prefer ?? '')
  if (!prefer.includes('outlook.timezone="UTC"')) return fail(400, 'BadRequest', 'the tests ask for UTC')
  const found = [...calendar.events.values()]
    .flatMap(expand)
    .filter(({ start, end }) => !(instantOf(end) <= from) && !(instantOf(start) >= to))
  return page(call, found.map(show), state)
}

function expand({ instances, ...event }: StoredEvent): StoredEvent[] {
  if (!instances) return [event as StoredEvent]
  return instances.map((instance, index) => ({
    ...(event as StoredEvent),
    start: inUtc(instance.start),
    end: inUtc(instance.end),
    id: `${event.id}_${index}`,
    type: 'occurrence',
  }))
}

function instantOf({ dateTime }: GraphTime): number {
  return Date.parse(`${dateTime}Z`)
}

function page({ url }: ApiCall, items: object[], { pageSize, nextHost, url: own }: State): ApiAnswer {
  const given = url.searchParams
  const skip = Number(given.get('$skip') ?? 0)
  const size = Math.min(pageSize, Number(given.get('$top') ?? 10))
  const next = new URL(url.pathname + url.search, nextHost ?? own)
  next.searchParams.set('$skip', String(skip + size))
  const more = skip + size < items.length ? { '@odata.nextLink': next.href } : {}
  const value = items.slice(skip, skip + size).map((item) => select(item as Record<string, unknown>, given))
  return { status: 200, body: { '@odata.context': `${own}${API}/$metadata#Collection`, ...more, value } }
}

/** `$select` limits the fields, and extended properties are returned only if they are expanded. */
function select(item: Record<string, unknown>, given: URLSearchParams): Record<string, unknown> {
  const names = given.get('$select')?.split(',')
  const expanded = /^singleValueExtendedProperties\(\$filter=id eq '([^']+)'\)$/.exec(given.get('$expand') ?? '')?.[1]
  const { singleValueExtendedProperties: properties, ...fields } = item
  const kept = Object.entries(fields).filter(([name]) => !names || name.startsWith('@') || names.includes(name))
  const matching = ((properties as { id: string }[] | undefined) ?? []).filter(({ id }) => id === expanded)
  const extended = expanded && matching.length > 0 ? { singleValueExtendedProperties: matching } : {}
  return { ...Object.fromEntries(kept), ...extended }
}

function show({ instances: _instances, ...event }: StoredEvent): Record<string, unknown> {
  return {
    createdDateTime: '2027-02-01T08:00:00.0000000Z',
    lastModifiedDateTime: '2027-02-01T08:00:00.0000000Z',
    changeKey: 'key',
    iCalUId: `040000008200E00074C5B7101A82E008${event.id}`,
    isAllDay: false,
    isCancelled: false,
    isOrganizer: true,
    showAs: 'busy',
    type: 'singleInstance',
    responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
    originalStartTimeZone: 'W. Europe Standard Time',
    originalEndTimeZone: 'W. Europe Standard Time',
    attendees: [],
    ...event,
  }
}

function fail(status: number, code: string, message: string): ApiAnswer {
  return { status, body: errorBody(code, message) }
}

function errorBody(code: string, message: string) {
  return {
    error: { code, message, innerError: { date: '2027-02-01T08:00:00', 'request-id': '1', 'client-request-id': '1' } },
  }
}
