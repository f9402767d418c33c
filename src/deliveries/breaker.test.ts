import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowedInFlight, type Breaker, breakerState, closedBreaker, endPause, recordAttempt } from './breaker.ts'

const now = Date.UTC(2027, 2, 1)

function afterFailures(count: number, at = now): Breaker {
  let breaker: Breaker = closedBreaker
  for (let n = 0; n < count; n++) breaker = recordAttempt(breaker, false, at)
  return breaker
}

test('opens for ten seconds at the tenth failure in a row', () => {
  assert.equal(breakerState(afterFailures(9), now), 'closed')
  assert.equal(breakerState(afterFailures(10), now), 'open')
  assert.equal(afterFailures(10).openUntil, now + 10_000)
})

test('a success in between resets the count', () => {
  assert.deepEqual(recordAttempt(afterFailures(9), true, now), closedBreaker)
})

test('sends nothing while open, one delivery at a time while probing, and everything when closed', () => {
  const open = afterFailures(10)
  assert.equal(allowedInFlight(closedBreaker, 16, now), 16)
  assert.equal(allowedInFlight(open, 16, now + 9_999), 0)
  assert.equal(allowedInFlight(open, 16, now + 10_000), 1)
})

test('failures that were in flight when it opened do not extend the pause', () => {
  assert.equal(afterFailures(26).openUntil, now + 10_000)
})

test('each failed probe doubles the pause, up to five minutes', () => {
  let breaker = afterFailures(10)
  const pauses = []
  for (let n = 0; n < 7; n++) {
    const probedAt = breaker.openUntil ?? 0
    breaker = recordAttempt(breaker, false, probedAt)
    pauses.push(((breaker.openUntil ?? 0) - probedAt) / 1000)
  }
  assert.deepEqual(pauses, [20, 40, 80, 160, 300, 300, 300])
})

test('a successful probe closes it', () => {
  assert.deepEqual(recordAttempt(afterFailures(10), true, now + 10_000), closedBreaker)
})

test('stays open no longer than its pause, even if the clock is set back', () => {
  const breaker = afterFailures(10)
  assert.equal(breakerState(breaker, now - 1), 'probing')
  assert.equal(breakerState(breaker, now - 3_600_000), 'probing')
})

test('the pause ends when someone requests an attempt, for one delivery at a time', () => {
  const open = afterFailures(10)
  const asked = endPause(open, now + 2_000)
  assert.deepEqual([breakerState(open, now + 2_000), breakerState(asked, now + 2_000)], ['open', 'probing'])
  assert.equal(allowedInFlight(asked, 16, now + 2_000), 1)
  const failed = recordAttempt(asked, false, now + 3_000)
  assert.equal(breakerState(endPause(failed, now + 2_000), now + 4_000), 'open', 'an old request counts once')
})

test('a closed breaker does not have a pause to end', () => {
  assert.deepEqual(endPause(closedBreaker, now), closedBreaker)
  assert.deepEqual(endPause(afterFailures(9), now), afterFailures(9))
})
