import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemberBusy } from '../client/connections.ts'
import { daysOf, shownHours, weekOf } from './days.ts'

const zone = 'Europe/Berlin'
const busy = (start: string, end: string, kind: 'meeting' | 'calendar' | 'time_off' = 'meeting') => ({
  kind,
  start,
  end,
  calendar: null,
})
const days = (times: MemberBusy['busy'], dates: string[]) => daysOf({ timezone: zone, hours: [], busy: times }, dates)
const tops = (day: { times: { top: number; bottom: number }[] } | undefined) =>
  day?.times.map(({ top, bottom }) => [top, bottom])

test('a time across midnight is on both days, cut at midnight', () => {
  const [first, second] = days([busy('2027-03-01T22:00:00Z', '2027-03-02T01:00:00Z')], ['2027-03-01', '2027-03-02'])
  assert.deepEqual(tops(first), [[1380, 1440]])
  assert.deepEqual(tops(second), [[0, 120]])
  assert.equal(second?.times[0]?.from, '2027-03-01T23:00:00.000Z')
})

test('a time that lasts the whole day is listed as such, on a day with 23 hours too', () => {
  const off = busy('2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z', 'time_off')
  const [before, day, after] = days([off], ['2027-03-27', '2027-03-28', '2027-03-29'])
  assert.deepEqual([before?.allDay.length, day?.allDay.length, after?.allDay.length], [0, 1, 0])
  assert.deepEqual(day?.times, [])
})

test('times have their place on the wall clock after a clock change', () => {
  const [day] = days([busy('2027-03-28T07:00:00Z', '2027-03-28T08:00:00Z')], ['2027-03-28'])
  assert.deepEqual(tops(day), [[540, 600]])
})

test('a time in the repeated hour has a height', () => {
  const [day] = days([busy('2027-10-31T00:45:00Z', '2027-10-31T01:15:00Z')], ['2027-10-31'])
  assert.deepEqual(tops(day), [[165, 185]])
})

test('times that overlap are next to each other, and others are not', () => {
  const [day] = days(
    [
      busy('2027-03-01T08:00:00Z', '2027-03-01T10:00:00Z'),
      busy('2027-03-01T08:30:00Z', '2027-03-01T09:00:00Z', 'calendar'),
      busy('2027-03-01T09:00:00Z', '2027-03-01T09:30:00Z', 'calendar'),
      busy('2027-03-01T12:00:00Z', '2027-03-01T13:00:00Z'),
    ],
    ['2027-03-01'],
  )
  assert.deepEqual(
    day?.times.map(({ lane, lanes }) => [lane, lanes]),
    [
      [0, 2],
      [1, 2],
      [1, 2],
      [0, 1],
    ],
  )
})

test('a week shows 8 to 18, and every hour that is used', () => {
  assert.deepEqual(shownHours(days([], ['2027-03-01'])), { first: 8, last: 18 })
  const early = days([busy('2027-03-01T04:30:00Z', '2027-03-01T05:00:00Z')], ['2027-03-01'])
  assert.deepEqual(shownHours(early), { first: 5, last: 18 })
})

test('a week begins on the first weekday of the region', () => {
  assert.deepEqual([weekOf('2027-03-03', 1)[0], weekOf('2027-03-03', 0)[0]], ['2027-03-01', '2027-02-28'])
  assert.equal(weekOf('2027-02-28', 1)[6], '2027-02-28')
})
