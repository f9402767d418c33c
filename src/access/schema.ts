import { z } from 'zod'
import { lineOfText } from '../platform/text-schema.ts'

export const apiKeyInputSchema = z.strictObject({ name: lineOfText(200) })

export const apiKeySchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  hint: z.string().meta({ description: 'The first and last characters' }),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
})

export const newApiKeySchema = z.strictObject({
  ...apiKeySchema.shape,
  key: z.string().meta({ description: 'Shown only once' }),
})

export type ApiKey = z.infer<typeof apiKeySchema>
export type ApiKeyInput = z.infer<typeof apiKeyInputSchema>
export type NewApiKey = z.infer<typeof newApiKeySchema>
