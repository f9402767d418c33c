import { z } from 'zod'
import { emailSchema, lineOfText, personName } from '../platform/text-schema.ts'

/** A password that a person chooses. */
export const passwordSchema = z.string().min(10).max(128).meta({
  description: "10 to 128 characters; must not be a common password, or be based on the person's name or email address",
})

export const invitationParamsSchema = z.strictObject({ token: z.string().min(1).max(100) })

export const invitationSchema = z.strictObject({
  organization_name: z.string(),
  email: z.string(),
  first_name: z.string(),
  has_account: z.boolean().meta({
    description: 'Whether the person has an account. If true, they must be signed in to it to accept the invitation',
  }),
  signed_in: z.boolean().meta({ description: 'Whether the request was made from a session of that account' }),
  expires_at: z.string(),
})
export type Invitation = z.output<typeof invitationSchema>

export const acceptanceInputSchema = z.strictObject({
  password: passwordSchema
    .optional()
    .meta({ description: 'The new password, if the person does not have an account yet' }),
})
export type AcceptanceInput = z.output<typeof acceptanceInputSchema>

export const sentInvitationSchema = z.strictObject({
  email: z.string(),
  expires_at: z.string(),
  link: z
    .string()
    .nullable()
    .meta({ description: 'The invitation link, if no mail server is configured that could send it. Null otherwise' }),
})
export type SentInvitation = z.output<typeof sentInvitationSchema>

export const acceptedInvitationSchema = z.strictObject({ email: z.string() })
export type AcceptedInvitation = z.output<typeof acceptedInvitationSchema>

/** Request bodies of the sign-in and account pages. */
export const resetRequestSchema = z.strictObject({ email: emailSchema })
export const resetSchema = z.strictObject({ token: z.string().min(1).max(200), newPassword: passwordSchema })
export const passwordChangeSchema = z.strictObject({
  current_password: z.string().min(1).max(128),
  new_password: passwordSchema,
})

export const accountPatchSchema = z.strictObject({ name: personName(200) })
export const switchSchema = z.strictObject({ organization: z.number().int().positive() })
export const signInSchema = z.object({ email: emailSchema, password: z.string().min(1).max(128) })
export const signInAnswerSchema = z.strictObject({
  second_factor: z.boolean().meta({ description: 'Whether a second factor is required to complete the sign-in' }),
})
/** How people can sign in, in addition to a password. */
export const signInMethodsSchema = z.strictObject({
  provider: z.string().nullable().meta({ description: 'The name of the OpenID Connect provider' }),
})
/** A path in the admin or of an invitation, to continue to after signing in. */
export const oidcStartSchema = z.strictObject({
  return_to: z
    .string()
    .max(300)
    .regex(/^\/(admin|invitation)(\/[\w-]+)*$/),
})
export const oidcStartedSchema = z.strictObject({ location: z.string() })
/** The reason why a sign-in with the provider failed, for the sign-in page. */
export type OidcProblem = 'address_not_verified' | 'address_unknown' | 'account_not_proven' | 'cancelled' | 'failed'
/** A code from an authenticator app, or a recovery code. */
export const secondStepSchema = z.strictObject({ code: z.string().trim().min(1).max(100) })
/**
 * The proof a person must enter to change how they sign in: their current password or, if they do not have one, a second factor
 * code.
 */
export const proofSchema = z.strictObject({
  password: z.string().min(1).max(128).optional(),
  code: z.string().trim().min(1).max(100).optional(),
})
export const newSecondFactorSchema = z.strictObject({
  secret: z.string(),
  uri: z.string().meta({ description: 'The content of the QR code, such as otpauth://totp/…' }),
  recovery_codes: z.array(z.string()),
})
export type NewSecondFactor = z.output<typeof newSecondFactorSchema>
export const recoveryCodesSchema = z.strictObject({ recovery_codes: z.array(z.string()) })
export const sessionParamsSchema = z.strictObject({ id: z.string().min(1).max(100) })

export const accountSchema = z.strictObject({
  name: z.string(),
  email: z.string(),
  has_password: z.boolean(),
  provider: z
    .strictObject({ name: z.string(), linked: z.boolean() })
    .nullable()
    .meta({ description: 'The OpenID Connect provider, and whether the person can sign in with it' }),
  second_factor: z.strictObject({
    enabled: z.boolean().meta({ description: 'Whether an authenticator app is turned on' }),
    proven: z.boolean().meta({ description: 'Whether this session was started with a second factor' }),
    recovery_codes: z.number().int().nullable().meta({ description: 'How many recovery codes have not been used' }),
  }),
  organizations: z.array(
    z.strictObject({
      id: z.number().int(),
      name: z.string(),
      role: z.enum(['member', 'manager', 'admin']),
      require_second_factor: z.boolean(),
    }),
  ),
})
export type Account = z.output<typeof accountSchema>

export const accountSessionSchema = z.strictObject({
  id: z.string(),
  current: z.boolean().meta({ description: 'Whether the request was made from this session' }),
  created_at: z.string(),
  last_used_at: z.string().meta({ description: 'When the session was last used. Updated at most once a day' }),
  address: z.string().nullable().meta({ description: 'The network address that the session was started from' }),
  browser: z.string().nullable().meta({ description: 'The User-Agent header of the browser' }),
})
export type AccountSession = z.output<typeof accountSessionSchema>

/** The browser's WebAuthn response as JSON. The library that verifies it also validates its content. */
const webAuthnResponse = z.looseObject({
  id: z.string().min(1).max(2000),
  rawId: z.string().min(1).max(2000),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}),
})
const registrationResponse = webAuthnResponse.extend({
  response: z.looseObject({ clientDataJSON: z.string(), attestationObject: z.string() }),
})
const authenticationResponse = webAuthnResponse.extend({
  response: z.looseObject({ clientDataJSON: z.string(), authenticatorData: z.string(), signature: z.string() }),
})
export const passkeyNameSchema = z.strictObject({ name: lineOfText(100) })
export const newPasskeySchema = z.strictObject({ name: lineOfText(100), response: registrationResponse })
export const passkeySignInSchema = z.strictObject({ response: authenticationResponse })
export const passkeyParamsSchema = z.strictObject({ id: z.string().min(1).max(2000) })
export const passkeySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
})
export type Passkey = z.output<typeof passkeySchema>
