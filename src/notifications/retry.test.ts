import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextTry, probeDelay } from './retry.ts'

test('an email is retried after 30 s, 1, 2, 5 and 10 minutes, then every 15 minutes', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 400].map((attempts) => nextTry(attempts, 0, 0) / 1000)
  assert.deepEqual(waits, [30, 60, 120, 300, 600, 900, 900, 900])
})

test('a delay is up to 10% longer but never shorter', () => {
  assert.equal(nextTry(2, 1000, 0.999999), 67_000)
})

test('an unreachable server is probed less and less often, but at least once a minute', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 99].map(probeDelay), [0, 5000, 10_000, 20_000, 40_000, 60_000, 60_000])
})
