import { z } from 'zod'
import { idInDigits } from '../platform/text-schema.ts'
import { instantSchema, localDateSchema, timeZoneSchema } from '../time/schema.ts'

export const slotsParams = z.strictObject({ page: z.string().max(200), slug: z.string().max(200) })

/** Meetings begin before the year 2200, so what is offered does too. */
export const LATEST_DATE = '2199-12-30'
const askedDate = localDateSchema.refine((text) => text <= LATEST_DATE, `must be ${LATEST_DATE} at the latest`)

export const slotsQuery = z.strictObject({
  from: askedDate.meta({ description: 'First date, YYYY-MM-DD, of the zone asked for' }),
  to: askedDate.meta({ description: 'Last date, included; at most 62 dates in all' }),
  timezone: timeZoneSchema,
  host: idInDigits.optional().meta({ description: 'The id of a host of this type, where the attendee chooses' }),
})

const slot = z.strictObject({
  start: z.string().meta({ description: 'RFC 3339, UTC' }),
  end: z.string(),
  seats_left: z.number().int(),
})

export const slotsAnswer = z.strictObject({
  timezone: z.string(),
  slots: z.array(slot).meta({ description: 'Every start that can be booked on these dates' }),
  next_date: z.string().nullable().meta({
    description:
      'Where there is no slot: the first later date with one, within a year of when notice and booking range begin; else null',
  }),
})

export const explainQuery = z.strictObject({
  start: instantSchema
    .refine((text) => text.slice(0, 10) <= LATEST_DATE, `must be of ${LATEST_DATE} at the latest`)
    .meta({ description: 'An instant, RFC 3339', example: '2027-03-01T08:00:00Z' }),
})

const ruleName = z.enum([
  'hours',
  'time_off',
  'busy',
  'minimum_notice',
  'booking_window',
  'daily_limit',
  'meetings_per_day',
  'meetings_per_week',
  'minutes_per_day',
  'minutes_per_week',
  'grid',
  'seats',
])

export const explanation = z.strictObject({
  start: z.string(),
  bookable: z.boolean(),
  code: z
    .enum(['slot_taken', 'not_bookable'])
    .nullable()
    .meta({ description: 'What booking it would be refused with; null where it can be booked' }),
  hosts: z.array(
    z.strictObject({
      member: z.number().int(),
      admits: z.boolean().meta({ description: 'Whether every rule admits this start for this host' }),
      joins: z.number().int().nullable().meta({ description: 'The group meeting at this start, where there is one' }),
      rules: z.array(z.strictObject({ rule: ruleName, admits: z.boolean(), explanation: z.string() })),
    }),
  ),
})

export type SlotsQuery = z.output<typeof slotsQuery>
export type Slot = z.output<typeof slot>
export type SlotsAnswer = z.output<typeof slotsAnswer>
export type Explanation = z.output<typeof explanation>
