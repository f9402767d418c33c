import { DAY } from './durations.ts'

declare const localDay: unique symbol

/** A date of the calendar without a zone, as whole days since 1970-01-01. */
export type LocalDay = number & { readonly [localDay]: true }

/** The weekdays in the order of `weekdayOf`. */
export const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Reads `YYYY-MM-DD`. Null where it is written otherwise or is no date (2027-02-29). */
export function parseLocalDate(text: string): LocalDay | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return null
  const milliseconds = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return null
  return (milliseconds / DAY) as LocalDay
}

/** Writes `YYYY-MM-DD`. */
export function formatLocalDate(day: LocalDay): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** The date so many days later (or earlier). */
export function addDays(day: LocalDay, days: number): LocalDay {
  return (day + days) as LocalDay
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: LocalDay): number {
  // 1970-01-01 was a Thursday; the 10 is 3 and a week, so that days before it do not turn negative.
  return ((day % 7) + 10) % 7
}

/** A number for each week from Monday to Sunday (ISO 8601), ascending; 0 is the week of 1970-01-01. */
export function weekOf(day: LocalDay): number {
  return Math.floor((day + 3) / 7)
}

/** Reads `HH:MM` from `00:00` to `24:00` as minutes since midnight. Null where it is written otherwise. */
export function parseWallTime(text: string): number | null {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text)
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : null
  return minutes !== null && minutes <= 1440 ? minutes : null
}

/** Writes minutes since midnight as `HH:MM`; 1440 is `24:00`. */
export function formatWallTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
