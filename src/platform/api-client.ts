import { StartError } from '../errors.ts'
import { codeOf, messageOf } from './thrown.ts'

/** A running server and the API key for requests to it. */
export interface ServerAccess {
  /** For example, `http://localhost:3000`. */
  server: string
  apiKey: string
}

export interface Question {
  method?: 'GET' | 'POST'
  /** The body, sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Calls the API of a running server and returns its JSON. Throws a StartError if that fails. */
export async function askServer<T>(access: ServerAccess, path: string, question: Question = {}): Promise<T> {
  const response = await reachServer(access, path, question).catch((error) => {
    throw new StartError(
      `${access.server} cannot be reached (${describeNetworkError(error)}). Start the server, or set its URL with --server or BOOKBELL_URL.`,
      { cause: error },
    )
  })
  if (!response.ok) throw new StartError(await describeRefusal(access, response))
  const answer = await response.json().catch((cause) => {
    throw new StartError(notBookbell(access, response), { cause })
  })
  return answer as T
}

/** Sends a request with the API key. Rejects only if there is no response. */
export function reachServer(
  { server, apiKey }: ServerAccess,
  path: string,
  { method = 'GET', body, headers, signal }: Question = {},
): Promise<Response> {
  return fetch(server + path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
}

/** Returns why a server refused a request: the detail of its problem document or, without one, advice on what to check. */
export async function describeRefusal(access: ServerAccess, response: Response): Promise<string> {
  const problem = await response.json().catch(() => null)
  if (response.status === 401) {
    return `${access.server} rejected the API key. Pass one of its keys with --api-key or BOOKBELL_API_KEY; create keys at ${access.server}/admin.`
  }
  const isProblem = typeof problem === 'object' && problem !== null && 'detail' in problem
  return isProblem && typeof problem.detail === 'string' ? problem.detail : notBookbell(access, response)
}

/** Describes a network error in a few words. */
export function describeNetworkError(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return codeOf(cause) ?? messageOf(cause)
}

function notBookbell({ server }: ServerAccess, { status }: Response): string {
  return `${server} returned ${status} and does not look like a Bookbell server. Check the URL (--server or BOOKBELL_URL) and any proxy in front of it.`
}
