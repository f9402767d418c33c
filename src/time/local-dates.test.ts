import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  formatLocalDate,
  formatWallTime,
  type LocalDay,
  parseLocalDate,
  parseWallTime,
  weekdayOf,
  weekOf,
} from './local-dates.ts'

const days = fc.integer({ min: -20_000, max: 40_000 }) as fc.Arbitrary<LocalDay>

test('existing dates are parsed and formatted unchanged', () => {
  fc.assert(fc.property(days, (day) => assert.equal(parseLocalDate(formatLocalDate(day)), day)))
  assert.equal(parseLocalDate('1970-01-01'), 0)
  assert.equal(parseLocalDate('2028-02-29'), 21_243)
})

test('dates that do not exist and other formats are rejected', () => {
  for (const wrong of [
    '2027-02-29',
    '2027-04-31',
    '2027-13-01',
    '2027-00-10',
    '2027-1-1',
    '27-01-01',
    '2027-01-01T00:00Z',
    ' 2027-01-01',
    '',
  ]) {
    assert.equal(parseLocalDate(wrong), null, wrong)
  }
})

test('weekdays and weeks start on Monday, as in ISO 8601', () => {
  const property = fc.property(days, (day) => {
    const date = Temporal.PlainDate.from(formatLocalDate(day))
    assert.equal(weekdayOf(day), date.dayOfWeek - 1)
    assert.equal(weekOf(day), weekOf((day - (date.dayOfWeek - 1)) as LocalDay))
    assert.equal(weekOf(day) + 1, weekOf((day + 8 - date.dayOfWeek) as LocalDay))
  })
  fc.assert(property)
})

test('times of day range from 00:00 to 24:00', () => {
  assert.deepEqual(['00:00', '09:05', '23:59', '24:00'].map(parseWallTime), [0, 545, 1439, 1440])
  for (const wrong of ['24:01', '25:00', '9:00', '09:60', '09:00:00', '', '-1:00'])
    assert.equal(parseWallTime(wrong), null, wrong)
  assert.deepEqual([0, 545, 1440].map(formatWallTime), ['00:00', '09:05', '24:00'])
})
