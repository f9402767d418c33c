import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { LONGEST_BATCH_PAUSE } from './limits.ts'

/**
 * How many requests to fast receivers to keep in flight at the same time. When this process is busy, additional requests would
 * only wait for it. They would use memory and connections without arriving any sooner. Slow receivers are not counted, because
 * waiting for them costs nothing.
 */
export interface Pace {
  readonly limit: number
}

const LOWEST_LIMIT = 64
const HIGHEST_LIMIT = 1_024
/** The event loop utilization above which the limit is lowered, and the utilization below which it is raised. */
const BUSY = 0.9
const IDLE = 0.7

export const fullPace: Pace = { limit: HIGHEST_LIMIT }

/** Returns the pace after a window with this event loop utilization (0 to 1). */
export function adjustPace({ limit }: Pace, utilization: number): Pace {
  if (utilization > BUSY) return { limit: Math.max(Math.floor(limit * 0.8), LOWEST_LIMIT) }
  if (utilization < IDLE) return { limit: Math.min(Math.ceil(limit * 1.25), HIGHEST_LIMIT) }
  return { limit }
}

const WINDOW_MS = 100

/** Measures this process's pace, at most every tenth of a second. */
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
 * Waits for as long as the work since `startedAt` took, within bounds, so that results that arrive in the meantime are handled in
 * one batch. Otherwise each statement would contain only the results that arrived during the previous one. On PGlite, which runs
 * in this thread, almost nothing arrives in that time. Measured: one row per statement and a twentieth of the speed.
 */
export function pauseBetweenBatches(startedAt: number): Promise<void> {
  return pause(Math.min(performance.now() - startedAt, LONGEST_BATCH_PAUSE))
}
