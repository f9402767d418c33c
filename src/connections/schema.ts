import { z } from 'zod'
import { idInDigitsSchema, lineOfText } from '../platform/text-schema.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const name = lineOfText(200).meta({
  description: "The connection's display name. Default: the calendar server's host name",
})
const member = id.meta({ description: 'The member who owns the calendar' })
const address = z.string().min(1).max(2_048)

export const connectionInputSchema = z.strictObject({
  provider: z.enum(['ics']),
  member,
  name: name.optional(),
  url: address.meta({
    description:
      'The address of a calendar file (https:// or webcal://), which providers often call the secret address or the published calendar',
  }),
})
export type ConnectionInput = z.output<typeof connectionInputSchema>

export const calendarPatchSchema = z.strictObject({
  reads: z.boolean().optional().meta({ description: "Whether the calendar's busy times block slots" }),
  tentative_blocks: z.boolean().optional().meta({ description: 'Whether tentative appointments count as busy' }),
  all_day_blocks: z.boolean().optional().meta({ description: 'Whether all-day appointments count as busy' }),
})
export type CalendarPatch = z.output<typeof calendarPatchSchema>

export const calendarSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  timezone: z
    .string()
    .nullable()
    .meta({ description: "The calendar's IANA time zone. Null if the provider does not return one" }),
  reads: z.boolean(),
  writes: z.boolean(),
  tentative_blocks: z.boolean(),
  all_day_blocks: z.boolean(),
  read_at: z.string().nullable().meta({ description: 'When the busy times were last known to be correct' }),
  unreadable: z.number().int().meta({ description: 'How many appointments could not be read' }),
})

export const connectionSchema = z.strictObject({
  id: z.number().int(),
  provider: z.enum(['ics', 'caldav']),
  member: z.number().int(),
  name: z.string(),
  state: z.enum(['connecting', 'connected', 'failing', 'revoked']).meta({
    description:
      'connecting: the calendar has not been read yet. failing: reading failed and will be retried. revoked: the provider no longer grants access; connect the calendar again',
  }),
  problem: z.string().nullable().meta({ description: 'Why the calendar cannot be read, and what to do' }),
  last_synced_at: z.string().nullable(),
  calendars: z.array(calendarSchema),
  created_at: z.string(),
})
export type Connection = z.output<typeof connectionSchema>

export const calendarParamsSchema = z.strictObject({ id: idInDigitsSchema, calendar: idInDigitsSchema })
