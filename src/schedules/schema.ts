import { z } from 'zod'
import { idInDigitsSchema, lineOfText } from '../platform/text-schema.ts'
import { parseWallTime, WEEKDAYS } from '../time/local-dates.ts'
import { instantSchema, localDateSchema, timeZoneSchema } from '../time/schema.ts'

const MAX_WEEKLY_HOURS = 100
const MAX_OVERRIDES = 1000
const MAX_HOURS_OF_DATE = 24

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

const wallTime = z
  .string()
  .max(20)
  .refine((text) => parseWallTime(text) !== null, {
    error: (issue) => `${JSON.stringify(issue.input)} is not a time of day; write HH:MM, from 00:00 to 24:00`,
  })
  .meta({ description: 'A time of day, HH:MM. 24:00 is the end of the day', example: '09:00' })

/** Hours must not be empty or reversed. Hours across midnight are two intervals. */
function endsAfterItBegins({ from, to }: { from: string; to: string }): boolean {
  const [begin, end] = [parseWallTime(from), parseWallTime(to)]
  return begin === null || end === null || begin < end
}
const emptyHours =
  'must be later than from; split hours that cross midnight: until 24:00, and from 00:00 on the next day'

const interval = { from: wallTime, to: wallTime }
const hours = z.strictObject(interval).refine(endsAfterItBegins, { path: ['to'], error: emptyHours })
const weeklyHours = z
  .strictObject({ day: z.enum(WEEKDAYS), ...interval })
  .refine(endsAfterItBegins, { path: ['to'], error: emptyHours })

const override = z.strictObject({
  date: localDateSchema,
  hours: z
    .array(hours)
    .max(MAX_HOURS_OF_DATE)
    .meta({ description: 'The hours of this date, which replace the weekly hours. An empty list means a day off' }),
})

const overrides = z
  .array(override)
  .max(MAX_OVERRIDES)
  .superRefine((all, context) => {
    for (const [index, { date }] of all.entries()) {
      if (all.findIndex((other) => other.date === date) === index) continue
      context.addIssue({
        code: 'custom',
        path: [index, 'date'],
        message: `${date} is listed twice; list each date once, with all its hours`,
      })
    }
  })

const shape = {
  member: id
    .nullable()
    .meta({ description: 'The member that these hours belong to. Null for a schedule that meeting types share' }),
  default: z.boolean().meta({
    description: "Whether this is the member's default schedule. Meeting types without their own schedule use it",
  }),
  name: lineOfText(200),
  timezone: timeZoneSchema,
  weekly: z.array(weeklyHours).max(MAX_WEEKLY_HOURS),
  overrides,
}

export const scheduleInputSchema = z.strictObject({
  member: shape.member.default(null),
  default: shape.default.optional().meta({ description: "Defaults to true for a member's first schedule" }),
  name: shape.name,
  timezone: shape.timezone,
  weekly: shape.weekly.default([]),
  overrides: shape.overrides.default([]),
})

export const schedulePatchSchema = z
  .strictObject({ default: shape.default, name: shape.name, timezone: shape.timezone, weekly: shape.weekly, overrides })
  .partial()

const hoursAnswer = z.strictObject({ from: z.string(), to: z.string() })

export const scheduleSchema = z.strictObject({
  id: z.number().int(),
  member: z.number().int().nullable(),
  default: z.boolean(),
  name: z.string(),
  timezone: z.string(),
  weekly: z.array(z.strictObject({ day: z.enum(WEEKDAYS), ...hoursAnswer.shape })),
  overrides: z.array(z.strictObject({ date: z.string(), hours: z.array(hoursAnswer) })),
  created_at: z.string(),
})

/** A schedule's hours, in their stored and API format. */
export type ScheduleHours = Pick<z.output<typeof scheduleSchema>, 'timezone' | 'weekly' | 'overrides'>
export type Schedule = z.output<typeof scheduleSchema>
export type ScheduleInput = z.output<typeof scheduleInputSchema>
export type SchedulePatch = z.output<typeof schedulePatchSchema>

const instantOrDate = z
  .union([instantSchema, localDateSchema], {
    error: 'must be an instant such as 2027-03-01T08:00:00Z, or a date such as 2027-03-01, from 1900 on',
  })
  .meta({ description: "An instant (RFC 3339), or a date in the member's time zone" })

const reason = lineOfText(500).nullable()

export const timeOffInputSchema = z.strictObject({
  from: instantOrDate,
  to: instantOrDate.meta({
    description: 'An instant or a date, like `from`. A date is included in the time off. An instant is excluded',
  }),
  reason: reason.default(null),
})

export const timeOffSchema = z.strictObject({
  id: z.number().int(),
  from: z.string(),
  to: z.string(),
  reason: z.string().nullable(),
  created_at: z.string(),
})

export const timeOffParamsSchema = z.strictObject({ id: idInDigitsSchema, time_off: idInDigitsSchema })

export type TimeOffInput = z.output<typeof timeOffInputSchema>
export type TimeOff = z.output<typeof timeOffSchema>
