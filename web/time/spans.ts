/** Formats lengths of time in a language (BCP 47). */

/** Formatters are slow to create, so there is one for each language. */
export function perTag<Format>(create: (tag: string) => Format): (tag: string) => Format {
  const known = new Map<string, Format>()
  return (tag) => {
    const format = known.get(tag) ?? create(tag)
    known.set(tag, format)
    return format
  }
}

const relative = perTag((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }))

const unitIn = (unit: string, unitDisplay: 'short' | 'long', maximumFractionDigits = 0) =>
  perTag((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay, maximumFractionDigits }))

const milliseconds = unitIn('millisecond', 'short')
const seconds = unitIn('second', 'short', 1)
const shortMinutes = unitIn('minute', 'short')
const days = unitIn('day', 'long')
const hours = unitIn('hour', 'long')
const minutes = unitIn('minute', 'long')

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** Formats an offset from now in milliseconds, such as "2 hours ago" or "in 5 minutes". Returns "now" within five seconds. */
export function agoIn(tag: string, offset: number): string {
  const whole = Math.round(offset / 1000)
  for (const [unit, size] of steps) {
    if (Math.abs(whole) >= size) return relative(tag).format(Math.trunc(whole / size), unit)
  }
  return relative(tag).format(Math.abs(whole) < 5 ? 0 : whole, 'second')
}

/** Formats milliseconds, such as "340 ms", "1.2 sec" or "2 min". */
export function durationIn(tag: string, ms: number): string {
  if (ms < 999.5) return milliseconds(tag).format(ms)
  return ms < 59_950 ? seconds(tag).format(ms / 1000) : shortMinutes(tag).format(ms / 60_000)
}

/** Formats a number of minutes, such as "1 day", "2 hours" or "15 minutes". */
export function minutesIn(tag: string, count: number): string {
  if (count % 1440 === 0) return days(tag).format(count / 1440)
  return count % 60 === 0 ? hours(tag).format(count / 60) : minutes(tag).format(count)
}
