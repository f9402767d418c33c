import type { OrganizationId } from '../access/gate.ts'
import { attendeeLinks } from '../activities/entity.ts'
import { type AttendeeSnapshot, isActive, isAttending, type MeetingSnapshot, uidOf } from '../activities/snapshot.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { toInstantText } from '../platform/clock.ts'
import { elementAt } from '../platform/element-at.ts'
import { type Policy, possibilityOf } from './life-cycle.ts'
import type { AttendeeView } from './schema.ts'

/** A meeting and the person who views it. */
export interface AttendeeViewInput {
  organization: OrganizationId
  meeting: MeetingSnapshot
  /** The viewer's id. */
  attendee: number
  meetingType: Pick<MeetingType, 'slug' | 'locked_timezone' | 'cancellation' | 'rescheduling'>
  page: AttendeeView['page']
  /** The server's public URL. */
  url: string
  /** In epoch milliseconds. */
  now: number
}

/** Returns the meeting as this person may see it. */
export function viewAsAttendee(input: AttendeeViewInput): AttendeeView {
  const { meeting, meetingType, url } = input
  const person = elementAt(
    [...meeting.bookers, ...meeting.hosts].filter(({ id }) => id === input.attendee),
    0,
  )
  const isHost = person.memberId !== null
  return {
    external_id: person.externalId,
    role: isHost ? 'host' : 'attendee',
    status: person.status,
    ...attendeeLinks(person.externalId, url),
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email,
    timezone: person.timezone,
    field_submissions: person.fieldSubmissions,
    meeting: { ...describeMeeting(input), attendees: isHost ? meeting.bookers.map(describeBooker) : null },
    meeting_type: { slug: meetingType.slug },
    page: input.page,
    cancellation: showPossibility(input, person, meetingType.cancellation),
    rescheduling:
      meeting.kind === 'group' && !isHost
        ? { allowed: false, until: null }
        : showPossibility(input, person, meetingType.rescheduling),
  }
}

function describeMeeting(input: AttendeeViewInput): Omit<AttendeeView['meeting'], 'attendees'> {
  const { organization, meeting, meetingType } = input
  return {
    id: meeting.id,
    name: meeting.name,
    kind: meeting.kind,
    start: toInstantText(meeting.start),
    end: toInstantText(meeting.end),
    location: meeting.location,
    location_type: meeting.locationType,
    locked_timezone: meetingType.locked_timezone,
    approved: meeting.approved,
    confirmed: meeting.confirmed,
    cancelled: meeting.cancelled,
    conference_password: meeting.conferencePassword,
    conference_url: meeting.conferenceUrl,
    meeting_type: { id: meeting.meetingType.id, type: 'MeetingType', name: meeting.meetingType.name },
    calendar: { uid: uidOf(organization, meeting), sequence: meeting.icsSequence },
    host: describeHost(elementAt(meeting.hosts, 0)),
    hosts: meeting.hosts.map(describeHost),
  }
}

function describeHost({ firstName, lastName, timezone }: AttendeeSnapshot) {
  return { first_name: firstName, last_name: lastName, timezone }
}

function describeBooker({ firstName, lastName, email, status }: AttendeeSnapshot) {
  return { first_name: firstName, last_name: lastName, email, status }
}

/**
 * Returns whether the person can take this action now, and until when. Hosts can act until the meeting ends. Attendees can act
 * while they have a seat, as the policy allows.
 */
function showPossibility(
  { meeting, now }: AttendeeViewInput,
  person: AttendeeSnapshot,
  policy: Policy,
): AttendeeView['cancellation'] {
  const isHost = person.memberId !== null
  const possible = isHost ? { allowed: true, until: meeting.end } : possibilityOf(meeting, policy)
  const open = possible.allowed && now < possible.until && (isHost ? isActive(meeting) : isAttending(person))
  return { allowed: open, until: possible.allowed ? toInstantText(possible.until) : null }
}
