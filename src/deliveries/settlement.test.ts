import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrganizationId } from '../access/gate.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { AttemptOutcome } from './attempt.ts'
import { closedBreaker } from './breaker.ts'
import type { Claimed } from './lane.ts'
import { type AttemptResult, countHours, decideNext, foldHealth, toSettledRow } from './settlement.ts'

const now = Date.UTC(2027, 2, 1, 12)

function outcome(changes: Partial<AttemptOutcome> = {}): AttemptOutcome {
  const answer = { responseHeaders: {}, responseBody: '', truncated: false, duration: 5, gone: false }
  return { succeeded: true, status: 200, error: null, ...answer, ...changes }
}

const broken = outcome({
  succeeded: false,
  status: 500,
  error: { kind: 'status', stage: 'headers', code: 'server_error', found: 'no\0', remedy: 'try' },
})

function ended(result: AttemptOutcome, changes: Partial<AttemptResult> = {}): AttemptResult {
  const claimed = { organization_id: 1 as OrganizationId, id: 7, claim_id: 3, attempts: 0, created_ms: now } as Claimed
  const next = decideNext(claimed, result, { at: now, random: 0 })
  return { claimed, webhook: 2, outcome: result, startedAt: now, endedAt: now, next, ...changes }
}

test('a success ends a delivery, 410 fails it permanently, and any other failure is retried', () => {
  assert.deepEqual(ended(outcome()).next, { kind: 'delivered' })
  assert.deepEqual(ended(outcome({ succeeded: false, gone: true, status: 410 })).next, {
    kind: 'failed',
    reason: 'gone',
  })
  assert.deepEqual(ended(broken).next, { kind: 'retry', at: now + 5_000 })
})

test('the row contains the attempt and the next step, without a response that cannot be stored', () => {
  const row = toSettledRow(ended(broken))
  assert.deepEqual(
    [row.outcome, row.due_at, row.error, row.response_headers],
    ['pending', toTimestamp(now + 5_000), 'no try', '{}'],
  )
  assert.deepEqual(
    [toSettledRow(ended(broken), true).response_headers, toSettledRow(ended(broken), true).response_body],
    [null, null],
  )
})

test('attempts are counted by webhook, hour and duration', () => {
  const rows = countHours([
    ended(outcome()),
    ended(broken),
    ended(outcome({ duration: 900 })),
    ended(outcome(), { webhook: 1 }),
  ])
  assert.deepEqual(
    rows.map(({ webhook_id, bucket, succeeded, failed }) => [webhook_id, bucket, succeeded, failed]),
    [
      [1, 3, 1, 0],
      [2, 3, 1, 1],
      [2, 10, 1, 0],
    ],
  )
})

test('only failures after the last success in a batch count for health', () => {
  const lanes = new Map([['1:2', { breaker: closedBreaker, failing: false }]])
  const [change] = foldHealth([ended(broken), ended(outcome()), ended(broken), ended(broken)], lanes)
  assert.deepEqual([change?.recovered, change?.failures, change?.failingSince], [true, 2, toTimestamp(now)])
})

test('a success is recorded only if the webhook was failing', () => {
  const healthy = new Map([['1:2', { breaker: closedBreaker, failing: false }]])
  const failing = new Map([['1:2', { breaker: closedBreaker, failing: true }]])
  assert.deepEqual(foldHealth([ended(outcome())], healthy), [])
  assert.equal(foldHealth([ended(outcome())], failing)[0]?.recovered, true)
})
