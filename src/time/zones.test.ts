import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eachProcessZone } from '../../test/support/process-zones.ts'
import { allZones } from '../../test/support/slots-cases.ts'
import { at, day } from '../../test/support/slots-input.ts'
import { DAY } from './durations.ts'
import { addDays, formatLocalDate, type LocalDay } from './local-dates.ts'
import { instantOf, instantsOfDates, localDayAt, offsetAt, zoneOffsets } from './zones.ts'

const hour = 60
const write = (instant: number) => new Date(instant).toISOString().slice(0, 16)

/** Returns the instant of a wall time, as `2026-03-08T07:00`. */
function wall(zone: string, date: string, minutes: number): string {
  const midnight = day(date) * DAY
  return write(instantOf(zoneOffsets(zone, midnight - 2 * DAY, midnight + 2 * DAY), day(date), minutes))
}

const instants = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2040) })
const zones = fc.constantFrom(...allZones)

eachProcessZone(() => {
  test('a time that does not exist moves forward by the gap', () => {
    assert.equal(wall('America/New_York', '2026-03-08', 2.5 * hour), '2026-03-08T07:30')
    assert.equal(wall('Australia/Lord_Howe', '2026-10-04', 2.25 * hour), '2026-10-03T15:45')
    assert.equal(wall('America/Sao_Paulo', '2018-11-04', 0), '2018-11-04T03:00')
  })

  test('an ambiguous time means the first of the two', () => {
    assert.equal(wall('America/New_York', '2026-11-01', 1.5 * hour), '2026-11-01T05:30')
    assert.equal(wall('Europe/London', '2026-10-25', hour), '2026-10-25T00:00')
  })

  test('24:00 is the next midnight', () => {
    assert.equal(wall('Europe/Berlin', '2026-06-01', 24 * hour), '2026-06-01T22:00')
    assert.equal(wall('Pacific/Apia', '2011-12-29', 24 * hour), '2011-12-30T10:00')
  })

  test('every wall time maps to the same instant as in Temporal', () => {
    const property = fc.property(zones, instants, fc.integer({ min: 0, max: 1439 }), (zone, instant, minutes) => {
      const date = Math.floor(instant / DAY) as LocalDay
      const local = Temporal.PlainDate.from(formatLocalDate(date)).toPlainDateTime().add({ minutes })
      const offsets = zoneOffsets(zone, instant - 2 * DAY, instant + 2 * DAY)
      assert.equal(instantOf(offsets, date, minutes), local.toZonedDateTime(zone).epochMilliseconds)
    })
    fc.assert(property, { numRuns: 500 })
  })

  test('every instant has the same offset and date as in Temporal', () => {
    const property = fc.property(zones, instants, (zone, instant) => {
      const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
      const offsets = zoneOffsets(zone, instant, instant)
      assert.equal(offsetAt(offsets, instant), local.offsetNanoseconds / 1e6)
      assert.equal(formatLocalDate(localDayAt(offsets, instant)), local.toPlainDate().toString())
    })
    fc.assert(property, { numRuns: 500 })
  })
})

test('a date is skipped if the clocks jump over all of it', () => {
  const apia = zoneOffsets('Pacific/Apia', at('2011-12-01T00:00Z'), at('2012-01-31T00:00Z'))
  assert.deepEqual(apia.skipped, [day('2011-12-30')])
  const kwajalein = zoneOffsets('Pacific/Kwajalein', at('1993-08-01T00:00Z'), at('1993-09-30T00:00Z'))
  assert.deepEqual(kwajalein.skipped, [day('1993-08-21')])
  assert.deepEqual(zoneOffsets('Europe/Berlin', at('2027-01-01T00:00Z'), at('2027-12-31T00:00Z')).skipped, [])
})

test('a date is one interval, or two if the clocks are set back across midnight', () => {
  const span = { from: at('2006-10-25T00:00Z'), to: at('2006-11-02T00:00Z') }
  const zone = zoneOffsets('America/St_Johns', span.from, span.to)
  const dates = (date: string) => instantsOfDates(zone, { first: day(date), last: day(date) }, span)
  const written = (date: string) => dates(date).map(({ from, to }) => `${write(from)} ${write(to)}`)
  assert.deepEqual(written('2006-10-27'), ['2006-10-27T02:30 2006-10-28T02:30'])
  assert.deepEqual(written('2006-10-28'), ['2006-10-28T02:30 2006-10-29T02:30', '2006-10-29T02:31 2006-10-29T03:30'])
  assert.deepEqual(written('2006-10-29'), ['2006-10-29T02:30 2006-10-29T02:31', '2006-10-29T03:30 2006-10-30T03:30'])
  assert.deepEqual(instantsOfDates(zone, { first: day('2006-10-28'), last: day('2006-10-29') }, span), [
    { from: at('2006-10-28T02:30Z'), to: at('2006-10-30T03:30Z') },
  ])
})

test('offsets for more than two years are rejected, so that no caller iterates over centuries', () => {
  assert.throws(() => zoneOffsets('Europe/Berlin', 0, 3 * 366 * DAY), RangeError)
})

test('offsets are valid for a year and two weeks around it, wherever the year begins', () => {
  const property = fc.property(zones, instants, fc.integer({ min: -16, max: 382 }), (zone, from, days) => {
    const instant = addDays(Math.floor(from / DAY) as LocalDay, days) * DAY
    const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
    assert.equal(offsetAt(zoneOffsets(zone, from, from + 366 * DAY), instant), offsetNanoseconds / 1e6)
  })
  fc.assert(property, { numRuns: 300 })
})
