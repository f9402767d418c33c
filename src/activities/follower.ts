import { setTimeout as pause } from 'node:timers/promises'
import { StartError } from '../errors.ts'
import { describeNetworkError, describeRefusal, reachServer, type ServerAccess } from '../platform/api-client.ts'
import { readMessages } from '../platform/event-stream.ts'
import { growingWait } from '../platform/growing-wait.ts'
import type { Action } from './schema.ts'

/** What somebody hears who follows the feed of a running server. `cursor` is where to go on after it. */
export type Heard =
  /** For the first time, or again after a loss. */
  | { kind: 'connected' }
  | { kind: 'activity'; cursor: string; body: string }
  /** The server lives, and has nothing more up to this cursor. */
  | { kind: 'heartbeat'; cursor: string }
  /** The connection is gone; another is made after the wait (milliseconds). */
  | { kind: 'lost'; reason: string; wait: number }

export interface Following {
  /** The cursor to go on after. */
  after: string
  /** Only these; all where empty. */
  actions: readonly Action[]
  /** How long the server may say nothing, not even a heartbeat, before the connection counts as dead. In milliseconds. */
  silence: number
  /** Ends the following. */
  signal: AbortSignal
}

const WAIT = { first: 500, most: 15_000 }
/** Asking again would be answered the same: the key is gone, or the cursor is not of this feed. */
const FINAL_STATUSES = new Set([400, 401, 403, 422])

/**
 * Follows the feed over server-sent events, from a cursor on, through every broken connection and restart of the server. The
 * next message is read when the caller comes back for it, so that a caller who remembers the cursor of each misses nothing.
 * Throws a StartError where the server refuses for good.
 */
export async function* followFeed(access: ServerAccess, following: Following): AsyncGenerator<Heard> {
  const { signal } = following
  let { after } = following
  let failures = 0
  let isConnected = false
  while (!signal.aborted) {
    const connection = new AbortController()
    try {
      let heard = false
      for await (const message of connect(access, { ...following, after }, connection)) {
        if (message.kind === 'connected' && isConnected) continue
        if (message.kind === 'connected') {
          isConnected = true
        } else {
          heard = true
          failures = 0
          after = message.cursor
        }
        yield message
      }
      // Every quarter of an hour the server ends a stream; one that said nothing at all has failed.
      if (heard) continue
      throw new Error('it ended at once')
    } catch (error) {
      if (error instanceof StartError) throw error
      if (signal.aborted) return
      isConnected = false
      const wait = growingWait(++failures, WAIT)
      yield { kind: 'lost', reason: describeNetworkError(error), wait }
      await pause(wait, undefined, { signal }).catch(() => {})
    } finally {
      connection.abort()
    }
  }
}

async function* connect(access: ServerAccess, following: Following, connection: AbortController) {
  const { after, actions, silence } = following
  const signal = AbortSignal.any([following.signal, connection.signal])
  const query = new URLSearchParams(actions.map((action) => ['action', action]))
  const headers = { accept: 'text/event-stream', 'last-event-id': after }
  const response = await within(silence, connection, () =>
    reachServer(access, `/api/v1/activities/stream?${query}`, { headers, signal }),
  )
  if (FINAL_STATUSES.has(response.status)) throw new StartError(await describeRefusal(access, response))
  if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`)
  yield { kind: 'connected' } as const
  for await (const { id, data } of readMessages(readWithin(silence, connection, response.body))) {
    if (id === undefined) continue
    if (data === undefined) yield { kind: 'heartbeat', cursor: id } as const
    else yield { kind: 'activity', cursor: id, body: data } as const
  }
}

/** The clock runs only while something is waited for: whoever takes long over a message does not lose the connection by it. */
async function* readWithin(silence: number, connection: AbortController, body: ReadableStream<Uint8Array>) {
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await within(silence, connection, () => reader.read())
    if (done) return
    yield value
  }
}

function within<T>(silence: number, connection: AbortController, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => connection.abort(new Error(`no heartbeat came within ${silence / 1_000} s`)), silence)
  return work().finally(() => clearTimeout(timer))
}
