import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadAllSlots } from './all-slots.ts'

test('slots that do not fit into one response are loaded in further requests, each from where the last response ends', async () => {
  const parts = [
    { slots: [1, 2], next_date: '2027-03-03' },
    { slots: [3], next_date: '2027-03-20' },
    { slots: [4], next_date: null },
  ]
  const asked: string[] = []
  const load = async ({ from }: { from: string; to: string }) => {
    asked.push(from)
    return parts[asked.length - 1]!
  }
  const all = await loadAllSlots(load, { from: '2027-03-01', to: '2027-03-31' })
  assert.deepEqual([all.slots, all.next_date, asked], [[1, 2, 3, 4], null, ['2027-03-01', '2027-03-03', '2027-03-20']])
})

test('the next date after the range is not loaded', async () => {
  const answer = { slots: [1], next_date: '2027-04-02' }
  assert.deepEqual(await loadAllSlots(async () => answer, { from: '2027-03-01', to: '2027-03-31' }), answer)
})
