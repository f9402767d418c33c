import { z } from 'zod'
import { parseLocalDate } from './local-dates.ts'
import { parseTimeZone } from './time-zone.ts'

/** The name of an IANA time zone that this server knows, returned in the canonical letter case. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .transform((name, context) => {
    const found = parseTimeZone(name)
    if (found !== null) return found
    context.addIssue(
      `${JSON.stringify(name)} is not a time zone that this server knows; use an IANA name such as Europe/Berlin`,
    )
    return z.NEVER
  })
  .pipe(z.string())
  .meta({ description: 'An IANA time zone', example: 'Europe/Berlin' })

const EARLIEST = '1900-01-01'

/** A calendar date without a time zone, from 1900 on (PostgreSQL has no year 0). */
export const localDateSchema = z
  .string()
  .max(20)
  .refine((text) => parseLocalDate(text) !== null && text >= EARLIEST, {
    abort: true,
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a date; write an existing date as YYYY-MM-DD, from ${EARLIEST} on`,
  })
  .meta({ description: 'A date, YYYY-MM-DD', format: 'date' })

/** An instant in RFC 3339 with any offset, from 1900 on. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .refine((text) => text >= EARLIEST, `must be an instant from ${EARLIEST} on`)
  .meta({ description: 'An RFC 3339 timestamp, such as 2027-03-01T08:00:00Z' })
