import { z } from 'zod'
import { idInDigits, lineOfText } from '../platform/text-schema.ts'
import { parseWallTime, WEEKDAYS } from '../time/local-dates.ts'
import { localDateSchema, timeZoneSchema } from '../time/schema.ts'

const MOST_WEEKLY = 100
const MOST_OVERRIDES = 1000
const MOST_OF_DATE = 24

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

const wallTime = z
  .string()
  .max(20)
  .refine((text) => parseWallTime(text) !== null, {
    error: (issue) => `${JSON.stringify(issue.input)} is not a time of day; write HH:MM from 00:00 to 24:00`,
  })
  .meta({ description: 'HH:MM; 24:00 ends a day', example: '09:00' })

/** Hours that are empty or run backwards are refused: what crosses midnight is two intervals. */
function endsAfterItBegins({ from, to }: { from: string; to: string }): boolean {
  const [begin, end] = [parseWallTime(from), parseWallTime(to)]
  return begin === null || end === null || begin < end
}
const emptyHours =
  'must be later than from; hours that cross midnight are two: until 24:00, and from 00:00 of the next day'

const interval = { from: wallTime, to: wallTime }
export const hours = z.strictObject(interval).refine(endsAfterItBegins, { path: ['to'], error: emptyHours })
const weeklyHours = z
  .strictObject({ day: z.enum(WEEKDAYS), ...interval })
  .refine(endsAfterItBegins, { path: ['to'], error: emptyHours })

const override = z.strictObject({
  date: localDateSchema,
  hours: z.array(hours).max(MOST_OF_DATE).meta({ description: 'Instead of the hours of the weekday; none: a day off' }),
})

const overrides = z
  .array(override)
  .max(MOST_OVERRIDES)
  .superRefine((all, context) => {
    for (const [index, { date }] of all.entries()) {
      if (all.findIndex((other) => other.date === date) === index) continue
      context.addIssue({
        code: 'custom',
        path: [index, 'date'],
        message: `${date} stands there twice; give each date once, with all its hours`,
      })
    }
  })

const shape = {
  member: id.nullable().meta({ description: 'Whose hours they are; null: shared, for meeting types' }),
  default: z.boolean().meta({ description: 'The hours of this member wherever a meeting type names none' }),
  name: lineOfText(200),
  timezone: timeZoneSchema,
  weekly: z.array(weeklyHours).max(MOST_WEEKLY),
  overrides,
}

export const scheduleInput = z.strictObject({
  member: shape.member.default(null),
  default: shape.default.optional().meta({ description: "Default: true for a member's first schedule" }),
  name: shape.name,
  timezone: shape.timezone,
  weekly: shape.weekly.default([]),
  overrides: shape.overrides.default([]),
})

export const schedulePatch = z
  .strictObject({ default: shape.default, name: shape.name, timezone: shape.timezone, weekly: shape.weekly, overrides })
  .partial()

const hoursAnswer = z.strictObject({ from: z.string(), to: z.string() })

export const schedule = z.strictObject({
  id: z.number().int(),
  member: z.number().int().nullable(),
  default: z.boolean(),
  name: z.string(),
  timezone: z.string(),
  weekly: z.array(z.strictObject({ day: z.enum(WEEKDAYS), ...hoursAnswer.shape })),
  overrides: z.array(z.strictObject({ date: z.string(), hours: z.array(hoursAnswer) })),
  created_at: z.string(),
})

/** What a schedule says, as it is stored and sent. */
export type ScheduleHours = Pick<z.output<typeof schedule>, 'timezone' | 'weekly' | 'overrides'>
export type ScheduleAnswer = z.output<typeof schedule>
export type ScheduleInput = z.output<typeof scheduleInput>
export type SchedulePatch = z.output<typeof schedulePatch>

const EARLIEST = Date.UTC(1900)
const instant = z.iso.datetime({ offset: true }).refine((text) => Date.parse(text) >= EARLIEST)

const instantOrDate = z
  .union([instant, localDateSchema], {
    error: 'must be an instant such as 2027-03-01T08:00:00Z, or a date such as 2027-03-01, from 1900 on',
  })
  .meta({ description: 'An instant (RFC 3339), or a date of the zone of the member' })

const reason = lineOfText(500).nullable()

export const timeOffInput = z.strictObject({
  from: instantOrDate,
  to: instantOrDate.meta({ description: 'Of the same kind as from. A date is included, an instant is not' }),
  reason: reason.default(null),
})

export const timeOff = z.strictObject({
  id: z.number().int(),
  from: z.string(),
  to: z.string(),
  reason: z.string().nullable(),
  created_at: z.string(),
})

export const timeOffParams = z.strictObject({ id: idInDigits, time_off: idInDigits })

export type TimeOffInput = z.output<typeof timeOffInput>
export type TimeOffAnswer = z.output<typeof timeOff>
