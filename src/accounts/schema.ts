import { z } from 'zod'

/** A password as people choose it. */
export const password = z.string().min(8).max(128).meta({ description: '8 to 128 characters' })

export const invitationParams = z.strictObject({ token: z.string().min(1).max(100) })

export const invitation = z.strictObject({
  organization_name: z.string(),
  email: z.string(),
  first_name: z.string(),
  has_account: z.boolean().meta({ description: 'Then the password is the one of that account' }),
  expires_at: z.string(),
})

export const acceptance = z.strictObject({ password })

export const invited = z.strictObject({ email: z.string(), expires_at: z.string() })

export const accepted = z.strictObject({ email: z.string() })

export type Invitation = z.infer<typeof invitation>
