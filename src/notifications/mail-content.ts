import type { MeetingKind } from '../activities/schema.ts'
import type { LocationType } from '../places/schema.ts'
import type { Mailbox } from '../platform/mailer.ts'

/**
 * An email's facts at the time when it was enqueued. They are stored with the email. Its text, HTML and calendar entry are
 * rendered from them when it is sent. Instants are epoch milliseconds.
 */
export type MailContent = MeetingMailContent | NoticeMailContent

/** A change to a meeting that people are notified of by email. */
export type MeetingChange = 'requested' | 'confirmed' | 'approved' | 'declined' | 'cancelled' | 'rescheduled'

/** The reason for an email about a meeting. */
export type Occasion = MeetingChange | 'reminder' | 'repeated'

/** A meeting from the point of view of one participant. Their calendar entry is built from this data. */
export interface RecipientView {
  audience: 'attendee' | 'host'
  /** The recipient's time zone and language, and the key in their links. */
  timezone: string
  locale: string | null
  externalId: string
  meeting: MailedMeeting
  hosts: HostMailbox[]
  /** The attendees this email is about. In an email to an attendee, only that attendee. */
  people: Mailbox[]
  /** For hosts: every attendee who takes part. */
  guests: Mailbox[]
  /** For hosts: the attendee's answers in the booking form. */
  answers: { name: string; value: string }[]
}

/** A host's name and email address, taken from the member when the email is sent. */
export interface HostMailbox extends Mailbox {
  /** Null in emails older than this field, and after the person is erased. */
  memberId: number | null
}

/** An email about a meeting to one of its people. */
export interface MeetingMailContent extends RecipientView {
  kind: 'meeting'
  occasion: Occasion
  message: string | null
  by: 'host' | 'attendee' | null
  previousStart: number | null
  /** Set only for reminders. */
  reminder: ReminderKey | null
  /** Whether the meeting is already in the recipient's own calendar. */
  hasEntry?: boolean
}

/** The meeting's details for the recipient of an email. */
export interface MailedMeeting {
  id: number
  /** Identifies the meeting in every calendar. It never changes. */
  uid: string
  sequence: number
  kind: MeetingKind
  name: string
  start: number
  end: number
  location: string | null
  locationType: LocationType
  conferencePassword: string | null
  /** `over` if the recipient no longer takes part. */
  state: 'requested' | 'confirmed' | 'over'
}

/** Identifies a reminder: one person, one start, and one number of minutes before it. */
export interface ReminderKey {
  attendee: number
  start: number
  minutesBefore: number
}

/** A notice: an email to a member about the organization or their account. */
export interface NoticeMailContent {
  kind: 'notice'
  timezone: string
  locale: string | null
  notice: Notice
}

export type Notice =
  | { about: 'webhook_failing'; webhook: MailedWebhook; since: number; disabledAt: number; problem: string }
  | { about: 'webhook_disabled'; webhook: MailedWebhook; reason: 'gone' | 'failing'; since: number; problem: string }
  | { about: 'invitation'; link: string; invitedBy: string; validDays: number }
  | { about: 'email_confirmation'; link: string; what: string; start: number; validMinutes: number }
  | CalendarNotice
  | AccountNotice

/**
 * A notice to a host about a connected calendar. `calendar` is its name. `isClosed`: the host cannot be booked while the calendar cannot
 * be read.
 */
export type CalendarNotice =
  | { about: 'calendar_failing'; calendar: string; since: number; problem: string; isClosed?: boolean }
  | { about: 'calendar_changes'; calendar: string; count: number }
  | { about: 'calendar_restored'; calendar: string; start: number }

/** A notice to a person about their account. No organization may read it. `at` is in epoch milliseconds. */
export type AccountNotice =
  | { about: 'password_reset'; link: string; validMinutes: number }
  | { about: 'password_changed'; at: number; address: string | null }
  | { about: SignInChange; at: number; address: string | null }
  | { about: 'new_sign_in'; at: number; browser: string | null; address: string | null }

/** The change to how a person signs in. */
export type SignInChange = 'second_factor_on' | 'second_factor_off' | 'passkey_added' | 'passkey_removed'

export interface MailedWebhook {
  id: number
  url: string
  description: string | null
}

/** Returns whether someone who reads the email could act as its recipient. Such emails are shown only in the built-in mailbox. */
export function isConfidential(content: MailContent): boolean {
  return content.kind === 'notice' && 'link' in content.notice
}

/** Returns an email's kind as shown in lists, such as `meeting.confirmed` or `webhook_disabled`. */
export function mailKind(content: MailContent): string {
  return content.kind === 'meeting' ? `meeting.${content.occasion}` : content.notice.about
}
