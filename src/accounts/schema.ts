import { z } from 'zod'

/** A password that a person chooses. */
export const passwordSchema = z.string().min(8).max(128).meta({ description: '8 to 128 characters' })

export const invitationParamsSchema = z.strictObject({ token: z.string().min(1).max(100) })

export const invitationSchema = z.strictObject({
  organization_name: z.string(),
  email: z.string(),
  first_name: z.string(),
  has_account: z.boolean().meta({ description: 'If true, the person must send the password of that account' }),
  expires_at: z.string(),
})
export type Invitation = z.output<typeof invitationSchema>

export const acceptanceInputSchema = z.strictObject({ password: passwordSchema })
export type AcceptanceInput = z.output<typeof acceptanceInputSchema>

export const sentInvitationSchema = z.strictObject({ email: z.string(), expires_at: z.string() })
export type SentInvitation = z.output<typeof sentInvitationSchema>

export const acceptedInvitationSchema = z.strictObject({ email: z.string() })
export type AcceptedInvitation = z.output<typeof acceptedInvitationSchema>
