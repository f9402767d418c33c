import assert from 'node:assert/strict'
import { test } from 'node:test'
import { datesBetween } from './dates.ts'

test('lists the dates from the first to the last, across the end of a month and a clock change', () => {
  assert.deepEqual(datesBetween('2027-03-27', '2027-03-29'), ['2027-03-27', '2027-03-28', '2027-03-29'])
  assert.deepEqual(datesBetween('2028-02-28', '2028-03-01'), ['2028-02-28', '2028-02-29', '2028-03-01'])
  assert.deepEqual(datesBetween('2027-01-01', '2027-01-01'), ['2027-01-01'])
})

test('lists nothing if a date is missing or the last is before the first', () => {
  assert.deepEqual(datesBetween('', '2027-01-01'), [])
  assert.deepEqual(datesBetween('2027-01-02', '2027-01-01'), [])
})
