import { MINUTE, SECOND } from '../time/durations.ts'

/**
 * The breaker of one webhook.
 *
 *     closed --(ten failures in a row)--> open --(the pause passes)--> probing --success--> closed
 *                                          ^                              |
 *                                          +----- failure (twice as long) +
 *
 * While it is open nothing is sent, and due deliveries wait without using up a retry. When the pause has passed, one
 * delivery at a time probes the receiver. Someone can end the pause.
 */
export interface Breaker {
  /** Failed attempts since the last success. */
  failures: number
  /** Epoch milliseconds until which nothing is sent; null while closed. */
  openUntil: number | null
  /** How long the current pause is, in milliseconds; 0 while closed. */
  pause: number
}

export type BreakerState = 'closed' | 'open' | 'probing'

export const closedBreaker: Readonly<Breaker> = { failures: 0, openUntil: null, pause: 0 }

/** Failures in a row that open the breaker. */
const THRESHOLD = 10
const FIRST_PAUSE = 10 * SECOND
const LONGEST_PAUSE = 5 * MINUTE

export function breakerState(breaker: Breaker, now: number): BreakerState {
  if (breaker.openUntil === null) return 'closed'
  // A later time means that the clock was set back after it was calculated.
  const left = breaker.openUntil - now
  return left > 0 && left <= breaker.pause ? 'open' : 'probing'
}

/** How many attempts may be in flight at once if the webhook allows `concurrency`. */
export function allowedInFlight(breaker: Breaker, concurrency: number, now: number): number {
  const state = breakerState(breaker, now)
  if (state === 'closed') return concurrency
  return state === 'probing' ? 1 : 0
}

/**
 * The breaker after someone asked at `at` for an attempt: if it was opened before, its pause is over and the next delivery probes
 * the receiver.
 */
export function endPause(breaker: Breaker, at: number | null): Breaker {
  const { openUntil, pause } = breaker
  if (openUntil === null || at === null || at <= openUntil - pause) return breaker
  return probeAt(breaker, at)
}

/** The breaker with its pause ending at `at`, unless it ends sooner. */
export function probeAt(breaker: Breaker, at: number): Breaker {
  return breaker.openUntil === null ? breaker : { ...breaker, openUntil: Math.min(breaker.openUntil, at) }
}

/**
 * The breaker after an attempt that ended at `now`. Attempts that were in flight when it opened count as failures but
 * do not make the pause longer.
 */
export function recordAttempt(breaker: Breaker, succeeded: boolean, now: number): Breaker {
  if (succeeded) return closedBreaker
  const failures = breaker.failures + 1
  if (failures < THRESHOLD || breakerState(breaker, now) === 'open') return { ...breaker, failures }
  const pause = breaker.pause === 0 ? FIRST_PAUSE : Math.min(breaker.pause * 2, LONGEST_PAUSE)
  return { failures, openUntil: now + pause, pause }
}
