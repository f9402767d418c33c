/** One field that the server rejected; `path` is its path in the request body, such as `attendee.email`. */
export type FieldError = { path: string; message: string }

/**
 * A response that is not 2xx, as its problem document (RFC 9457) describes it. `code` is `network` if there was no
 * response, so that callers need only one `catch`.
 */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[]

  constructor(status: number, code: string, detail: { message: string; errors?: FieldError[]; cause?: unknown }) {
    super(detail.message, { cause: detail.cause })
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.errors = detail.errors ?? []
  }
}

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
  idempotencyKey?: string
}

/** Calls the API of the server that sent this page. Throws `ApiProblem`; returns `undefined` for 204. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options)
  const text = await response.text()
  const parsed = parseJson(text)
  if (!response.ok) throw toProblem(response.status, parsed)
  return parsed as T
}

async function send(path: string, { method = 'GET', body, signal, idempotencyKey }: RequestOptions) {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  try {
    return await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) })
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
    return undefined // a proxy's HTML page; the status says enough
  }
}

function toProblem(status: number, body: unknown): ApiProblem {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const errors = Array.isArray(problem.errors) ? problem.errors.flatMap(toFieldError) : []
  const message =
    [problem.detail, problem.title, problem.message].find((text) => typeof text === 'string') ?? `HTTP ${status}`
  return new ApiProblem(status, typeof problem.code === 'string' ? problem.code : 'unknown', {
    message: String(message),
    errors,
  })
}

function toFieldError(error: unknown): FieldError[] {
  if (typeof error !== 'object' || error === null) return []
  const { path, message } = error as Record<string, unknown>
  const steps = Array.isArray(path) ? path.map(String) : String(path ?? '').split(/[./[\]]+/)
  return [{ path: steps.filter(Boolean).join('.'), message: String(message ?? '') }]
}

/** A key that makes it safe to repeat a POST; `crypto.randomUUID` is missing on plain-http addresses. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Returns the data that the server embedded in the page, so that the first view needs no request. */
export function readInitialData<T extends object>(): Partial<T> {
  const text = document.getElementById('bookbell-data')?.textContent
  return text ? (JSON.parse(text) as Partial<T>) : {}
}
