import { z } from 'zod'
import { idInDigitsSchema, lineOfText } from '../platform/text-schema.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const name = lineOfText(200).meta({ description: 'What people call it. Default: the name of the server' })
const member = id.meta({ description: 'The member whose calendar it is' })
const address = z.string().min(1).max(2_048)

export const connectionInputSchema = z.strictObject({
  provider: z.enum(['ics']),
  member,
  name: name.optional(),
  url: address.meta({
    description:
      'The address of a calendar file (https:// or webcal://), often called secret address or published calendar',
  }),
})
export type ConnectionInput = z.output<typeof connectionInputSchema>

export const calendarPatchSchema = z.strictObject({
  reads: z.boolean().optional().meta({ description: 'Whether its busy times block slots' }),
  tentative_blocks: z.boolean().optional().meta({ description: 'Whether tentative appointments count' }),
  all_day_blocks: z.boolean().optional().meta({ description: 'Whether all-day appointments count' }),
})
export type CalendarPatch = z.output<typeof calendarPatchSchema>

export const calendarSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  timezone: z.string().nullable().meta({ description: 'IANA time zone; null if the provider does not say' }),
  reads: z.boolean(),
  writes: z.boolean(),
  tentative_blocks: z.boolean(),
  all_day_blocks: z.boolean(),
  read_at: z.string().nullable().meta({ description: 'When its busy times were last known to be right' }),
  unreadable: z.number().int().meta({ description: 'How many appointments could not be understood' }),
})

export const connectionSchema = z.strictObject({
  id: z.number().int(),
  provider: z.enum(['ics', 'caldav']),
  member: z.number().int(),
  name: z.string(),
  state: z.enum(['connecting', 'connected', 'failing', 'revoked']).meta({
    description:
      'connecting: not read yet. failing: it will be tried again. revoked: the provider no longer accepts it; connect it again',
  }),
  problem: z.string().nullable().meta({ description: 'Why it cannot be read, and what to do' }),
  last_synced_at: z.string().nullable(),
  calendars: z.array(calendarSchema),
  created_at: z.string(),
})
export type Connection = z.output<typeof connectionSchema>

export const calendarParamsSchema = z.strictObject({ id: idInDigitsSchema, calendar: idInDigitsSchema })
