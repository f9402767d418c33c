import { z } from 'zod'
import { pageQuery } from '../platform/pagination.ts'

export const mailStatus = z.enum(['kept', 'sent', 'waiting', 'failed']).meta({
  description:
    'kept: in the built-in mailbox, since no SMTP_URL is set. sent: the mail server accepted it. failed: it was given up; problem says why',
})

export const mailboxQuery = pageQuery.extend({ status: mailStatus.optional() })

const mailbox = z.strictObject({ name: z.string(), address: z.string() })

const summary = {
  id: z.number().int(),
  created_at: z.string(),
  kind: z.string().meta({ description: 'Such as meeting.confirmed, meeting.reminder or webhook_disabled' }),
  to: mailbox,
  subject: z.string(),
  status: mailStatus,
  attempts: z.number().int(),
  problem: z.string().nullable().meta({ description: 'What the last try met with' }),
  settled_at: z.string().nullable().meta({ description: 'When it was accepted or given up' }),
}

export const mailSummary = z.strictObject(summary)

export const mail = z.strictObject({
  ...summary,
  message_id: z.string(),
  text: z.string().nullable().meta({ description: 'Null where reading it would let the reader act for its recipient' }),
  html: z.string().nullable(),
  calendar: z
    .strictObject({ method: z.enum(['REQUEST', 'CANCEL']), text: z.string() })
    .nullable()
    .meta({ description: 'The calendar entry that goes with it (RFC 5545, RFC 5546)' }),
})

export type MailSummary = z.infer<typeof mailSummary>
export type Mail = z.infer<typeof mail>
