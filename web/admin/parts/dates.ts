import { agoIn, durationIn, minutesIn, perTag } from '../../time/spans.ts'
import { currentText } from '../i18n/text.ts'

/** Formats instants in the viewer's time zone and language. */

const dateTime = perTag((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }))
const exact = perTag((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }))
const day = perTag((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }))

const format = (formatter: (tag: string) => Intl.DateTimeFormat, instant: string) =>
  formatter(currentText().tag).format(new Date(instant))

export const momentText = (instant: string) => format(dateTime, instant)
export const exactText = (instant: string) => format(exact, instant)
export const dayText = (instant: string) => format(day, instant)

/** For example, "2 hours ago" or "in 5 minutes". Returns "now" within five seconds. */
export const agoText = (instant: string, now = Date.now()) => agoIn(currentText().tag, Date.parse(instant) - now)

/** For example "340 ms", "1.2 sec" or "2 min". */
export const durationText = (ms: number) => durationIn(currentText().tag, ms)

/** Formats a number of minutes as `1 day`, `2 hours` or `15 minutes`. */
export const minutesText = (minutes: number) => minutesIn(currentText().tag, minutes)
