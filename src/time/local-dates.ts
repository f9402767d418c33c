import { DAY } from './durations.ts'

declare const localDay: unique symbol

/** A calendar date without a time zone, as whole days since 1970-01-01. */
export type LocalDay = number & { readonly [localDay]: true }

/** The weekdays in the order of `weekdayOf`. */
export const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Casts a whole number of days since 1970-01-01 to a date. */
export function toLocalDay(days: number): LocalDay {
  return days as LocalDay
}

/** Parses `YYYY-MM-DD`. Returns null for another format and for a date that does not exist (2027-02-29). */
export function parseLocalDate(text: string): LocalDay | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return null
  const milliseconds = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return null
  return toLocalDay(milliseconds / DAY)
}

/** Reads a `YYYY-MM-DD` that has already been validated. Throws a RangeError if it is not a date. */
export function readLocalDate(text: string): LocalDay {
  const day = parseLocalDate(text)
  if (day === null) throw new RangeError(`Not a date: ${text}`)
  return day
}

/** Formats a date as `YYYY-MM-DD`. */
export function formatLocalDate(day: LocalDay): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** Returns the date `days` later (or earlier, if negative). */
export function addDays(day: LocalDay, days: number): LocalDay {
  return toLocalDay(day + days)
}

/** Returns the weekday: 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: LocalDay): number {
  // 1970-01-01 was a Thursday (3). Adding a week (10 = 3 + 7) keeps earlier days from becoming negative.
  return ((day % 7) + 10) % 7
}

/** Numbers the weeks from Monday to Sunday (ISO 8601). Week 0 contains 1970-01-01. */
export function weekOf(day: LocalDay): number {
  return Math.floor((day + 3) / 7)
}

/** Parses `HH:MM` from `00:00` to `24:00` as minutes since midnight. Returns null for anything else. */
export function parseWallTime(text: string): number | null {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text)
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : null
  return minutes !== null && minutes <= 1440 ? minutes : null
}

/** The minutes of each wall time read so far. There are only 1,441 of them, and a list of slots reads ten for each host. */
const wallTimes = new Map<string, number>()

/** Reads an `HH:MM` that has already been validated. Throws a RangeError if it is not a wall time. */
export function readWallTime(text: string): number {
  const known = wallTimes.get(text)
  if (known !== undefined) return known
  const minutes = parseWallTime(text)
  if (minutes === null) throw new RangeError(`Not a wall time: ${text}`)
  wallTimes.set(text, minutes)
  return minutes
}

/** Formats minutes since midnight as `HH:MM`. 1440 is `24:00`. */
export function formatWallTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
