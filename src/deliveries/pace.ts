import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { LONGEST_BATCH_PAUSE } from './limits.ts'

/**
 * How many requests to fast receivers to keep in flight at once. When this process is busy, more requests would only wait for
 * it: they cost memory and connections and arrive no sooner. Slow receivers are not counted, since waiting for them costs
 * nothing.
 */
export interface Pace {
  readonly limit: number
}

const LOWEST_LIMIT = 64
const HIGHEST_LIMIT = 1_024
/** Event loop utilization above which the limit is lowered, and below which it is raised. */
const BUSY = 0.9
const IDLE = 0.7

export const fullPace: Pace = { limit: HIGHEST_LIMIT }

/** The pace after a window with this event loop utilization (0 to 1). */
export function adjustPace({ limit }: Pace, utilization: number): Pace {
  if (utilization > BUSY) return { limit: Math.max(Math.floor(limit * 0.8), LOWEST_LIMIT) }
  if (utilization < IDLE) return { limit: Math.min(Math.ceil(limit * 1.25), HIGHEST_LIMIT) }
  return { limit }
}

const WINDOW_MS = 100

/** Measures the pace of this process, at most every tenth of a second. */
export function makePacer(): { limit(): number } {
  let pace = fullPace
  let measuredAt = performance.now()
  let used = performance.eventLoopUtilization()
  return {
    limit() {
      const now = performance.now()
      if (now - measuredAt < WINDOW_MS) return pace.limit
      const before = used
      measuredAt = now
      used = performance.eventLoopUtilization()
      pace = adjustPace(pace, performance.eventLoopUtilization(used, before).utilization)
      return pace.limit
    },
  }
}

/**
 * Waits as long as the work since `startedAt` took, within bounds, so that results that arrive in the meantime are
 * handled in one batch. Otherwise each statement would only contain what arrived during the previous one; on PGlite,
 * which runs in this thread, that is almost nothing (measured: one row per statement, a twentieth of the speed).
 */
export function pauseBetweenBatches(startedAt: number): Promise<void> {
  return pause(Math.min(performance.now() - startedAt, LONGEST_BATCH_PAUSE))
}
