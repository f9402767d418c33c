import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND } from '../time/durations.ts'
import { WorkSlots } from './work-slots.ts'

test('work that waits for slow servers does not take the slots of quick work', async () => {
  let now = 0
  const slots = new WorkSlots(() => now)
  const slow = Array.from({ length: 20 }, () => Promise.withResolvers<void>())
  for (const { promise } of slow) slots.add(promise)
  assert.equal(slots.free, 0)
  now += 4 * SECOND
  assert.equal(slots.free, 20)
  const quick = Promise.withResolvers<void>()
  slots.add(quick.promise)
  assert.equal(slots.free, 19)
  quick.resolve()
  await slots.wait()
  assert.equal(slots.free, 20)
  for (const { resolve } of slow) resolve()
  while (!slots.isEmpty) await slots.wait()
})

test('even slow work is limited', () => {
  let now = 0
  const slots = new WorkSlots(() => now)
  for (let started = 0; started < 195; started++) {
    slots.add(new Promise(() => {}))
    now += SECOND
  }
  assert.equal(slots.free, 5)
})
