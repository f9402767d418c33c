import ical, {
  type ICalAttendeeData,
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator'
import { elementAt } from '../platform/element-at.ts'
import type { Mailbox } from '../platform/mailer.ts'
import { oneLine } from './lines.ts'
import type { MailedMeeting, RecipientView } from './mail-content.ts'

/** An iTIP message (RFC 5546) as text. */
export interface CalendarEntry {
  method: 'REQUEST' | 'CANCEL'
  text: string
}

export interface CalendarEntryOptions {
  recipient: Mailbox
  /** The email's sender. */
  sender: Mailbox
  /** DTSTAMP in epoch milliseconds. If two messages have the same sequence number, calendars keep the later one. */
  at: number
  /** The entry's SUMMARY, which is its title in the calendar. */
  summary: string
  /** The entry's DESCRIPTION. */
  description: string
}

/**
 * Builds the calendar entry for one recipient, for the email and for the download. All entries of a meeting have the same UID and
 * a sequence number that never decreases, so the recipient's calendar updates a single entry. Until a host approves, the entry is
 * tentative, which already blocks the time. Times are in UTC, so that a later change of a time zone's rules does not move the
 * meeting.
 *
 * For attendees, the first host is the organizer and the server sends on the host's behalf (SENT-BY). For hosts, the server is
 * the organizer, because calendars reject invitations from their own owner. Attendees do not see each other.
 */
export function calendarEntry(view: RecipientView, options: CalendarEntryOptions): CalendarEntry {
  const { meeting, audience, hosts, guests } = view
  const { recipient, sender, at, summary, description } = options
  const over = meeting.state === 'over'
  const calendar = ical({
    prodId: { company: 'Bookbell', product: 'Bookbell', language: 'EN' },
    scale: 'gregorian',
    method: over ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  })
  const others = over ? [] : [...hosts, ...guests].filter(({ address }) => address !== recipient.address)
  calendar.createEvent({
    id: meeting.uid,
    sequence: meeting.sequence,
    stamp: new Date(at),
    start: new Date(meeting.start),
    end: new Date(meeting.end),
    summary,
    location: meeting.location === null ? null : oneLine(meeting.location, 2000),
    description,
    status: over ? ICalEventStatus.CANCELLED : statusOf(meeting.state),
    transparency: ICalEventTransparency.OPAQUE,
    busystatus: over ? ICalEventBusyStatus.FREE : busyStatusOf(meeting.state),
    organizer: organizer(audience === 'host' ? sender : elementAt(hosts, 0), sender),
    attendees: [recipient, ...others].map((person) => participant(person, meeting.state)),
  })
  // RFC 5545, 3.1: every line ends with CRLF, including the last one.
  return { method: over ? 'CANCEL' : 'REQUEST', text: `${calendar.toString()}\r\n` }
}

function statusOf(state: MailedMeeting['state']): ICalEventStatus {
  return state === 'requested' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED
}

function busyStatusOf(state: MailedMeeting['state']): ICalEventBusyStatus {
  return state === 'requested' ? ICalEventBusyStatus.TENTATIVE : ICalEventBusyStatus.BUSY
}

function organizer(person: Mailbox, sender: Mailbox) {
  const { address } = person
  return {
    name: displayName(person),
    email: address,
    ...(address === sender.address ? {} : { sentBy: sender.address }),
  }
}

/** A reply is not requested, because attendees accept by booking and hosts approve in Bookbell. */
function participant(person: Mailbox, state: MailedMeeting['state']): ICalAttendeeData {
  return {
    name: displayName(person),
    email: person.address,
    role: ICalAttendeeRole.REQ,
    type: ICalAttendeeType.INDIVIDUAL,
    status: state === 'requested' ? ICalAttendeeStatus.TENTATIVE : ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  }
}

/** Calendars handle a quotation mark inside a parameter in different ways (RFC 6868). */
function displayName({ name, address }: Mailbox): string {
  return oneLine(name, 100).replaceAll('"', "'") || address
}
