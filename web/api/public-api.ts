import { request } from './http.ts'

/*
 * What anybody may ask without a key. The types name what these pages read; the server may send more.
 */

export type Organization = { name: string; brand_color?: string | null; logo_url?: string | null }

export type LocationType = 'place' | 'phone' | 'web_conference' | 'place_user' | 'phone_user' | 'jitsi'

export type FieldType = 'text' | 'multitext' | 'email' | 'date' | 'time' | 'choice' | 'multichoice' | 'toggle'

export type FormField = {
  name: string
  field_type: FieldType
  help_text: string | null
  required: boolean
  choices: string[] | null
  visible: boolean
}

export type Answer = string | string[] | boolean

export type Host = { id: number; first_name: string; last_name: string }

export type MeetingTypeSummary = {
  name: string
  slug: string
  description: string | null
  kind: 'one_on_one' | 'group'
  duration_minutes: number
  location_type: LocationType
  location: string | null
}

export type MeetingType = MeetingTypeSummary & {
  assignment: 'fixed' | 'round_robin' | 'joint' | 'attendee_chooses'
  hosts: Host[]
  seats: number | null
  approval: 'automatic' | 'manual'
  fields: FormField[]
  redirect_url?: string | null
  booking_until?: string | null
}

export type Page = {
  name: string
  slug: string
  description?: string | null
  organization?: Organization
  meeting_types: MeetingTypeSummary[]
}

export type Slot = { start: string; end: string; seats_left: number | null }

export type Slots = { timezone: string; slots: Slot[]; next_date: string | null }

/** What an attendee's policy says: `until` is the last instant at which it is possible, null the start itself. */
export type Permission = { allowed: boolean; until?: string | null }

export type AttendeeStatus = 'requested' | 'confirmed' | 'declined' | 'cancelled'

export type Meeting = {
  id: number
  name: string
  start: string
  end: string
  location: string | null
  location_type: LocationType
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
  conference_url: string | null
  host?: { first_name: string; last_name: string; timezone: string }
  meeting_type?: { id: number; name: string }
}

/** A meeting as one of its attendees may see it. */
export type AttendeeView = {
  external_id: string
  status: AttendeeStatus
  cancel_url: string
  reschedule_url: string
  conference_url: string
  first_name?: string
  last_name?: string
  email?: string
  timezone?: string
  meeting: Meeting
  page?: { slug: string; organization?: Organization } | null
  organization?: Organization
  meeting_type?: { slug: string } | null
  cancellation?: Permission
  rescheduling?: Permission
}

export type NewMeeting = {
  start: string
  attendee: { first_name: string; last_name: string; email: string; timezone: string }
  field_submissions: { name: string; value: Answer }[]
  location?: string
  host?: number
  [utm: `utm_${string}`]: string
}

export type DateRange = { from: string; to: string; timezone: string }

const root = '/api/v1/public'
const part = encodeURIComponent

const ofType = (page: string, slug: string) => `${root}/pages/${part(page)}/meeting-types/${part(slug)}`
const ofAttendee = (externalId: string) => `${root}/attendees/${part(externalId)}`

export const getPage = (page: string) => request<Page>(`${root}/pages/${part(page)}`)

export const getMeetingType = (page: string, slug: string) => request<MeetingType>(ofType(page, slug))

export function getSlots(page: string, slug: string, range: DateRange & { host?: number }): Promise<Slots> {
  const { host, ...dates } = range
  const query = new URLSearchParams({ ...dates, ...(host === undefined ? {} : { host: String(host) }) })
  return request<Slots>(`${ofType(page, slug)}/slots?${query}`)
}

export const bookMeeting = (page: string, slug: string, body: NewMeeting, idempotencyKey: string) =>
  request<AttendeeView>(`${ofType(page, slug)}/meetings`, { method: 'POST', body, idempotencyKey })

export const getAttendee = (externalId: string) => request<AttendeeView>(ofAttendee(externalId))

export const getAttendeeSlots = (externalId: string, range: DateRange) =>
  request<Slots>(`${ofAttendee(externalId)}/slots?${new URLSearchParams(range)}`)

export const cancelMeeting = (externalId: string, message: string) =>
  request<AttendeeView>(`${ofAttendee(externalId)}/cancel`, { method: 'POST', body: withMessage({}, message) })

export const rescheduleMeeting = (externalId: string, start: string, message: string) =>
  request<AttendeeView>(`${ofAttendee(externalId)}/reschedule`, {
    method: 'POST',
    body: withMessage({ start }, message),
  })

function withMessage<T extends object>(body: T, message: string) {
  return message.trim() ? { ...body, message: message.trim() } : body
}
