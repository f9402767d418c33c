import { z } from 'zod'
import { emailSchema } from '../platform/text-schema.ts'

const email = emailSchema.meta({ description: 'The email address of the person, in any letter case' })
const entries = z.array(z.record(z.string(), z.unknown()))

export const personParamsSchema = z.strictObject({ email })

export const personExportSchema = z.strictObject({
  type: z.literal('PersonExport'),
  email: z.string(),
  exported_at: z.string(),
  members: entries.meta({ description: 'The current or former member of the organization with this address' }),
  account: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: "The member's account on this server, without passwords and sessions" }),
  meetings: entries.meta({
    description: 'The meetings of the person as they are now, without other attendees; the links of hosts are hidden',
  }),
  holds: entries.meta({
    description: 'Start times that are held until the person confirms the email address, and what the person entered',
  }),
  activities: entries.meta({ description: 'The stored activities of these meetings, with the same data left out' }),
  mails: entries.meta({ description: 'Emails to the person or about them, including pending ones' }),
  deliveries: entries.meta({
    description: 'Webhook deliveries of these activities, and the responses of the receivers',
  }),
  recorded_requests: entries.meta({ description: 'Requests that inspectors recorded and that name the person' }),
  audit_entries: entries.meta({ description: 'Entries of the audit log that name the person' }),
  connections: entries.meta({ description: 'Calendars that they connected as a member, without the addresses' }),
  blocked_attendees: entries.meta({ description: 'The entry that blocks the address' }),
  stored_responses: entries.meta({ description: 'Responses stored for an Idempotency-Key that name the person' }),
})
export type PersonExport = z.output<typeof personExportSchema>

export const erasedSchema = z.strictObject({
  meetings: z.int().meta({ description: 'Meetings in which the person was replaced by placeholders' }),
  activities: z.int().meta({ description: 'Activities whose stored body was replaced' }),
  mails: z.int().meta({ description: 'Emails that were deleted or overwritten' }),
  recorded_requests: z.int(),
  stored_responses: z.int(),
})
export type Erased = z.output<typeof erasedSchema>

/** The body of an erasure: an empty object. */
export const eraseInputSchema = z.strictObject({}).optional()
