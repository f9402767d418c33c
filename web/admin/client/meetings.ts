import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Activity } from '../../../src/activities/schema.ts'
import type { bookingInputSchema, Meeting, meetingCountsSchema } from '../../../src/meetings/schema.ts'
import type { SlotsAnswer } from '../../../src/slots/schema.ts'
import { addDays } from '../../time/months.ts'
import { dateIn } from '../../time/zones.ts'
import { currentText } from '../i18n/text.ts'
import { api, type Page, post, put, queryOf, remove, useChange } from './api.ts'

export type { Activity } from '../../../src/activities/schema.ts'

type BookingInput = z.input<typeof bookingInputSchema>

export const views = ['upcoming', 'waiting', 'past', 'cancelled', 'declined'] as const
export type MeetingsView = (typeof views)[number]

export type MeetingFilter = {
  q?: string | undefined
  host?: number | undefined
  type?: number | undefined
  tag?: string | undefined
  /** The first and last days, in `zone`. */
  from?: string | undefined
  to?: string | undefined
  zone: string
}

/** The queries to refetch after a meeting has changed. */
export const touched = [['meetings'], ['tags']]

type MeetingQuery = Record<string, string | number | undefined>

/** Returns the filters in the API's format, where `to` is the day after the last one. */
const queryOfFilter = ({ q, host, type, tag, from, to, zone }: MeetingFilter): MeetingQuery => ({
  search: q,
  host,
  meeting_type: type,
  tag,
  from,
  to: to && addDays(to, 1),
  timezone: from || to ? zone : undefined,
})

/** Returns either the later or the earlier of two times: now, or the day in the filter. */
function bound(now: string, day: string | undefined, { zone }: MeetingFilter, wanted: 'later' | 'earlier') {
  if (!day) return now
  const today = dateIn(zone, now)
  return (wanted === 'later' ? day > today : day <= today) ? day : now
}

const queries: Record<MeetingsView, (now: string, filter: MeetingFilter) => MeetingQuery> = {
  upcoming: (now, filter) => ({ status: 'confirmed', from: bound(now, filter.from, filter, 'later') }),
  waiting: (now, filter) => ({ status: 'requested', from: bound(now, filter.from, filter, 'later') }),
  past: (now, filter) => ({
    status: 'confirmed',
    to: bound(now, filter.to && addDays(filter.to, 1), filter, 'earlier'),
    order: 'desc',
  }),
  cancelled: () => ({ status: 'cancelled', order: 'desc' }),
  declined: () => ({ status: 'declined', order: 'desc' }),
}

/** How many meetings one page of the list shows. */
const PAGE_SIZE = 50

/** One page of a view's meetings. `now` is when the list was opened, so that its pages fit together. */
export const useMeetings = (view: MeetingsView, now: string, filter: MeetingFilter & { after?: string | undefined }) =>
  useQuery({
    queryKey: ['meetings', 'list', view, now, filter],
    queryFn: () => {
      const query = { ...queryOfFilter(filter), ...queries[view](now, filter), limit: PAGE_SIZE, cursor: filter.after }
      return api<Page<Meeting>>(`/meetings${queryOf(query)}`)
    },
    refetchInterval: 30_000,
  })

type MeetingCounts = z.output<typeof meetingCountsSchema>

/** How many meetings each view has, up to 1000. */
export const useMeetingCounts = (filter: MeetingFilter) =>
  useQuery({
    queryKey: ['meetings', 'counts', filter],
    queryFn: () => api<MeetingCounts>(`/meetings/counts${queryOf(queryOfFilter(filter))}`),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
    select: ({ pending, ...counts }): Record<MeetingsView, number> => ({ ...counts, waiting: pending }),
  })

export const useMeeting = (id: number | undefined) =>
  useQuery({
    queryKey: ['meetings', 'one', id],
    queryFn: () => api<Meeting>(`/meetings/${id}`),
    enabled: id !== undefined,
  })

type Feed = { data: Activity[]; next_cursor: string; has_more: boolean }

/** All activities of a meeting, oldest first. */
export const useHistory = (meeting: number) =>
  useQuery({
    queryKey: ['meetings', 'history', meeting],
    queryFn: async () => {
      const activities: Activity[] = []
      let feed: Feed | undefined
      do {
        feed = await api<Feed>(`/activities${queryOf({ meeting, limit: 200, after: feed?.next_cursor ?? '0' })}`)
        activities.push(...feed.data)
      } while (feed.has_more)
      return activities
    },
  })

export type Verb = 'approve' | 'decline' | 'cancel'

const messageOf = (message: string) => (message.trim() ? { message: message.trim() } : {})

export const changeMeeting = (id: number, verb: Verb, message: string) =>
  post<Meeting>(`/meetings/${id}/${verb}`, messageOf(message))
export const changeAttendee = (id: number, verb: Verb, message: string) =>
  post<Meeting>(`/attendees/${id}/${verb}`, messageOf(message))
export const moveMeeting = (id: number, start: string, message: string) =>
  post<Meeting>(`/meetings/${id}/reschedule`, { start, ...messageOf(message) })
export const tagMeeting = (id: number, tag: string) => put<Meeting>(`/meetings/${id}/tags/${encodeURIComponent(tag)}`)
export const untagMeeting = (id: number, tag: string) => remove(`/meetings/${id}/tags/${encodeURIComponent(tag)}`)

export const useBookMeeting = () =>
  useChange({
    call: (input: BookingInput) => post<Meeting>('/meetings', input),
    refresh: [...touched, ['slots']],
    done: () => currentText().t('meetings.booked'),
    quiet: true,
  })

export type Range = { from: string; to: string; timezone: string }

export const getSlotsOfType = (type: number, range: Range & { host?: number | undefined }) =>
  api<SlotsAnswer>(`/meeting-types/${type}/slots${queryOf(range)}`)
