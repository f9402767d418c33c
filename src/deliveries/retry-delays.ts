import { DAY, HOUR, MINUTE, SECOND } from '../time/durations.ts'

/**
 * Decides when a failed delivery is retried, using exponential backoff with jitter. Delays are in milliseconds, and times are
 * epoch milliseconds.
 *
 * After attempt n fails, attempt n + 1 is due `retryDelays[n - 1]` later, plus up to 10% jitter, so that deliveries that failed
 * together are not retried together.
 */

export const retryDelays: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** A delivery fails permanently if its next attempt would be this long after its creation or later. */
export const deliveryLifetime = 5 * DAY

const JITTER = 0.1
const RETRY_AFTER_MAX = 24 * HOUR

export interface FailedAttempt {
  /** 1 for the first attempt since the delivery was created (or replayed). */
  number: number
  /** When the attempt ended. */
  at: number
  /** When the delivery was created. */
  createdAt: number
  /** The response status, or null if there was no response. */
  status: number | null
  /** The response's `Retry-After` header, unchanged. Null if it is absent. */
  retryAfter: string | null
  /** A number from 0 up to 1, chosen at random by the caller. */
  random: number
}

export type NextStep = { kind: 'retry'; at: number } | { kind: 'failed'; reason: 'attempts_used_up' | 'too_old' }

/** Decides what follows a failed attempt: when to retry, or why the delivery fails permanently. */
export function afterFailure(attempt: FailedAttempt): NextStep {
  const delay = retryDelays[attempt.number - 1]
  if (delay === undefined) return { kind: 'failed', reason: 'attempts_used_up' }
  const asked = honoursRetryAfter(attempt.status) ? retryAfterDelay(attempt.retryAfter, attempt.at) : 0
  const at = attempt.at + Math.ceil(Math.max(delay, asked) * (1 + JITTER * attempt.random))
  return at > attempt.createdAt + deliveryLifetime ? { kind: 'failed', reason: 'too_old' } : { kind: 'retry', at }
}

/**
 * Returns how long a `Retry-After` header asks to wait (RFC 9110 §10.2.3: whole seconds or an HTTP date), at most 24 hours.
 * Returns 0 if the header is absent, malformed, or in the past.
 */
export function retryAfterDelay(value: string | null, now: number): number {
  if (value === null) return 0
  const text = value.trim()
  const asked = /^\d+$/.test(text) ? Number(text) * SECOND : parseHttpDate(text) - now
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(asked, 0), RETRY_AFTER_MAX)
}

function honoursRetryAfter(status: number | null): boolean {
  return status === 429 || status === 503
}

/** The three formats in RFC 9110 §5.6.7: IMF-fixdate, RFC 850 and asctime, which does not have a time zone and means GMT. */
function parseHttpDate(text: string): number {
  if (/^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/.test(text)) return Date.parse(text)
  return /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(text)
    ? Date.parse(`${text} GMT`)
    : Number.NaN
}
