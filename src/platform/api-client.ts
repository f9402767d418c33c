import { StartError } from '../errors.ts'

/** A running server, and the key with which it is asked. */
export interface ServerAccess {
  /** Such as `http://localhost:3000`. */
  server: string
  apiKey: string
}

export interface Question {
  method?: 'GET' | 'POST'
  /** Sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Asks the API of a running server; gives the JSON that it answers. Throws a StartError, one sentence for a person, where it does not. */
export async function askServer<T>(access: ServerAccess, path: string, question: Question = {}): Promise<T> {
  const response = await reachServer(access, path, question).catch((error) => {
    throw new StartError(
      `${access.server} cannot be reached (${describeNetworkError(error)}). Start the server, or name its address with --server or BOOKBELL_URL.`,
      { cause: error },
    )
  })
  if (!response.ok) throw new StartError(await describeRefusal(access, response))
  const answer = await response.json().catch((cause) => {
    throw new StartError(notBookbell(access, response), { cause })
  })
  return answer as T
}

/** Sends a request with the key. Rejects only where no answer comes. */
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

/** Why a server refused, in the words of its problem document, or what to do about one that has none. */
export async function describeRefusal(access: ServerAccess, response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null
  if (response.status === 401) {
    return `${access.server} refuses the API key. Give one of its keys with --api-key or in BOOKBELL_API_KEY; keys are made at ${access.server}/admin.`
  }
  return typeof problem?.detail === 'string' ? problem.detail : notBookbell(access, response)
}

/** What went wrong on the way, in a few words. */
export function describeNetworkError(error: unknown): string {
  const { cause = error } = error as { cause?: unknown }
  const { code, message } = cause as { code?: unknown; message?: unknown }
  return String(typeof code === 'string' ? code : (message ?? cause))
}

function notBookbell({ server }: ServerAccess, { status }: Response): string {
  return `${server} answered ${status}, and not as Bookbell does. Check the address (--server or BOOKBELL_URL), and what stands before the server.`
}
