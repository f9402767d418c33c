import { z } from 'zod'
import { languageCodes } from '../i18n/languages.ts'
import { imagePathSchema } from '../images/schema.ts'
import { searchQuerySchema } from '../platform/pagination.ts'
import { emailSchema, idInDigitsSchema, personName } from '../platform/text-schema.ts'
import { timeZoneSchema } from '../time/schema.ts'

export const memberRoleSchema = z.enum(['member', 'manager', 'admin'])

/** The language for emails to a member. */
const memberLocaleSchema = z.enum(languageCodes).nullable().meta({
  description: "The language of the admin and of emails to this member. Null means the organization's default language",
})

/** What happens to a meeting that its host moves or deletes in a connected calendar. */
const calendarChangesSchema = z.enum(['follow', 'ask', 'ignore']).meta({
  description:
    'What happens when the member moves or deletes a meeting in a connected calendar. follow: the meeting is moved or cancelled. ask: the member decides. ignore: nothing happens',
})

const calendarFailureSchema = z.enum(['last_known', 'closed']).meta({
  description:
    'What happens while a connected calendar cannot be read. last_known: its last known busy times apply for 24 hours. closed: the member cannot be booked',
})

const MINUTES_OF_WEEK = 7 * 1440
const most = (limit: number) => z.number().int().min(1).max(limit).nullable()

/** A member's limits per day and per week (starting on Monday) in the member's time zone. Null means no limit. */
export const memberLimitsSchema = z.strictObject({
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
  first_name: personName(100),
  last_name: personName(100, 0),
  timezone: timeZoneSchema,
  locale: memberLocaleSchema,
  role: memberRoleSchema,
  calendar_changes: calendarChangesSchema,
  calendar_failure: calendarFailureSchema,
  limits: limitsPatch,
}

export const memberInputSchema = z.strictObject({
  ...shape,
  first_name: shape.first_name.optional().meta({ description: 'Default: the part of the email address before the @' }),
  last_name: shape.last_name.default(''),
  timezone: shape.timezone.optional().meta({ description: "Default: the organization's default time zone" }),
  locale: shape.locale.default(null),
  role: shape.role.default('member'),
  calendar_changes: shape.calendar_changes.default('ask'),
  calendar_failure: shape.calendar_failure.default('last_known'),
  limits: shape.limits.default({}),
})

export const memberPatchSchema = z.strictObject(shape).partial()

export const memberSchema = z.strictObject({
  id: z.number().int(),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  timezone: z.string(),
  locale: memberLocaleSchema,
  role: memberRoleSchema,
  calendar_changes: calendarChangesSchema,
  calendar_failure: calendarFailureSchema,
  limits: memberLimitsSchema,
  photo_url: imagePathSchema
    .nullable()
    .meta({ description: 'The path of the photo on this server. Null if there is no photo' }),
  joined: z.boolean().meta({ description: 'Whether the member has accepted an invitation and can sign in' }),
  created_at: z.string(),
})

export const membersQuerySchema = searchQuerySchema('the name or the email address').extend({
  meeting_type: idInDigitsSchema.optional().meta({ description: 'Only hosts of this meeting type' }),
  ids: z
    .string()
    .regex(/^\d{1,15}(,\d{1,15}){0,199}$/, 'must be up to 200 ids, separated by commas')
    .optional()
    .meta({ description: 'Only the members with these ids, separated by commas, such as `3,14`' }),
})

export type Member = z.output<typeof memberSchema>
export type MemberInput = z.output<typeof memberInputSchema>
export type MemberPatch = z.output<typeof memberPatchSchema>
export type MemberLimits = z.output<typeof memberLimitsSchema>
