import { z } from 'zod'
import { emailSchema } from '../platform/text-schema.ts'
import { tagNameSchema } from '../tags/schema.ts'
import { meetingKindSchema } from './schema.ts'
import type { ActivityDraft, MeetingSnapshot } from './snapshot.ts'

/**
 * Filters activities by their content. Each activity is stored together with the filter conditions that it meets. It matches a
 * filter if it meets all of the filter's conditions.
 */

function conditionOf<Path extends string, Value extends z.ZodType>(path: Path, equals: Value) {
  return z.strictObject({ path: z.literal(path), equals })
}

const conditionSchemas = [
  conditionOf(
    'meeting_type.id',
    z.int('must be the id of a meeting type').positive().meta({ description: 'The id of a meeting type' }),
  ),
  conditionOf('kind', meetingKindSchema.meta({ description: 'The kind of meeting' })),
  conditionOf(
    'host.email',
    emailSchema.toLowerCase().meta({
      description: 'The email address of any host at the time the meeting was booked; not case-sensitive',
    }),
  ),
  conditionOf(
    'tag',
    tagNameSchema.meta({
      description:
        'The name of a tag that the meeting has; for Meeting.tagged and Meeting.untagged, only the tag that was added or removed',
    }),
  ),
] as const

const MAX_CONDITIONS = 10

/** One condition of a filter: the field to compare and the required value. */
const conditionSchema = z.discriminatedUnion('path', conditionSchemas, {
  error: ({ code }) =>
    code === 'invalid_union'
      ? `must be one of ${conditionSchemas.map(({ shape }) => shape.path.value).join(', ')}`
      : undefined,
})
export type Condition = z.infer<typeof conditionSchema>
export type ConditionPath = Condition['path']
export type ConditionValue<Path extends ConditionPath> = Extract<Condition, { path: Path }>['equals']

/** All conditions must be met. */
export const filterSchema = z.array(conditionSchema).max(MAX_CONDITIONS)
export type Filter = z.infer<typeof filterSchema>

/** An activity and the names of the meeting's tags at that time. */
export interface Occurrence {
  meeting: MeetingSnapshot
  tags: readonly string[]
  draft: ActivityDraft
}

const valuesAt: { [Path in ConditionPath]: (occurrence: Occurrence) => readonly ConditionValue<Path>[] } = {
  'meeting_type.id': ({ meeting }) => [meeting.meetingType.id],
  kind: ({ meeting }) => [meeting.kind],
  'host.email': ({ meeting }) => meeting.hosts.map(({ email }) => email.toLowerCase()),
  tag: ({ tags, draft: { metadata } }) => (metadata && 'tag' in metadata ? [metadata.tag.name] : tags),
}

/** Returns every condition that an activity meets. */
export function conditionsMet(occurrence: Occurrence): Condition[] {
  return Object.entries(valuesAt).flatMap(([path, valuesOf]) =>
    valuesOf(occurrence).map((equals) => ({ path, equals }) as Condition),
  )
}
