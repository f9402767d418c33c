import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adjustPace, fullPace, type Pace } from './pace.ts'

function after(steps: number, utilization: number, from: Pace = fullPace): number {
  let pace = from
  for (let step = 0; step < steps; step++) pace = adjustPace(pace, utilization)
  return pace.limit
}

test('a busy process has fewer requests in flight, down to a minimum', () => {
  assert.equal(after(1, 0.95), 819)
  assert.equal(after(50, 1), 64)
})

test('an idle process has more requests in flight, up to a maximum', () => {
  assert.equal(after(1, 0.5, { limit: 64 }), 80)
  assert.equal(after(50, 0.1, { limit: 64 }), 1_024)
})

test('in between, the limit does not change', () => {
  assert.equal(after(10, 0.8, { limit: 100 }), 100)
})
