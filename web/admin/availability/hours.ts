import type { Schedule } from '../client/availability.ts'

export type Day = Schedule['weekly'][number]['day']
export type Hours = { from: string; to: string }
export type Weekly = Schedule['weekly']

export const days: { day: Day; title: string; short: string }[] = [
  { day: 'mo', title: 'Monday', short: 'Mon' },
  { day: 'tu', title: 'Tuesday', short: 'Tue' },
  { day: 'we', title: 'Wednesday', short: 'Wed' },
  { day: 'th', title: 'Thursday', short: 'Thu' },
  { day: 'fr', title: 'Friday', short: 'Fri' },
  { day: 'sa', title: 'Saturday', short: 'Sat' },
  { day: 'su', title: 'Sunday', short: 'Sun' },
]

export const usualHours: Hours = { from: '09:00', to: '17:00' }

/** What new schedules start with: Monday to Friday. */
export const officeWeek: Weekly = days.slice(0, 5).map(({ day }) => ({ day, ...usualHours }))

export const hoursOf = (weekly: Weekly, day: Day): Hours[] =>
  weekly.filter((hours) => hours.day === day).map(({ from, to }) => ({ from, to }))

/** Returns the week with different hours on one day. The days keep their order, so that the paths in the server's messages stay valid. */
export const withHours = (weekly: Weekly, day: Day, hours: Hours[]): Weekly =>
  days.flatMap((known) =>
    (known.day === day ? hours : hoursOf(weekly, known.day)).map((range) => ({ day: known.day, ...range })),
  )

/** Returns a range to add after the last one: two hours that start an hour later, cut off at midnight. */
export function nextHours(hours: Hours[]): Hours {
  const last = hours.at(-1)
  if (!last) return usualHours
  const start = Math.min(minutesOf(last.to) + 60, 23 * 60)
  return { from: timeOf(start), to: timeOf(Math.min(start + 120, 24 * 60)) }
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** Such as `09:00 – 12:00, 13:00 – 17:00`. */
export const hoursText = (hours: Hours[]) =>
  hours.length === 0 ? 'unavailable' : hours.map(({ from, to }) => `${from} – ${to}`).join(', ')

/** Such as `Mon – Fri 09:00 – 17:00`: consecutive days with the same hours are grouped. */
export function weekText(weekly: Weekly): string {
  const runs: { first: string; last: string; text: string }[] = []
  for (const { day, short } of days) {
    const hours = hoursOf(weekly, day)
    const text = hours.length === 0 ? '' : hoursText(hours)
    const run = runs.at(-1)
    if (run?.text === text) run.last = short
    else runs.push({ first: short, last: short, text })
  }
  const open = runs.filter(({ text }) => text)
  if (open.length === 0) return 'No hours yet'
  return open.map(({ first, last, text }) => `${first === last ? first : `${first} – ${last}`} ${text}`).join('; ')
}

/** The weekday of a date. */
export const dayOf = (date: string): Day => days[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7]!.day
