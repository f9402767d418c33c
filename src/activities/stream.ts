import { accept } from '../errors.ts'
import type { Executor } from '../platform/database.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import type { Reader } from '../platform/wakes.ts'
import { type FeedQuery, readFeed } from './service.ts'

/** Milliseconds. */
export interface StreamTimes {
  /** How long a wake may stay out before the feed is read all the same. */
  poll: number
  /** The longest silence. */
  heartbeat: number
  /** After so long the stream ends and the client connects again: a key that was deleted reads no further. */
  age: number
}

export const streamTimes: StreamTimes = { poll: 5_000, heartbeat: 15_000, age: 15 * 60_000 }

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
