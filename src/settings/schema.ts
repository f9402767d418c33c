import { z } from 'zod'
import { languageCodes } from '../i18n/languages.ts'
import { hashOfPath } from '../images/image.ts'
import { colorSchema, lineOfText, webAddressSchema } from '../platform/text-schema.ts'
import { timeZoneSchema } from '../time/schema.ts'

/** An organization's appearance on its pages and in its emails. */
export const settingsSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  brand_color: z
    .string()
    .nullable()
    .meta({ description: 'The colour of buttons and links, as #rrggbb. Null means the default colour' }),
  logo_url: z.string().nullable().meta({
    description:
      'The logo URL, or the path on this server if the logo was uploaded. If null, the first letter of the name is shown',
  }),
  default_language: z.enum(languageCodes).nullable().meta({
    description:
      "The language of the admin and emails for members who have not chosen a language, and of emails to attendees whose language is unknown. If null, the admin uses the browser's language, and emails are in English",
  }),
  default_timezone: z.string().meta({ description: "New members' initial time zone" }),
  meeting_retention_days: z.int().nullable().meta({
    description:
      'The number of days after a meeting ends until everyone who booked it is erased. Null means never. See docs/privacy.md',
  }),
  require_second_factor: z.boolean().meta({
    description:
      'Whether members must sign in with a second factor. If they have not, their requests return 403. API keys are not affected',
  }),
  confirm_email_default: z.boolean().meta({
    description:
      'Whether new meeting types require visitors to confirm their email address before a meeting is booked. Requires a mail server',
  }),
  created_at: z.string(),
})
export type Settings = z.output<typeof settingsSchema>

/** A URL, or the unchanged path of the uploaded logo. */
const logoAddressSchema = z.union([
  webAddressSchema,
  z.string().refine((text) => hashOfPath(text) !== undefined, 'must be the path of the uploaded logo'),
])

export const settingsPatchSchema = z
  .strictObject({
    name: lineOfText(200),
    brand_color: colorSchema.nullable(),
    logo_url: logoAddressSchema.nullable(),
    default_language: z.enum(languageCodes).nullable(),
    default_timezone: timeZoneSchema,
    meeting_retention_days: z.int().min(1).max(36_500).nullable(),
    require_second_factor: z.boolean(),
    confirm_email_default: z.boolean(),
  })
  .partial()
export type SettingsPatch = z.output<typeof settingsPatchSchema>
