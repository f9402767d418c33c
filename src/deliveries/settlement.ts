import type { OrganizationId } from '../access/gate.ts'
import { toTimestamp } from '../platform/clock.ts'
import { inSentences } from '../platform/finding.ts'
import { HOUR } from '../time/durations.ts'
import type { AttemptError, AttemptOutcome } from './attempt.ts'
import { type Breaker, closedBreaker } from './breaker.ts'
import { bucketOf } from './duration-buckets.ts'
import { type Claimed, laneKey } from './lane.ts'
import type { HourRow, SettledRow } from './queue-store.ts'
import { afterFailure } from './retry-delays.ts'
import type { HealthChange } from './targets.ts'

/** An attempt that has ended but is not recorded yet. Times are epoch milliseconds. */
export interface AttemptResult {
  claimed: Claimed
  webhook: number
  outcome: AttemptOutcome
  startedAt: number
  endedAt: number
  /** The decision made when the attempt ended, so that recording it twice has the same result. */
  next: { kind: 'delivered' } | { kind: 'retry'; at: number } | { kind: 'failed'; reason: string }
}

/** Decides what happens to a delivery after an attempt. */
export function decideNext(
  claimed: Claimed,
  outcome: AttemptOutcome,
  { at, random }: { at: number; random: number },
): AttemptResult['next'] {
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

/** Returns the row that records an attempt. `withoutResponse` is for responses that the database cannot store. */
export function toSettledRow(
  { claimed, outcome, startedAt, next }: AttemptResult,
  withoutResponse = false,
): SettledRow {
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
    response_headers: withoutResponse || !outcome.responseHeaders ? null : JSON.stringify(outcome.responseHeaders),
    response_body: withoutResponse ? null : outcome.responseBody,
    response_truncated: outcome.truncated,
    error_kind: error?.kind ?? null,
    error_stage: error?.stage ?? null,
    error: error && storableMessage(error),
  }
}

/** Counts attempts by webhook, hour and duration, in the order of their keys, so that batches cannot deadlock. */
export function countHours(ended: readonly AttemptResult[]): HourRow[] {
  const counted = new Map<string, HourRow>()
  for (const { claimed, webhook, outcome, endedAt } of ended) {
    const hour = Math.floor(endedAt / HOUR)
    const bucket = bucketOf(outcome.duration)
    const key = `${claimed.organization_id} ${webhook} ${hour} ${bucket}`
    const row = counted.get(key) ?? newHour(claimed.organization_id, webhook, { hour, bucket })
    if (outcome.succeeded) row.succeeded++
    else row.failed++
    counted.set(key, row)
  }
  return [...counted.values()].sort(byKey)
}

/**
 * Combines a batch into its webhooks' health changes, in the order of their keys. Webhooks whose attempts all succeeded are
 * omitted, unless the database has recorded failures for them.
 */
export function foldHealth(
  ended: readonly AttemptResult[],
  lanes: ReadonlyMap<string, { breaker: Breaker; failing: boolean }>,
): HealthChange[] {
  const changes = new Map<string, HealthChange>()
  for (const { claimed, webhook, outcome, startedAt } of ended) {
    const key = laneKey(claimed.organization_id, webhook)
    const change = changes.get(key) ?? newChange(claimed.organization_id, webhook)
    changes.set(key, change)
    if (outcome.succeeded) {
      Object.assign(change, { recovered: true, failures: 0, failingSince: null })
      continue
    }
    change.failures++
    change.failingSince ??= toTimestamp(startedAt)
    change.lastFailure = outcome.error && storableMessage(outcome.error)
    change.lastFailedDelivery = claimed.id
    change.gone ||= outcome.gone
  }
  const relevant = [...changes].filter(([key, change]) => change.failures > 0 || change.gone || lanes.get(key)?.failing)
  return relevant
    .map(([key, change]) => ({ ...change, breaker: lanes.get(key)?.breaker ?? closedBreaker }))
    .sort((a, b) => a.organization - b.organization || a.webhook - b.webhook)
}

function newHour(organization_id: OrganizationId, webhook_id: number, at: { hour: number; bucket: number }): HourRow {
  const hour = toTimestamp(at.hour * HOUR)
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
    lastFailedDelivery: null,
    gone: false,
    breaker: closedBreaker,
  }
}

/** PostgreSQL's text type cannot contain NUL. */
function storableMessage(error: AttemptError): string {
  return inSentences(error).replaceAll('\0', '')
}
