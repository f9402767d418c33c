import { z } from 'zod'
import { type AttendeeStatus, actionFacts, attendeeStatuses, factsOf, isEmitted, type MeetingFlags } from './actions.ts'
import { sampleBody } from './sample.ts'
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

/** An entry of the catalogue: an action for one kind of meeting. */
export interface ActivityType {
  action: Action
  kind: MeetingKind
  description: string
  /** The body's JSON Schema (2020-12). */
  schema: Record<string, unknown>
  example: Activity
}

/** Lists every action for every kind of meeting that has it, in the order of the contract. */
export function listActivityTypes(options: { now: number; url: string }): ActivityType[] {
  return emittedTypes().map(({ action, kind }) => ({
    action,
    kind,
    description: actionFacts[action].description,
    schema: activityTypeSchema(action, kind),
    example: JSON.parse(sampleBody(action, kind, { ...options, id: 0 })),
  }))
}

/** Returns the existing pairs of action and kind. */
export function emittedTypes(): { action: Action; kind: MeetingKind }[] {
  const pairs = actions.flatMap((action) => meetingKinds.map((kind) => ({ action, kind })))
  return pairs.filter(({ action, kind }) => isEmitted(action, kind))
}

const schemas = new Map<string, Record<string, unknown>>()

/** Returns the JSON Schema of an action's body for one kind of meeting. Cached, because anyone may request the catalogue. */
export function activityTypeSchema(action: Action, kind: MeetingKind): Record<string, unknown> {
  const known = schemas.get(`${action} ${kind}`)
  if (known) return known
  const schema = z.toJSONSchema(activityTypeBody(action, kind)) as Record<string, unknown>
  schemas.set(`${action} ${kind}`, schema)
  return schema
}

/** Returns the definition of a body, with the values that the meeting and person always have after the action. */
export function activityTypeBody(action: Action, kind: MeetingKind): z.ZodType {
  const { about, description, statuses, [kind]: ofKind } = factsOf(action)
  const flags = flagsAfter(ofKind?.after ?? {})
  const { meeting, ...person } = attendeeEntitySchema.shape
  const entity =
    about === 'meeting'
      ? { ...meetingEntitySchema.shape, ...flags, attendees: meetingEntitySchema.shape.attendees.min(2) }
      : { ...person, status: statusOf(statuses), meeting: z.strictObject({ ...meeting.shape, ...flags }) }
  const title = `${action} (${kind === 'group' ? 'group' : 'one-on-one'})`
  return z.strictObject({ ...bodySchemas[action].shape, entity: z.strictObject(entity) }).meta({ title, description })
}

function flagsAfter(after: Partial<MeetingFlags>): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value === null ? z.null() : z.literal(value)]),
  )
}

function statusOf(statuses: readonly AttendeeStatus[]): z.ZodType {
  const [first, ...others] = statuses
  return others.length === 0
    ? z.literal(first)
    : statuses.length === attendeeStatuses.length
      ? attendeeStatusSchema
      : attendeeStatusSchema.extract(statuses)
}
