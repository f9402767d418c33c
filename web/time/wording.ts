import { dateIn, formatOf, isRepeated, offsetMinutes, zonePart } from './zones.ts'

/** How a viewer wants to see times: the language and region, the time zone, and the hour format. */
export type View = { tag: string; zone: string; hour12: boolean }

export function prefersHour12(tag: string): boolean {
  return new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions().hour12 ?? false
}

/** In some languages, `hour12: false` alone turns midnight into `24:00`. `hourCycle` does not. */
const clockOptions = (hour12: boolean): Intl.DateTimeFormatOptions => ({
  hour: hour12 ? 'numeric' : '2-digit',
  minute: '2-digit',
  hourCycle: hour12 ? 'h12' : 'h23',
})

/** Formats `09:30` or `9:30 AM`. */
export function timeText(instant: number | string, { tag, zone, hour12 }: View): string {
  return formatOf(tag, { timeZone: zone, ...clockOptions(hour12) }).format(new Date(instant))
}

/** `09:30 GMT+1`, for the hour that a clock change repeats. */
export function timeTextWithOffset(instant: number | string, view: View): string {
  return `${timeText(instant, view)} ${zonePart(view.tag, view.zone, 'short', instant)}`
}

/** `Monday, 1 March 2027`, for a date without a time zone. */
export function dateText(tag: string, date: string, options: Intl.DateTimeFormatOptions = {}): string {
  return formatOf(tag, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...options,
    timeZone: 'UTC',
  }).format(new Date(`${date}T12:00:00Z`))
}

/** `March 2027`. */
export const monthText = (tag: string, month: string): string =>
  formatOf(tag, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-01T12:00:00Z`))

/** `Monday, 1 March 2027`, in the viewer's time zone. */
export const longDate = (instant: number | string, { tag, zone }: View): string =>
  formatOf(tag, { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(instant),
  )

/** Formats `09:30`, with the offset if this local time occurs twice: `01:30 GMT+2`. */
export const clearTimeText = (instant: number | string, view: View): string =>
  isRepeated(view.zone, instant) ? timeTextWithOffset(instant, view) : timeText(instant, view)

/**
 * Formats `09:30 – 10:00`, with a shared AM or PM if the language uses that form. Around a clock change, both times show their
 * offset, because `01:30 – 01:00` would not make sense. An end on another day shows its weekday: `23:30 – Tue 00:30`.
 */
export function timeRange(start: string, end: string, view: View): string {
  const { tag, zone, hour12 } = view
  const isUnclear =
    offsetMinutes(zone, start) !== offsetMinutes(zone, end) || [start, end].some((at) => isRepeated(zone, at))
  const write = isUnclear ? timeTextWithOffset : timeText
  if (dateIn(zone, start) !== dateIn(zone, end))
    return `${write(start, view)} – ${weekdayText(end, view)} ${write(end, view)}`
  if (isUnclear) return `${write(start, view)} – ${write(end, view)}`
  return formatOf(tag, { timeZone: zone, ...clockOptions(hour12) }).formatRange(new Date(start), new Date(end))
}

const weekdayText = (instant: number | string, { tag, zone }: View): string =>
  formatOf(tag, { timeZone: zone, weekday: 'short' }).format(new Date(instant))

/** Formats `Mon, 1 March 2027, 09:30`, with the offset if this local time occurs twice. */
export function momentText(instant: number | string, { tag, zone, hour12 }: View): string {
  const moment = formatOf(tag, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...clockOptions(hour12),
  }).format(new Date(instant))
  return isRepeated(zone, instant) ? `${moment} ${zonePart(tag, zone, 'short', instant)}` : moment
}

/** Returns the first day of the week in the viewer's region, from 0 (Sunday) to 6. Returns Monday if the region is unknown. */
export function firstWeekday(tag: string): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const locale = new Intl.Locale(tag) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number }
    weekInfo?: { firstDay: number }
  }
  const day = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1
  return (day % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6
}
