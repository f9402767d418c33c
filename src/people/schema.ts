import { z } from 'zod'
import { emailSchema } from '../platform/text-schema.ts'

const email = emailSchema.meta({ description: "The person's email address; not case-sensitive" })
const entries = z.array(z.record(z.string(), z.unknown()))

export const personParamsSchema = z.strictObject({ email })

export const personExportSchema = z.strictObject({
  type: z.literal('PersonExport'),
  email: z.string(),
  exported_at: z.string(),
  members: entries.meta({
    description: 'The current or former member of the organization with this address, with the photo as a `data:` URL',
  }),
  account: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: "The member's account on this server, without passwords and sessions" }),
  meetings: entries.meta({
    description: "The person's meetings in their current state, without other attendees. Hosts' links are hidden",
  }),
  holds: entries.meta({
    description:
      'Start times that are held until the person confirms the email address, with the data that the person entered',
  }),
  activities: entries.meta({ description: 'The stored activities of these meetings, with the same data left out' }),
  mails: entries.meta({ description: 'Emails to or about the person, including pending emails' }),
  deliveries: entries.meta({
    description: "Webhook deliveries of these activities, with the receivers' responses",
  }),
  recorded_requests: entries.meta({ description: 'Requests that inspectors recorded and that name the person' }),
  audit_entries: entries.meta({ description: 'Audit log entries that name the person' }),
  connections: entries.meta({
    description: 'Calendars that the person connected as a member, without their addresses',
  }),
  calendar_feeds: entries.meta({
    description: "When the URL of the person's calendar feed was created and last read",
  }),
  blocked_attendees: entries.meta({ description: 'The entry that blocks the email address' }),
  stored_responses: entries.meta({ description: 'Responses stored for an Idempotency-Key that name the person' }),
})
export type PersonExport = z.output<typeof personExportSchema>

export const erasedSchema = z.strictObject({
  meetings: z.int().meta({ description: "Meetings in which placeholders replaced the person's data" }),
  activities: z.int().meta({ description: 'Activities whose stored body was replaced' }),
  mails: z.int().meta({ description: 'Emails that were deleted or overwritten' }),
  recorded_requests: z.int(),
  stored_responses: z.int(),
})
export type Erased = z.output<typeof erasedSchema>

/** The body of an erasure: an empty object. */
export const eraseInputSchema = z.strictObject({}).optional()
