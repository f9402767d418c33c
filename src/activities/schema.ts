import { z } from 'zod'
import { locationTypes } from '../places/schema.ts'
import { type Action, actionFacts, actions, attendeeStatuses, type MeetingKind } from './actions.ts'

/** The API format of activities. Keys are listed in the order in which they are sent. Every key is always present. */

export { type Action, actions } from './actions.ts'

export const actionSchema = z.enum(actions)

/** A meeting with one attendee, or with several. */
export const meetingKinds = ['one_on_one', 'group'] as const satisfies MeetingKind[]
export const meetingKindSchema = z.enum(meetingKinds)
export type { AttendeeStatus, MeetingKind } from './actions.ts'

export const locationTypeSchema = z.enum(locationTypes)

export const attendeeStatusSchema = z.enum(attendeeStatuses)

const id = z.int().min(0)
const createdAt = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .meta({ format: 'date-time', description: 'An RFC 3339 timestamp in UTC, with six decimal places' })
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .meta({ format: 'date-time', description: 'An RFC 3339 timestamp in UTC, without fractional seconds' })

const question = { name: z.string(), help_text: z.string().nullable(), required: z.boolean(), visible: z.boolean() }

function fieldSubmissionOf<F extends z.ZodType, C extends z.ZodType, V extends z.ZodType>(
  type: F,
  choices: C,
  value: V,
) {
  const { name, help_text, required, visible } = question
  return z.strictObject({ name, field_type: type, help_text, required, choices, visible, value })
}

/** A booking form question as it was asked, with the answer. */
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
  timezone: z.string().meta({ description: 'An IANA time zone, such as Europe/Berlin' }),
  status: attendeeStatusSchema,
  external_id: z
    .string()
    .meta({ description: "Part of the person's links. Anyone who knows it can act on their behalf" }),
}

const links = { cancel_url: z.string(), reschedule_url: z.string(), conference_url: z.string() }

const utm = z
  .string()
  .nullable()
  .meta({ description: 'Empty if the booking did not have this parameter. Null for hosts' })

/** The first host of a meeting. */
export const hostSchema = z.strictObject({ ...person, ...links })

/** A person in a meeting: someone who booked, or a host. */
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

/** A meeting at a point in time. Among `attendees`, people who booked come first and hosts last. */
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

export const meetingOfAttendeeSchema = meetingEntitySchema.omit({ attendees: true })

/** A person who booked, with the meeting (without its attendees), at a point in time. */
export const attendeeEntitySchema = attendeeSchema.extend({ meeting: meetingOfAttendeeSchema })

export type HostEntity = z.infer<typeof hostSchema>
export type Attendee = z.infer<typeof attendeeSchema>
export type MeetingEntity = z.infer<typeof meetingEntitySchema>
export type AttendeeEntity = z.infer<typeof attendeeEntitySchema>

const by = z.enum(['host', 'attendee']).meta({ description: 'Who made the change' })

/** The possible contents of `metadata`. See `metadata` in actions.ts. */
export const metadataSchemas = {
  none: z.null(),
  change: z.strictObject({ by }),
  reschedule: z.strictObject({ by, previous_start: instant, previous_end: instant }),
  tag: z.strictObject({ tag: z.strictObject({ id, type: z.literal('Tag'), name: z.string() }) }),
  reminder: z.strictObject({ reminder: z.strictObject({ minutes_before: z.int().min(0) }) }),
}

export type Metadata = NonNullable<z.infer<(typeof metadataSchemas)[keyof typeof metadataSchemas]>>

const entitySchemas = { meeting: meetingEntitySchema, attendee: attendeeEntitySchema }
const message = z.string().nullable()

/** The fields that every body has. `action`, `message`, `metadata` and `entity` depend on the action. */
export const commonShape = {
  id: id.meta({
    description:
      'Unique on the server. Ids increase with each change to a meeting, so store the highest id that you have applied. Always 0 in a test',
  }),
  type: z.literal('Activity'),
  created_at: createdAt,
}

type Facts = typeof actionFacts

type BodySchema<A extends Action> = z.ZodObject<
  typeof commonShape & {
    action: z.ZodLiteral<A>
    message: Facts[A]['message'] extends false ? z.ZodNull : typeof message
    metadata: (typeof metadataSchemas)[Facts[A]['metadata']]
    entity: (typeof entitySchemas)[Facts[A]['about']]
  },
  z.core.$strict
>

type BodySchemas = { [A in Action]: BodySchema<A> }

function bodySchema(action: Action) {
  const facts = actionFacts[action]
  return z.strictObject({
    ...commonShape,
    action: z.literal(action),
    message: facts.message === false ? z.null() : message,
    metadata: metadataSchemas[facts.metadata],
    entity: entitySchemas[facts.about],
  })
}

/** The body of each action. */
export const bodySchemas = Object.fromEntries(actions.map((action) => [action, bodySchema(action)])) as BodySchemas

/** An activity as webhooks receive it, the feed returns it and a meeting's history shows it. */
export const activitySchema = z.discriminatedUnion(
  'action',
  Object.values(bodySchemas) as [BodySchemas[Action], ...BodySchemas[Action][]],
)

export type Activity = z.infer<typeof activitySchema>
