import { z } from 'zod'
import { idInDigitsSchema } from '../platform/text-schema.ts'
import { instantSchema, localDateSchema, timeZoneSchema } from '../time/schema.ts'
import { RULE_NAMES } from './rules.ts'

export const slotsParamsSchema = z.strictObject({ page: z.string().max(200), slug: z.string().max(200) })

/** Meetings must start before the year 2200, and so must slots. */
export const LATEST_DATE = '2199-12-30'
const queryDate = localDateSchema.refine((text) => text <= LATEST_DATE, `must not be after ${LATEST_DATE}`)

export const slotsQuerySchema = z.strictObject({
  from: queryDate.meta({ description: 'The first date in the time zone, YYYY-MM-DD' }),
  to: queryDate.meta({ description: 'The last date, which is included. The range can have at most 62 dates' }),
  timezone: timeZoneSchema,
  host: idInDigitsSchema.optional().meta({ description: 'The id of the host, if the attendee chooses one' }),
})

const slot = z.strictObject({
  start: z.string().meta({ description: 'An RFC 3339 timestamp in UTC' }),
  end: z.string(),
  seats_left: z.number().int(),
})

export const slotsAnswerSchema = z.strictObject({
  timezone: z.string(),
  slots: z.array(slot).meta({ description: 'Up to 5,000 start times that can be booked on these dates' }),
  next_date: z.string().nullable().meta({
    description:
      'If there are no slots, the first later date that has one. Beyond one year after the first date that the minimum notice and booking range allow, Bookbell only searches the dates around overrides, meetings and the ends of time off. If there are more than 5,000 slots, this is the first date that was left out. Null otherwise',
  }),
})

export const explainQuerySchema = z.strictObject({
  start: instantSchema
    .refine((text) => text.slice(0, 10) <= LATEST_DATE, `must not be after ${LATEST_DATE}`)
    .meta({ description: 'An instant (RFC 3339)', example: '2027-03-01T08:00:00Z' }),
})

const ruleNameSchema = z.enum([...RULE_NAMES, 'grid', 'seats'])

const period = z.strictObject({ from: z.string(), to: z.string() })

/** Each rule returns the facts that are relevant to it. */
const ruleDetailsSchema = z
  .strictObject({
    has_schedule: z.boolean().meta({ description: 'hours: whether the host has a schedule' }),
    timezone: z.string().meta({ description: 'hours, time_off, booking_window: the time zone of the dates' }),
    date: z.string().meta({ description: 'hours: the date of the start time' }),
    is_override: z.boolean().meta({ description: 'hours: whether an override sets the hours of this date' }),
    hours: z.array(period).meta({ description: 'hours: the hours of this date. Empty on a day off' }),
    periods: z
      .array(period)
      .meta({ description: 'time_off: the time off, as instants or as dates. The last date is included' }),
    meetings: z
      .array(
        z.strictObject({
          id: z
            .number()
            .int()
            .nullable()
            .meta({ description: 'Null if the visitor has not confirmed the email address yet' }),
          start: z.string(),
          end: z.string(),
          overlap: z.enum(['meeting', 'buffer_of_meeting', 'buffer_of_start']),
        }),
      )
      .meta({ description: 'busy: the meetings that overlap or are too close' }),
    is_known: z.boolean().meta({ description: 'calendar: whether all calendars were read within the last day' }),
    calendars: z.array(z.string()).meta({ description: 'calendar: the names of the calendars that are busy' }),
    minutes: z.number().int().meta({ description: 'minimum_notice: the minimum notice. grid: the slot interval' }),
    earliest: z.string().meta({ description: 'minimum_notice: the first instant that can be booked now' }),
    from: z.string().nullable().meta({ description: 'booking_window: the first date. Null means no limit' }),
    until: z.string().nullable().meta({ description: 'booking_window: the last date. Null means no limit' }),
    limit: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'Limits: the maximum number of meetings or minutes. Null means no limit' }),
    used: z.number().int().meta({ description: 'Limits: how many meetings or minutes count so far' }),
    seats_left: z.number().int(),
  })
  .partial()
  .meta({ description: 'The facts behind the explanation' })
export type RuleDetails = z.output<typeof ruleDetailsSchema>

export const explanationSchema = z.strictObject({
  start: z.string(),
  bookable: z.boolean(),
  code: z.enum(['slot_taken', 'not_bookable']).nullable().meta({
    description: 'The error code that would be returned if this start time were booked. Null if it can be booked',
  }),
  hosts: z.array(
    z.strictObject({
      member: z.number().int(),
      admits: z.boolean().meta({ description: 'Whether all rules allow this start time for this host' }),
      joins: z
        .number()
        .int()
        .nullable()
        .meta({ description: 'The id of the group meeting at this start time, if there is one' }),
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

export const memberBusyQuerySchema = z.strictObject({
  from: queryDate.meta({ description: "The first date in the member's time zone, YYYY-MM-DD" }),
  to: queryDate.meta({ description: 'The last date, which is included. The range can have at most 31 dates' }),
})

const times = { start: z.string(), end: z.string() }

export const memberBusySchema = z.strictObject({
  timezone: z.string().meta({ description: "The member's time zone, which the dates of the request are in" }),
  hours: z.array(z.strictObject(times)).meta({ description: "The hours of the member's default schedule" }),
  busy: z
    .array(
      z.strictObject({
        kind: z.enum(['meeting', 'calendar', 'time_off']).meta({
          description:
            'meeting: a meeting, or a time held for a visitor, without its buffers. calendar: an appointment in a connected calendar',
        }),
        ...times,
        calendar: z.string().nullable().meta({ description: 'calendar: the name of the calendar. Null otherwise' }),
      }),
    )
    .meta({ description: 'Times that overlap these dates, sorted by start. Times of different kinds can overlap' }),
})
export type MemberBusy = z.output<typeof memberBusySchema>
export type MemberBusyQuery = z.output<typeof memberBusyQuerySchema>

export type SlotsQuery = z.output<typeof slotsQuerySchema>
export type Slot = z.output<typeof slot>
export type SlotsAnswer = z.output<typeof slotsAnswerSchema>
export type Explanation = z.output<typeof explanationSchema>
