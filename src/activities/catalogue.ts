import { z } from 'zod'
import { isEmitted, sampleBody } from './sample.ts'
import {
  type Action,
  type Activity,
  actions,
  attendeeEntitySchema,
  attendeeStatusSchema,
  bodySchemas,
  type MeetingKind,
  meetingEntitySchema,
  meetingKinds,
} from './schema.ts'

/** What each action means. */
export const actionDescriptions: Record<Action, string> = {
  'Meeting.scheduled': 'Somebody booked: a new meeting, confirmed or waiting for approval.',
  'Meeting.approved': 'A host approved a request for a one-on-one meeting.',
  'Meeting.declined': 'A host declined a request for a one-on-one meeting.',
  'Meeting.cancelled': 'The meeting was cancelled, or the last person left a group meeting.',
  'Meeting.rescheduled': 'The meeting has a new time; its id and all its links stay.',
  'Meeting.tagged': 'A tag was added to the meeting.',
  'Meeting.untagged': 'A tag was removed from the meeting.',
  'Attendee.scheduled': 'A person booked a seat in a meeting, confirmed or waiting for approval.',
  'Attendee.approved': "A host approved a person's request.",
  'Attendee.declined': "A host declined a person's request.",
  'Attendee.cancelled': 'A person left the meeting, was removed from it, or the meeting was cancelled.',
  'Attendee.reminded': 'A reminder was accepted by the mail server.',
}

/** One entry of the catalogue: an action for one kind of meeting. */
export interface ActivityType {
  action: Action
  kind: MeetingKind
  description: string
  /** JSON Schema (2020-12) of the body. */
  schema: Record<string, unknown>
  example: Activity
}

/** Every action with every kind of meeting that has it, in the order of the contract. */
export function listActivityTypes(options: { now: number; url: string }): ActivityType[] {
  return emittedTypes().map(({ action, kind }) => ({
    action,
    kind,
    description: actionDescriptions[action],
    schema: activityTypeSchema(action, kind),
    example: JSON.parse(sampleBody(action, kind, { ...options, id: 0 })),
  }))
}

/** The pairs of action and kind that exist. */
export function emittedTypes(): { action: Action; kind: MeetingKind }[] {
  const pairs = actions.flatMap((action) => meetingKinds.map((kind) => ({ action, kind })))
  return pairs.filter(({ action, kind }) => isEmitted(action, kind))
}

const schemas = new Map<string, Record<string, unknown>>()

/** The JSON Schema of one action's body for one kind of meeting. Made once: anybody may ask for the catalogue. */
export function activityTypeSchema(action: Action, kind: MeetingKind): Record<string, unknown> {
  const known = schemas.get(`${action} ${kind}`)
  if (known) return known
  const schema = z.toJSONSchema(activityTypeBody(action, kind)) as Record<string, unknown>
  schemas.set(`${action} ${kind}`, schema)
  return schema
}

/** The definition of a body, with the state that its kind of meeting is in after the action. */
export function activityTypeBody(action: Action, kind: MeetingKind): z.ZodType {
  const flags = flagsAfter(action, kind)
  const { meeting, ...person } = attendeeEntitySchema.shape
  const entity = action.startsWith('Meeting.')
    ? { ...meetingEntitySchema.shape, ...flags, attendees: meetingEntitySchema.shape.attendees.min(2) }
    : { ...person, status: statusAfter(action), meeting: z.strictObject({ ...meeting.shape, ...flags }) }
  const title = `${action} (${kind === 'group' ? 'group' : 'one-on-one'})`
  return z
    .strictObject({ ...bodySchemas[action].shape, entity: z.strictObject(entity) })
    .meta({ title, description: actionDescriptions[action] })
}

/** What is certain about a meeting's flags after an action; tags and reminders come in every state. */
function flagsAfter(action: Action, kind: MeetingKind): Record<string, z.ZodType> {
  const [noun, verb] = action.split('.') as ['Meeting' | 'Attendee', string]
  const one = kind === 'one_on_one'
  switch (verb) {
    case 'scheduled':
      return noun === 'Meeting' || one ? { approved: z.null(), cancelled: no } : { cancelled: no }
    case 'rescheduled':
      return { cancelled: no }
    case 'approved':
      return { approved: yes, confirmed: yes, cancelled: no }
    case 'declined':
      return one ? { approved: no, confirmed: no, cancelled: no } : {}
    case 'cancelled':
      return noun === 'Meeting' || one ? { confirmed: no, cancelled: yes } : {}
    default:
      return {}
  }
}

const yes = z.literal(true)
const no = z.literal(false)

function statusAfter(action: Action): z.ZodType {
  switch (action) {
    case 'Attendee.scheduled':
      return attendeeStatusSchema.extract(['requested', 'confirmed'])
    case 'Attendee.approved':
      return z.literal('confirmed')
    case 'Attendee.declined':
      return z.literal('declined')
    case 'Attendee.cancelled':
      return z.literal('cancelled')
    default:
      return attendeeStatusSchema
  }
}
