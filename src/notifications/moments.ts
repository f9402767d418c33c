import { parseTimeZone } from '../time/time-zone.ts'

/** The time zone and language in which times are written. `locale` is a BCP 47 tag. */
export interface Reader {
  timezone: string
  locale: string
}

/** Returns a reader; a time zone that this runtime does not know becomes UTC. */
export function readerIn(timezone: string, locale: string): Reader {
  return { timezone: parseTimeZone(timezone) ?? 'UTC', locale }
}

/** A time range with its zone: `Monday, March 1, 2027, 9:00 – 9:30 AM (Europe/Berlin, GMT+1)`. */
export function writeSpan(start: number, end: number, reader: Reader): string {
  const span = format(reader, { dateStyle: 'full', timeStyle: 'short' }).formatRange(start, end)
  return `${plainSpaces(span)} (${writeZone(start, reader)})`
}

/** A time with its zone: `Monday, March 1, 2027 at 9:00 AM (Europe/Berlin, GMT+1)`. */
export function writeMoment(at: number, reader: Reader): string {
  const moment = format(reader, { dateStyle: 'full', timeStyle: 'short' }).format(at)
  return `${plainSpaces(moment)} (${writeZone(at, reader)})`
}

/** For subjects: `Mon, Mar 1, 2027, 9:00 AM`. */
export function writeShortMoment(at: number, reader: Reader): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  return plainSpaces(format(reader, { ...parts, hour: 'numeric', minute: '2-digit' }).format(at))
}

/** Uses the offset at that time, not today's: the clocks may change in between. */
function writeZone(at: number, reader: Reader): string {
  const parts = format(reader, { timeZoneName: 'shortOffset' }).formatToParts(at)
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return reader.timezone === 'UTC' ? 'UTC' : `${reader.timezone}, ${offset}`
}

function format({ timezone, locale }: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone })
}

/** Intl inserts thin and no-break spaces that some mail clients show as boxes. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2009\u202f]/g, ' ')
}
