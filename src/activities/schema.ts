import { z } from 'zod'
import { locationTypes } from '../places/schema.ts'

/** The wire definition of activities. Keys stand in the order in which they are sent; every key is always there. */

/** What can happen to a meeting. */
export const meetingActions = [
  'Meeting.scheduled',
  'Meeting.approved',
  'Meeting.declined',
  'Meeting.cancelled',
  'Meeting.rescheduled',
  'Meeting.tagged',
  'Meeting.untagged',
] as const

/** What can happen to a person who booked. */
export const attendeeActions = [
  'Attendee.scheduled',
  'Attendee.approved',
  'Attendee.declined',
  'Attendee.cancelled',
  'Attendee.reminded',
] as const

/** The twelve actions. */
export const actions = [...meetingActions, ...attendeeActions] as const
export const actionSchema = z.enum(actions)
export type Action = z.infer<typeof actionSchema>

/** Meetings of one person with the hosts, or of several. */
export const meetingKinds = ['one_on_one', 'group'] as const
export const meetingKindSchema = z.enum(meetingKinds)
export type MeetingKind = z.infer<typeof meetingKindSchema>

export const locationTypeSchema = z.enum(locationTypes)

export const attendeeStatusSchema = z.enum(['requested', 'confirmed', 'declined', 'cancelled'])
export type AttendeeStatus = z.infer<typeof attendeeStatusSchema>

const id = z.int().min(0)
const createdAt = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .meta({ format: 'date-time', description: 'UTC with six fraction digits' })
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .meta({ format: 'date-time', description: 'UTC without a fraction' })

const question = { name: z.string(), help_text: z.string().nullable(), required: z.boolean(), visible: z.boolean() }

function fieldSubmissionOf<F extends z.ZodType, C extends z.ZodType, V extends z.ZodType>(
  type: F,
  choices: C,
  value: V,
) {
  const { name, help_text, required, visible } = question
  return z.strictObject({ name, field_type: type, help_text, required, choices, visible, value })
}

/** A question of the booking form as it was asked, and the answer. */
export const fieldSubmissionSchema = z.discriminatedUnion('field_type', [
  fieldSubmissionOf(z.enum(['text', 'multitext', 'email', 'date', 'time']), z.null(), z.string()),
  fieldSubmissionOf(z.literal('choice'), z.array(z.string()), z.string()),
  fieldSubmissionOf(z.literal('multichoice'), z.array(z.string()), z.array(z.string())),
  fieldSubmissionOf(z.literal('toggle'), z.null(), z.boolean()),
])
export type FieldSubmission = z.infer<typeof fieldSubmissionSchema>

export const meetingTypeReferenceSchema = z.strictObject({ id, type: z.literal('MeetingType'), name: z.string() })

const person = {
  id,
  type: z.literal('Attendee'),
  created_at: createdAt,
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  timezone: z.string().meta({ description: 'IANA name, such as Europe/Berlin' }),
  status: attendeeStatusSchema,
  external_id: z.string().meta({ description: 'Stands in the links of this person; whoever knows it acts for them' }),
}

const links = { cancel_url: z.string(), reschedule_url: z.string(), conference_url: z.string() }

const utm = z.string().nullable().meta({ description: 'Empty where it was not given, null for a host' })

/** The first host of a meeting. */
export const hostSchema = z.strictObject({ ...person, ...links })

/** One person of a meeting: somebody who booked, or a host. */
export const attendeeSchema = z.strictObject({
  ...person,
  utm_source: utm,
  utm_medium: utm,
  utm_campaign: utm,
  utm_content: utm,
  utm_term: utm,
  ...links,
  field_submissions: z.array(fieldSubmissionSchema),
})

/** A meeting at one moment. People who booked come first among `attendees`, hosts last. */
export const meetingEntitySchema = z.strictObject({
  id,
  type: z.literal('Meeting'),
  created_at: createdAt,
  name: z.string(),
  location: z.string().nullable(),
  location_type: locationTypeSchema,
  start: instant,
  end: instant,
  approved: z.boolean().nullable(),
  confirmed: z.boolean(),
  cancelled: z.boolean(),
  conference_password: z.string().nullable(),
  conference_url: z.string().nullable(),
  meeting_type: meetingTypeReferenceSchema,
  host: hostSchema,
  attendees: z.array(attendeeSchema),
})

