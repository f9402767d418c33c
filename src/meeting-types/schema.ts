import { z } from 'zod'
import { locationTypeSchema } from '../activities/schema.ts'
import { searchQuerySchema } from '../platform/pagination.ts'
import {
  idInDigitsSchema,
  lineOfText,
  paragraphs,
  secureWebAddressSchema,
  slugSchema,
} from '../platform/text-schema.ts'
import { localDateSchema, timeZoneSchema } from '../time/schema.ts'

const MINUTES_OF_DAY = 1440
const MINUTES_OF_YEAR = 366 * MINUTES_OF_DAY

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const minutes = (least: number, most: number) => z.number().int().min(least).max(most)

const kind = z.enum(['one_on_one', 'group'])
const assignment = z.enum(['fixed', 'round_robin', 'joint', 'attendee_chooses'])
const approval = z.enum(['automatic', 'manual'])
const visibility = z.enum(['public', 'hidden', 'disabled'])
const fieldType = z.enum(['text', 'multitext', 'email', 'date', 'time', 'choice', 'multichoice', 'toggle'])

const priority = z.number().int().min(1).max(5)
const host = z.strictObject({ member: id, priority })
const hostInput = z.union([id, z.strictObject({ member: id, priority: priority.default(3) })]).meta({
  description:
    'A member id, or {member, priority}. In a round robin, the priority (1 to 5, default 3) weights the hosts',
})

/** A booking form question. Answers refer to it by name. */
const formField = z.strictObject({
  name: z.string(),
  field_type: fieldType,
  help_text: z.string().nullable(),
  required: z.boolean(),
  choices: z
    .array(z.string())
    .nullable()
    .meta({ description: 'The choices of a choice or multichoice field. Null for other fields' }),
  visible: z
    .boolean()
    .meta({ description: "Whether the field is shown. A hidden field can still be prefilled by the page's URL" }),
})

const formFieldInput = z.strictObject({
  name: lineOfText(200),
  field_type: fieldType.default('text'),
  help_text: paragraphs(1000).nullable().default(null),
  required: z.boolean().default(false),
  choices: z.array(lineOfText(200)).max(100).nullable().default(null),
  visible: z.boolean().default(true),
})

/**
 * Whether attendees may cancel or reschedule. If so, they may do this until `notice_minutes` before the start. Hosts are never
 * limited.
 */
const policy = z.strictObject({ allowed: z.boolean(), notice_minutes: z.number().int() })
const policyPatch = z.strictObject({ allowed: z.boolean(), notice_minutes: minutes(0, MINUTES_OF_YEAR) }).partial()

/** The writable fields without defaults. */
const shape = {
  name: lineOfText(200),
  slug: slugSchema,
  description: paragraphs(5000).nullable(),
  kind,
  duration_minutes: minutes(1, MINUTES_OF_DAY),
  location_type: locationTypeSchema,
  location: lineOfText(1000).nullable().meta({
    description: 'The address, phone number or room URL for place, phone and web_conference. Null for the other types',
  }),
  locked_timezone: timeZoneSchema.nullable().meta({
    description:
      "The IANA time zone in which visitors see and book all times, for place and place_user. Null means the visitor's time zone",
  }),
  hosts: z.array(hostInput).min(1).max(100),
  assignment: assignment.meta({ description: 'Default: fixed for one host, round_robin for several' }),
  seats: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .meta({ description: 'The number of seats in a group meeting (default 10). Always 1 for one_on_one' }),
  approval,
  schedule: id.nullable().meta({ description: "The schedule for all hosts. Null means each host's default schedule" }),
  buffer_before_minutes: minutes(0, MINUTES_OF_DAY),
  buffer_after_minutes: minutes(0, MINUTES_OF_DAY),
  minimum_notice_minutes: minutes(0, MINUTES_OF_YEAR),
  booking_window_days: z
    .number()
    .int()
    .min(0)
    .max(3660)
    .nullable()
    .meta({ description: 'How many days ahead people can book. Null means no limit' }),
  booking_from: localDateSchema.nullable(),
  booking_until: localDateSchema.nullable(),
  start_increment_minutes: minutes(1, MINUTES_OF_DAY)
    .nullable()
    .meta({ description: 'The interval between start times. Null means the duration, but at most 30' }),
  daily_limit: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .nullable()
    .meta({ description: 'The maximum number of meetings of this type per host per day' }),
  upcoming_limit_per_attendee: z.number().int().min(1).max(1000).nullable().meta({
    description:
      "The maximum number of upcoming meetings of this type that can be booked with one email address on the page (default 3). Null means no limit. Not applied when hosts book, or if only the server's own machine can reach the server",
  }),
  confirm_email: z.boolean().meta({
    description:
      "Whether visitors must confirm their email address before the meeting is booked. The time is held for 15 minutes. Requires a mail server. Default: the organization's `confirm_email_default`",
  }),
  fields: z.array(formFieldInput).max(50),
  reminders: z
    .array(minutes(1, MINUTES_OF_YEAR))
    .max(5)
    .meta({ description: 'When to send reminders, in minutes before the start; at most five reminders' }),
  visibility: visibility.meta({
    description: 'hidden: can be booked, but is not listed on pages. disabled: cannot be booked',
  }),
  cancellation: policyPatch,
  rescheduling: policyPatch,
  redirect_url: secureWebAddressSchema.nullable().meta({
    description:
      'The URL that the booking page redirects to after a booking. Must be https. It receives no data about the meeting or the attendee',
  }),
}

