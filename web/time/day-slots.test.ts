import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coversMonth, datesInMonth, groupByDate, nextDate, repeatedTimes } from './day-slots.ts'
import { timeText, timeTextWithOffset } from './wording.ts'

const slot = (start: string) => ({ start, end: start, seats_left: 1 })

test('groups the same instants by each viewer’s dates', () => {
  const slots = [slot('2027-03-01T01:00:00Z'), slot('2027-03-01T15:00:00Z'), slot('2027-03-31T23:30:00Z')]
  assert.deepEqual([...groupByDate(slots, 'America/New_York').keys()], ['2027-02-28', '2027-03-01', '2027-03-31'])
  assert.deepEqual([...groupByDate(slots, 'Asia/Tokyo').keys()], ['2027-03-01', '2027-03-02', '2027-04-01'])
  assert.deepEqual(datesInMonth(groupByDate(slots, 'Asia/Tokyo'), '2027-03'), ['2027-03-01', '2027-03-02'])
})

test('the next date after an empty month is the first start in the extra days, otherwise the server’s next date', () => {
  const margin = groupByDate([slot('2027-04-01T08:00:00Z')], 'UTC')
  assert.equal(nextDate(margin, '2027-03', null), '2027-04-01')
  assert.equal(nextDate(new Map(), '2027-03', '2027-06-02'), '2027-06-02')
  assert.equal(nextDate(new Map(), '2027-03', null), null)
})

test('embedded slots are used only for months that they cover in every zone', () => {
  const initial = { from: '2027-02-28', to: '2027-04-01', timezone: 'UTC', slots: [], next_date: null }
  assert.equal(coversMonth(initial, '2027-03', '2027-01-10'), true)
  assert.equal(coversMonth(initial, '2027-04', '2027-01-10'), false)
  assert.equal(coversMonth(initial, '2027-02', '2027-01-10'), false)
  assert.equal(coversMonth({ ...initial, from: '2027-03-10' }, '2027-03', '2027-03-10'), true, 'nothing before today')
  assert.equal(coversMonth({ ...initial, timezone: 'Asia/Tokyo' }, '2027-03', '2027-01-10'), false)
})

test('the hour that a clock change repeats is distinguished by its offset', () => {
  const view = { tag: 'en-GB', zone: 'America/New_York', hour12: false }
  const slots = ['05:00', '05:30', '06:00', '06:30', '07:00'].map((time) => slot(`2027-11-07T${time}:00Z`))
  assert.deepEqual([...repeatedTimes(slots, ({ start }) => timeText(start, view))], ['01:00', '01:30'])
  assert.deepEqual(
    slots.slice(0, 3).map(({ start }) => timeTextWithOffset(start, view)),
    ['01:00 GMT-4', '01:30 GMT-4', '01:00 GMT-5'],
  )
})
