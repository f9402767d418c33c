import type { LocationType, MeetingKind } from '../activities/schema.ts'
import type { Mailbox } from '../platform/mailer.ts'

/**
 * The facts of a mail, as they were when it was queued. They are stored with it; its words, its HTML and its calendar
 * entry are made from them when it is sent. Instants are epoch milliseconds.
 */
export type MailContent = MeetingContent | NoticeContent

/** What happens to a meeting that people hear of by mail. */
export type MeetingChange = 'requested' | 'confirmed' | 'approved' | 'declined' | 'cancelled' | 'rescheduled'

/** Why a mail about a meeting is sent. */
export type Occasion = MeetingChange | 'reminder'

/** A mail about a meeting, to one of its people. */
export interface MeetingContent {
  kind: 'meeting'
  occasion: Occasion
  audience: 'attendee' | 'host'
  /** The recipient: their zone, their language and the key of their links. */
  timezone: string
  locale: string | null
  externalId: string
  meeting: MeetingFacts
  hosts: Mailbox[]
  /** The people who booked and whom this is about; to an attendee, themselves. */
  people: Mailbox[]
  /** To a host: everybody who takes part, for the calendar. */
  guests: Mailbox[]
  /** To a host: what the person answered in the form. */
  answers: { name: string; value: string }[]
  message: string | null
  by: 'host' | 'attendee' | null
  previousStart: number | null
  /** Of a reminder: which one it is. */
  reminder: ReminderKey | null
}

/** The meeting as it stands for the recipient of a mail. */
export interface MeetingFacts {
  id: number
  /** Names the entry in every calendar, for ever. */
  uid: string
  sequence: number
  kind: MeetingKind
  name: string
  start: number
  end: number
  location: string | null
  locationType: LocationType
  conferencePassword: string | null
  /** `over` where the recipient no longer takes part in it. */
  state: 'requested' | 'confirmed' | 'over'
}

/** One reminder of one person, for one start. */
export interface ReminderKey {
  attendee: number
  start: number
  minutesBefore: number
}

/** A mail to a member about the organization or their account. */
export interface NoticeContent {
  kind: 'notice'
  timezone: string
  locale: string | null
  notice: Notice
}

export type Notice =
  | { about: 'webhook_failing'; webhook: WebhookFacts; since: number; disabledAt: number; problem: string }
  | { about: 'webhook_disabled'; webhook: WebhookFacts; reason: 'gone' | 'failing'; since: number; problem: string }
  | { about: 'password_reset'; link: string; validMinutes: number }
  | { about: 'invitation'; link: string; invitedBy: string; validDays: number }

export interface WebhookFacts {
  id: number
  url: string
  description: string | null
}

/** Whether whoever reads the mail can act for its recipient: then only the built-in mailbox shows it. */
export function isConfidential(content: MailContent): boolean {
  return (
    content.kind === 'notice' && (content.notice.about === 'password_reset' || content.notice.about === 'invitation')
  )
}

/** The name under which lists show a mail, such as `meeting.confirmed` or `webhook_disabled`. */
export function mailKind(content: MailContent): string {
  return content.kind === 'meeting' ? `meeting.${content.occasion}` : content.notice.about
}
