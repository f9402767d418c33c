import { MINUTE, SECOND } from '../time/durations.ts'

/**
 * The breaker of a webhook.
 *
 *     closed --(ten failures in a row)--> open --(the pause passes)--> probing --success--> closed
 *                                          ^                              |
 *                                          +----- failure (twice as long) +
 *
 * While the breaker is open, nothing is sent, and due deliveries wait without using up a retry. When the pause has passed, one
 * delivery at a time probes the receiver. A user can end the pause early.
 */
export interface Breaker {
  /** The number of failed attempts since the last success. */
  failures: number
  /** Nothing is sent until this time, in epoch milliseconds. Null while closed. */
  openUntil: number | null
  /** The length of the current pause, in milliseconds. 0 while closed. */
  pause: number
}

export type BreakerState = 'closed' | 'open' | 'probing'

export const closedBreaker: Readonly<Breaker> = { failures: 0, openUntil: null, pause: 0 }

/** The number of failures in a row that open the breaker. */
const THRESHOLD = 10
const FIRST_PAUSE = 10 * SECOND
const LONGEST_PAUSE = 5 * MINUTE

export function breakerState(breaker: Breaker, now: number): BreakerState {
  if (breaker.openUntil === null) return 'closed'
  // If more time is left than the pause lasts, the clock was set back after the pause began.
  const left = breaker.openUntil - now
  return left > 0 && left <= breaker.pause ? 'open' : 'probing'
}

/** Returns how many attempts may be in flight at the same time if the webhook allows `concurrency`. */
export function allowedInFlight(breaker: Breaker, concurrency: number, now: number): number {
  const state = breakerState(breaker, now)
  if (state === 'closed') return concurrency
  return state === 'probing' ? 1 : 0
}

/**
 * Returns the breaker after someone requested an attempt at `at`. If it was opened before that, its pause is over, and the next
 * delivery probes the receiver.
 */
export function endPause(breaker: Breaker, at: number | null): Breaker {
  const { openUntil, pause } = breaker
  if (openUntil === null || at === null || at <= openUntil - pause) return breaker
  return probeAt(breaker, at)
}

/** Returns the breaker with its pause ending at `at`, unless it ends sooner. */
export function probeAt(breaker: Breaker, at: number): Breaker {
  return breaker.openUntil === null ? breaker : { ...breaker, openUntil: Math.min(breaker.openUntil, at) }
}

/**
 * Returns the breaker after an attempt that ended at `now`. Attempts that were in flight when it opened count as failures but do
 * not extend the pause.
 */
export function recordAttempt(breaker: Breaker, succeeded: boolean, now: number): Breaker {
  if (succeeded) return closedBreaker
  const failures = breaker.failures + 1
  if (failures < THRESHOLD || breakerState(breaker, now) === 'open') return { ...breaker, failures }
  const pause = breaker.pause === 0 ? FIRST_PAUSE : Math.min(breaker.pause * 2, LONGEST_PAUSE)
  return { failures, openUntil: now + pause, pause }
}
