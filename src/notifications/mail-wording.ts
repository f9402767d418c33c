import type { Occasion } from './mail-content.ts'
import type { MailTextKey } from './mail-texts.en.ts'

/** The texts that make up an email. */
export interface MailWording {
  subject: MailTextKey
  heading: MailTextKey
  lines: MailTextKey[]
}

/** The details that determine the wording of an email about a meeting. */
export interface WordingInput {
  occasion: Occasion
  by: 'host' | 'attendee' | null
  /** Whether the meeting is waiting for a host's approval. */
  pending: boolean
  /** Whether the meeting continues without the people that the email is about. */
  continues: boolean
}

/** Returns the wording for an attendee. */
export function attendeeWording({ occasion, by, pending }: WordingInput): MailWording {
  const own = by === 'attendee'
  switch (occasion) {
    case 'requested':
      return {
        subject: 'attendee_requested_subject',
        heading: 'attendee_requested_heading',
        lines: ['attendee_requested_text'],
      }
    case 'confirmed':
      return { subject: 'attendee_confirmed_subject', heading: 'attendee_confirmed_heading', lines: [] }
    case 'approved':
      return {
        subject: 'attendee_confirmed_subject',
        heading: 'attendee_approved_heading',
        lines: ['attendee_approved_text'],
      }
    case 'declined':
      return {
        subject: 'attendee_declined_subject',
        heading: 'attendee_declined_heading',
        lines: ['attendee_declined_text'],
      }
    case 'cancelled':
      return {
        subject: 'attendee_cancelled_subject',
        heading: own ? 'attendee_cancelled_by_you_heading' : 'attendee_cancelled_heading',
        lines: own ? [] : ['attendee_cancelled_text'],
      }
    case 'rescheduled':
      return {
        subject: pending ? 'attendee_rescheduled_pending_subject' : 'attendee_rescheduled_subject',
        heading: own ? 'attendee_rescheduled_by_you_heading' : 'attendee_rescheduled_heading',
        lines: pending ? ['attendee_rescheduled_pending_text'] : [],
      }
    case 'reminder':
      return { subject: 'attendee_reminder_subject', heading: 'attendee_reminder_heading', lines: [] }
    case 'repeated':
      return {
        subject: 'attendee_repeated_subject',
        heading: 'attendee_repeated_heading',
        lines: ['attendee_repeated_text'],
      }
  }
}

/** Returns the wording for a host. Reminders and repeated bookings are emailed only to attendees. */
export function hostWording({ occasion, by, pending, continues }: WordingInput): MailWording {
  const byAttendee = by === 'attendee'
  const outcome: MailTextKey = continues ? 'host_others_remain_text' : 'host_time_available_text'
  switch (occasion) {
    case 'requested':
      return { subject: 'host_requested_subject', heading: 'host_requested_heading', lines: ['host_requested_text'] }
    case 'confirmed':
      return { subject: 'host_confirmed_subject', heading: 'host_confirmed_heading', lines: [] }
    case 'approved':
      return { subject: 'host_approved_subject', heading: 'host_approved_heading', lines: [] }
    case 'declined':
      return {
        subject: 'host_declined_subject',
        heading: continues ? 'host_declined_one_heading' : 'host_declined_heading',
        lines: [outcome],
      }
    case 'cancelled':
      return {
        subject: 'host_cancelled_subject',
        heading: byAttendee ? 'host_cancelled_by_attendee_heading' : 'host_cancelled_heading',
        lines: [outcome],
      }
    case 'rescheduled':
      return {
        subject: pending ? 'host_rescheduled_pending_subject' : 'host_rescheduled_subject',
        heading: byAttendee ? 'host_rescheduled_by_attendee_heading' : 'host_rescheduled_heading',
        lines: pending ? ['host_rescheduled_pending_text'] : [],
      }
    case 'reminder':
    case 'repeated':
      return { subject: 'attendee_reminder_subject', heading: 'attendee_reminder_heading', lines: [] }
  }
}
