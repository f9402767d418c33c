import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  clearTimeText,
  dateText,
  firstWeekday,
  momentText,
  monthText,
  prefersHour12,
  timeRange,
  timeText,
} from './wording.ts'

const plain = (text: string) => text.replaceAll(/\s/g, ' ')

test('writes midnight and noon in 12-hour and 24-hour formats', () => {
  const midnight = '2027-03-01T00:00:00Z'
  for (const tag of ['en', 'de', 'fr', 'es', 'pt']) {
    assert.equal(timeText(midnight, { tag, zone: 'UTC', hour12: false }), '00:00', tag)
    assert.match(timeText(midnight, { tag, zone: 'UTC', hour12: true }), /^12:00/, tag)
  }
  assert.equal(plain(timeText('2027-03-01T12:00:00Z', { tag: 'en', zone: 'UTC', hour12: true })), '12:00 PM')
})

test('writes dates in each language', () => {
  assert.equal(dateText('de', '2027-03-01'), 'Montag, 1. März')
  assert.equal(dateText('en-GB', '2027-03-01'), 'Monday 1 March')
  assert.equal(monthText('fr', '2027-03'), 'mars 2027')
  const view = { tag: 'en', zone: 'Europe/Berlin', hour12: true }
  assert.equal(plain(timeRange('2027-03-01T08:00:00Z', '2027-03-01T08:30:00Z', view)), '9:00 – 9:30 AM')
})

test('uses the region’s first weekday and hour format', () => {
  assert.equal(firstWeekday('en-US'), 0)
  assert.equal(firstWeekday('de-DE'), 1)
  assert.equal(prefersHour12('en-US'), true)
  assert.equal(prefersHour12('de'), false)
})

test('writes both offsets around a clock change, and the weekday of an end on another day', () => {
  const view = { tag: 'en', zone: 'America/New_York', hour12: true }
  const repeated = timeRange('2027-11-07T05:30:00Z', '2027-11-07T06:00:00Z', view)
  assert.equal(plain(repeated), '1:30 AM EDT – 1:00 AM EST')
  assert.equal(plain(timeRange('2027-11-07T06:00:00Z', '2027-11-07T06:30:00Z', view)), '1:00 AM EST – 1:30 AM EST')
  assert.equal(plain(timeRange('2027-11-07T07:00:00Z', '2027-11-07T07:30:00Z', view)), '2:00 – 2:30 AM')
  assert.equal(plain(timeRange('2027-11-09T04:30:00Z', '2027-11-09T05:30:00Z', view)), '11:30 PM – Tue 12:30 AM')
  assert.equal(plain(timeRange('2027-11-09T14:00:00Z', '2027-11-10T14:00:00Z', view)), '9:00 AM – Wed 9:00 AM')
})

test('a single time in the hour that the clocks repeat shows its offset, in every language', () => {
  for (const tag of ['en', 'de', 'fr', 'es', 'pt']) {
    const view = { tag, zone: 'Europe/Berlin', hour12: false }
    const [first, second, plainDay] = ['2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z', '2027-10-30T00:30:00Z']
    assert.notEqual(clearTimeText(first, view), clearTimeText(second, view), tag)
    assert.notEqual(momentText(first, view), momentText(second, view), tag)
    assert.equal(clearTimeText(plainDay, view), '02:30')
  }
})