const meetingOfAttendeeSchema = meetingEntitySchema.omit({ attendees: true })

/** A person who booked, with the meeting (without its attendees), at one moment. */
export const attendeeEntitySchema = attendeeSchema.extend({ meeting: meetingOfAttendeeSchema })

export type HostEntity = z.infer<typeof hostSchema>
export type Attendee = z.infer<typeof attendeeSchema>
export type MeetingEntity = z.infer<typeof meetingEntitySchema>
export type AttendeeEntity = z.infer<typeof attendeeEntitySchema>

const by = z.enum(['host', 'attendee']).meta({ description: 'Who acted' })
const changeMetadata = z.strictObject({ by })
const rescheduleMetadata = z.strictObject({ by, previous_start: instant, previous_end: instant })
const tagMetadata = z.strictObject({ tag: z.strictObject({ id, type: z.literal('Tag'), name: z.string() }) })
const reminderMetadata = z.strictObject({ reminder: z.strictObject({ minutes_before: z.int().min(0) }) })

export type Metadata =
  | z.infer<typeof changeMetadata>
  | z.infer<typeof rescheduleMetadata>
  | z.infer<typeof tagMetadata>
  | z.infer<typeof reminderMetadata>

/** What the person who acted typed. */
const message = z.string().nullable()

interface BodyParts<M, D, E> {
  message: M
  metadata: D
  entity: E
}

function bodyOf<A extends Action, M extends z.ZodType, D extends z.ZodType, E extends z.ZodType>(
  action: A,
  parts: BodyParts<M, D, E>,
) {
  return z.strictObject({
    id: id.meta({ description: 'Unique within the server; 0 in a test' }),
    type: z.literal('Activity'),
    created_at: createdAt,
    action: z.literal(action),
    message: parts.message,
    metadata: parts.metadata,
    entity: parts.entity,
  })
}

const meetingChange = { message, metadata: changeMetadata, entity: meetingEntitySchema }
const meetingTag = { message: z.null(), metadata: tagMetadata, entity: meetingEntitySchema }
const attendeeChange = { message, metadata: changeMetadata, entity: attendeeEntitySchema }
const nothingMore = { message: z.null(), metadata: z.null() }

/** The body of each action. */
export const bodySchemas = {
  'Meeting.scheduled': bodyOf('Meeting.scheduled', { ...nothingMore, entity: meetingEntitySchema }),
  'Meeting.approved': bodyOf('Meeting.approved', meetingChange),
  'Meeting.declined': bodyOf('Meeting.declined', meetingChange),
  'Meeting.cancelled': bodyOf('Meeting.cancelled', meetingChange),
  'Meeting.rescheduled': bodyOf('Meeting.rescheduled', { ...meetingChange, metadata: rescheduleMetadata }),
  'Meeting.tagged': bodyOf('Meeting.tagged', meetingTag),
  'Meeting.untagged': bodyOf('Meeting.untagged', meetingTag),
  'Attendee.scheduled': bodyOf('Attendee.scheduled', { ...nothingMore, entity: attendeeEntitySchema }),
  'Attendee.approved': bodyOf('Attendee.approved', attendeeChange),
  'Attendee.declined': bodyOf('Attendee.declined', attendeeChange),
  'Attendee.cancelled': bodyOf('Attendee.cancelled', attendeeChange),
  'Attendee.reminded': bodyOf('Attendee.reminded', {
    message: z.null(),
    metadata: reminderMetadata,
    entity: attendeeEntitySchema,
  }),
} satisfies Record<Action, z.ZodType>

/** What a webhook carries, the feed returns and a history shows. */
export const activitySchema = z.discriminatedUnion('action', [
  bodySchemas['Meeting.scheduled'],
  bodySchemas['Meeting.approved'],
  bodySchemas['Meeting.declined'],
  bodySchemas['Meeting.cancelled'],
  bodySchemas['Meeting.rescheduled'],
  bodySchemas['Meeting.tagged'],
  bodySchemas['Meeting.untagged'],
  bodySchemas['Attendee.scheduled'],
  bodySchemas['Attendee.approved'],
  bodySchemas['Attendee.declined'],
  bodySchemas['Attendee.cancelled'],
  bodySchemas['Attendee.reminded'],
])

export type Activity = z.infer<typeof activitySchema>
