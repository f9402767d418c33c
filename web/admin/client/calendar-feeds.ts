import { useQuery } from '@tanstack/react-query'
import type { CalendarFeed, NewCalendarFeed } from '../../../src/calendar-feeds/schema.ts'
import { say } from '../i18n/text.ts'
import { api, post, remove, useChange } from './api.ts'

const key = ['calendar-feeds']
const pathOf = (member: number) => `/members/${member}/calendar-feed`

/** Whether a member has a calendar feed. */
export const useCalendarFeed = (member: number, enabled: boolean) =>
  useQuery({ queryKey: [...key, member], queryFn: () => api<CalendarFeed>(pathOf(member)), enabled })

/** Creates the feed, or replaces its URL. The URL is only in this response. */
export const useCreateCalendarFeed = () =>
  useChange({ call: (member: number) => post<NewCalendarFeed>(pathOf(member)), refresh: [key] })

export const useRevokeCalendarFeed = () =>
  useChange({
    call: (member: number) => remove(pathOf(member)),
    refresh: [key],
    done: () => say('availability.feed_revoked'),
  })
