import { z } from 'zod'
import {
  attendeeStatusSchema,
  fieldSubmissionSchema,
  locationTypeSchema,
  meetingEntitySchema,
  meetingTypeReferenceSchema,
} from '../activities/schema.ts'
import { parseLanguageTag } from '../i18n/languages.ts'
import { pageReferenceSchema } from '../pages/schema.ts'
import { pageQuerySchema } from '../platform/pagination.ts'
import { emailSchema, idInDigitsSchema, lineOfText, paragraphs, personName } from '../platform/text-schema.ts'
import { tagNameSchema } from '../tags/schema.ts'
import { timeZoneSchema } from '../time/schema.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

const EARLIEST = Date.UTC(1970, 0)
const LATEST = Date.UTC(2200, 0)

/** Reads RFC 3339 text as epoch milliseconds. Returns NaN outside the years that all calendars support. */
function readInstant(text: string): number {
  const instant = Date.parse(text)
  return instant >= EARLIEST && instant < LATEST ? instant : Number.NaN
}

/** An instant in whole minutes, as epoch milliseconds. */
const start = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 timestamp such as 2027-03-01T08:00:00Z' })
  .transform((text, context) => {
    const instant = readInstant(text)
    if (instant % 60_000 === 0) return instant
    context.addIssue('must be a whole minute in the years 1970 to 2199, such as 2027-03-01T08:00:00Z')
    return z.NEVER
  })
  .meta({ description: 'An RFC 3339 timestamp on a whole minute', example: '2027-03-01T08:00:00Z' })

const message = paragraphs(5000)
  .nullable()
  .default(null)
  .transform((text) => text || null)
  .meta({ description: 'A message from the person who made the change' })

/** A campaign parameter. If it is too long, it is truncated, because tracking must not prevent a booking. */
const utm = z
  .string()
  .transform((text) => text.slice(0, 255).toWellFormed())
  .default('')
  .meta({ description: 'Truncated to 255 characters' })
const answerValue = z.union([z.string(), z.boolean(), z.array(z.string()).max(100), z.null()], {
  error: 'must be a string, true, false, a list of at most 100 strings, or null',
})

/** The fields that every booking contains. */
const booking = {
  start,
  attendee: z.strictObject({
    first_name: personName(100),
    last_name: personName(100, 0),
    email: emailSchema,
    timezone: timeZoneSchema,
    locale: z
      .string()
      .transform(parseLanguageTag)
      .nullable()
      .default(null)
      .meta({ description: "The person's language as a BCP 47 tag. Null if the value is not a language tag" }),
  }),
  field_submissions: z
    .array(z.strictObject({ name: z.string().max(200), value: answerValue }))
    .max(100)
    .default([])
    .meta({ description: "The answers to the meeting type's questions, by question name" }),
  utm_source: utm,
  utm_medium: utm,
  utm_campaign: utm,
  utm_content: utm,
  utm_term: utm,
  location: z
    .string()
    .max(500)
    .nullable()
    .default(null)
    .meta({ description: 'Required for place_user and phone_user (with the country code). Otherwise, leave it out' }),
  host: id
    .nullable()
    .default(null)
    .meta({ description: 'The id of the member to book with. Required if the attendee chooses among several hosts' }),
}

/** A booking on a public page. */
export const publicBookingInputSchema = z.strictObject(booking)

/** A booking that a host makes for someone else. */
export const bookingInputSchema = z.strictObject({ meeting_type: id, ...booking })

export type BookingInput = z.output<typeof publicBookingInputSchema>

export const messageInputSchema = z.strictObject({ message })
export const rescheduleInputSchema = z.strictObject({
  start,
  message,
  timezone: timeZoneSchema.optional().meta({
    description:
      "The attendee's new time zone, for emails, pages and calendar entries. If this field is left out, the time zone does not change. Requests with a host's link ignore it, because hosts use their member time zone. Requests for group meetings must leave it out.",
  }),
})

/** A meeting in the API: the Meeting entity and its tags. */
export const meetingSchema = meetingEntitySchema.extend({ tags: z.array(z.string()) })
export type Meeting = z.output<typeof meetingSchema>

const isDate = (text: string) => !text.includes('T')

/** A date remains text, because `timezone` determines which instant it means. */
const filterInstant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text, context): number | string => {
    const instant = readInstant(text)
    if (Number.isFinite(instant)) return isDate(text) ? text : instant
    context.addIssue('must be in the years 1970 to 2199')
    return z.NEVER
  })

const AT_MIDNIGHT = 'An instant (RFC 3339), or a date, which means its first instant in `timezone`.'

/** Which meetings to list, in any state. */
const filters = {
  from: filterInstant
    .optional()
    .meta({ description: `Only meetings that start at this time or later. ${AT_MIDNIGHT}` }),
  to: filterInstant.optional().meta({ description: `Only meetings that start before this time. ${AT_MIDNIGHT}` }),
  timezone: timeZoneSchema.default('UTC').meta({ description: 'The time zone of dates in `from` and `to`' }),
  meeting_type: idInDigitsSchema.optional(),
  host: idInDigitsSchema.optional().meta({ description: 'The id of a member' }),
  attendee_email: z.string().max(254).optional(),
  tag: z.string().max(100).optional(),
  search: lineOfText(200)
    .optional()
    .meta({ description: "Part of the meeting's name, or of an attendee's name or email address" }),
}

