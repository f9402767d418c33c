import { z } from 'zod'
import { emailSchema, lineOfText } from '../platform/text-schema.ts'
import { timeZoneSchema } from '../time/schema.ts'

export const role = z.enum(['member', 'manager', 'admin'])

const MINUTES_OF_WEEK = 7 * 1440
const most = (limit: number) => z.number().int().min(1).max(limit).nullable()

/** What a member takes on at most, in days and weeks (from Monday) of the member's zone; null: no limit. */
export const limits = z.strictObject({
  meetings_per_day: z.number().int().nullable(),
  meetings_per_week: z.number().int().nullable(),
  minutes_per_day: z.number().int().nullable(),
  minutes_per_week: z.number().int().nullable(),
})

const limitsPatch = z
  .strictObject({
    meetings_per_day: most(1000),
    meetings_per_week: most(7000),
    minutes_per_day: most(1440),
    minutes_per_week: most(MINUTES_OF_WEEK),
  })
  .partial()

const shape = {
  email: emailSchema,
  first_name: lineOfText(100),
  last_name: lineOfText(100, 0),
  timezone: timeZoneSchema,
  role,
  limits: limitsPatch,
}

export const memberInput = z.strictObject({
  ...shape,
  first_name: shape.first_name.optional().meta({ description: 'Absent: what stands before the @ of the address' }),
  last_name: shape.last_name.default(''),
  timezone: shape.timezone.default('UTC'),
  role: shape.role.default('member'),
  limits: shape.limits.default({}),
})

export const memberPatch = z.strictObject(shape).partial()

export const member = z.strictObject({
  id: z.number().int(),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  timezone: z.string(),
  role,
  limits,
  joined: z.boolean().meta({ description: 'Whether they have taken their invitation, and can sign in' }),
  created_at: z.string(),
})

export type Member = z.output<typeof member>
export type MemberInput = z.output<typeof memberInput>
export type MemberPatch = z.output<typeof memberPatch>
export type MemberLimits = z.output<typeof limits>
