import { z } from 'zod'

/** The token in a feed's URL. */
export const feedTokenSchema = z.strictObject({ token: z.string().min(1).max(100) })

export const calendarFeedSchema = z.strictObject({
  exists: z.boolean().meta({ description: 'Whether the member has a calendar feed' }),
  created_at: z.string().nullable().meta({ description: 'When its URL was created' }),
  last_read_at: z.string().nullable().meta({
    description: 'When a program last read it, to the minute. Null if it has not been read yet',
  }),
})
export type CalendarFeed = z.output<typeof calendarFeedSchema>

export const newCalendarFeedSchema = z.strictObject({
  url: z.string().meta({
    description:
      'The URL to subscribe to in a calendar program. Anyone who has it can read the meetings. Shown only once',
  }),
  created_at: z.string(),
})
export type NewCalendarFeed = z.output<typeof newCalendarFeedSchema>
