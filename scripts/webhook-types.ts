/**
 * Renders the types of @bookbell/webhooks from the server's schemas. `node scripts/activity-catalogue.ts` writes them to
 * packages/webhooks/activity.ts; a test compares.
 */
import { z } from 'zod'
import { type Action, actionFacts, actions } from '../src/activities/actions.ts'
import {
  attendeeEntitySchema,
  attendeeSchema,
  attendeeStatusSchema,
  commonShape,
  fieldSubmissionSchema,
  hostSchema,
  locationTypeSchema,
  meetingEntitySchema,
  meetingOfAttendeeSchema,
  metadataSchemas,
} from '../src/activities/schema.ts'

/** The schemas that are types of their own, by the name under which they are exported. */
const exported = {
  ChangeMetadata: metadataSchemas.change,
  RescheduleMetadata: metadataSchemas.reschedule,
  TagMetadata: metadataSchemas.tag,
  ReminderMetadata: metadataSchemas.reminder,
  LocationType: locationTypeSchema,
  AttendeeStatus: attendeeStatusSchema,
  Meeting: meetingEntitySchema,
  AttendeeWithMeeting: attendeeEntitySchema,
  Host: hostSchema,
  Attendee: attendeeSchema,
  FieldSubmission: fieldSubmissionSchema,
} satisfies Record<string, z.ZodType>

const names = new Map<z.core.$ZodType, string>([
  ...Object.entries(exported).map(([name, schema]) => [schema, name] as const),
  [metadataSchemas.none, 'null'],
  [meetingOfAttendeeSchema, "Omit<Meeting, 'attendees'>"],
])

const docs: Partial<Record<keyof typeof exported, string>> = {
  Meeting:
    'A meeting at one moment. In `attendees`, the people who booked come first, in the order of booking; then the hosts.',
  AttendeeWithMeeting: 'A person who booked, with the meeting.',
  Host: 'The first host of a meeting.',
  Attendee: 'A person who booked, or a host (whose utm values are null).',
  FieldSubmission: 'A question of the booking form as it was asked, and the answer.',
}

/** The text of packages/webhooks/activity.ts. */
export function renderWebhookTypes(): string {
  const types = Object.entries(exported).map(([name, schema]) => renderType(name as keyof typeof exported, schema))
  return `${[header, ...types].join('\n\n')}\n`
}

const header = `/**
 * The body of each webhook. Every key is always present. Written by \`node scripts/activity-catalogue.ts\`; do not edit.
 */

/** What happened. Narrow it by \`action\`: \`metadata\` and \`entity\` follow. */
export type Activity =
${actions.map((action) => `  | ${renderBody(action)}`).join('\n')}

/** The name of what happened. */
export type Action = Activity['action']

/** The body of one action: \`ActivityOf<'Meeting.tagged'>\`. */
export type ActivityOf<A extends Action> = Extract<Activity, { action: A }>

interface Body<A, M, D, E> {
${renderFields(commonShape)}
  action: A
  /** What the person who acted typed. */
  message: M
  metadata: D
  /** A snapshot at that moment, after the change. */
  entity: E
}`

function renderBody(action: Action): string {
  const { message, metadata, about } = actionFacts[action]
  const entity = about === 'meeting' ? 'Meeting' : 'AttendeeWithMeeting'
  const typed = message === false ? 'null' : 'string | null'
  return `Body<'${action}', ${typed}, ${nameOf(metadataSchemas[metadata])}, ${entity}>`
}

function renderType(name: keyof typeof exported, schema: z.ZodType): string {
  const doc = docs[name] ? `/** ${docs[name]} */\n` : ''
  if (schema instanceof z.ZodObject) return `${doc}export interface ${name} {\n${renderFields(schema.shape)}\n}`
  if (schema instanceof z.ZodUnion) return `${doc}export type ${name} =\n${renderUnion(schema.options)}`
  return `${doc}export type ${name} = ${render(schema)}`
}

function renderFields(shape: Record<string, z.core.$ZodType>): string {
  const fields = Object.entries(shape).flatMap(([name, field]) => {
    const { description } = z.globalRegistry.get(field) ?? {}
    return [...(description ? [`  /** ${description}. */`] : []), `  ${name}: ${nameOf(field)}`]
  })
  return fields.join('\n')
}

/** The name of a schema that has one, else its type written out. */
function nameOf(schema: z.core.$ZodType): string {
  return names.get(schema) ?? render(schema)
}

function render(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodString) return 'string'
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodNull) return 'null'
  if (schema instanceof z.ZodNullable) return `${nameOf(schema.unwrap())} | null`
  if (schema instanceof z.ZodArray) return `${nameOf(schema.element)}[]`
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(quote).join(' | ')
  if (schema instanceof z.ZodEnum) return schema.options.map(quote).join(' | ')
  if (schema instanceof z.ZodObject) return renderInline(schema.shape)
  throw new Error(`There is no rule yet for the type of a ${schema._zod.def.type}.`)
}

/** A union of objects, each written out as the formatter does. */
function renderUnion(options: readonly z.core.$ZodType[]): string {
  const members = options.map((option) => {
    const shape = option instanceof z.ZodObject ? renderFields(option.shape).replaceAll(/^/gm, '    ') : nameOf(option)
    return `  | {\n${shape}\n    }`
  })
  return members.join('\n')
}

function renderInline(shape: Record<string, z.core.$ZodType>): string {
  return `{ ${Object.entries(shape)
    .map(([name, field]) => `${name}: ${nameOf(field)}`)
    .join('; ')} }`
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
