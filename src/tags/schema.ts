import { z } from 'zod'
import { lineOfText } from '../platform/text-schema.ts'

/** What a tag is called: letter case counts. */
export const tagName = lineOfText(100)

export const tagInput = z.strictObject({ name: tagName })
export const tagPatch = z.strictObject({ name: tagName.optional() })

export const tag = z.strictObject({ id: z.number().int(), name: z.string(), created_at: z.string() })
export type Tag = z.output<typeof tag>
