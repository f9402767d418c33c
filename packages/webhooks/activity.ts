/** The payloads of the twelve webhooks. Every key is always present. */

/** The payload of a webhook. `action` determines the types of `metadata` and `entity`. */
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

/** The name of an action. */
export type Action = Activity['action']

/** The payload of one action: `ActivityOf<'Meeting.tagged'>`. */
export type ActivityOf<A extends Action> = Extract<Activity, { action: A }>

interface Body<A, M, D, E> {
  /** Unique on the server, increasing with the changes of one meeting: store the highest that you have applied. 0 in a test. */
  id: number
  type: 'Activity'
  /** RFC 3339, UTC, six fraction digits. */
  created_at: string
  action: A
  /** The text that the person who made the change entered. */
  message: M
  metadata: D
  /** A snapshot taken right after the change. */
  entity: E
}

export interface ChangeMetadata {
  by: 'host' | 'attendee'
}

export interface RescheduleMetadata {
  by: 'host' | 'attendee'
  previous_start: string
  previous_end: string
}

export interface TagMetadata {
  tag: { id: number; type: 'Tag'; name: string }
}

export interface ReminderMetadata {
  reminder: { minutes_before: number }
}

export type LocationType = 'place' | 'phone' | 'web_conference' | 'place_user' | 'phone_user' | 'jitsi'

export interface Meeting {
  id: number
  type: 'Meeting'
  /** RFC 3339, UTC, six fraction digits. */
  created_at: string
  name: string
  location: string | null
  location_type: LocationType
  /** RFC 3339, UTC, without a fraction. */
  start: string
  end: string
  /** Null if no approval is needed, or while it is pending. */
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
  conference_password: string | null
  conference_url: string | null
  meeting_type: { id: number; type: 'MeetingType'; name: string }
  /** The first host. */
  host: Host
  /** People who booked, in the order of booking; then the hosts. */
  attendees: Attendee[]
}

/** A person who booked, with the meeting. */
export interface AttendeeWithMeeting extends Attendee {
  meeting: Omit<Meeting, 'attendees'>
}

export type AttendeeStatus = 'requested' | 'confirmed' | 'declined' | 'cancelled'

export interface Host {
  id: number
  type: 'Attendee'
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
export interface Attendee extends Host {
  utm_source: string | null
  utm_medium: string | null
  utm_campaign: string | null
  utm_content: string | null
  utm_term: string | null
  field_submissions: FieldSubmission[]
}

/** A question of the booking form at the time of booking, and the answer. */
export type FieldSubmission =
  | Submission<'text' | 'multitext' | 'email' | 'date' | 'time', null, string>
  | Submission<'choice', string[], string>
  | Submission<'multichoice', string[], string[]>
  | Submission<'toggle', null, boolean>

interface Submission<F, C, V> {
  name: string
  field_type: F
  help_text: string | null
  required: boolean
  choices: C
  visible: boolean
  value: V
}
