import { z } from 'zod'
import { color, lineOfText, webAddress } from '../platform/text-schema.ts'

/** What an organization shows of itself on its pages and in its mails. */
export const settings = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  brand_color: z
    .string()
    .nullable()
    .meta({ description: 'The colour of buttons and links as #rrggbb; null: the usual one' }),
  logo_url: z.string().nullable(),
  created_at: z.string(),
})

export const settingsPatch = z
  .strictObject({
    name: lineOfText(200),
    brand_color: color.nullable(),
    logo_url: webAddress.nullable(),
  })
  .partial()

export type Settings = z.output<typeof settings>
export type SettingsPatch = z.output<typeof settingsPatch>
