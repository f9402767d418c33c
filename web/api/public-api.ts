import type { z } from 'zod'
import type { PublicMeetingType } from '../../src/meeting-types/schema.ts'
import type { AttendeeView, Hold, PendingConfirmation, publicBookingInputSchema } from '../../src/meetings/schema.ts'
import type { BookingForm, PublicPage } from '../../src/pages/schema.ts'
import type { SlotsAnswer } from '../../src/slots/schema.ts'
import { request } from './http.ts'

/*
 * The calls that do not need an API key. Their types come from the server's schemas. Only facts about places are included in the
 * built page.
 */
export type { FormField } from '../../src/meeting-types/schema.ts'
export type { AttendeeView, Hold, PendingConfirmation } from '../../src/meetings/schema.ts'
export type { BookingForm as MeetingType, PublicPage as Page } from '../../src/pages/schema.ts'
export type { LocationType } from '../../src/places/schema.ts'
export type { Slot, SlotsAnswer as Slots } from '../../src/slots/schema.ts'

export type MeetingTypeSummary = PublicMeetingType
export type Host = PublicMeetingType['hosts'][number]
export type Organization = PublicPage['organization']
export type Meeting = AttendeeView['meeting']
export type Permission = AttendeeView['cancellation']
export type Answer = string | string[] | boolean
export type NewMeeting = z.input<typeof publicBookingInputSchema>
export type DateRange = { from: string; to: string; timezone: string }

const root = '/api/v1/public'
const part = encodeURIComponent

const ofType = (page: string, slug: string) => `${root}/pages/${part(page)}/meeting-types/${part(slug)}`
const ofAttendee = (externalId: string) => `${root}/attendees/${part(externalId)}`

export const getPage = (page: string) => request<PublicPage>(`${root}/pages/${part(page)}`)

export const getMeetingType = (page: string, slug: string) => request<BookingForm>(ofType(page, slug))

export function getSlots(page: string, slug: string, range: DateRange & { host?: number }): Promise<SlotsAnswer> {
  const { host, ...dates } = range
  const query = new URLSearchParams({ ...dates, ...(host === undefined ? {} : { host: String(host) }) })
  return request<SlotsAnswer>(`${ofType(page, slug)}/slots?${query}`)
}

export const bookMeeting = (page: string, slug: string, body: NewMeeting, idempotencyKey: string) =>
  request<AttendeeView | PendingConfirmation>(`${ofType(page, slug)}/meetings`, {
    method: 'POST',
    body,
    idempotencyKey,
  })

/** Returns whether nothing has been booked yet, because the visitor must first confirm their email address. */
export const isPending = (booked: AttendeeView | PendingConfirmation): booked is PendingConfirmation =>
  booked.status === 'pending_confirmation'

export const getHold = (token: string) => request<Hold>(`${root}/holds/${part(token)}`)

export const confirmHold = (token: string) =>
  request<AttendeeView>(`${root}/holds/${part(token)}/confirm`, { method: 'POST', body: {} })

export const getAttendee = (externalId: string) => request<AttendeeView>(ofAttendee(externalId))

/** The URL of the attendee's calendar entry, which is a file to download. */
export const calendarFileUrl = (externalId: string) => `${ofAttendee(externalId)}/calendar.ics`

export const getAttendeeSlots = (externalId: string, range: DateRange) =>
  request<SlotsAnswer>(`${ofAttendee(externalId)}/slots?${new URLSearchParams(range)}`)

export const cancelMeeting = (externalId: string, message: string) =>
  request<AttendeeView>(`${ofAttendee(externalId)}/cancel`, { method: 'POST', body: withMessage({}, message) })

/**
 * Moves the meeting. The time zone in which the new time was chosen becomes the attendee's time zone, unless the place
 * determines it.
 */
export const rescheduleMeeting = (externalId: string, move: { start: string; timezone?: string }, message: string) =>
  request<AttendeeView>(`${ofAttendee(externalId)}/reschedule`, {
    method: 'POST',
    body: withMessage(move, message),
  })

function withMessage<T extends object>(body: T, message: string) {
  return message.trim() ? { ...body, message: message.trim() } : body
}
