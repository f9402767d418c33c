import { prefersHour12, timeText } from '../../time/wording.ts'
import { formatOf } from '../../time/zones.ts'
import type { Schedule } from '../client/availability.ts'

export type Day = Schedule['weekly'][number]['day']
export type Hours = { from: string; to: string }
export type Weekly = Schedule['weekly']

/** The weekdays, Monday first. */
export const days: Day[] = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']
export const workdays = days.slice(0, 5)

/** Returns the name of a weekday in a language. */
export const weekdayText = (tag: string, day: Day, weekday: 'long' | 'short' = 'long'): string =>
  // 1 January 2024 was a Monday.
  formatOf(tag, { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + days.indexOf(day)))

export const usualHours: Hours = { from: '09:00', to: '17:00' }

/** The hours of new schedules: Monday to Friday. */
export const officeWeek: Weekly = workdays.map((day) => ({ day, ...usualHours }))

export const hoursOf = (weekly: Weekly, day: Day): Hours[] =>
  weekly.filter((hours) => hours.day === day).map(({ from, to }) => ({ from, to }))

/** Returns the week with different hours on one day. The days keep their order, so that the paths in the server's messages stay valid. */
export const withHours = (weekly: Weekly, day: Day, hours: Hours[]): Weekly =>
  days.flatMap((known) => (known === day ? hours : hoursOf(weekly, known)).map((range) => ({ day: known, ...range })))

/** Returns the week with one day's hours copied to other days. */
export const copyHours = (weekly: Weekly, from: Day, to: readonly Day[]): Weekly =>
  to.reduce((known, day) => withHours(known, day, hoursOf(weekly, from)), weekly)

/**
 * Returns a range to add after the last one. It lasts two hours and starts an hour after the last range, but ends at midnight at
 * the latest.
 */
export function nextHours(hours: Hours[]): Hours {
  const last = hours.at(-1)
  if (!last) return usualHours
  const start = Math.min(minutesOf(last.to) + 60, 23 * 60)
  return { from: timeOf(start), to: timeOf(Math.min(start + 120, 24 * 60)) }
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** A time on the clock, such as `09:00` or `9:00 AM`. */
export const clockText = (tag: string, time: string): string =>
  timeText(Date.UTC(2024, 0, 1) + minutesOf(time) * 60_000, { tag, zone: 'UTC', hour12: prefersHour12(tag) })

/** Formats hours as `09:00 – 12:00, 13:00 – 17:00`. Returns an empty text without hours. */
export const hoursText = (tag: string, hours: Hours[]) =>
  hours.map(({ from, to }) => `${clockText(tag, from)} – ${clockText(tag, to)}`).join(', ')

/**
 * Formats weekly hours as `Mon – Fri 09:00 – 17:00`. Consecutive days with the same hours are grouped. Returns an empty text
 * without hours.
 */
export function weekText(tag: string, weekly: Weekly): string {
  const runs: { first: Day; last: Day; text: string }[] = []
  for (const day of days) {
    const text = hoursText(tag, hoursOf(weekly, day))
    const run = runs.at(-1)
    if (run?.text === text) run.last = day
    else runs.push({ first: day, last: day, text })
  }
  const short = (day: Day) => weekdayText(tag, day, 'short')
  return runs
    .filter(({ text }) => text)
    .map(({ first, last, text }) => `${first === last ? short(first) : `${short(first)} – ${short(last)}`} ${text}`)
    .join('; ')
}

/** Returns the weekday of a date. */
export const dayOf = (date: string): Day => days[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7] ?? 'mo'
