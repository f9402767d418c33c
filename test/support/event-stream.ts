import { get, type IncomingMessage } from 'node:http'
import { waitFor } from './wait.ts'

/** One message in a stream, with its id and data. A comment only has `comment`. */
export type StreamMessage = { id?: string; data?: string; comment?: string; retry?: string }

export type OpenStream = {
  status: number
  headers: IncomingMessage['headers']
  /** Everything that has arrived so far, including comments and heartbeats. */
  blocks: StreamMessage[]
  /** The parsed data of the messages, as soon as at least this many have arrived. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on responses of any shape
  messages: (count: number) => Promise<{ id: string; data: any }[]>
  /** Resolves when the server ends the stream. */
  ended: Promise<void>
  /** Stops reading, so that the server's writes block. `resume` continues. */
  pause: () => void
  resume: () => void
  /** Disconnects. */
  close: () => void
}

/** Follows server-sent events as a browser does (WHATWG HTML, 9.2), with the given headers. */
export async function openStream(url: string, headers: Record<string, string> = {}): Promise<OpenStream> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = get(url, { headers, agent: false }, resolve).on('error', reject)
  const response = await promise
  const blocks: StreamMessage[] = []
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (text + chunk).split('\n\n')
    text = parts.pop() ?? ''
    blocks.push(...parts.map(parseBlock))
  })
  const ended = new Promise<void>((done) => response.once('close', done))
  response.on('error', () => {})
  const messages = () =>
    blocks.flatMap(({ id = '', data }) => (data === undefined ? [] : [{ id, data: JSON.parse(data) }]))
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    blocks,
    ended,
    messages: async (count) => {
      await waitFor(() => messages().length >= count, { what: `the arrival of ${count} message(s)` })
      return messages()
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void request.destroy(),
  }
}

function parseBlock(block: string): StreamMessage {
  const lines = block.split('\n').map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon) || 'comment', line.slice(colon + 1).trimStart()]
  })
  return Object.fromEntries(lines)
}
