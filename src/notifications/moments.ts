import { parseTimeZone } from '../time/time-zone.ts'

/** The time zone and language in which times are written. `locale` is a BCP 47 tag. */
export interface Reader {
  timezone: string
  locale: string
}

/** Returns a reader. A time zone that this runtime does not know is replaced by UTC. */
export function readerIn(timezone: string, locale: string): Reader {
  return { timezone: parseTimeZone(timezone) ?? 'UTC', locale }
}

/**
 * Formats a time range with its zone: `Monday, March 1, 2027, 9:00 – 9:30 AM (Europe/Berlin, GMT+1)`. Around a clock
 * change, both times show their offset, because `1:30 – 1:00 AM` would not make sense.
 */
export function writeSpan(start: number, end: number, reader: Reader): string {
  if (isUnclear(start, end, reader.timezone)) return writeUnclearSpan(start, end, reader)
  const span = format(reader, { dateStyle: 'full', timeStyle: 'short' }).formatRange(start, end)
  return `${plainSpaces(span)} (${writeZone(start, reader)})`
}

/** Formats a time with its zone: `Monday, March 1, 2027 at 9:00 AM (Europe/Berlin, GMT+1)`. */
export function writeMoment(at: number, reader: Reader): string {
  const moment = format(reader, { dateStyle: 'full', timeStyle: 'short' }).format(at)
  return `${plainSpaces(moment)} (${writeZone(at, reader)})`
}

/** Formats a time for subjects: `Mon, Mar 1, 2027, 9:00 AM`. If this local time occurs twice, the offset is included. */
export function writeShortMoment(at: number, reader: Reader): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  const moment = plainSpaces(format(reader, { ...parts, hour: 'numeric', minute: '2-digit' }).format(at))
  const isClear = !isRepeated(Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(reader.timezone))
  return isClear ? moment : `${moment} ${writeOffset(at, reader)}`
}

/** Uses the offset at that time rather than today's, because the clocks may change in between. */
function writeZone(at: number, reader: Reader): string {
  return reader.timezone === 'UTC' ? 'UTC' : `${reader.timezone}, ${writeOffset(at, reader)}`
}

function writeOffset(at: number, reader: Reader): string {
  const parts = format(reader, { timeZoneName: 'shortOffset' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

function format({ timezone, locale }: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone })
}

/** Intl inserts thin and no-break spaces, which some email clients show as boxes. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2009\u202f]/g, ' ')
}

/** Returns whether the clocks change between the two times, or one of the two local times occurs twice. */
function isUnclear(start: number, end: number, timezone: string): boolean {
  const [first, last] = [start, end].map((at) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone),
  )
  if (!first || !last) return false
  return first.offset !== last.offset || isRepeated(first) || isRepeated(last)
}

function isRepeated(moment: Temporal.ZonedDateTime): boolean {
  const local = moment.toPlainDateTime()
  const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(moment.timeZoneId, { disambiguation }),
  )
  return earlier?.epochMilliseconds !== later?.epochMilliseconds
}

/** `Sunday, October 31, 2027 at 2:30 AM (GMT+2) – 2:00 AM (GMT+1), Europe/Berlin`. */
function writeUnclearSpan(start: number, end: number, reader: Reader): string {
  const first = format(reader, { dateStyle: 'full', timeStyle: 'short' }).format(start)
  const dates = [start, end].map((at) => format(reader, { dateStyle: 'short' }).format(at))
  const isOneDay = dates[0] === dates[1]
  const last = format(reader, { timeStyle: 'short', ...(isOneDay ? {} : { dateStyle: 'full' }) }).format(end)
  const [from, to] = [start, end].map((at) => writeOffset(at, reader))
  return plainSpaces(`${first} (${from}) – ${last} (${to}), ${reader.timezone}`)
}
