import type { OrganizationId } from '../access/gate.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { AttemptOutcome } from './attempt.ts'
import type { Breaker } from './breaker.ts'
import { bucketOf } from './health.ts'
import type { Claimed } from './lane.ts'
import { afterFailure } from './retry-delays.ts'
import type { HealthChange, HourRow, SettledRow } from './store.ts'

/** An attempt that has ended and is not recorded yet. Instants are epoch milliseconds. */
export interface Ended {
  claimed: Claimed
  webhook: number
  outcome: AttemptOutcome
  startedAt: number
  endedAt: number
  /** Decided when it ended, so that recording it twice gives the same. */
  next: { kind: 'delivered' } | { kind: 'retry'; at: number } | { kind: 'failed'; reason: string }
}

/** What follows an attempt for its delivery. */
export function decideNext(
  claimed: Claimed,
  outcome: AttemptOutcome,
  { at, random }: { at: number; random: number },
): Ended['next'] {
  if (outcome.succeeded) return { kind: 'delivered' }
  if (outcome.gone) return { kind: 'failed', reason: 'gone' }
  const retryAfter = outcome.responseHeaders?.['retry-after']
  return afterFailure({
    number: claimed.attempts + 1,
    at,
    createdAt: claimed.created_ms,
    status: outcome.status,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
    random,
  })
}

/** The attempt as it is recorded. `bare` leaves the answer out, where the database cannot store it. */
export function toSettledRow({ claimed, outcome, startedAt, next }: Ended, bare = false): SettledRow {
  const { error } = outcome
  return {
    organization_id: claimed.organization_id,
    id: claimed.id,
    claim_id: claimed.claim_id,
    outcome: next.kind === 'retry' ? 'pending' : next.kind,
    failure_reason: next.kind === 'failed' ? next.reason : null,
    due_at: next.kind === 'retry' ? toTimestamp(next.at) : null,
    started_ms: startedAt,
    duration_ms: outcome.duration,
    status: outcome.status,
    response_headers: bare || !outcome.responseHeaders ? null : JSON.stringify(outcome.responseHeaders),
    response_body: bare ? null : outcome.responseBody,
    response_truncated: outcome.truncated,
    error_kind: error?.kind ?? null,
    error_stage: error?.stage ?? null,
    error: error?.message.replaceAll('\0', '') ?? null,
  }
}

/** Counts attempts by webhook, hour and duration, in the order of their keys, so that batches cannot deadlock. */
export function countHours(ended: readonly Ended[]): HourRow[] {
  const counted = new Map<string, HourRow>()
  for (const { claimed, webhook, outcome, endedAt } of ended) {
    const hour = Math.floor(endedAt / 3_600_000)
    const bucket = bucketOf(outcome.duration)
    const key = `${claimed.organization_id} ${webhook} ${hour} ${bucket}`
    const row = counted.get(key) ?? newHour(claimed.organization_id, webhook, { hour, bucket })
    if (outcome.succeeded) row.succeeded++
    else row.failed++
    counted.set(key, row)
  }
  return [...counted.values()].sort(byKey)
}

/** What a batch means for the health of its webhooks. `knownFailing` tells which of them the database takes for failing. */
export function foldHealth(
  ended: readonly Ended[],
  lanes: ReadonlyMap<string, { breaker: Breaker; failing: boolean }>,
): HealthChange[] {
  const changes = new Map<string, HealthChange>()
  for (const { claimed, webhook, outcome, startedAt } of ended) {
    const key = `${claimed.organization_id}:${webhook}`
    const change = changes.get(key) ?? newChange(claimed.organization_id, webhook)
    changes.set(key, change)
    if (outcome.succeeded) {
      Object.assign(change, { recovered: true, failures: 0, failingSince: null })
      continue
    }
    change.failures++
    change.failingSince ??= toTimestamp(startedAt)
    change.lastFailure = outcome.error?.message.replaceAll('\0', '') ?? null
  }
  const worthIt = [...changes].filter(([key, change]) => change.failures > 0 || lanes.get(key)?.failing)
  return worthIt
    .map(([key, change]) => withBreaker(change, lanes.get(key)?.breaker))
    .sort((a, b) => a.organization - b.organization || a.webhook - b.webhook)
}

function newHour(organization_id: OrganizationId, webhook_id: number, at: { hour: number; bucket: number }): HourRow {
  const hour = toTimestamp(at.hour * 3_600_000)
  return { organization_id, webhook_id, hour, bucket: at.bucket, succeeded: 0, failed: 0 }
}

function byKey(a: HourRow, b: HourRow): number {
  return (
    a.organization_id - b.organization_id ||
    a.webhook_id - b.webhook_id ||
    (a.hour < b.hour ? -1 : a.hour > b.hour ? 1 : 0) ||
    a.bucket - b.bucket
  )
}

function newChange(organization: OrganizationId, webhook: number): HealthChange {
  return {
    organization,
    webhook,
    recovered: false,
    failures: 0,
    failingSince: null,
    lastFailure: null,
    breakerFailures: 0,
    breakerOpenUntil: null,
    breakerPauseMs: 0,
  }
}

function withBreaker(change: HealthChange, breaker: Breaker | undefined): HealthChange {
  if (!breaker) return change
  return {
    ...change,
    breakerFailures: breaker.failures,
    breakerOpenUntil: breaker.openUntil === null ? null : toTimestamp(breaker.openUntil),
    breakerPauseMs: breaker.pause,
  }
}
