import { z } from 'zod'
import { pageQuerySchema } from '../platform/pagination.ts'
import { idInDigitsSchema, lineOfText } from '../platform/text-schema.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const name = lineOfText(200).meta({
  description: "The connection's display name. Default: the calendar server's host name",
})
const member = id.meta({ description: 'The member who owns the calendar' })
const address = z.string().min(1).max(2_048)

const fileAddress = address.meta({
  description:
    'The address of a calendar file (https:// or webcal://), which providers often call the secret address or the published calendar',
})
const serverAddress = address.meta({
  description: 'The address of the CalDAV server, of the account on it, or of one calendar',
})
const username = z
  .string()
  .min(1)
  .max(320)
  .regex(/^[^:\p{Cc}]*$/u, 'must not contain a colon or control characters (RFC 7617)')
const password = z.string().min(1).max(1_000).meta({
  description: 'Many providers require an app password. It is stored encrypted and never returned',
})

export const connectionInputSchema = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.literal('ics'), member, name: name.optional(), url: fileAddress }),
  z.strictObject({
    provider: z.literal('caldav'),
    member,
    name: name.optional(),
    url: serverAddress,
    username,
    password,
  }),
])
export type ConnectionInput = z.output<typeof connectionInputSchema>

export const connectionPatchSchema = z.strictObject({
  name: name.optional(),
  url: address.optional().meta({ description: 'A new address of the same account or calendar file' }),
  username: username.optional(),
  password: password.optional(),
})
export type ConnectionPatch = z.output<typeof connectionPatchSchema>

export const authorizationInputSchema = z.strictObject({
  provider: z.enum(['google', 'microsoft']),
  member: member
    .optional()
    .meta({ description: 'The member who owns the account. Only the signed-in member is allowed' }),
  connection: id.optional().meta({
    description:
      'The connection that gets new access, for example after its state has become revoked. Default: a new connection',
  }),
})
export type AuthorizationInput = z.output<typeof authorizationInputSchema>

export const authorizationSchema = z.strictObject({
  url: z.string().meta({ description: 'The address at the provider to open in the browser, within 10 minutes' }),
})

/** Why a sign-in at a provider did not connect an account. It is in the address of the page that is shown then. */
export type SignInProblem = 'denied' | 'expired' | 'failed' | 'other_session' | 'permission_missing' | 'too_many'

export const connectionsQuerySchema = pageQuerySchema.extend({
  member: idInDigitsSchema.optional().meta({ description: 'Only connections of this member' }),
})

export const disconnectQuerySchema = z.strictObject({
  entries: z.enum(['keep', 'remove']).default('keep').meta({
    description: 'Whether upcoming meetings are removed from the calendar first',
  }),
})

export const hostChangesSchema = z.strictObject({
  meetings: z.array(id).min(1).max(500).meta({ description: 'IDs of meetings with a pending change' }),
  decision: z.enum(['follow', 'restore']).meta({
    description:
      'follow: the meeting is moved or cancelled, as in the calendar. restore: the meeting stays unchanged, and its calendar entry is restored',
  }),
})
export type HostChangesInput = z.output<typeof hostChangesSchema>

export const calendarPatchSchema = z.strictObject({
  reads: z.boolean().optional().meta({ description: "Whether the calendar's busy times block slots" }),
  writes: z.boolean().optional().meta({
    description:
      "Whether the member's meetings are written to this calendar. A member can have one such calendar. Turning it on moves the upcoming meetings to this calendar",
  }),
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
  writable: z.boolean().meta({ description: 'Whether the provider allows writing' }),
  tentative_blocks: z.boolean(),
  all_day_blocks: z.boolean(),
  read_at: z.string().nullable().meta({ description: 'When the busy times were last known to be correct' }),
  unreadable: z.number().int().meta({ description: 'How many appointments could not be read' }),
  problem: z
    .string()
    .nullable()
    .meta({ description: 'Why meetings cannot be written to the calendar, and what to do' }),
})

const hostChangeSchema = z.strictObject({
  meeting: z.number().int(),
  kind: z.enum(['moved', 'deleted']),
  start: z.string().nullable().meta({ description: 'The start in the calendar; null for a deleted entry' }),
})

/** The result of a decision. Meetings that could not be changed stay as they are, and their calendar entries are restored. */
export const decidedChangesSchema = z.strictObject({
  followed: z.number().int(),
  restored: z.array(z.strictObject({ meeting: z.number().int(), problem: z.string().nullable() })),
})

export const connectionSchema = z.strictObject({
  id: z.number().int(),
  provider: z.enum(['ics', 'caldav', 'google', 'microsoft']),
  member: z.number().int(),
  name: z.string(),
  state: z.enum(['connecting', 'connected', 'failing', 'revoked']).meta({
    description:
      'connecting: the calendar has not been read yet. failing: reading failed and will be retried. revoked: the provider no longer grants access; connect the calendar again',
  }),
  problem: z.string().nullable().meta({ description: 'Why the calendar cannot be read, and what to do' }),
  last_synced_at: z.string().nullable(),
  calendars: z.array(calendarSchema),
  changes: z.array(hostChangeSchema).meta({
    description: 'Meetings that the host moved or deleted in the calendar, and that need a decision',
  }),
  created_at: z.string(),
})
export type Connection = z.output<typeof connectionSchema>

export const calendarParamsSchema = z.strictObject({ id: idInDigitsSchema, calendar: idInDigitsSchema })
