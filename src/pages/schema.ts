import { z } from 'zod'
import { publicMeetingTypeSchema } from '../meeting-types/schema.ts'
import { idInDigitsSchema, lineOfText, paragraphs, slugSchema } from '../platform/text-schema.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** How many meeting types a page can have. */
export const MOST_TYPES = 200

const shape = {
  name: lineOfText(200),
  slug: slugSchema.meta({ description: "The path in the page's URL, /{slug}. Unique on this server" }),
  description: paragraphs(5000).nullable(),
  meeting_types: z.array(id).max(MOST_TYPES).meta({ description: 'Meeting type ids in display order' }),
}

export const pageInputSchema = z.strictObject({
  ...shape,
  description: shape.description.default(null),
  meeting_types: shape.meeting_types.default([]),
})

export const pagePatchSchema = z.strictObject(shape).partial()

export const pageMeetingTypeParamsSchema = z.strictObject({ id: idInDigitsSchema, meeting_type: idInDigitsSchema })

export const pageSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  meeting_types: z.array(z.number().int()),
  created_at: z.string(),
})

const publicOrganizationSchema = z.strictObject({
  name: z.string(),
  brand_color: z.string().nullable(),
  logo_url: z.string().nullable(),
})

/** A page as visitors see it, with its public meeting types. */
export const publicPageSchema = z.strictObject({
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  organization: publicOrganizationSchema,
  meeting_types: z.array(publicMeetingTypeSchema),
})

/** The data that the booking form needs: the meeting type, its page and its organization. */
export const bookingFormSchema = z.strictObject({
  ...publicMeetingTypeSchema.shape,
  page: z.strictObject({ name: z.string(), slug: z.string() }),
  organization: publicOrganizationSchema,
})

/** A page that other data links to. */
export const pageReferenceSchema = z.strictObject({
  slug: z.string(),
  name: z.string(),
  organization: publicOrganizationSchema,
})

export type Page = z.output<typeof pageSchema>
export type PageInput = z.output<typeof pageInputSchema>
export type PagePatch = z.output<typeof pagePatchSchema>
export type PageReference = z.output<typeof pageReferenceSchema>
export type PublicPage = z.output<typeof publicPageSchema>
export type BookingForm = z.output<typeof bookingFormSchema>
