import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeZoneSchema } from '../../src/time/schema.ts'
import { cityOf, dateIn, instantAt, isZone, offsetLabel, offsetMinutes } from './zones.ts'

const now = Date.parse('2027-01-15T12:00:00Z')

test('an instant has the local date of its time zone', () => {
  assert.equal(dateIn('Pacific/Kiritimati', '2027-02-28T10:00:00Z'), '2027-03-01')
  assert.equal(dateIn('America/Los_Angeles', '2027-03-01T07:59:00Z'), '2027-02-28')
  assert.equal(dateIn('Europe/Berlin', '2027-02-28T23:00:00Z'), '2027-03-01')
})

test('offsets follow clock changes and support quarter hours', () => {
  assert.equal(offsetMinutes('Europe/Berlin', '2027-03-28T00:59:00Z'), 60)
  assert.equal(offsetMinutes('Europe/Berlin', '2027-03-28T01:00:00Z'), 120)
  assert.equal(offsetMinutes('Asia/Kathmandu', now), 345)
  assert.equal(offsetLabel('Asia/Kathmandu', now), 'GMT+5:45')
  assert.equal(offsetLabel('America/St_Johns', now), 'GMT−3:30')
  assert.equal(offsetLabel('UTC', now), 'GMT')
})

test('names a zone by its city, in the current spelling', () => {
  assert.equal(cityOf('America/Argentina/San_Juan'), 'San Juan')
  assert.equal(cityOf('Asia/Calcutta'), 'Kolkata')
  assert.equal(cityOf('UTC'), 'UTC')
})

test('recognizes invalid time zones', () => {
  assert.equal(isZone('Europe/Berlin'), true)
  assert.equal(isZone('Europe/Atlantis'), false)
  assert.equal(isZone(''), false)
  assert.equal(isZone(undefined), false)
})

test('accepts the time zones that the API accepts, and no others', () => {
  for (const zone of [
    'Europe/Berlin',
    'europe/berlin',
    'UTC',
    'Etc/GMT+5',
    'CET',
    '+02:00',
    '-0330',
    'Mars/Olympus',
    '',
  ])
    assert.equal(isZone(zone), timeZoneSchema.safeParse(zone).success, zone)
  assert.ok(!isZone('+02:00'))
})

test('finds the instant of a wall time in a zone, as Temporal does', () => {
  for (const zone of [
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'UTC',
  ])
    for (const date of [
      '2027-03-14',
      '2027-03-28',
      '2027-04-04',
      '2027-04-30',
      '2027-10-03',
      '2027-10-31',
      '2027-11-07',
    ])
      for (const time of ['00:00', '01:30', '02:00', '02:30', '03:00', '09:00', '23:59']) {
        const expected = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone).epochMilliseconds
        assert.equal(instantAt(zone, date, time), expected, `${zone} ${date} ${time}`)
      }
  assert.ok(Number.isNaN(instantAt('UTC', '', '09:00')))
})
