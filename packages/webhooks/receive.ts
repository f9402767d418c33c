import { type Delivered, type IncomingHeaders, type VerifyOptions, verify, WebhookVerificationError } from './verify.ts'

export interface ReceiveOptions extends VerifyOptions {
  /** The webhook's secret, or several secrets during a rotation. */
  secret: string | readonly string[]
  /** The maximum size of the body in bytes. Defaults to 4 MiB. */
  limit?: number
  /** Called with errors that `work` throws, and with errors caused by an invalid secret. Defaults to `console.error`. */
  onError?: (error: unknown) => void
}

/**
 * Handles a verified webhook. The response is 204 when it resolves and 500 when it throws, after which Bookbell retries. A response
 * must be sent within 15 seconds, so put long work into your own queue.
 */
export type Work = (delivered: Delivered) => void | Promise<void>

/** The required part of Node's request, which Express, Fastify's `raw` and plain `node:http` all provide. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  headers: IncomingHeaders
}

/** The required part of Node's response. */
export interface NodeResponse {
  writeHead(status: number, headers?: Record<string, string>): unknown
  end(body?: string): unknown
}

const LIMIT = 4 * 1024 * 1024

/** Creates a handler for frameworks with `Request` and `Response`: Next.js, Hono, Deno, Bun, Cloudflare Workers. */
export function receiveFetch(options: ReceiveOptions, work: Work): (request: Request) => Promise<Response> {
  return async (request) => {
    const { status, text } = await receive(options, work, { headers: request.headers, body: request.body ?? [] })
    return new Response(text, { status, headers: text ? { 'content-type': 'text/plain' } : {} })
  }
}

/** Creates a listener for `node:http`, or for Express before any body parser. */
export function receiveNode(
  options: ReceiveOptions,
  work: Work,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    const { status, text } = await receive(options, work, { headers: request.headers, body: request })
    response.writeHead(status, text ? { 'content-type': 'text/plain' } : {})
    response.end(text ?? undefined)
  }
}

interface Incoming {
  headers: IncomingHeaders
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

interface Answer {
  status: number
  text: string | null
}

async function receive(options: ReceiveOptions, work: Work, incoming: Incoming): Promise<Answer> {
  try {
    const body = await readBody(incoming.body, options.limit ?? LIMIT)
    if (!body) return { status: 413, text: 'The body is too long' }
    await work(await verify(options.secret, incoming.headers, body, options))
    return { status: 204, text: null }
  } catch (error) {
    if (error instanceof WebhookVerificationError) return { status: 401, text: error.message }
    const { onError = console.error } = options
    onError(error)
    return { status: 500, text: 'The receiver failed' }
  }
}

async function readBody(chunks: Incoming['body'], limit: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    length += chunk.length
    if (length > limit) return undefined
  }
  const body = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    body.set(part, offset)
    offset += part.length
  }
  return body
}
