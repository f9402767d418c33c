import { DAY } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import type { Period } from '../time/zones.ts'
import { type Component, propertiesOf, readRule, readTime, textOf } from './properties.ts'
import { repeat } from './recurrence.ts'
import { findZone, periodsClock, type WallClock, zoneClock } from './wall-clock.ts'

/** A clock change in a time zone. */
interface Transition {
  at: number
  before: number
  after: number
}

/**
 * Builds the clock of a VTIMEZONE (RFC 5545, 3.6.5). The clock is correct in `span` and a few years around it. If the VTIMEZONE
 * names an IANA zone (X-LIC-LOCATION), that zone is used. Returns null if there is no usable STANDARD or DAYLIGHT part.
 */
export function clockOfFileZone(zone: Component, span: Interval): WallClock | null {
  const location = textOf(zone, 'x-lic-location')
  const known = location === null ? null : findZone(location)
  if (known !== null) return zoneClock(known)
  const reach = { from: span.from - 3 * 366 * DAY, to: span.to + 366 * DAY }
  const transitions = zone.parts.flatMap((part) => transitionsOf(part, reach)).sort((a, b) => a.at - b.at)
  const [first] = transitions
  if (!first) return null
  const periods: Period[] = []
  let from = Number.NEGATIVE_INFINITY
  let offset = first.before
  for (const { at, after } of transitions) {
    if (at > from) periods.push({ from, to: at, offset })
    from = at
    offset = after
  }
  return periodsClock([...periods, { from, to: Number.POSITIVE_INFINITY, offset }])
}

function transitionsOf(part: Component, reach: Interval): Transition[] {
  const before = offsetOf(part, 'tzoffsetfrom')
  const after = offsetOf(part, 'tzoffsetto')
  const [begin] = propertiesOf(part, 'dtstart')
  const start = begin && readTime(begin)
  if (before === null || after === null || !start) return []
  // The wall times in a part are those before its change. A part that has not repeated for years still counts once, with its last
  // time.
  const walls = [start.wall, ...propertiesOf(part, 'rdate').flatMap((date) => readTime(date)?.wall ?? [])]
  for (const { value } of propertiesOf(part, 'rrule')) {
    const written = readRule(value)
    if (!written) continue
    const until = written.until && written.until.wall + (written.until.isUtc ? before : 0)
    const rule = until === null ? written.rule : { ...written.rule, until }
    const first = until === null ? reach.from : Math.min(reach.from, until - 3 * 366 * DAY)
    for (const found of repeat(rule, start.wall, { from: first, to: reach.to })) walls.push(...found)
  }
  return walls.map((wall) => ({ at: wall - before, before, after }))
}

/** Reads a UTC offset, such as `+02:00` or `-03:30:15`, in milliseconds. */
function offsetOf(part: Component, name: string): number | null {
  const match = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(textOf(part, name) ?? '')
  if (!match) return null
  const [, sign, hours, minutes, seconds = '0'] = match
  const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
  return sign === '-' ? -size : size
}