export const meetingsQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  ...filters,
  status: z
    .enum(['requested', 'confirmed', 'declined', 'cancelled'])
    .optional()
    .meta({ description: 'requested: at least one attendee is pending approval' }),
  order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'The sort order by start time' }),
})

export const meetingCountsQuerySchema = z.strictObject(filters)

const counted = (what: string) =>
  z
    .number()
    .int()
    .meta({ description: `${what}; at most 1000 are counted` })

export const meetingCountsSchema = z.strictObject({
  upcoming: counted('Confirmed, not started'),
  pending: counted('Not started, and at least one attendee is pending approval'),
  past: counted('Confirmed and started'),
  cancelled: counted('Cancelled'),
  declined: counted('Declined'),
})

export const taggingParamsSchema = z.strictObject({ id: idInDigitsSchema, name: tagNameSchema })

const externalId = z.string().max(64)
export const attendeeParamsSchema = z.strictObject({ external_id: externalId })
export const typeParamsSchema = z.strictObject({ page: z.string().max(200), slug: z.string().max(200) })

const possibility = z.strictObject({
  allowed: z.boolean(),
  until: z.string().nullable().meta({ description: 'The time until which this is possible (exclusive)' }),
})

const name = { first_name: z.string(), last_name: z.string() }

/** A meeting from the point of view of one participant, without other people's email addresses, answers or links. */
export const attendeeViewSchema = z.strictObject({
  external_id: z.string(),
  role: z.enum(['attendee', 'host']),
  status: attendeeStatusSchema,
  cancel_url: z.string(),
  reschedule_url: z.string(),
  conference_url: z.string(),
  ...name,
  email: z.string(),
  timezone: z.string(),
  field_submissions: z.array(fieldSubmissionSchema),
  meeting: z.strictObject({
    id: z.number().int(),
    name: z.string(),
    kind: z.enum(['one_on_one', 'group']),
    start: z.string(),
    end: z.string(),
    location: z.string().nullable(),
    location_type: locationTypeSchema,
    locked_timezone: z
      .string()
      .nullable()
      .meta({ description: 'The time zone in which to show all times. Null means that visitors can choose one' }),
    approved: z.boolean().nullable(),
    confirmed: z.boolean(),
    cancelled: z.boolean(),
    conference_password: z.string().nullable(),
    conference_url: z.string().nullable(),
    meeting_type: meetingTypeReferenceSchema,
    calendar: z
      .strictObject({ uid: z.string(), sequence: z.number().int() })
      .meta({ description: 'The UID and SEQUENCE of the calendar entry in the emails' }),
    host: z.strictObject({ ...name, timezone: z.string() }),
    hosts: z.array(z.strictObject({ ...name, timezone: z.string() })),
    attendees: z
      .array(z.strictObject({ ...name, email: z.string(), status: attendeeStatusSchema }))
      .nullable()
      .meta({ description: 'The people who booked. Null unless the person is a host' }),
  }),
  meeting_type: z.strictObject({ slug: z.string() }),
  page: pageReferenceSchema.nullable().meta({ description: 'A page where the meeting type can be booked again' }),
  cancellation: possibility,
  rescheduling: possibility,
})
export type AttendeeView = z.output<typeof attendeeViewSchema>

const addressOrDomain = z.string().min(1).max(254).meta({
  description: 'An email address, or a domain such as example.com, which includes all of its addresses and subdomains',
})

export const upcomingQuerySchema = z.strictObject({ value: addressOrDomain })

export const upcomingCountSchema = z.strictObject({ meetings: z.number().int() })

export const cancelUpcomingInputSchema = z.strictObject({ value: addressOrDomain, message })

export const cancelledUpcomingSchema = z.strictObject({
  cancelled: z.number().int(),
  remaining: z.number().int().meta({ description: 'How many meetings are left. Repeat the request until this is 0' }),
})

/** A start that is held until the visitor confirms their email address. Nothing has been booked yet. */
export const pendingConfirmationSchema = z.strictObject({
  status: z.literal('pending_confirmation'),
  email: z.string().meta({ description: 'The address that the confirmation link was sent to' }),
  expires_at: z.string().meta({ description: 'The time until which the booking is held (exclusive)' }),
  start: z.string(),
  end: z.string(),
  meeting_type: z.strictObject({ name: z.string(), slug: z.string() }),
})
export type PendingConfirmation = z.output<typeof pendingConfirmationSchema>

/** The meeting that the link in an email confirms. */
export const holdSchema = z.strictObject({
  status: z.enum(['pending_confirmation', 'confirmed', 'expired']),
  start: z.string(),
  end: z.string(),
  expires_at: z.string(),
  meeting_type: z.strictObject({
    name: z.string(),
    slug: z.string(),
    location_type: locationTypeSchema,
    locked_timezone: z.string().nullable(),
  }),
  page: pageReferenceSchema.nullable().meta({ description: 'A page where the meeting type can be booked again' }),
  external_id: z.string().nullable().meta({ description: "The attendee's link, once the booking is confirmed" }),
})
export type Hold = z.output<typeof holdSchema>

export const holdParamsSchema = z.strictObject({ hold: z.string().max(64) })
