import { accept } from '../errors.ts'
import type { Executor } from '../platform/database.ts'
import { eventMessage, heartbeatMessage } from '../platform/event-stream.ts'
import type { Reader } from '../platform/wakes.ts'
import { MINUTE, SECOND } from '../time/durations.ts'
import { type FeedQuery, readFeed } from './service.ts'

/** All values are in milliseconds. */
export interface StreamTimes {
  /** How long to wait for a wake-up before the feed is read anyway. */
  poll: number
  /** The maximum time without a message. */
  heartbeat: number
  /** The maximum age of a stream. After that, it ends and the client reconnects. */
  age: number
}

export const streamTimes: StreamTimes = { poll: 4 * SECOND, heartbeat: 15 * SECOND, age: 15 * MINUTE }

const BATCH = 50
/**
 * How long a stream may continue after its key, session, member or role has ended. This is shorter than the documented 5 seconds.
 */
const RECHECK = SECOND

export type StreamQuery = Omit<FeedQuery, 'limit'> & {
  times: StreamTimes
  /** Returns whether the reader's key, session, member or role still exists. */
  isStillAllowed: () => Promise<boolean>
}

/**
 * Yields the feed as messages, starting at the position in the query, until the reader ends or may no longer read. The id of each
 * message is the cursor after it.
 */
export async function* streamFeed(
  database: { executor: Executor },
  reader: Reader,
  { times, isStillAllowed, ...query }: StreamQuery,
): AsyncGenerator<string> {
  let checked = performance.now()
  const end = performance.now() + times.age
  let after = query.after
  let lastSent = Number.NEGATIVE_INFINITY
  while (reader.active && performance.now() < end) {
    if (performance.now() - checked >= Math.min(RECHECK, times.poll)) {
      if (!(await isStillAllowed())) return
      checked = performance.now()
    }
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