export const meetingTypeInputSchema = z.strictObject({
  ...shape,
  description: shape.description.default(null),
  kind: shape.kind.default('one_on_one'),
  location: shape.location.default(null),
  locked_timezone: shape.locked_timezone.default(null),
  assignment: shape.assignment.optional(),
  seats: shape.seats.default(null),
  approval: shape.approval.default('automatic'),
  schedule: shape.schedule.default(null),
  buffer_before_minutes: shape.buffer_before_minutes.default(0),
  buffer_after_minutes: shape.buffer_after_minutes.default(0),
  minimum_notice_minutes: shape.minimum_notice_minutes.default(0),
  booking_window_days: shape.booking_window_days.default(null),
  booking_from: shape.booking_from.default(null),
  booking_until: shape.booking_until.default(null),
  start_increment_minutes: shape.start_increment_minutes.default(null),
  daily_limit: shape.daily_limit.default(null),
  upcoming_limit_per_attendee: shape.upcoming_limit_per_attendee.default(3),
  confirm_email: shape.confirm_email.optional(),
  fields: shape.fields.default([]),
  reminders: shape.reminders.default([]),
  visibility: shape.visibility.default('public'),
  cancellation: shape.cancellation.default({}),
  rescheduling: shape.rescheduling.default({}),
  redirect_url: shape.redirect_url.default(null),
})

export const meetingTypePatchSchema = z.strictObject(shape).partial()

export const meetingTypeSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  kind,
  duration_minutes: z.number().int(),
  location_type: locationTypeSchema,
  location: z.string().nullable(),
  locked_timezone: z.string().nullable(),
  hosts: z
    .array(host)
    .meta({ description: 'The hosts in order. In a fixed or joint meeting, the first host is the main host' }),
  assignment,
  seats: z.number().int(),
  approval,
  schedule: z.number().int().nullable(),
  buffer_before_minutes: z.number().int(),
  buffer_after_minutes: z.number().int(),
  minimum_notice_minutes: z.number().int(),
  booking_window_days: z.number().int().nullable(),
  booking_from: z.string().nullable(),
  booking_until: z.string().nullable(),
  start_increment_minutes: z.number().int().nullable(),
  daily_limit: z.number().int().nullable(),
  upcoming_limit_per_attendee: z.number().int().nullable(),
  confirm_email: z.boolean(),
  fields: z.array(formField),
  reminders: z.array(z.number().int()),
  visibility,
  cancellation: policy,
  rescheduling: policy,
  redirect_url: z.string().nullable(),
  created_at: z.string(),
})

/** A meeting type as visitors see it: without email addresses, rooms and phone numbers. */
export const publicMeetingTypeSchema = z.strictObject({
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  kind,
  duration_minutes: z.number().int(),
  location_type: locationTypeSchema,
  location: z
    .string()
    .nullable()
    .meta({ description: 'The address of a place. Phone numbers and rooms are only shown after booking' }),
  locked_timezone: z
    .string()
    .nullable()
    .meta({ description: 'The time zone in which to show all times. Null means that visitors can choose one' }),
  assignment,
  hosts: z.array(
    z.strictObject({
      id: z.number().int(),
      first_name: z.string(),
      last_name: z.string(),
      photo_url: z.string().nullable().meta({ description: 'The path of the photo on this server' }),
    }),
  ),
  seats: z.number().int(),
  approval,
  booking_from: z.string().nullable(),
  booking_until: z.string().nullable(),
  fields: z.array(formField),
  cancellation: policy,
  rescheduling: policy,
  redirect_url: z.string().nullable(),
})

export type MeetingType = z.output<typeof meetingTypeSchema>
export type MeetingTypeInput = z.output<typeof meetingTypeInputSchema>
export type MeetingTypePatch = z.output<typeof meetingTypePatchSchema>
export type PublicMeetingType = z.output<typeof publicMeetingTypeSchema>
export type FormField = z.output<typeof formField>
export type FieldType = z.output<typeof fieldType>
export type Host = z.output<typeof host>

export const meetingTypesQuerySchema = searchQuerySchema('the name').extend({
  host: idInDigitsSchema.optional().meta({ description: 'Only meeting types that this member hosts' }),
})
