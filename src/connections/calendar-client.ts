import type { HttpClient, HttpResponse } from '../platform/http-client.ts'
import { DAY, SECOND } from '../time/durations.ts'
import { checkUrl, type TargetPolicy, type Trust } from '../webhooks/target-guard.ts'
import { ProviderError } from './provider.ts'

/** A request to a calendar server. */
export interface CalendarRequest {
  method: string
  url: string
  /** Header names and values. If they include `authorization`, redirects to another origin are not followed. */
  headers: Record<string, string>
  body?: string
  signal: AbortSignal
  /** `refuse` returns a redirect as the response. By default, redirects are followed. */
  redirects?: 'follow' | 'refuse'
}

/**
 * Sends a request to a calendar server, and returns the response whatever its status. Throws a ProviderError if there is no
 * response.
 */
export type SendToCalendar = (request: CalendarRequest) => Promise<HttpResponse & { url: string }>

const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Sends requests to calendar servers through the guarded client. The client checks every address, including those of redirects,
 * and limits the size and duration of responses.
 */
export function makeCalendarClient({
  client,
  policy,
  userAgent,
}: {
  client: HttpClient
  policy: TargetPolicy
  userAgent: string
}): SendToCalendar {
  return async ({ method, url: first, headers, body, signal, redirects: followed = 'follow' }) => {
    let url = first
    for (let redirects = 0; ; redirects++) {
      const { url: target, trust } = acceptUrl(policy, url)
      if (headers.authorization !== undefined && target.origin !== new URL(first).origin) refuseRedirect(target)
      const sent = Object.entries({ 'user-agent': userAgent, 'accept-encoding': 'gzip', ...headers }).flat()
      const request = { method, url: target, headers: sent, body: body === undefined ? null : Buffer.from(body) }
      const result = await orAbort(client.send({ ...request, trust: trust === 'outside' ? 'calendar' : trust }), signal)
      if (!result.ok) throw new ProviderError(`${result.failure.found} Bookbell will try again.`, { next: 'retry' })
      const { response } = result
      const location = response.headers.location
      const isRedirect = REDIRECTS.has(response.status) && typeof location === 'string'
      if (!isRedirect || followed === 'refuse') return { ...response, url }
      if (redirects >= MOST_REDIRECTS)
        throw new ProviderError('The calendar server redirects in a loop.', { next: 'retry' })
      url = URL.parse(location, target)?.href ?? refuseAddress()
    }
  }
}

/** Checks a URL before its name is resolved. Throws a ProviderError if the URL is not allowed. */
function acceptUrl(policy: TargetPolicy, text: string): { url: URL; trust: Trust } {
  const verdict = checkUrl(policy, text)
  return verdict.ok ? verdict : refuseAddress()
}

function refuseRedirect({ host }: URL): never {
  throw new ProviderError(
    `The calendar server redirects to another server (${host}). The password is not sent to that server. If the redirect is correct, connect with that server's address instead.`,
    { next: 'give_up' },
  )
}

function refuseAddress(): never {
  throw new ProviderError(UNREACHABLE, { next: 'give_up' })
}

/** The message for a refused URL. It reveals nothing about the network. */
export const UNREACHABLE =
  'This server is not allowed to connect to this calendar address. Use https:// and a public address. The server administrator can allow other addresses with BOOKBELL_CALENDAR_ALLOW.'

function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ProviderError('Reading was stopped.', { next: 'retry' }))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Throws a ProviderError for an unsuccessful response. */
export function refuseAnswer({ status, headers, body }: HttpResponse): never {
  const retryAfter = readRetryAfter(headers['retry-after'])
  if (status === 429 || (status === 403 && /rateLimitExceeded/i.test(body)))
    throw new ProviderError('The calendar server is limiting requests. Bookbell will try again later.', {
      next: 'retry',
      retryAfter,
      status: 429,
    })
  if (status === 401)
    throw new ProviderError(
      'The calendar server refused access (401). The address or password has changed. Connect the calendar again.',
      { next: 'reconnect', status },
    )
  if (status === 403)
    throw new ProviderError('The calendar server does not allow access to this calendar (403).', {
      next: 'retry',
      status,
    })
  if (status === 410)
    throw new ProviderError('The calendar no longer exists at this address (410). Connect the calendar again.', {
      next: 'reconnect',
      status,
    })
  if (status === 404)
    throw new ProviderError(
      'There is no calendar at this address (404). Check the address, and connect the calendar again if it has changed.',
      {
        next: 'retry',
        retryAfter,
        status,
      },
    )
  throw new ProviderError(`The calendar server returned an error (${status}). Bookbell will try again.`, {
    next: 'retry',
    retryAfter,
    status,
  })
}

/** Parses Retry-After, which contains seconds or a date. Returns milliseconds, at most a day. */
export function readRetryAfter(value: string | string[] | undefined): number | null {
  if (typeof value !== 'string') return null
  const seconds = Number(value)
  const milliseconds = Number.isFinite(seconds) ? seconds * SECOND : Date.parse(value) - Date.now()
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), DAY) : null
}
