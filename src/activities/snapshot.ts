import { createHash } from 'node:crypto'
import type { LocationType } from '../places/schema.ts'
import type { Action, AttendeeStatus, FieldSubmission, MeetingKind, Metadata } from './schema.ts'

export type { Action } from './schema.ts'

/*
 * The model of a meeting, shared by meetings, notifications and activities. It is here because meetings import the other two. If
 * the model were in src/meetings, the imports would form a cycle.
 */

/** A meeting with all its attendees and hosts at a point in time. Its API entities are built from this data. */
export interface MeetingSnapshot {
  id: number
  kind: MeetingKind
  /** RFC 3339 with six fraction digits. */
  createdAt: string
  name: string
  location: string | null
  locationType: LocationType
  /** In epoch milliseconds. */
  start: number
  /** In epoch milliseconds. */
  end: number
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
  conferencePassword: string | null
  conferenceUrl: string | null
  meetingType: { id: number; name: string }
  /** Increases with every change that calendars must show (SEQUENCE, RFC 5545, 3.8.7.4). */
  icsSequence: number
  /** People who booked, in the order in which they booked. */
  bookers: AttendeeSnapshot[]
  /** The hosts' own attendee rows. The first one is the meeting's `host`. Never empty. */
  hosts: AttendeeSnapshot[]
}

/** One person in a meeting. `memberId` is set for hosts and null for people who booked. */
export interface AttendeeSnapshot {
  id: number
  /** RFC 3339 with six fraction digits. */
  createdAt: string
  memberId: number | null
  email: string
  firstName: string
  lastName: string
  timezone: string
  /** The language that the person booked in, if known. */
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

/**
 * An activity without an id and a time. `attendeeId` is the person that an `Attendee.*` activity is about, and null for a
 * `Meeting.*` activity.
 */
export interface ActivityDraft {
  action: Action
  attendeeId: number | null
  message: string | null
  metadata: Metadata | null
}

/** Returns whether a person holds a seat. */
export function isAttending({ status }: Pick<AttendeeSnapshot, 'status'>): boolean {
  return status === 'requested' || status === 'confirmed'
}

/** Returns whether the meeting blocks its hosts' time, because at least one person is pending or confirmed. */
export function isActive(meeting: Pick<MeetingSnapshot, 'bookers'>): boolean {
  return meeting.bookers.some(isAttending)
}

/**
 * Returns a meeting's UID, which is the same in every calendar. It never changes and is unique across servers, even if two
 * servers use the same ids. It is built from values that never change and that no one can edit.
 */
export function uidOf(organization: number, meeting: Pick<MeetingSnapshot, 'id' | 'createdAt'>): string {
  const hash = createHash('sha256').update(`${organization} ${meeting.id} ${meeting.createdAt}`).digest('hex')
  return `${hash.slice(0, 32)}@bookbell`
}
