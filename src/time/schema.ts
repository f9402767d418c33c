import { z } from 'zod'
import { zoneName } from './zones.ts'

/** An IANA time zone that this runtime knows, in its usual spelling. */
export const timezone = z
  .string()
  .max(64)
  .transform((name, context) => {
    const found = zoneName(name)
    if (found !== null) return found
    context.addIssue(
      `${JSON.stringify(name)} is not a time zone that this server knows; use an IANA name such as Europe/Berlin`,
    )
    return z.NEVER
  })
  .pipe(z.string())
  .meta({ description: 'IANA time zone', example: 'Europe/Berlin' })
