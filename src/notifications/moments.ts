import { parseTimeZone } from '../time/time-zone.ts'

/** For whom moments are written. `locale` is a language tag that the texts exist in. */
export interface Reader {
  timezone: string
  locale: string
}

/** A reader in a zone that this runtime knows: one that it has never heard of is shown in UTC, and says so. */
export function readerIn(timezone: string, locale: string): Reader {
  return { timezone: parseTimeZone(timezone) ?? 'UTC', locale }
}

/** From when to when, with the zone: `Monday, March 1, 2027, 9:00 – 9:30 AM (Europe/Berlin, GMT+1)`. */
export function writeSpan(start: number, end: number, reader: Reader): string {
  const span = format(reader, { dateStyle: 'full', timeStyle: 'short' }).formatRange(start, end)
  return `${plainSpaces(span)} (${writeZone(start, reader)})`
}

/** One moment with the zone: `Monday, March 1, 2027 at 9:00 AM (Europe/Berlin, GMT+1)`. */
export function writeMoment(at: number, reader: Reader): string {
  const moment = format(reader, { dateStyle: 'full', timeStyle: 'short' }).format(at)
  return `${plainSpaces(moment)} (${writeZone(at, reader)})`
}

/** For subjects: `Mon, Mar 1, 2027, 9:00 AM`. */
export function writeShortMoment(at: number, reader: Reader): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  return plainSpaces(format(reader, { ...parts, hour: 'numeric', minute: '2-digit' }).format(at))
}

/** The offset is the one of that moment, not of today: clocks may change in between. */
function writeZone(at: number, reader: Reader): string {
  const parts = format(reader, { timeZoneName: 'shortOffset' }).formatToParts(at)
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return reader.timezone === 'UTC' ? 'UTC' : `${reader.timezone}, ${offset}`
}

function format({ timezone, locale }: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone })
}

/** Intl puts thin and unbreakable spaces that some mail programs show as boxes. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2009\u202f]/g, ' ')
}
