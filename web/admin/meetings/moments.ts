import { viewerTag } from '../../i18n/viewer.ts'
import { addDays } from '../../time/months.ts'
import { prefersHour12, timeRange } from '../../time/wording.ts'
import { dateIn, detectZone } from '../../time/zones.ts'

/** The times of meetings in the viewer's time zone and language. */

export const zone = detectZone()
const view = { tag: viewerTag, zone, hour12: prefersHour12(viewerTag) }
const time = new Intl.DateTimeFormat([], { timeStyle: 'short' })
const long = new Intl.DateTimeFormat([], { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const short = new Intl.DateTimeFormat([], { weekday: 'long', day: 'numeric', month: 'long' })

export const timeText = (instant: string) => time.format(new Date(instant))

/** `9:00 – 9:30 AM`, without a date even across midnight; the list and the heading have it. */
export const rangeText = (start: string, end: string) => timeRange(start, end, view)
export const longDay = (instant: string) => long.format(new Date(instant))
export const dateOf = (instant: string) => dateIn(zone, instant)

/** `Today`, `Tomorrow`, or the date, with the year unless it is the current one. */
export function dayHeading(date: string, now = Date.now()): string {
  const today = dateIn(zone, now)
  const noon = new Date(`${date}T12:00:00`)
  if (date === today) return `Today, ${short.format(noon)}`
  if (date === addDays(today, 1)) return `Tomorrow, ${short.format(noon)}`
  return (date.slice(0, 4) === today.slice(0, 4) ? short : long).format(noon)
}
