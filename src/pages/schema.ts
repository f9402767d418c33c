import { z } from 'zod'
import { publicMeetingType } from '../meeting-types/schema.ts'
import { lineOfText, paragraphs, slug } from '../platform/text-schema.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

const shape = {
  name: lineOfText(200),
  slug: slug.meta({ description: 'The page is at /{slug}. Unique on the server' }),
  description: paragraphs(5000).nullable(),
  meeting_types: z.array(id).max(200).meta({ description: 'Ids, in the order in which the page shows them' }),
}

export const pageInput = z.strictObject({
  ...shape,
  description: shape.description.default(null),
  meeting_types: shape.meeting_types.default([]),
})

export const pagePatch = z.strictObject(shape).partial()

export const page = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  meeting_types: z.array(z.number().int()),
  created_at: z.string(),
})

const publicOrganization = z.strictObject({
  name: z.string(),
  brand_color: z.string().nullable(),
  logo_url: z.string().nullable(),
})

/** A page as everybody sees it: with its public meeting types. */
export const publicPage = z.strictObject({
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  organization: publicOrganization,
  meeting_types: z.array(publicMeetingType),
})

/** What the booking form needs: the type, and where it stands. */
export const bookingForm = z.strictObject({
  ...publicMeetingType.shape,
  page: z.strictObject({ name: z.string(), slug: z.string() }),
  organization: publicOrganization,
})

export type Page = z.output<typeof page>
export type PageInput = z.output<typeof pageInput>
export type PagePatch = z.output<typeof pagePatch>
export type PublicPage = z.output<typeof publicPage>
export type BookingForm = z.output<typeof bookingForm>
