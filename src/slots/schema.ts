import { z } from 'zod'
import { idInDigitsSchema } from '../platform/text-schema.ts'
import { instantSchema, localDateSchema, timeZoneSchema } from '../time/schema.ts'
import { RULE_NAMES } from './rules.ts'

export const slotsParamsSchema = z.strictObject({ page: z.string().max(200), slug: z.string().max(200) })

/** Meetings must start before the year 2200, so slots must too. */
export const LATEST_DATE = '2199-12-30'
const queryDate = localDateSchema.refine((text) => text <= LATEST_DATE, `must not be after ${LATEST_DATE}`)

export const slotsQuerySchema = z.strictObject({
  from: queryDate.meta({ description: 'First date in the time zone, YYYY-MM-DD' }),
  to: queryDate.meta({ description: 'Last date (included); at most 62 dates' }),
  timezone: timeZoneSchema,
  host: idInDigitsSchema.optional().meta({ description: 'The id of the host, if the attendee chooses one' }),
})

const slot = z.strictObject({
  start: z.string().meta({ description: 'RFC 3339, UTC' }),
  end: z.string(),
  seats_left: z.number().int(),
})

export const slotsAnswerSchema = z.strictObject({
  timezone: z.string(),
  slots: z.array(slot).meta({ description: 'Every start on these dates that can be booked, at most 5,000' }),
  next_date: z.string().nullable().meta({
    description:
      'If there are no slots, the first later date that has one, up to a year after the first date that the minimum notice and booking range allow. If there are more than 5,000 slots, the first date that was left out, to continue from. Otherwise null',
  }),
})

export const explainQuerySchema = z.strictObject({
  start: instantSchema
    .refine((text) => text.slice(0, 10) <= LATEST_DATE, `must not be after ${LATEST_DATE}`)
    .meta({ description: 'An instant, RFC 3339', example: '2027-03-01T08:00:00Z' }),
})

const ruleNameSchema = z.enum([...RULE_NAMES, 'grid', 'seats'])

const period = z.strictObject({ from: z.string(), to: z.string() })

/** Each rule has the facts that concern it. */
const ruleDetailsSchema = z
  .strictObject({
    has_schedule: z.boolean().meta({ description: 'hours: whether the host has a schedule' }),
    timezone: z.string().meta({ description: 'hours, time_off, booking_window: the time zone of the dates' }),
    date: z.string().meta({ description: 'hours: the date of the start' }),
    is_override: z.boolean().meta({ description: 'hours: whether they are those of the date, not of its weekday' }),
    hours: z.array(period).meta({ description: 'hours: those of the date; none on a day off' }),
    periods: z.array(period).meta({ description: 'time_off: instants, or dates of which the last is included' }),
    meetings: z
      .array(
        z.strictObject({
          id: z.number().int().nullable().meta({ description: 'null: not confirmed by email yet' }),
          start: z.string(),
          end: z.string(),
          overlap: z.enum(['meeting', 'buffer_of_meeting', 'buffer_of_start']),
        }),
      )
      .meta({ description: 'busy: the meetings that are too close' }),
    is_known: z.boolean().meta({ description: 'calendar: whether all calendars were read within a day' }),
    calendars: z.array(z.string()).meta({ description: 'calendar: the names of those that are busy' }),
    minutes: z.number().int().meta({ description: 'minimum_notice: how long; grid: the slot interval' }),
    earliest: z.string().meta({ description: 'minimum_notice: the first instant that can be booked now' }),
    from: z.string().nullable().meta({ description: 'booking_window: the first date; null: no limit' }),
    until: z.string().nullable().meta({ description: 'booking_window: the last date; null: no limit' }),
    limit: z.number().int().nullable().meta({ description: 'Limits: meetings or minutes; null: no limit' }),
    used: z.number().int().meta({ description: 'Limits: meetings or minutes that count so far' }),
    seats_left: z.number().int(),
  })
  .partial()
  .meta({ description: 'The facts behind the explanation' })
export type RuleDetails = z.output<typeof ruleDetailsSchema>

export const explanationSchema = z.strictObject({
  start: z.string(),
  bookable: z.boolean(),
  code: z
    .enum(['slot_taken', 'not_bookable'])
    .nullable()
    .meta({ description: 'The error code of a booking at this start; null if it can be booked' }),
  hosts: z.array(
    z.strictObject({
      member: z.number().int(),
      admits: z.boolean().meta({ description: 'Whether all rules allow this start for this host' }),
      joins: z
        .number()
        .int()
        .nullable()
        .meta({ description: 'The id of the group meeting at this start, if there is one' }),
      rules: z.array(
        z.strictObject({
          rule: ruleNameSchema,
          admits: z.boolean(),
          explanation: z.string(),
          details: ruleDetailsSchema,
        }),
      ),
    }),
  ),
})

export type SlotsQuery = z.output<typeof slotsQuerySchema>
export type Slot = z.output<typeof slot>
export type SlotsAnswer = z.output<typeof slotsAnswerSchema>
export type Explanation = z.output<typeof explanationSchema>
