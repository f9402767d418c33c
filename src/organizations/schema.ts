import { z } from 'zod'
import { passwordSchema } from '../accounts/schema.ts'
import { languageCodes } from '../i18n/languages.ts'
import { emailSchema, lineOfText, personName } from '../platform/text-schema.ts'
import { timeZoneSchema } from '../time/schema.ts'

const id = z.number().int()
const name = lineOfText(200)

/** A new organization and its owner. */
export const organizationInputSchema = z.strictObject({
  organization_name: name,
  first_name: personName(200),
  last_name: personName(200, 0).default(''),
  email: emailSchema,
  password: passwordSchema,
  timezone: timeZoneSchema.default('UTC'),
})

export const setupInputSchema = z.strictObject({
  token: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'The last part of the one-time setup link that the server printed to its console' }),
  ...organizationInputSchema.shape,
  language: z
    .enum(languageCodes)
    .nullable()
    .default(null)
    .meta({ description: "The organization's default language. Null means the reader's browser language" }),
  create_booking_page: z.boolean().default(false).meta({
    description:
      "Whether to create working hours (Monday to Friday, 9:00 to 17:00 in the owner's time zone), a 30-minute meeting type and a page that offers it",
  }),
})

export const setupAnswerSchema = z.strictObject({
  organization: z.strictObject({ id, name: z.string() }),
  member: z.strictObject({ id, email: z.string() }),
  api_key: z.string().meta({ description: 'Shown only once' }),
  booking_url: z.string().nullable().meta({ description: 'The URL of the booking page. Null if no page was created' }),
})

export const actorAnswerSchema = z.strictObject({
  organization: z.strictObject({ id, name: z.string() }),
  kind: z.enum(['api_key', 'member']),
  role: z.enum(['read_only', 'member', 'manager', 'admin']),
  member: z
    .strictObject({
      id,
      email: z.string(),
      first_name: z.string(),
      last_name: z.string(),
      timezone: z.string(),
      photo_url: z.string().nullable(),
    })
    .nullable(),
  language: z.enum(languageCodes).nullable().meta({
    description: "The person's language, or else the organization's. Null means the browser's language",
  }),
})

/** The typed confirmation for deleting an organization. */
export const deletionInputSchema = z.strictObject({
  confirm: z.string().max(200).meta({ description: "The organization's name" }),
})

export type SetupInput = z.infer<typeof setupInputSchema>
export type SetupAnswer = z.infer<typeof setupAnswerSchema>
export type ActorAnswer = z.infer<typeof actorAnswerSchema>
