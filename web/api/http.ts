/**
 * A field that the server rejected: its path in the request body, such as `attendee.email`, and the kind of problem. `message` is
 * for programmers, and `fieldText` in `web/parts` returns the text for readers.
 */
export type FieldError = { path: string; code?: string; limit?: number; message: string }

type ProblemDetail = {
  message: string
  reason?: string | undefined
  errors?: FieldError[]
  retryAfter?: number | undefined
  cause?: unknown
}

/**
 * A response that is not 2xx, as described by its problem document (RFC 9457). If there was no response, `code` is `network`, so
 * that callers need only one `catch`.
 */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  /** The specific cause, if the code can have more than one cause. */
  readonly reason: string | undefined
  readonly errors: FieldError[]
  /** How many seconds to wait before trying again, if the server says so. */
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, detail: ProblemDetail) {
    super(detail.message, { cause: detail.cause })
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.reason = detail.reason
    this.errors = detail.errors ?? []
    this.retryAfter = detail.retryAfter
  }
}

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  /** A file to send unchanged instead of a JSON body. */
  file?: Blob
  signal?: AbortSignal
  idempotencyKey?: string
}

/** Calls the API of the server that sent this page. Throws `ApiProblem`. Returns `undefined` for 204. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options)
  const text = await response.text()
  const parsed = parseJson(text)
  if (!response.ok) throw toProblem(response, parsed)
  return parsed as T
}

async function send(path: string, { method = 'GET', body, file, signal, idempotencyKey }: RequestOptions) {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (file) headers['content-type'] = file.type || 'application/octet-stream'
  const content = file ?? (body === undefined ? undefined : JSON.stringify(body))
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  try {
    return await fetch(path, { method, headers, signal, body: content })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiProblem(0, 'network', { message: 'The server could not be reached.', cause })
  }
}

function parseJson(text: string): unknown {
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // For example, a proxy's HTML page. The status says enough.
  }
}

function toProblem({ status, headers }: Response, body: unknown): ApiProblem {
  const seconds = Number(headers.get('retry-after'))
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const errors = Array.isArray(problem.errors) ? problem.errors.flatMap(toFieldError) : []
  const message =
    [problem.detail, problem.title, problem.message].find((text) => typeof text === 'string') ?? `HTTP ${status}`
  return new ApiProblem(status, typeof problem.code === 'string' ? problem.code : 'unknown', {
    message: String(message),
    reason: typeof problem.reason === 'string' ? problem.reason : undefined,
    errors,
    retryAfter: seconds > 0 ? seconds : undefined,
  })
}

function toFieldError(error: unknown): FieldError[] {
  if (typeof error !== 'object' || error === null) return []
  const { path, message, code, limit } = error as Record<string, unknown>
  const steps = Array.isArray(path) ? path.map(String) : String(path ?? '').split(/[./[\]]+/)
  return [
    {
      path: steps.filter(Boolean).join('.'),
      code: typeof code === 'string' ? code : 'invalid',
      ...(typeof limit === 'number' ? { limit } : {}),
      message: String(message ?? ''),
    },
  ]
}

/** Generates a key that makes it safe to repeat a POST. `crypto.randomUUID` is missing on plain HTTP addresses. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Returns the data that the server embedded in the page, so that the first view does not need a request. */
export function readInitialData<T extends object>(): Partial<T> {
  const text = document.getElementById('bookbell-data')?.textContent
  return text ? (JSON.parse(text) as Partial<T>) : {}
}
