import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachProcessZone } from '../../test/support/process-zones.ts'
import { at, datesIn, schedule } from '../../test/support/slots-input.ts'
import { DAY } from '../time/durations.ts'
import { unite } from '../time/intervals.ts'
import { zoneOffsets } from '../time/zones.ts'
import { intervalsOfDates, type ParsedSchedule, parseSchedule } from './schedule.ts'

/** Returns the hours that begin on a date in the schedule's time zone, such as `2026-03-08T17:00 2026-03-08T22:00`. */
function hoursOn(given: ParsedSchedule, date: string): string[] {
  const noon = at(`${date}T12:00Z`)
  const zone = zoneOffsets(given.zone, noon - 3 * DAY, noon + 3 * DAY)
  const span = { from: noon - 2 * DAY, to: noon + 2 * DAY }
  const own = datesIn(given.zone, date)
  return intervalsOfDates(given, zone, span)
    .filter(({ from }) => own.from <= from && from < own.to)
    .map(({ from, to }) => `${new Date(from).toISOString().slice(0, 16)} ${new Date(to).toISOString().slice(0, 16)}`)
}

const daily = (zone: string, hours: string) => schedule(zone, { daily: hours })

eachProcessZone(() => {
  test('hours are wall times, so on days when clocks change their instants shift', () => {
    assert.deepEqual(hoursOn(daily('America/New_York', '13:00-18:00'), '2026-03-08'), [
      '2026-03-08T17:00 2026-03-08T22:00',
    ])
    assert.deepEqual(hoursOn(daily('America/New_York', '09:00-17:00'), '2026-03-08'), [
      '2026-03-08T13:00 2026-03-08T21:00',
    ])
    assert.deepEqual(hoursOn(daily('America/New_York', '09:00-17:00'), '2026-11-01'), [
      '2026-11-01T14:00 2026-11-01T22:00',
    ])
    assert.deepEqual(hoursOn(daily('Europe/London', '13:00-18:00'), '2026-03-29'), [
      '2026-03-29T12:00 2026-03-29T17:00',
    ])
    assert.deepEqual(hoursOn(daily('Australia/Sydney', '09:00-17:00'), '2026-10-04'), [
      '2026-10-03T22:00 2026-10-04T06:00',
    ])
  })

  test('an interval that spans a gap is as long as the elapsed time in it', () => {
    assert.deepEqual(hoursOn(daily('America/New_York', '01:00-04:00'), '2026-03-08'), [
      '2026-03-08T06:00 2026-03-08T08:00',
    ])
  })

  test('an interval inside a gap is empty and omitted', () => {
    assert.deepEqual(hoursOn(daily('America/New_York', '02:30-03:10'), '2026-03-08'), [])
    assert.deepEqual(hoursOn(daily('America/New_York', '02:30-03:40'), '2026-03-08'), [
      '2026-03-08T07:30 2026-03-08T07:40',
    ])
  })

  test('an interval over an ambiguous hour is one hour longer', () => {
    assert.deepEqual(hoursOn(daily('America/New_York', '00:00-03:00'), '2026-11-01'), [
      '2026-11-01T04:00 2026-11-01T08:00',
    ])
  })

  test('a date that the zone skips has no hours', () => {
    const apia = daily('Pacific/Apia', '09:00-17:00')
    assert.deepEqual(hoursOn(apia, '2011-12-29'), ['2011-12-29T19:00 2011-12-30T03:00'])
    assert.deepEqual(hoursOn(apia, '2011-12-30'), [])
    assert.deepEqual(hoursOn(apia, '2011-12-31'), ['2011-12-30T19:00 2011-12-31T03:00'])
  })

  test('half-hour clock changes, quarter-hour offsets and gaps at midnight follow from the same rule', () => {
    assert.deepEqual(hoursOn(daily('Australia/Lord_Howe', '01:00-03:00'), '2026-10-04'), [
      '2026-10-03T14:30 2026-10-03T16:00',
    ])
    assert.deepEqual(hoursOn(daily('Asia/Kathmandu', '09:00-10:00'), '2026-06-01'), [
      '2026-06-01T03:15 2026-06-01T04:15',
    ])
    assert.deepEqual(hoursOn(daily('America/Sao_Paulo', '00:00-02:00'), '2018-11-04'), [
      '2018-11-04T03:00 2018-11-04T04:00',
    ])
  })

  test('clocks that change for Ramadan change the hours', () => {
    const casablanca = daily('Africa/Casablanca', '09:00-10:00')
    assert.deepEqual(hoursOn(casablanca, '2026-02-10'), ['2026-02-10T08:00 2026-02-10T09:00'])
    assert.deepEqual(hoursOn(casablanca, '2026-02-20'), ['2026-02-20T09:00 2026-02-20T10:00'])
  })
})

test('a weekday can have several intervals, and weekdays can differ', () => {
  const given = schedule('UTC', { mo: '09:00-12:00 13:00-17:00', tu: '10:00-11:00' })
  assert.deepEqual(hoursOn(given, '2027-03-01'), [
    '2027-03-01T09:00 2027-03-01T12:00',
    '2027-03-01T13:00 2027-03-01T17:00',
  ])
  assert.deepEqual(hoursOn(given, '2027-03-02'), ['2027-03-02T10:00 2027-03-02T11:00'])
  assert.deepEqual(hoursOn(given, '2027-03-03'), [])
})

test('an override replaces the hours of its date, and an override without hours is a day off', () => {
  const given = schedule('UTC', { daily: '09:00-17:00' }, { '2027-03-01': '20:00-21:00', '2027-03-02': '' })
  assert.deepEqual(hoursOn(given, '2027-03-01'), ['2027-03-01T20:00 2027-03-01T21:00'])
  assert.deepEqual(hoursOn(given, '2027-03-02'), [])
  assert.deepEqual(hoursOn(given, '2027-03-03'), ['2027-03-03T09:00 2027-03-03T17:00'])
})

test('24:00 is where the next day begins, so hours around the clock are one interval', () => {
  const span = { from: at('2027-03-01T00:00Z'), to: at('2027-03-04T00:00Z') }
  const own = intervalsOfDates(daily('UTC', '00:00-24:00'), zoneOffsets('UTC', span.from, span.to), span)
  assert.equal(unite(own).length, 1)
  assert.deepEqual(
    own.filter(({ from }) => from >= span.from && from < span.to).map(({ from }) => from - span.from),
    [0, DAY, 2 * DAY],
  )
})

test('a stored schedule is parsed into its weekdays and dates, in any order', () => {
  const read = parseSchedule({
    timezone: 'UTC',
    weekly: [
      { day: 'su', from: '23:00', to: '24:00' },
      { day: 'mo', from: '13:00', to: '17:00' },
      { day: 'mo', from: '09:00', to: '12:00' },
    ],
    overrides: [{ date: '2027-03-08', hours: [] }],
  })
  assert.deepEqual(read, schedule('UTC', { mo: '09:00-12:00 13:00-17:00', su: '23:00-24:00' }, { '2027-03-08': '' }))
})
