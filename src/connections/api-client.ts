import type { z } from 'zod'
import type { HttpResponse } from '../platform/http-client.ts'
import type { AccessTokens } from './access-tokens.ts'
import { readRetryAfter, type SendToCalendar } from './calendar-client.ts'
import { type NextStep, ProviderError } from './provider.ts'

/** A request to the calendar API of a provider. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  body?: object
}

/** Requests to a calendar API with JSON bodies. */
export interface ApiClient {
  /** Sends a request, and returns its response, whatever its status. */
  send(request: ApiRequest, signal: AbortSignal): Promise<HttpResponse>
  /** Sends a request, and returns its body. Throws a ProviderError unless the response is complete and successful. */
  read<T>(schema: z.ZodType<T>, request: ApiRequest, signal: AbortSignal): Promise<T>
  /** Reads the body of a response. Throws a ProviderError if it is not what `schema` describes. */
  parse<T>(schema: z.ZodType<T>, response: HttpResponse): T
  /** Turns a response that is not successful into a ProviderError. `forbidden` says what happens if it is not allowed at all. */
  refuse(response: HttpResponse, forbidden?: NextStep): never
}

export interface ApiClientSettings {
  send: SendToCalendar
  tokens: AccessTokens
  /** The provider's name in messages. */
  title: string
}

/** Creates a client that signs its requests with the account's access token. A rejected token is refreshed once. */
export function makeApiClient({ send: transport, tokens, title }: ApiClientSettings): ApiClient {
  async function send({ method, url, headers = {}, body }: ApiRequest, signal: AbortSignal): Promise<HttpResponse> {
    const sendWith = (token: string) =>
      transport({
        method,
        url,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal,
      })
    const token = await tokens.get(signal)
    const response = await sendWith(token)
    return response.status === 401 ? sendWith(await tokens.get(signal, token)) : response
  }

  function parse<T>(schema: z.ZodType<T>, response: HttpResponse): T {
    if (response.truncated)
      throw new ProviderError(`${title} returned more than 20 MB, which is the limit.`, { next: 'retry' })
    const parsed = schema.safeParse(readJson(response.body))
    if (parsed.success) return parsed.data
    throw new ProviderError(`${title} did not respond as expected. Bookbell will try again.`, {
      next: 'retry',
      cause: parsed.error,
    })
  }

  const refuse = (response: HttpResponse, forbidden: NextStep = 'retry'): never => {
    throw describeRefusal(title, response, forbidden)
  }

  return {
    send,
    parse,
    refuse,
    async read(schema, request, signal) {
      const response = await send(request, signal)
      return response.status >= 200 && response.status < 300 ? parse(schema, response) : refuse(response)
    },
  }
}

/** The codes of Google and Microsoft, wherever they are in the body. */
const LIMITED = /rateLimitExceeded|dailyLimitExceeded|quotaExceeded|TooManyRequests/i
const SCOPE_MISSING = /insufficientPermissions|ACCESS_TOKEN_SCOPE_INSUFFICIENT/i
const API_DISABLED = /accessNotConfigured|SERVICE_DISABLED/i

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function describeRefusal(title: string, { status, headers, body }: HttpResponse, forbidden: NextStep): ProviderError {
  const retryAfter = readRetryAfter(headers['retry-after'])
  if (status === 429 || (status === 403 && LIMITED.test(body)))
    return new ProviderError(`${title} is limiting requests. Bookbell will try again later.`, {
      next: 'retry',
      retryAfter,
    })
  if (status === 401 || (status === 403 && SCOPE_MISSING.test(body)))
    return new ProviderError(`${title} refused access (${status}). Connect the account again, with all permissions.`, {
      next: 'reconnect',
    })
  if (status === 403 && API_DISABLED.test(body))
    return new ProviderError(
      'The Google Calendar API is not enabled for this server. The server administrator must enable it, as docs/calendars.md describes.',
      { next: 'retry' },
    )
  if (status === 403)
    return new ProviderError(`${title} does not allow this in the calendar (403). Check who may change it.`, {
      next: forbidden,
    })
  if (status === 404 || status === 410)
    return new ProviderError(
      `The calendar no longer exists at ${title} (${status}), or it is no longer shared with this account.`,
      { next: 'retry' },
    )
  return new ProviderError(`${title} returned an error (${status}). Bookbell will try again.`, {
    next: 'retry',
    retryAfter,
  })
}
