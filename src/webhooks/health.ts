import { DAY } from '../time/durations.ts'

/** Decides when admins are warned about a failing webhook, and when it is disabled. Times are epoch milliseconds. */
const DISABLED_AFTER = 5 * DAY
const WARNED_AFTER = DISABLED_AFTER / 2
/** A webhook with fewer failed attempts than this is not disabled. */
const MIN_ATTEMPTS = 10

export interface Failing {
  /** The time of the first failure after the last success. */
  since: number
  /** The number of failed attempts since then, including the first. */
  attempts: number
  /** Whether the admins have been warned. */
  warned: boolean
}

/** Decides what to do about a failing webhook: warn the admins halfway, then disable it. */
export function judgeFailing({ since, attempts, warned }: Failing, now: number): 'nothing' | 'warn' | 'disable' {
  const lasted = now - since
  if (lasted >= DISABLED_AFTER && attempts >= MIN_ATTEMPTS) return 'disable'
  return lasted >= WARNED_AFTER && !warned ? 'warn' : 'nothing'
}

/** Returns when a webhook that started failing at `since` will be disabled, unless an attempt succeeds. */
export function disablesAt(since: number): number {
  return since + DISABLED_AFTER
}

/** Returns the cutoff: at `now`, a webhook is disabled if it started failing at this time or earlier. */
export function failingBefore(now: number): number {
  return now - DISABLED_AFTER
}
