import { useQuery } from '@tanstack/react-query'
import type { BlockedAttendee } from '../../../src/blocking/schema.ts'
import { say } from '../i18n/text.ts'
import { api, post, queryOf, remove, useChange, useList } from './api.ts'
import { touched } from './meetings.ts'

export type { BlockedAttendee } from '../../../src/blocking/schema.ts'

const key = ['blocked-attendees']

export const useBlockedAttendees = () => useList<BlockedAttendee>({ key, path: '/blocked-attendees', limit: 200 })

const block = (value: string) => post<BlockedAttendee>('/blocked-attendees', { value })

export const useBlock = () =>
  useChange({
    call: block,
    refresh: [key],
    done: ({ value }) => say('blocked.is_blocked', { name: value }),
    quiet: true,
  })

export const useUnblock = () =>
  useChange({
    call: ({ id }: BlockedAttendee) => remove(`/blocked-attendees/${id}`),
    refresh: [key],
    done: (_, { value }) => say('blocked.can_book', { name: value }),
  })

/** Counts the upcoming meetings of an address, or of all addresses in a domain. */
export const useUpcomingOf = (value: string) =>
  useQuery({
    queryKey: ['meetings', 'upcoming-of', value],
    queryFn: () => api<{ meetings: number }>(`/people/upcoming${queryOf({ value })}`),
  })

type Cancelled = { cancelled: number; remaining: number }

/** The address or domain whose meetings to cancel, and the one to block first, so that nothing is booked in the meantime. */
export type CancelAll = { value: string; blocked: string | null; message: string }

async function cancelAll({ value, blocked, message }: CancelAll): Promise<number> {
  if (blocked !== null) await block(blocked)
  let cancelled = 0
  let step: Cancelled
  do {
    step = await post<Cancelled>('/people/cancel-upcoming', { value, message: message.trim() || null })
    cancelled += step.cancelled
    // If there is no progress, the remaining meetings cannot be cancelled, because they have just ended.
  } while (step.remaining > 0 && step.cancelled > 0)
  return cancelled
}

export const useCancelAll = (onDone: () => void) =>
  useChange({
    call: cancelAll,
    refresh: [...touched, key],
    done: (count) => say('blocked.cancelled', { count }),
    onDone,
    quiet: true,
  })
