import { currentText } from '../i18n/text.ts'

/** Formats instants in the viewer's time zone and language. */

/** Formatters are slow to create, so there is one for each language. */
function perLanguage<Format>(create: (tag: string) => Format): () => Format {
  const known = new Map<string, Format>()
  return () => {
    const { tag } = currentText()
    const format = known.get(tag) ?? create(tag)
    known.set(tag, format)
    return format
  }
}

const dateTime = perLanguage((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }))
const exact = perLanguage((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }))
const day = perLanguage((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }))
const relative = perLanguage((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }))
const decimal = perLanguage((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }))

export const momentText = (instant: string) => dateTime().format(new Date(instant))
export const exactText = (instant: string) => exact().format(new Date(instant))
export const dayText = (instant: string) => day().format(new Date(instant))

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** For example "2 hours ago" or "in 5 minutes"; "now" within five seconds. */
export function agoText(instant: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000)
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative().format(Math.trunc(seconds / size), unit)
  }
  return relative().format(Math.abs(seconds) < 5 ? 0 : seconds, 'second')
}

/** For example "340 ms", "1.2 s" or "2 min". */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${decimal().format(ms / 1000)} s`
  return `${Math.round(ms / 60_000)} min`
}

const units = {
  day: perLanguage((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit: 'day', unitDisplay: 'long' })),
  hour: perLanguage((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit: 'hour', unitDisplay: 'long' })),
  minute: perLanguage((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit: 'minute', unitDisplay: 'long' })),
}

/** Formats a number of minutes as `1 day`, `2 hours` or `15 minutes`. */
export function minutesText(minutes: number): string {
  if (minutes % 1440 === 0) return units.day().format(minutes / 1440)
  return minutes % 60 === 0 ? units.hour().format(minutes / 60) : units.minute().format(minutes)
}
