import type { LocationType } from '../places/schema.ts'
import type { Action, AttendeeStatus, FieldSubmission, MeetingKind, Metadata } from './schema.ts'

export type { Action } from './schema.ts'

/** A meeting with all its people at one moment: all that its entities are written from. */
export interface MeetingSnapshot {
  id: number
  kind: MeetingKind
  /** RFC 3339 with six fraction digits. */
  createdAt: string
  name: string
  location: string | null
  locationType: LocationType
  /** Epoch milliseconds. */
  start: number
  /** Epoch milliseconds. */
  end: number
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
  conferencePassword: string | null
  conferenceUrl: string | null
  meetingType: { id: number; name: string }
  /** Rises with every change that calendars must hear of (RFC 5545, 3.8.7.4). */
  icsSequence: number
  /** People who booked, in the order in which they booked. */
  bookers: AttendeeSnapshot[]
  /** The hosts' own attendee rows; the first is the meeting's `host`. Never empty. */
  hosts: AttendeeSnapshot[]
}

/** One person of a meeting. `memberId` is set for hosts, null for people who booked. */
export interface AttendeeSnapshot {
  id: number
  /** RFC 3339 with six fraction digits. */
  createdAt: string
  memberId: number | null
  email: string
  firstName: string
  lastName: string
  timezone: string
  /** The language that the person booked in, where it is known. */
  locale: string | null
  status: AttendeeStatus
  externalId: string
  utmSource: string | null
  utmMedium: string | null
  utmCampaign: string | null
  utmContent: string | null
  utmTerm: string | null
  fieldSubmissions: FieldSubmission[]
}

/** An activity before it has its id and its moment. `attendeeId` is whom an `Attendee.*` is about, null for a `Meeting.*`. */
export interface ActivityDraft {
  action: Action
  attendeeId: number | null
  message: string | null
  metadata: Metadata | null
}
