import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { waitFor } from './wait.ts'

/** One request as it arrived. `body` holds the exact bytes, and `text` the same bytes as UTF-8. `at` is in epoch milliseconds. */
export type ReceivedRequest = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  rawHeaders: string[]
  body: Buffer
  text: string
  at: number
}

export type Answer = { status?: number; headers?: Record<string, string>; body?: string | Buffer }

/**
 * Chooses the response to a request. A function that returns nothing has taken over the response (to drip, to hang, to break).
 */
export type Answerer = (
  request: ReceivedRequest,
  response: ServerResponse,
) => Answer | undefined | Promise<Answer | undefined>

export type Receiver = {
  /** The receiver's URL, such as `http://127.0.0.1:40123`, without a path. */
  url: string
  port: number
  /** Everything received so far, oldest first. */
  requests: ReceivedRequest[]
  /** Sets the response to all requests from now on. */
  answer: (next: Answer | Answerer) => void
  /** Waits until at least `count` requests have arrived, and returns all of them. */
  received: (count: number, withinMs?: number) => Promise<ReceivedRequest[]>
  /** Stops listening and closes open connections. */
  close: () => Promise<void>
}

export type ReceiverOptions = { answer?: Answer | Answerer; port?: number; host?: string }

/** Starts a real HTTP server on loopback that records its requests, and returns 200 unless another response is set. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const host = options.host ?? '127.0.0.1'
  const requests: ReceivedRequest[] = []
  let answerer = toAnswerer(options.answer ?? { status: 200 })
  const server = createServer((incoming, response) => {
    record(incoming)
      .then(async (request) => {
        requests.push(request)
        const answer = await answerer(request, response)
        if (answer) send(response, answer)
      })
      // The client disconnected during its request or our response, so the response cannot be delivered.
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    requests,
    answer: (next) => {
      answerer = toAnswerer(next)
    },
    received: async (count, withinMs) => {
      const what = `the arrival of ${count} request(s)`
      await waitFor(() => requests.length >= count, withinMs === undefined ? { what } : { what, withinMs })
      return requests
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function toAnswerer(answer: Answer | Answerer): Answerer {
  return typeof answer === 'function' ? answer : () => answer
}

async function record(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    text: body.toString('utf8'),
    at: Date.now(),
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: Answer): void {
  response.writeHead(status, headers)
  response.end(body)
}
