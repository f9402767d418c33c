import { DAY, MINUTE, SECOND } from '../time/durations.ts'

/** The waits after the first, second, … failed try, in milliseconds; the last one repeats. */
const DELAYS = [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE]
const JITTER = 0.1

/** A mail that could not be sent for so long is given up, where nothing else makes it useless earlier. */
export const MAIL_LIFETIME = 3 * DAY

/** When a mail is tried again: up to a tenth later than planned, so that what failed together does not come back together. */
export function nextTry(attempts: number, now: number, random: number): number {
  const delay = DELAYS[Math.min(attempts, DELAYS.length) - 1] ?? DELAYS[0]!
  return now + Math.ceil(delay * (1 + JITTER * random))
}

/** The waits between single mails that ask whether the mail server is back. */
const PROBE_DELAYS = [5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND, MINUTE]

/** How long to rest after so many tries in a row found no way to the mail server. */
export function probeDelay(failures: number): number {
  return PROBE_DELAYS[Math.min(failures, PROBE_DELAYS.length) - 1] ?? 0
}
