import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, addMonths, fromLocal, isDate, isMonth, lastDate, rangeAround, toLocalNoon } from './months.ts'

test('counts days across months, years and leap days', () => {
  assert.equal(addDays('2027-12-31', 1), '2028-01-01')
  assert.equal(addDays('2028-03-01', -1), '2028-02-29')
  assert.equal(addMonths('2027-12', 1), '2028-01')
  assert.equal(addMonths('2027-01', -1), '2026-12')
  assert.equal(lastDate('2027-02'), '2027-02-28')
})

test('requests an extra day on both sides of a month', () => {
  assert.deepEqual(rangeAround('2027-03'), { from: '2027-02-28', to: '2027-04-01' })
})

test('accepts only months and dates that exist', () => {
  assert.equal(isMonth('2027-13'), false)
  assert.equal(isMonth('2027-3'), false)
  assert.equal(isMonth('2027-03'), true)
  assert.equal(isDate('2027-02-29'), false)
  assert.equal(isDate('2028-02-29'), true)
  assert.equal(isDate('2027-02-01T00:00'), false)
  assert.equal(isDate(null), false)
})

test('a date survives the conversion for the calendar widget in any device time zone', () => {
  for (const date of ['2027-03-14', '2027-03-28', '2027-11-07', '2026-04-04', '2027-01-01', '2027-12-31']) {
    assert.equal(fromLocal(toLocalNoon(date)), date)
  }
  assert.equal(fromLocal(toLocalNoon('2027-03')), '2027-03-01')
})
