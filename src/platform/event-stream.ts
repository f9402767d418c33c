import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { Reader, Wakes } from './wakes.ts'

/**
 * The maximum number of open streams per source (an organization's feed, an inspector) in one process. Each stream uses a
 * connection and reads from the database.
 */
const MOST_STREAMS = 100

/** Starts a reader for another stream. Throws a Problem if the maximum number of streams is already open. */
export function openReader(wakes: Wakes, payload: string): Reader {
  if (wakes.count(payload) < MOST_STREAMS) return wakes.read(payload)
  const detail = `${MOST_STREAMS} streams are already open, which is the limit. Close one, or read the list instead.`
  throw new Problem(refuse('rate_limited', detail), { 'retry-after': String(RETRY_AFTER_SECONDS) })
}

const RETRY_AFTER_SECONDS = 30

/** How long a browser waits before it reconnects, in milliseconds. */
const RETRY = 2000

/**
 * Responds with server-sent events (WHATWG HTML, 9.2). The next message is created only after the client has read the
 * previous ones, so a slow client costs no memory. `leave` is called when the client disconnects or the messages end.
 */
export function sendEventStream(reply: FastifyReply, messages: AsyncIterable<string>, leave: () => void): FastifyReply {
  reply.raw.once('close', leave)
  if (reply.raw.destroyed) leave()
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Makes nginx and similar proxies pass on each message immediately.
      'x-accel-buffering': 'no',
      // The connection ends with the stream, so a server that is stopping does not wait for clients.
      connection: 'close',
    })
    .send(Readable.from(begin(messages), { highWaterMark: 1 }))
}

/** One message. `data` must not contain line breaks. JSON text does not contain any. */
export function eventMessage(id: string | number, data: string): string {
  return `id: ${id}\ndata: ${data}\n\n`
}

/** Keeps the connection open and advances the client's cursor without sending a message. */
export function heartbeatMessage(id: string | number): string {
  return `: heartbeat\nid: ${id}\n\n`
}

async function* begin(messages: AsyncIterable<string>): AsyncGenerator<string> {
  yield `retry: ${RETRY}\n\n`
  yield* messages
}

/** A part of a stream. A message has `data`. A heartbeat does not have data, but may have an `id`. */
export interface StreamMessage {
  /** The client's cursor after this message. */
  id: string | undefined
  data: string | undefined
}

/** Reads server-sent events as they arrive, in chunks of any size. Also returns heartbeats (comments without data). */
export async function* readMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n')
    text = blocks.pop() ?? ''
    yield* blocks.map(parseMessage)
  }
}

function parseMessage(block: string): StreamMessage {
  const fields = new Map(block.split('\n').map(parseField))
  return { id: fields.get('id'), data: fields.get('data') }
}

function parseField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
}
