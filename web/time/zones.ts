import { isTimeZone } from '../../src/time/time-zone.ts'
import { englishCityOf, localCityOf } from './cities.ts'

/* Converts instants for a time zone, using only `Intl`. Neither time zone data nor a date library is sent to the browser. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** Returns a cached formatter, because creating one costs as much as formatting a hundred dates. */
export function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, options)
  formats.set(key, made)
  return made
}

/** Returns whether a text is the name of a time zone by the API's rule. An offset such as `+02:00` is not a name. */
export const isZone = (zone: string | null | undefined): zone is string => !!zone && isTimeZone(zone)

/** Returns the time zone of the viewer's device. */
export function detectZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return isZone(zone) ? zone : 'UTC'
}

/** Returns the date (`YYYY-MM-DD`) in that time zone at this instant (milliseconds or RFC 3339). */
export function dateIn(zone: string, instant: number | string): string {
  const parts = formatOf('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(instant))
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? ''
  return `${read('year')}-${read('month')}-${read('day')}`
}

/** Returns the number of minutes by which the time zone is ahead of UTC at this instant. */
export function offsetMinutes(zone: string, instant: number | string): number {
  const name = zonePart('en-US', zone, 'longOffset', instant) // `GMT`, `GMT+05:45` or `GMT-08:00`
  const match = /([+-])(\d{2}):(\d{2})/.exec(name)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

/**
 * Returns whether this instant's local time is ambiguous: it occurs twice because clocks in the zone go back by up to two hours.
 */
export function isRepeated(zone: string, instant: number | string): boolean {
  const at = new Date(instant).getTime()
  const minutes = offsetMinutes(zone, at)
  return [30, 60, 120].some(
    (shift) =>
      offsetMinutes(zone, at + shift * 60_000) === minutes - shift ||
      offsetMinutes(zone, at - shift * 60_000) === minutes + shift,
  )
}

export const offsetLabel = (zone: string, instant: number | string): string => {
  const minutes = offsetMinutes(zone, instant)
  const hours = Math.floor(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  const sign = minutes < 0 ? '−' : '+'
  return `GMT${minutes === 0 ? '' : `${sign}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`}`
}

export function zonePart(
  locale: string,
  zone: string,
  timeZoneName: Intl.DateTimeFormatOptions['timeZoneName'],
  instant: number | string,
): string {
  const parts = formatOf(locale, { timeZone: zone, timeZoneName }).formatToParts(new Date(instant))
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
}

/** `America/Argentina/San_Juan` becomes `San Juan`. In the reader's language, `Europe/Moscow` becomes `Moskau`. */
export const cityOf = (zone: string): string => localCityOf(zone) ?? englishCityOf(zone)

const DAY = 86_400_000

/**
 * Returns the instant of a local date and time in the zone, in milliseconds. Returns NaN if one of them is missing. As in
 * `Temporal`, a local time that occurs twice means its first instant, and a skipped local time moves forward.
 */
export function instantAt(zone: string, date: string, time: string): number {
  const wall = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(wall)) return wall
  // The offsets before and after a nearby clock change.
  const candidates = [wall - DAY, wall + DAY].map((around) => wall - offsetMinutes(zone, around) * 60_000)
  const shown = candidates.filter((instant) => instant + offsetMinutes(zone, instant) * 60_000 === wall)
  return shown.length > 0 ? Math.min(...shown) : (candidates[0] ?? wall)
}
