import { HOUR, MINUTE, SECOND } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import { ProviderError } from './provider.ts'

/** How often a calendar is read: of a host whom someone looked at in the last ten minutes, and of all others. */
const PACE = { watched: MINUTE, usual: 5 * MINUTE }
const WATCHED_FOR = 10 * MINUTE
/** The longest pause after failures. */
const LONGEST_PAUSE = HOUR

/** Returns when a connection is read next, after it was read. Spread by a quarter, so that servers are not asked by all at once. */
export function nextSync({ now, lookedAt, random }: { now: number; lookedAt: number | null; random: number }): number {
  if (lookedAt !== null && now - lookedAt < WATCHED_FOR) return now + PACE.watched
  return now + PACE.usual * (0.75 + random / 2)
}

/** Returns when a connection is tried next, after it failed this many times in a row; not before what the provider asked for. */
export function nextTry(failure: { now: number; failures: number; retryAfter: number | null; random: number }): number {
  const { now, failures, retryAfter, random } = failure
  const pause = Math.min(LONGEST_PAUSE, 30 * SECOND * 2 ** Math.min(failures - 1, 12)) * (0.75 + random / 2)
  return now + Math.max(pause, retryAfter ?? 0)
}

/** What is stored about a failure. */
export interface ConnectionFailure {
  state: 'failing' | 'revoked'
  problem: string
  retryAfter: number | null
}

export function describeFailure(error: unknown): ConnectionFailure {
  if (!(error instanceof ProviderError)) {
    return { state: 'failing', problem: 'The calendar could not be read. It will be tried again.', retryAfter: null }
  }
  const state = error.next === 'retry' ? 'failing' : 'revoked'
  return { state, problem: error.message.slice(0, 1_000), retryAfter: error.retryAfter }
}

/** What to delete and what to add, so that one list of intervals becomes another. */
export function differenceOf(before: readonly Interval[], after: readonly Interval[]) {
  const keyOf = ({ from, to }: Interval) => `${from} ${to}`
  const known = new Set(before.map(keyOf))
  const wanted = new Set(after.map(keyOf))
  return {
    removed: before.filter((interval) => !wanted.has(keyOf(interval))),
    added: after.filter((interval) => !known.has(keyOf(interval))),
  }
}
