import type { ActivityDraft, AttendeeSnapshot, MeetingSnapshot } from '../activities/activity.ts'
import { activityBody } from '../activities/entity.ts'
import type { Action, Metadata } from '../activities/schema.ts'
import { toInstantText, toTimestamp } from '../platform/clock.ts'

const DAY = 86_400_000
const HALF_HOUR = 1_800_000

/**
 * The body of a test: a realistic activity whose id is 0, so that no mirror takes it for real.
 * Its meeting takes place a week from `now` (epoch milliseconds), as the action leaves it.
 */
export function sampleBody(action: Action, { now, url }: { now: number; url: string }): string {
  const meeting = sampleMeeting(action, now)
  const draft: ActivityDraft = {
    action,
    attendeeId: action.startsWith('Attendee.') ? (meeting.bookers[0]?.id ?? null) : null,
    message: sampleMessages[action] ?? null,
    metadata: sampleMetadata(action, meeting),
  }
  return activityBody(meeting, draft, { id: 0, createdAt: toTimestamp(now), url })
}

const sampleMessages: Partial<Record<Action, string>> = {
  'Meeting.cancelled': 'Something came up, sorry.',
  'Attendee.cancelled': 'Something came up, sorry.',
  'Meeting.declined': 'We do not offer this any more.',
  'Attendee.declined': 'We do not offer this any more.',
}

function sampleMetadata(action: Action, { start, end }: MeetingSnapshot): Metadata | null {
  switch (action) {
    case 'Meeting.scheduled':
    case 'Attendee.scheduled':
      return null
    case 'Meeting.tagged':
    case 'Meeting.untagged':
      return { tag: { id: 0, type: 'Tag', name: 'Sample tag' } }
    case 'Attendee.reminded':
      return { reminder: { minutes_before: 60 } }
    case 'Meeting.rescheduled':
      return { by: 'attendee', previous_start: toInstantText(start - DAY), previous_end: toInstantText(end - DAY) }
    case 'Meeting.cancelled':
    case 'Attendee.cancelled':
      return { by: 'attendee' }
    default:
      return { by: 'host' }
  }
}

function sampleMeeting(action: Action, now: number): MeetingSnapshot {
  const start = Math.ceil((now + 7 * DAY) / DAY) * DAY + 14 * 3_600_000
  const declined = action.endsWith('.declined')
  const cancelled = action.endsWith('.cancelled')
  return {
    id: 0,
    kind: 'one_on_one',
    createdAt: toTimestamp(now - DAY),
    name: 'Sample meeting',
    location: '123 Address Street',
    locationType: 'place',
    start,
    end: start + HALF_HOUR,
    approved: declined ? false : action.endsWith('.approved') ? true : null,
    confirmed: !declined && !cancelled,
    cancelled,
    conferencePassword: null,
    conferenceUrl: null,
    meetingType: { id: 0, name: 'Sample meeting' },
    icsSequence: 0,
    bookers: [
      samplePerson({ now, host: false, status: declined ? 'declined' : cancelled ? 'cancelled' : 'confirmed' }),
    ],
    hosts: [samplePerson({ now, host: true, status: 'confirmed' })],
  }
}

interface SamplePerson {
  now: number
  host: boolean
  status: AttendeeSnapshot['status']
}

function samplePerson({ now, host, status }: SamplePerson): AttendeeSnapshot {
  const utm = host ? null : ''
  return {
    id: 0,
    createdAt: toTimestamp(now - DAY),
    memberId: host ? 0 : null,
    email: host ? 'host@example.com' : 'attendee@example.com',
    firstName: host ? 'Hanna' : 'Alex',
    lastName: host ? 'Host' : 'Attendee',
    timezone: host ? 'Europe/Berlin' : 'America/New_York',
    locale: null,
    status,
    externalId: host ? 'samplehost' : 'sampleguest',
    utmSource: utm,
    utmMedium: utm,
    utmCampaign: utm,
    utmContent: utm,
    utmTerm: utm,
    fieldSubmissions: host ? [] : [sampleAnswer],
  }
}

const sampleAnswer: AttendeeSnapshot['fieldSubmissions'][number] = {
  name: 'What is it about?',
  field_type: 'text',
  help_text: null,
  required: true,
  choices: null,
  visible: true,
  value: 'A sample answer',
}
