import { z } from 'zod'
import { parseLocalDate } from './local-dates.ts'
import { zoneName } from './zones.ts'

/** A zone of the IANA database. What the runtime does not know is refused; letter case is put right (`europe/berlin` is `Europe/Berlin`). */
export const timezone = z
  .string()
  .max(100)
  .overwrite((name) => zoneName(name) ?? name)
  .refine((name) => zoneName(name) !== null, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a known time zone; give an IANA name such as Europe/Berlin`,
  })
  .meta({ description: 'IANA name of a time zone, such as Europe/Berlin' })

/** A date of the calendar without a zone: `YYYY-MM-DD`. */
export const localDate = z
  .string()
  .max(20)
  .refine((text) => parseLocalDate(text) !== null, {
    error: (issue) => `${JSON.stringify(issue.input)} is not a date; give one that exists as YYYY-MM-DD`,
  })
  .meta({ description: 'YYYY-MM-DD', format: 'date' })
