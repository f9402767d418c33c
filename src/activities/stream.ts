import { accept } from '../errors.ts'
import type { Executor } from '../platform/database.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import type { Reader } from '../platform/wakes.ts'
import { MINUTE, SECOND } from '../time/durations.ts'
import { type FeedQuery, readFeed } from './service.ts'

/** Milliseconds. */
export interface StreamTimes {
  /** How long to wait for a wake-up before the feed is read anyway. */
  poll: number
  /** The longest time without a message. */
  heartbeat: number
  /** The longest life of a stream; the client then reconnects. So a deleted key stops reading. */
  age: number
}

export const streamTimes: StreamTimes = { poll: 5 * SECOND, heartbeat: 15 * SECOND, age: 15 * MINUTE }

const BATCH = 50

/** The feed as messages, from the query's start on, until the reader ends. Each message's id is the cursor after it. */
export async function* streamFeed(
  database: { executor: Executor },
  reader: Reader,
  { times, ...query }: Omit<FeedQuery, 'limit'> & { times: StreamTimes },
): AsyncGenerator<string> {
  const end = performance.now() + times.age
  let after = query.after
  let lastSent = Number.NEGATIVE_INFINITY
  while (reader.active && performance.now() < end) {
    const { page } = accept(await readFeed(database, { ...query, after, limit: BATCH }))
    for (const activity of page.activities) yield eventMessage(activity.position, activity.body)
    after = page.next
    if (page.activities.length > 0) lastSent = performance.now()
    if (page.hasMore) continue
    if (performance.now() - lastSent >= times.heartbeat) {
      yield heartbeatMessage(after)
      lastSent = performance.now()
    }
    await reader.wait(Math.min(times.poll, times.heartbeat))
  }
}
