import { elementAt } from '../platform/element-at.ts'
import { DAY, MINUTE, SECOND } from '../time/durations.ts'

/** The backoff after the first, second, … failed attempt, in milliseconds. The last delay repeats. */
const DELAYS = [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE]
const JITTER = 0.1

/** How long an email is retried before it expires, unless it becomes obsolete sooner. */
export const MAIL_LIFETIME = 3 * DAY

/** Returns when to retry an email, with up to 10% jitter, so that emails that failed together are not retried together. */
export function nextTry(attempts: number, now: number, random: number): number {
  const delay = elementAt(DELAYS, Math.min(Math.max(attempts, 1), DELAYS.length) - 1)
  return now + Math.ceil(delay * (1 + JITTER * random))
}

/** The delays between single emails that probe whether the mail server is back. */
const PROBE_DELAYS = [5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND, MINUTE]

/** Returns how long to back off after this many consecutive failures to reach the mail server. */
export function probeDelay(failures: number): number {
  return PROBE_DELAYS[Math.min(failures, PROBE_DELAYS.length) - 1] ?? 0
}
