import { DAY, MINUTE } from './durations.ts'
import type { Interval } from './intervals.ts'
import type { LocalDay } from './local-dates.ts'

/**
 * The UTC offsets of a time zone over a time range: from `starts[i]` until `starts[i + 1]` its clocks are `offsets[i]` milliseconds ahead of UTC.
 * `starts[0]` is -Infinity; entries outside the requested time range may be incomplete.
 * Looked up once per calculation, so that single starts need no `Temporal` object.
 */
export interface ZoneOffsets {
  readonly zone: string
  readonly starts: readonly number[]
  readonly offsets: readonly number[]
  /** Dates that the time zone skips (Pacific/Apia, 2011-12-30). */
  readonly skipped: readonly LocalDay[]
}

const CHUNK = 2 ** 36 // milliseconds: about 2.2 years
const MARGIN = 16 * DAY
const MOST_CHUNKS = 2000
const chunks = new Map<string, ZoneOffsets>()

/** Returns the offsets of a time zone between `from` and `to`, and two weeks around them. Throws a RangeError for an unknown zone and for more than two years. */
export function zoneOffsets(zone: string, from: number, to: number): ZoneOffsets {
  if (to - from > CHUNK) throw new RangeError('Zone offsets are looked up for at most two years')
  const chunk = Math.floor(from / CHUNK)
  const key = `${zone} ${chunk}`
  const known = chunks.get(key)
  if (known) return known
  const found = readOffsets(zone, chunk * CHUNK - MARGIN, (chunk + 2) * CHUNK + MARGIN)
  if (chunks.size >= MOST_CHUNKS) chunks.delete(chunks.keys().next().value!)
  chunks.set(key, found)
  return found
}

function readOffsets(zone: string, from: number, to: number): ZoneOffsets {
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  const starts = [Number.NEGATIVE_INFINITY]
  const offsets = [at.offsetNanoseconds / 1e6]
  const skipped: LocalDay[] = []
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds >= to) return { zone, starts, offsets, skipped }
    starts.push(next.epochMilliseconds)
    offsets.push(next.offsetNanoseconds / 1e6)
    skipped.push(...datesWithin(next.epochMilliseconds + offsets.at(-2)!, next.epochMilliseconds + offsets.at(-1)!))
    at = next
  }
}

/** The whole dates between two wall times in milliseconds; empty if clocks go back. */
function datesWithin(from: number, to: number): LocalDay[] {
  const days: LocalDay[] = []
  for (let day = Math.ceil(from / DAY); (day + 1) * DAY <= to; day++) days.push(day as LocalDay)
  return days
}

/** Returns the zone's offset from UTC at an instant, in milliseconds. */
export function offsetAt({ starts, offsets }: ZoneOffsets, instant: number): number {
  let index = starts.length - 1
  while (starts[index]! > instant) index--
  return offsets[index]!
}

/** Returns the local date in the zone at an instant. */
export function localDayAt(zone: ZoneOffsets, instant: number): LocalDay {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY) as LocalDay
}

/**
 * Returns the instant of a local date and minutes since its midnight (1440 is the next midnight).
 * A wall time skipped by a DST change moves forward by the gap; an ambiguous one means the first
 * (`disambiguation: 'compatible'` of Temporal, RFC 5545 section 3.3.5).
 */
export function instantOf(zone: ZoneOffsets, day: LocalDay, minutes: number): number {
  const { starts, offsets } = zone
  const wall = day * DAY + minutes * MINUTE
  const last = starts.length - 1
  let index = 0
  while (index < last && wall - offsets[index]! >= starts[index + 1]!) index++
  const instant = wall - offsets[index]!
  return instant >= starts[index]! ? instant : wall - offsets[index - 1]!
}

/** Returns the part of `span` whose local dates are between `first` and `last`: more than one interval only if clocks go back across midnight. */
export function instantsOfDates(zone: ZoneOffsets, dates: { first: number; last: number }, span: Interval): Interval[] {
  const { starts, offsets } = zone
  const found: Interval[] = []
  for (let index = 0; index < starts.length; index++) {
    const offset = offsets[index]!
    const from = Math.max(span.from, starts[index]!, dates.first * DAY - offset)
    const to = Math.min(span.to, starts[index + 1] ?? Number.POSITIVE_INFINITY, (dates.last + 1) * DAY - offset)
    if (from >= to) continue
    const previous = found.at(-1)
    if (previous?.to === from) found[found.length - 1] = { from: previous.from, to }
    else found.push({ from, to })
  }
  return found
}
