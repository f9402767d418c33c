import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { afterFailure, deliveryLifetime, type FailedAttempt, retryAfterDelay, retryDelays } from './retry-delays.ts'

const start = Date.UTC(2027, 2, 1)
const hour = 3_600_000

function failed(changes: Partial<FailedAttempt> = {}): FailedAttempt {
  return { number: 1, at: start, createdAt: start, status: 500, retryAfter: null, random: 0, ...changes }
}

function dueIn(changes: Partial<FailedAttempt>): number | string {
  const step = afterFailure(failed(changes))
  return step.kind === 'retry' ? step.at - start : step.reason
}

test('retries come after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => Number(dueIn({ number })) / 1000)
  assert.deepEqual(seconds, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
})

test('the tenth failed attempt is the last', () => {
  assert.equal(dueIn({ number: 10 }), 'attempts_used_up')
})

test('a retry is up to 10% later but never earlier', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (number, random) => {
      const due = Number(dueIn({ number, random }))
      const delay = retryDelays[number - 1] ?? 0
      assert.ok(due >= delay && due <= delay * 1.1 + 1, `${due} for ${delay}`)
    }),
  )
})

test('a delivery fails if its next attempt would be more than five days after its creation', () => {
  const age = deliveryLifetime - 24 * hour
  assert.equal(dueIn({ number: 9, createdAt: start - age }), 24 * hour)
  assert.equal(dueIn({ number: 9, createdAt: start - age - 1 }), 'too_old')
})

test('a longer Retry-After on 429 and 503 is honoured', () => {
  for (const status of [429, 503]) {
    assert.equal(dueIn({ status, retryAfter: '120' }), 120_000)
    assert.equal(dueIn({ status, retryAfter: '2' }), 5_000)
    assert.equal(dueIn({ status, retryAfter: 'Mon, 01 Mar 2027 01:00:00 GMT' }), hour)
  }
})

test('a Retry-After on any other response is ignored', () => {
  for (const status of [200, 302, 400, 500, 502, null]) assert.equal(dueIn({ status, retryAfter: '120' }), 5_000)
})

test('a Retry-After counts up to 24 hours', () => {
  assert.equal(retryAfterDelay('86401', start), 24 * hour)
  assert.equal(retryAfterDelay('9'.repeat(400), start), 24 * hour)
  assert.equal(retryAfterDelay('Fri, 01 Mar 2999 00:00:00 GMT', start), 24 * hour)
})

test('every HTTP date format is parsed in a Retry-After', () => {
  assert.equal(retryAfterDelay('Mon, 01 Mar 2027 02:00:00 GMT', start), 2 * hour)
  assert.equal(retryAfterDelay('Monday, 01-Mar-27 02:00:00 GMT', start), 2 * hour)
  assert.equal(retryAfterDelay('Mon Mar  1 02:00:00 2027', start), 2 * hour)
})

test('a malformed or past Retry-After is ignored', () => {
  for (const value of ['Sun, 28 Feb 2027 00:00:00 GMT', '-5', '1.5', 'soon', '', '2027-03-01', '1e9', null]) {
    assert.equal(retryAfterDelay(value, start), 0, String(value))
  }
})
