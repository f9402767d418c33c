import { performance } from 'node:perf_hooks'

/**
 * How many requests to quick receivers are worth having under way at once. Where this process has no time to spare,
 * more of them would only wait for it: they cost memory and connections and arrive no sooner. Slow receivers are not
 * counted, since waiting for them costs nothing.
 */
export interface Pace {
  readonly limit: number
}

const LEAST = 64
const MOST = 1_024
const BUSY = 0.9
const IDLE = 0.7

export const fullPace: Pace = { limit: MOST }

/** The pace after a while in which so much of the event loop's time was used (0 to 1). */
export function adjustPace({ limit }: Pace, utilization: number): Pace {
  if (utilization > BUSY) return { limit: Math.max(Math.floor(limit * 0.8), LEAST) }
  if (utilization < IDLE) return { limit: Math.min(Math.ceil(limit * 1.25), MOST) }
  return { limit }
}

const WINDOW_MS = 100

/** Keeps the pace of this process, measured at most every tenth of a second. */
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
