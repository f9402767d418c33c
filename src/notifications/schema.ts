import { z } from 'zod'
import { pageQuerySchema } from '../platform/pagination.ts'

export const mailStatusSchema = z.enum(['kept', 'sent', 'waiting', 'failed']).meta({
  description:
    'waiting: pending. kept: stored in the built-in mailbox, because SMTP_URL is not set. sent: accepted by the mail server. failed: failed permanently; see problem',
})

export const mailboxQuerySchema = pageQuerySchema.extend({ status: mailStatusSchema.optional() })

const mailboxSchema = z.strictObject({ name: z.string(), address: z.string() })

const summary = {
  id: z.number().int(),
  created_at: z.string(),
  kind: z.string().meta({ description: 'Such as meeting.confirmed, meeting.reminder or webhook_disabled' }),
  to: mailboxSchema,
  subject: z.string(),
  status: mailStatusSchema,
  attempts: z.number().int(),
  problem: z.string().nullable().meta({ description: 'Why the last attempt failed' }),
  settled_at: z.string().nullable().meta({ description: 'When the email was accepted or failed permanently' }),
}

export const mailSummarySchema = z.strictObject(summary)

export const mailSchema = z.strictObject({
  ...summary,
  message_id: z.string(),
  text: z.string().nullable().meta({ description: 'Null if the text would let the reader act as the recipient' }),
  html: z.string().nullable(),
  calendar: z
    .strictObject({ method: z.enum(['REQUEST', 'CANCEL']), text: z.string() })
    .nullable()
    .meta({ description: 'The calendar entry that is attached to the email (RFC 5545, RFC 5546)' }),
})

export type MailSummary = z.infer<typeof mailSummarySchema>
export type Mail = z.infer<typeof mailSchema>
