import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Activity } from '../../../src/activities/schema.ts'
import type { bookingInputSchema, Meeting } from '../../../src/meetings/schema.ts'
import type { SlotsAnswer } from '../../../src/slots/schema.ts'
import type { Tag } from '../../../src/tags/schema.ts'
import { api, listAll, type Page, post, put, queryOf, remove, useChange, useList } from './api.ts'

export type { Activity } from '../../../src/activities/schema.ts'

type BookingInput = z.input<typeof bookingInputSchema>

export const views = ['upcoming', 'waiting', 'past', 'cancelled', 'declined'] as const
export type MeetingsView = (typeof views)[number]

export type MeetingFilter = {
  q?: string | undefined
  host?: number | undefined
  type?: number | undefined
  tag?: string | undefined
}

/** The queries to refetch after a meeting has changed. */
export const touched = [['meetings'], ['tags']]

type MeetingQuery = Record<string, string | number | undefined>

const queries: Record<MeetingsView, (now: string) => MeetingQuery> = {
  upcoming: (from) => ({ status: 'confirmed', from }),
  waiting: (from) => ({ status: 'requested', from }),
  past: (to) => ({ status: 'confirmed', to, order: 'desc' }),
  cancelled: () => ({ status: 'cancelled', order: 'desc' }),
  declined: () => ({ status: 'declined', order: 'desc' }),
}

/** The meetings of a view. `now` is when the page was opened, so that the list stays stable. */
export const useMeetings = (view: MeetingsView, now: string, { q, host, type, tag }: MeetingFilter) =>
  useList<Meeting>({
    key: ['meetings', 'list'],
    path: '/meetings',
    query: { ...queries[view](now), search: q, host, meeting_type: type, tag },
    refetchInterval: 30_000,
  })

/** The meetings that wait for approval, at most one page. */
export const useWaitingCount = (now: string) =>
  useQuery({
    queryKey: ['meetings', 'waiting'],
    queryFn: () => api<Page<Meeting>>(`/meetings${queryOf({ ...queries.waiting(now), limit: 100 })}`),
    refetchInterval: 30_000,
  })

export const useMeeting = (id: number) =>
  useQuery({ queryKey: ['meetings', 'one', id], queryFn: () => api<Meeting>(`/meetings/${id}`) })

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

export const useTags = () => useQuery({ queryKey: ['tags', 'all'], queryFn: () => listAll<Tag>('/tags') })

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
    done: 'Meeting booked',
    quiet: true,
  })

export type Range = { from: string; to: string; timezone: string }

export const getSlotsOfType = (type: number, range: Range & { host?: number | undefined }) =>
  api<SlotsAnswer>(`/meeting-types/${type}/slots${queryOf(range)}`)
