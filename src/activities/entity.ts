import { toInstantText } from '../platform/clock.ts'
import type { Attendee, AttendeeEntity, FieldSubmission, HostEntity, MeetingEntity } from './schema.ts'
import type { ActivityDraft, AttendeeSnapshot, MeetingSnapshot } from './snapshot.ts'

/**
 * The entities in the API. Keys are sent in the order in which they appear here. `url` is the server's public URL
 * (`BOOKBELL_URL`), without a trailing slash.
 */

/** The Meeting entity: people who booked first, hosts last. */
export function meetingEntity(meeting: MeetingSnapshot, url: string): MeetingEntity {
  const people = [...meeting.bookers, ...meeting.hosts]
  return { ...meetingWithoutAttendees(meeting, url), attendees: people.map((person) => attendee(person, url)) }
}

/** The Attendee entity of one person in the meeting. Throws if that person is not in the meeting. */
export function attendeeEntity(meeting: MeetingSnapshot, attendeeId: number, url: string): AttendeeEntity {
  const person = [...meeting.bookers, ...meeting.hosts].find(({ id }) => id === attendeeId)
  if (!person) throw new Error(`Meeting ${meeting.id} has no attendee ${attendeeId}.`)
  return { ...attendee(person, url), meeting: meetingWithoutAttendees(meeting, url) }
}

export interface BodyOptions {
  id: number
  /** RFC 3339 with six fraction digits. */
  createdAt: string
  url: string
}

/** Returns an activity's body. This is the text that is stored, sent and returned, byte for byte. */
export function activityBody(meeting: MeetingSnapshot, draft: ActivityDraft, { id, ...options }: BodyOptions): string {
  return `{"id":${id},${bodyAfterId(meeting, draft, options)}`
}

/** Returns the same text without its beginning, `{"id":…,`. The database adds the id when it assigns it. */
export function bodyAfterId(
  meeting: MeetingSnapshot,
  draft: ActivityDraft,
  { createdAt, url }: Omit<BodyOptions, 'id'>,
): string {
  const body = JSON.stringify({
    type: 'Activity',
    created_at: createdAt,
    action: draft.action,
    message: draft.message,
    metadata: draft.metadata,
    entity: draft.attendeeId === null ? meetingEntity(meeting, url) : attendeeEntity(meeting, draft.attendeeId, url),
  })
  return body.slice(1)
}

/** One person's links. Anyone who knows the external id can act as that person. */
export function attendeeLinks(externalId: string, url: string) {
  const page = `${url}/m/${externalId}`
  return { cancel_url: `${page}/cancel`, reschedule_url: `${page}/reschedule`, conference_url: `${page}/conference` }
}

function meetingWithoutAttendees(meeting: MeetingSnapshot, url: string): Omit<MeetingEntity, 'attendees'> {
  const [first] = meeting.hosts
  if (!first) throw new Error(`Meeting ${meeting.id} has no host.`)
  return {
    id: meeting.id,
    type: 'Meeting',
    created_at: meeting.createdAt,
    name: meeting.name,
    location: meeting.location,
    location_type: meeting.locationType,
    start: toInstantText(meeting.start),
    end: toInstantText(meeting.end),
    approved: meeting.approved,
    confirmed: meeting.confirmed,
    cancelled: meeting.cancelled,
    conference_password: meeting.conferencePassword,
    conference_url: meeting.conferenceUrl,
    meeting_type: { id: meeting.meetingType.id, type: 'MeetingType', name: meeting.meetingType.name },
    host: host(first, url),
  }
}

function host(person: AttendeeSnapshot, url: string): HostEntity {
  return { ...identity(person), ...attendeeLinks(person.externalId, url) }
}

function attendee(person: AttendeeSnapshot, url: string): Attendee {
  return {
    ...identity(person),
    utm_source: person.utmSource,
    utm_medium: person.utmMedium,
    utm_campaign: person.utmCampaign,
    utm_content: person.utmContent,
    utm_term: person.utmTerm,
    ...attendeeLinks(person.externalId, url),
    field_submissions: person.fieldSubmissions.map(inWireOrder),
  }
}

function identity(person: AttendeeSnapshot) {
  return {
    id: person.id,
    type: 'Attendee' as const,
    created_at: person.createdAt,
    email: person.email,
    first_name: person.firstName,
    last_name: person.lastName,
    timezone: person.timezone,
    status: person.status,
    external_id: person.externalId,
  }
}

/** The database stores submissions as jsonb, which does not preserve the order of keys. */
function inWireOrder(submission: FieldSubmission): FieldSubmission {
  const { name, field_type, help_text, required, choices, visible, value } = submission
  return { name, field_type, help_text, required, choices, visible, value } as FieldSubmission
}
