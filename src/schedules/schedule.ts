import type { Interval } from '../time/intervals.ts'
import { addDays, type LocalDay, readLocalDate, readWallTime, WEEKDAYS, weekdayOf } from '../time/local-dates.ts'
import { instantOf, localDayAt, type ZoneOffsets } from '../time/zones.ts'
import type { ScheduleHours } from './schema.ts'

/** Working hours on one date, in minutes since midnight: `from` < `to` <= 1440. */
export interface Hours {
  readonly from: number
  readonly to: number
}

/**
 * Weekly hours in a time zone, and the dates on which other hours replace them. The hours on one date can touch and overlap. A
 * grid of starts begins with each interval, and the host works during all intervals.
 */
export interface ParsedSchedule {
  readonly zone: string
  /** Seven lists, Monday first, each sorted by `from`. */
  readonly weekly: readonly (readonly Hours[])[]
  /** A date's hours, which replace those of its weekday. An empty list is a day off. */
  readonly overrides: ReadonlyMap<LocalDay, readonly Hours[]>
}

/** Parses a schedule in its stored and API format. Its texts were validated when it was written. */
export function parseSchedule({ timezone, weekly, overrides }: ScheduleHours): ParsedSchedule {
  return {
    zone: timezone,
    weekly: WEEKDAYS.map((weekday) => readHours(weekly.filter(({ day }) => day === weekday))),
    overrides: new Map(overrides.map(({ date, hours }) => [readLocalDate(date), readHours(hours)])),
  }
}

function readHours(hours: readonly { from: string; to: string }[]): Hours[] {
  return hours
    .map(({ from, to }) => ({ from: readWallTime(from), to: readWallTime(to) }))
    .sort((a, b) => a.from - b.from)
}

const DAY_OFF: readonly Hours[] = []

/** Returns the hours of a date. */
export function hoursOfDate(schedule: ParsedSchedule, day: LocalDay): readonly Hours[] {
  return schedule.overrides.get(day) ?? schedule.weekly[weekdayOf(day)] ?? DAY_OFF
}

/**
 * Returns the unmerged intervals of every date in `span`, and of one date before and after, sorted by `from`. A wall time that a
 * DST change skips moves forward by the gap. An interval inside a gap therefore becomes empty and is omitted. A date that the
 * time zone skips has no intervals.
 */
export function intervalsOfDates(schedule: ParsedSchedule, zone: ZoneOffsets, span: Interval): Interval[] {
  const intervals: Interval[] = []
  const last = addDays(localDayAt(zone, span.to), 1)
  let sorted = true
  for (let day = addDays(localDayAt(zone, span.from), -1); day <= last; day = addDays(day, 1)) {
    const hours = hoursOfDate(schedule, day)
    if (hours.length === 0 || zone.skipped.includes(day)) continue
    for (const { from, to } of hours) {
      const interval = { from: instantOf(zone, day, from), to: instantOf(zone, day, to) }
      if (interval.from >= interval.to) continue
      sorted &&= interval.from >= (intervals.at(-1)?.from ?? interval.from)
      intervals.push(interval)
    }
  }
  // DST changes can change the order of the intervals.
  return sorted ? intervals : intervals.sort((a, b) => a.from - b.from)
}
