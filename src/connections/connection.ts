import { HOUR, MINUTE, SECOND } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import { ProviderError } from './provider.ts'

/** How often a calendar is read: more often if the host's page was viewed in the last ten minutes. */
const PACE = { watched: MINUTE, usual: 5 * MINUTE }
const WATCHED_FOR = 10 * MINUTE
/** The longest pause after failures. */
const LONGEST_PAUSE = HOUR

/**
 * Returns when to read a connection again after a successful read. The interval varies randomly by a quarter, so that servers do
 * not receive all requests at the same time.
 */
export function nextSync({ now, lookedAt, random }: { now: number; lookedAt: number | null; random: number }): number {
  if (lookedAt !== null && now - lookedAt < WATCHED_FOR) return now + PACE.watched
  return now + PACE.usual * (0.75 + random / 2)
}

/**
 * Returns when to retry a connection after this many consecutive failures. The time is never earlier than the provider requested.
 */
export function nextTry(failure: { now: number; failures: number; retryAfter: number | null; random: number }): number {
  const { now, failures, retryAfter, random } = failure
  const pause = Math.min(LONGEST_PAUSE, 30 * SECOND * 2 ** Math.min(failures - 1, 12)) * (0.75 + random / 2)
  return now + Math.max(pause, retryAfter ?? 0)
}

/** The stored details of a failure. */
export interface ConnectionFailure {
  state: 'failing' | 'revoked'
  problem: string
  retryAfter: number | null
}

export function describeFailure(error: unknown): ConnectionFailure {
  if (!(error instanceof ProviderError)) {
    return { state: 'failing', problem: 'The calendar could not be read. Bookbell will try again.', retryAfter: null }
  }
  const state = error.next === 'retry' ? 'failing' : 'revoked'
  return { state, problem: error.message.slice(0, 1_000), retryAfter: error.retryAfter }
}

/** How long a failure must last before the host is notified. */
const NOTIFIED_AFTER = HOUR

/** Returns whether the host must be notified of a failure now. A failure that cannot resolve itself is reported immediately. */
export function mustNotify({
  state,
  since,
  now,
}: {
  state: ConnectionFailure['state']
  since: number
  now: number
}): boolean {
  return state === 'revoked' || now - since >= NOTIFIED_AFTER
}

/** Returns the intervals to delete and to add to turn one list of intervals into another. */
export function differenceOf(before: readonly Interval[], after: readonly Interval[]) {
  const keyOf = ({ from, to }: Interval) => `${from} ${to}`
  const known = new Set(before.map(keyOf))
  const wanted = new Set(after.map(keyOf))
  return {
    removed: before.filter((interval) => !wanted.has(keyOf(interval))),
    added: after.filter((interval) => !known.has(keyOf(interval))),
  }
}

/** Returns a calendar's name as one line of at most 200 characters, without characters that are invisible or turn text around. */
export function cleanName(name: string): string {
  const visible = name.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  return visible.trim().slice(0, 200).toWellFormed()
}
