import { z } from 'zod'
import { lineOfText } from '../platform/text-schema.ts'

/** The name of a tag. Names are case-sensitive. */
export const tagNameSchema = lineOfText(100)

export const tagInputSchema = z.strictObject({ name: tagNameSchema })
export type TagInput = z.output<typeof tagInputSchema>

export const tagPatchSchema = z.strictObject({ name: tagNameSchema.optional() })
export type TagPatch = z.output<typeof tagPatchSchema>

export const tagSchema = z.strictObject({ id: z.number().int(), name: z.string(), created_at: z.string() })
export type Tag = z.output<typeof tagSchema>
