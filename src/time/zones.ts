import { DAY, MINUTE } from './durations.ts'
import type { Interval } from './intervals.ts'
import { type LocalDay, toLocalDay } from './local-dates.ts'

/** A time range in which the clocks of a time zone are `offset` milliseconds ahead of UTC. */
export interface Period extends Interval {
  readonly offset: number
}

/**
 * The UTC offsets of a time zone over a time range. They are looked up once per calculation, so that individual starts do not
 * need a `Temporal` object.
 */
export interface ZoneOffsets {
  readonly zone: string
  /** Has no gaps from -Infinity to Infinity. Periods outside the requested time range may be incomplete. */
  readonly periods: readonly Period[]
  /** Dates that the time zone skips (Pacific/Apia, 2011-12-30). */
  readonly skipped: readonly LocalDay[]
}

const CHUNK = 2 ** 36 // In milliseconds: about 2.2 years.
const MARGIN = 16 * DAY
const MOST_CHUNKS = 2000
const chunks = new Map<string, ZoneOffsets>()

/**
 * Returns the offsets of a time zone between `from` and `to`, and two weeks around them. Throws a RangeError for an unknown zone
 * and for a range of more than two years.
 */
export function zoneOffsets(zone: string, from: number, to: number): ZoneOffsets {
  if (to - from > CHUNK) throw new RangeError('Zone offsets are looked up for at most two years')
  const chunk = Math.floor(from / CHUNK)
  const key = `${zone} ${chunk}`
  const known = chunks.get(key)
  if (known) return known
  const found = readOffsets(zone, chunk * CHUNK - MARGIN, (chunk + 2) * CHUNK + MARGIN)
  const [oldest] = chunks.keys()
  if (chunks.size >= MOST_CHUNKS && oldest !== undefined) chunks.delete(oldest)
  chunks.set(key, found)
  return found
}

function readOffsets(zone: string, from: number, to: number): ZoneOffsets {
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  let start = Number.NEGATIVE_INFINITY
  let offset = at.offsetNanoseconds / 1e6
  const periods: Period[] = []
  const skipped: LocalDay[] = []
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds >= to) break
    const transition = next.epochMilliseconds
    periods.push({ from: start, to: transition, offset })
    const before = offset
    start = transition
    offset = next.offsetNanoseconds / 1e6
    skipped.push(...datesWithin(transition + before, transition + offset))
    at = next
  }
  periods.push({ from: start, to: Number.POSITIVE_INFINITY, offset })
  return { zone, periods, skipped }
}

/** Returns the whole dates between two wall times in milliseconds. Returns an empty list if the clocks are set back. */
function datesWithin(from: number, to: number): LocalDay[] {
  const days: LocalDay[] = []
  for (let day = Math.ceil(from / DAY); (day + 1) * DAY <= to; day++) days.push(toLocalDay(day))
  return days
}

/** Returns the zone's offset from UTC at an instant, in milliseconds. */
export function offsetAt({ periods }: Pick<ZoneOffsets, 'periods'>, instant: number): number {
  let current = 0
  for (const { from, offset } of periods) {
    if (from > instant) break
    current = offset
  }
  return current
}

/** Returns the local date in the zone at an instant. */
export function localDayAt(zone: ZoneOffsets, instant: number): LocalDay {
  return toLocalDay(Math.floor((instant + offsetAt(zone, instant)) / DAY))
}

/**
 * Returns the instant of a local date and minutes since its midnight (1440 is the next midnight). A wall time that a DST change
 * skips moves forward by the gap. An ambiguous wall time means the first of its two instants (`disambiguation: 'compatible'` in
 * Temporal, RFC 5545 section 3.3.5).
 */
export function instantOf(zone: ZoneOffsets, day: LocalDay, minutes: number): number {
  return instantOfWall(zone, day * DAY + minutes * MINUTE)
}

/** Does the same for a wall time in milliseconds, as if the wall clock showed UTC. */
export function instantOfWall(zone: Pick<ZoneOffsets, 'periods'>, wall: number): number {
  let before = 0
  for (const period of zone.periods) {
    const instant = wall - period.offset
    if (instant < period.to) return instant >= period.from ? instant : wall - before
    before = period.offset
  }
  return wall - before
}

/**
 * Returns the part of `span` that falls on the local dates from `first` to `last`. This is more than one interval only if the
 * clocks are set back across midnight.
 */
export function instantsOfDates(zone: ZoneOffsets, dates: { first: number; last: number }, span: Interval): Interval[] {
  const found: Interval[] = []
  for (const period of zone.periods) {
    const from = Math.max(span.from, period.from, dates.first * DAY - period.offset)
    const to = Math.min(span.to, period.to, (dates.last + 1) * DAY - period.offset)
    if (from >= to) continue
    const previous = found.at(-1)
    if (previous?.to === from) found[found.length - 1] = { from: previous.from, to }
    else found.push({ from, to })
  }
  return found
}
