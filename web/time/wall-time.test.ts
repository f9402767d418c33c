import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantsOfWallTime, isMidnight } from './wall-time.ts'

const at = (zone: string, date: string, time: string) =>
  instantsOfWallTime(zone, date, time).map((instant) => new Date(instant).toISOString().slice(0, 16))

test('a wall time is one instant, none in a skipped hour, and two in a repeated hour', () => {
  assert.deepEqual(at('Europe/Berlin', '2027-03-01', '09:00'), ['2027-03-01T08:00'])
  assert.deepEqual(at('Pacific/Chatham', '2027-01-01', '00:15'), ['2026-12-31T10:30'])
  assert.deepEqual(at('Europe/Berlin', '2027-03-28', '02:30'), [])
  assert.deepEqual(at('Europe/Berlin', '2027-10-31', '02:30'), ['2027-10-31T00:30', '2027-10-31T01:30'])
  assert.deepEqual(at('America/New_York', '2027-11-07', '01:00'), ['2027-11-07T05:00', '2027-11-07T06:00'])
  assert.deepEqual(at('Australia/Lord_Howe', '2027-04-04', '01:45'), ['2027-04-03T14:45', '2027-04-03T15:15'])
  assert.deepEqual(at('UTC', '2027-13-01', '09:00'), [])
})

test('every instant in a year is found again from its wall time', () => {
  for (const zone of ['Africa/Cairo', 'America/Havana', 'Asia/Kathmandu', 'Africa/Casablanca']) {
    for (let hour = 0; hour < 366 * 24; hour++) {
      const instant = Temporal.Instant.fromEpochMilliseconds(Date.UTC(2027, 0, 1, hour, 30))
      const wall = instant.toZonedDateTimeISO(zone)
      const found = instantsOfWallTime(zone, String(wall.toPlainDate()), String(wall.toPlainTime()).slice(0, 5))
      assert.ok(found.includes(instant.epochMilliseconds), `${instant} in ${zone}`)
    }
  }
})

test('midnight is the first instant of a date, even where it is not 00:00', () => {
  assert.ok(isMidnight('Europe/Berlin', '2027-03-01T23:00:00Z'))
  assert.ok(!isMidnight('Europe/Berlin', '2027-03-02T00:00:00Z'))
})
