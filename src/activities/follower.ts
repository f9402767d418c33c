import { setTimeout as pause } from 'node:timers/promises'
import { StartError } from '../errors.ts'
import { describeNetworkError, describeRefusal, reachServer, type ServerAccess } from '../platform/api-client.ts'
import { readMessages } from '../platform/event-stream.ts'
import { growingWait } from '../platform/growing-wait.ts'
import type { Action } from './schema.ts'

/** A message to a follower of a running server's feed. `cursor` is the position to continue from after the message. */
export type FeedMessage =
  /** The first connection, or a new one after a loss. */
  | { kind: 'connected' }
  | { kind: 'activity'; cursor: string; body: string }
  /** The server is running and has no more activities up to this cursor. */
  | { kind: 'heartbeat'; cursor: string }
  /** The connection was lost. It is opened again after `wait` milliseconds. */
  | { kind: 'lost'; reason: string; wait: number }

export interface FollowOptions {
  /** The cursor to continue after. */
  after: string
  /** If set, only these actions are followed. Empty means all actions. */
  actions: readonly Action[]
  /** How long a connection may be without data or heartbeats before it counts as lost, in milliseconds. */
  silence: number
  /** Stops following. */
  signal: AbortSignal
}

const WAIT = { first: 500, most: 15_000 }
/** A retry would fail in the same way, because the key was deleted or the cursor belongs to another feed. */
const FINAL_STATUSES = new Set([400, 401, 403, 422])

/**
 * Follows the feed with server-sent events, starting after a cursor, and reconnects after lost connections and restarts
 * of the server. The next message is read only when the caller asks for it, so a caller that stores the cursor of each
 * message misses nothing. Throws a StartError if the server refuses permanently.
 */
export async function* followFeed(access: ServerAccess, options: FollowOptions): AsyncGenerator<FeedMessage> {
  const { signal } = options
  let { after } = options
  let failures = 0
  let isConnected = false
  while (!signal.aborted) {
    const connection = new AbortController()
    try {
      let received = false
      for await (const message of connect(access, { ...options, after }, connection)) {
        if (message.kind === 'connected' && isConnected) continue
        if (message.kind === 'connected') {
          isConnected = true
        } else {
          received = true
          failures = 0
          after = message.cursor
        }
        yield message
      }
      // The server ends every stream after 15 minutes. A stream without any data has failed.
      if (received) continue
      throw new Error('the stream ended immediately')
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

async function* connect(access: ServerAccess, options: FollowOptions, connection: AbortController) {
  const { after, actions, silence } = options
  const signal = AbortSignal.any([options.signal, connection.signal])
  const query = new URLSearchParams(actions.map((action) => ['action', action]))
  const headers = { accept: 'text/event-stream', 'last-event-id': after }
  const response = await within(silence, connection, () =>
    reachServer(access, `/api/v1/activities/stream?${query}`, { headers, signal }),
  )
  if (FINAL_STATUSES.has(response.status)) throw new StartError(await describeRefusal(access, response))
  if (!response.ok || !response.body) throw new Error(`the server returned ${response.status}`)
  yield { kind: 'connected' } as const
  for await (const { id, data } of readMessages(readWithin(silence, connection, response.body))) {
    if (id === undefined) continue
    if (data === undefined) yield { kind: 'heartbeat', cursor: id } as const
    else yield { kind: 'activity', cursor: id, body: data } as const
  }
}

/** The timer runs only while waiting for data, so a slow caller does not lose the connection. */
async function* readWithin(silence: number, connection: AbortController, body: ReadableStream<Uint8Array>) {
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await within(silence, connection, () => reader.read())
    if (done) return
    yield value
  }
}

function within<T>(silence: number, connection: AbortController, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(
    () => connection.abort(new Error(`no heartbeat arrived within ${silence / 1_000} s`)),
    silence,
  )
  return work().finally(() => clearTimeout(timer))
}
