import { z } from 'zod'

const kind = z.enum(['address', 'domain'])

export const blockedAttendeeInputSchema = z.strictObject({
  value: z.string().min(1).max(254).meta({
    description:
      'An email address, or a domain such as example.com, which includes all of its addresses and subdomains',
  }),
})
export type BlockedAttendeeInput = z.output<typeof blockedAttendeeInputSchema>

export const blockedAttendeeSchema = z.strictObject({
  id: z.number().int(),
  kind,
  value: z
    .string()
    .meta({ description: 'The blocked address or domain in lower case. In an address, the +tag is removed' }),
  created_at: z.string(),
})
export type BlockedAttendee = z.output<typeof blockedAttendeeSchema>
