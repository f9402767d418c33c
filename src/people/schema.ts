import { z } from 'zod'
import { emailSchema } from '../platform/text-schema.ts'

const email = emailSchema.meta({ description: 'The e-mail address of the person, in any letter case' })
const entries = z.array(z.record(z.string(), z.unknown()))

export const personParamsSchema = z.strictObject({ email })

export const personExportSchema = z.strictObject({
  type: z.literal('PersonExport'),
  email: z.string(),
  exported_at: z.string(),
  members: entries.meta({ description: 'The person as a member or a former member of the organization' }),
  account: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: "The member's account on this server, without passwords and sessions" }),
  meetings: entries.meta({
    description: 'Their meetings as they are now. Other attendees are left out, and the links of hosts are hidden',
  }),
  holds: entries.meta({
    description: 'Starts that they hold until they confirm their e-mail address, and what they entered',
  }),
  activities: entries.meta({ description: 'The stored activities of these meetings, changed in the same way' }),
  mails: entries.meta({ description: 'Mails to the person or about them, pending ones as well' }),
  deliveries: entries.meta({ description: 'Webhook deliveries of these activities, and what the receivers returned' }),
  recorded_requests: entries.meta({ description: 'Requests that inspectors recorded and that name the person' }),
  audit_entries: entries.meta({ description: 'Entries of the audit log that name the person' }),
  blocked_attendees: entries.meta({ description: 'The entry that blocks the address' }),
  stored_responses: entries.meta({ description: 'Responses kept for an Idempotency-Key that name the person' }),
})
export type PersonExport = z.output<typeof personExportSchema>

export const erasedSchema = z.strictObject({
  meetings: z.int().meta({ description: 'Meetings in which the person was replaced by placeholders' }),
  activities: z.int().meta({ description: 'Activities whose stored body was replaced' }),
  mails: z.int().meta({ description: 'Mails that were withdrawn or overwritten' }),
  recorded_requests: z.int(),
  stored_responses: z.int(),
})
export type Erased = z.output<typeof erasedSchema>

/** The body of an erasure: an empty object. */
export const eraseInputSchema = z.strictObject({}).optional()
