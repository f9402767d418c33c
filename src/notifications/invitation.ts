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
import type { Mailbox } from '../platform/mailer.ts'
import type { MeetingContent } from './content.ts'
import { oneLine } from './lines.ts'

/** An iTIP message (RFC 5546) as text. */
export interface Invitation {
  method: 'REQUEST' | 'CANCEL'
  text: string
}

export interface InvitationOptions {
  recipient: Mailbox
  /** The sender of the mail. */
  sender: Mailbox
  /** When the change was made, in epoch milliseconds: of two messages with one sequence number, calendars keep the later. */
  at: number
  /** What stands in the entry. */
  description: string
}

/**
 * The calendar entry that goes with a mail about a meeting; none with a reminder. All that one recipient ever gets of a
 * meeting has one UID and a sequence number that never falls, so that their calendar holds one entry that follows it.
 * While a host has not approved, the entry is tentative: the time is held. Instants are in UTC, so that no rule of a
 * zone that changes later moves the meeting.
 *
 * To people who booked, the first host is the organizer, in whose name the server sends (SENT-BY). To hosts the server is:
 * calendars take no invitation from their own owner. Nobody who booked sees who else did.
 */
export function invitation(content: MeetingContent, options: InvitationOptions): Invitation | null {
  const { occasion, meeting, audience, hosts, guests } = content
  const { recipient, sender, at, description } = options
  if (occasion === 'reminder') return null
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
    summary: oneLine(meeting.name),
    location: meeting.location === null ? null : oneLine(meeting.location, 2000),
    description,
    status: over ? ICalEventStatus.CANCELLED : statusOf(meeting.state),
    transparency: ICalEventTransparency.OPAQUE,
    busystatus: over ? ICalEventBusyStatus.FREE : busyStatusOf(meeting.state),
    organizer: audience === 'host' ? organizer(sender, sender) : organizer(hosts[0]!, sender),
    attendees: [recipient, ...others].map((person) => participant(person, meeting.state)),
  })
  // RFC 5545, 3.1: every line ends with CRLF, the last one too.
  return { method: over ? 'CANCEL' : 'REQUEST', text: `${calendar.toString()}\r\n` }
}

function statusOf(state: 'requested' | 'confirmed' | 'over'): ICalEventStatus {
  return state === 'requested' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED
}

function busyStatusOf(state: 'requested' | 'confirmed' | 'over'): ICalEventBusyStatus {
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

/** Nobody is asked to answer: whoever books has said that they come, and hosts answer in Bookbell. */
function participant(person: Mailbox, state: 'requested' | 'confirmed' | 'over'): ICalAttendeeData {
  return {
    name: displayName(person),
    email: person.address,
    role: ICalAttendeeRole.REQ,
    type: ICalAttendeeType.INDIVIDUAL,
    status: state === 'requested' ? ICalAttendeeStatus.TENTATIVE : ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  }
}

/** Calendars differ in how they read a quotation mark inside of a parameter (RFC 6868). */
function displayName({ name, address }: Mailbox): string {
  return oneLine(name, 100).replaceAll('"', "'") || address
}
