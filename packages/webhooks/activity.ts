/**
 * The body of each webhook. Every key is always present. Written by `node scripts/activity-catalogue.ts`; do not edit.
 */

/** What happened. Narrow it by `action`: `metadata` and `entity` follow. */
export type Activity =
  | Body<'Meeting.scheduled', null, null, Meeting>
  | Body<'Meeting.approved', string | null, ChangeMetadata, Meeting>
  | Body<'Meeting.declined', string | null, ChangeMetadata, Meeting>
  | Body<'Meeting.cancelled', string | null, ChangeMetadata, Meeting>
  | Body<'Meeting.rescheduled', string | null, RescheduleMetadata, Meeting>
  | Body<'Meeting.tagged', null, TagMetadata, Meeting>
  | Body<'Meeting.untagged', null, TagMetadata, Meeting>
  | Body<'Attendee.scheduled', null, null, AttendeeWithMeeting>
  | Body<'Attendee.approved', string | null, ChangeMetadata, AttendeeWithMeeting>
  | Body<'Attendee.declined', string | null, ChangeMetadata, AttendeeWithMeeting>
  | Body<'Attendee.cancelled', string | null, ChangeMetadata, AttendeeWithMeeting>
  | Body<'Attendee.reminded', null, ReminderMetadata, AttendeeWithMeeting>

/** The name of what happened. */
export type Action = Activity['action']

/** The body of one action: `ActivityOf<'Meeting.tagged'>`. */
export type ActivityOf<A extends Action> = Extract<Activity, { action: A }>

interface Body<A, M, D, E> {
  /** Unique within the server, and increasing with the changes of one meeting: keep the highest that you have applied. 0 in a test. */
  id: number
  type: 'Activity'
  /** RFC 3339, UTC, with six fraction digits. */
  created_at: string
  action: A
  /** What the person who acted typed. */
  message: M
  metadata: D
  /** A snapshot at that moment, after the change. */
  entity: E
}

export interface ChangeMetadata {
  /** Who acted. */
  by: 'host' | 'attendee'
}

export interface RescheduleMetadata {
  /** Who acted. */
  by: 'host' | 'attendee'
  /** RFC 3339, UTC, without a fraction. */
  previous_start: string
  /** RFC 3339, UTC, without a fraction. */
  previous_end: string
}

export interface TagMetadata {
  tag: { id: number; type: 'Tag'; name: string }
}

export interface ReminderMetadata {
  reminder: { minutes_before: number }
}

export type LocationType = 'place' | 'phone' | 'web_conference' | 'place_user' | 'phone_user' | 'jitsi'

export type AttendeeStatus = 'requested' | 'confirmed' | 'declined' | 'cancelled'

/** A meeting at one moment. In `attendees`, the people who booked come first, in the order of booking; then the hosts. */
export interface Meeting {
  id: number
  type: 'Meeting'
  /** RFC 3339, UTC, with six fraction digits. */
  created_at: string
  name: string
  location: string | null
  location_type: LocationType
  /** RFC 3339, UTC, without a fraction. */
  start: string
  /** RFC 3339, UTC, without a fraction. */
  end: string
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
  conference_password: string | null
  conference_url: string | null
  meeting_type: { id: number; type: 'MeetingType'; name: string }
  host: Host
  attendees: Attendee[]
}

/** A person who booked, with the meeting. */
export interface AttendeeWithMeeting {
  id: number
  type: 'Attendee'
  /** RFC 3339, UTC, with six fraction digits. */
  created_at: string
  email: string
  first_name: string
  last_name: string
  /** IANA name, such as Europe/Berlin. */
  timezone: string
  status: AttendeeStatus
  /** Part of this person's links; anyone who knows it can act for them. */
  external_id: string
  /** Empty if it was not given, null for a host. */
  utm_source: string | null
  /** Empty if it was not given, null for a host. */
  utm_medium: string | null
  /** Empty if it was not given, null for a host. */
  utm_campaign: string | null
  /** Empty if it was not given, null for a host. */
  utm_content: string | null
  /** Empty if it was not given, null for a host. */
  utm_term: string | null
  cancel_url: string
  reschedule_url: string
  conference_url: string
  field_submissions: FieldSubmission[]
  meeting: Omit<Meeting, 'attendees'>
}

/** The first host of a meeting. */
export interface Host {
  id: number
  type: 'Attendee'
  /** RFC 3339, UTC, with six fraction digits. */
  created_at: string
  email: string
  first_name: string
  last_name: string
  /** IANA name, such as Europe/Berlin. */
  timezone: string
  status: AttendeeStatus
  /** Part of this person's links; anyone who knows it can act for them. */
  external_id: string
  cancel_url: string
  reschedule_url: string
  conference_url: string
}

/** A person who booked, or a host (whose utm values are null). */
export interface Attendee {
  id: number
  type: 'Attendee'
  /** RFC 3339, UTC, with six fraction digits. */
  created_at: string
  email: string
  first_name: string
  last_name: string
  /** IANA name, such as Europe/Berlin. */
  timezone: string
  status: AttendeeStatus
  /** Part of this person's links; anyone who knows it can act for them. */
  external_id: string
  /** Empty if it was not given, null for a host. */
  utm_source: string | null
  /** Empty if it was not given, null for a host. */
  utm_medium: string | null
  /** Empty if it was not given, null for a host. */
  utm_campaign: string | null
  /** Empty if it was not given, null for a host. */
  utm_content: string | null
  /** Empty if it was not given, null for a host. */
  utm_term: string | null
  cancel_url: string
  reschedule_url: string
  conference_url: string
  field_submissions: FieldSubmission[]
}

/** A question of the booking form as it was asked, and the answer. */
export type FieldSubmission =
  | {
      name: string
      field_type: 'text' | 'multitext' | 'email' | 'date' | 'time'
      help_text: string | null
      required: boolean
      choices: null
      visible: boolean
      value: string
    }
  | {
      name: string
      field_type: 'choice'
      help_text: string | null
      required: boolean
      choices: string[]
      visible: boolean
      value: string
    }
  | {
      name: string
      field_type: 'multichoice'
      help_text: string | null
      required: boolean
      choices: string[]
      visible: boolean
      value: string[]
    }
  | {
      name: string
      field_type: 'toggle'
      help_text: string | null
      required: boolean
      choices: null
      visible: boolean
      value: boolean
    }
