/** Formats instants in the viewer's time zone and language. */

const dateTime = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'short' })
const exact = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat([], { dateStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

export const momentText = (instant: string) => dateTime.format(new Date(instant))
export const exactText = (instant: string) => exact.format(new Date(instant))
export const dayText = (instant: string) => day.format(new Date(instant))

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** Such as "2 hours ago" or "in 5 minutes". */
export function agoText(instant: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000)
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return Math.abs(seconds) < 5 ? 'just now' : relative.format(seconds, 'second')
}

/** Such as "340 ms", "1.2 s" or "2 min". */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s`
  return `${Math.round(ms / 60_000)} min`
}

/** A number of minutes as `1 day`, `2 hours` or `15 minutes`. */
export function minutesText(minutes: number): string {
  const [unit, size] = minutes % 1440 === 0 ? ['day', 1440] : minutes % 60 === 0 ? ['hour', 60] : ['minute', 1]
  const count = minutes / Number(size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
