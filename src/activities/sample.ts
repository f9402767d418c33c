import { toInstantText, toTimestamp } from '../platform/clock.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { activityBody } from './entity.ts'
import type { Action, AttendeeStatus, FieldSubmission, MeetingKind, Metadata } from './schema.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from './snapshot.ts'

/** Invented meetings, one for each action and kind: what the catalogue shows, and what a test of a webhook sends. */

export interface SampleOptions {
  id: number
  /** When it happens, in epoch milliseconds; the invented meeting lies some days later. */
  now: number
  /** The address that the links begin with. */
  url: string
}

/** A realistic body of an action. Throws where meetings of that kind never have it (see `isEmitted`). */
export function sampleBody(action: Action, kind: MeetingKind, { id, now, url }: SampleOptions): string {
  if (!isEmitted(action, kind)) throw new Error(`A ${kind} meeting has no ${action}.`)
  const meeting = sampleSnapshot(action, kind, now)
  const attendeeId = action.startsWith('Attendee.') ? meeting.bookers.at(-1)!.id : null
  const { message, metadata } = sampleWords(action, meeting)
  return activityBody(meeting, { action, attendeeId, message, metadata }, { id, createdAt: toTimestamp(now), url })
}

/** Whether meetings of that kind ever have the action: a group is never approved or declined as a whole. */
export function isEmitted(action: Action, kind: MeetingKind): boolean {
  return kind === 'one_on_one' || (action !== 'Meeting.approved' && action !== 'Meeting.declined')
}

/** The state after an action: the meeting's three flags, and the status of the person it is about. */
type State = [approved: boolean | null, confirmed: boolean, cancelled: boolean, status: AttendeeStatus]

const booked: State = [null, true, false, 'confirmed']
const requested: State = [null, false, false, 'requested']
const approved: State = [true, true, false, 'confirmed']

const states: Record<MeetingKind, Record<Action, State>> = {
  one_on_one: {
    'Meeting.scheduled': booked,
    'Meeting.approved': approved,
    'Meeting.declined': [false, false, false, 'declined'],
    'Meeting.cancelled': [null, false, true, 'cancelled'],
    'Meeting.rescheduled': booked,
    'Meeting.tagged': booked,
    'Meeting.untagged': booked,
    'Attendee.scheduled': booked,
    'Attendee.approved': approved,
    'Attendee.declined': [false, false, false, 'declined'],
    'Attendee.cancelled': [null, false, true, 'cancelled'],
    'Attendee.reminded': booked,
  },
  // Approval is manual in the group, and others stay in it when one person leaves or is declined.
  group: {
    'Meeting.scheduled': requested,
    'Meeting.approved': approved,
    'Meeting.declined': approved,
    'Meeting.cancelled': [true, false, true, 'cancelled'],
    'Meeting.rescheduled': approved,
    'Meeting.tagged': approved,
    'Meeting.untagged': approved,
    'Attendee.scheduled': [true, true, false, 'requested'],
    'Attendee.approved': approved,
    'Attendee.declined': [true, true, false, 'declined'],
    'Attendee.cancelled': [true, true, false, 'cancelled'],
    'Attendee.reminded': approved,
  },
}

function sampleWords(action: Action, meeting: MeetingSnapshot): { message: string | null; metadata: Metadata | null } {
  switch (action) {
    case 'Meeting.scheduled':
    case 'Attendee.scheduled':
      return { message: null, metadata: null }
    case 'Meeting.approved':
    case 'Attendee.approved':
      return { message: 'Looking forward to it.', metadata: { by: 'host' } }
    case 'Meeting.declined':
    case 'Attendee.declined':
      return { message: 'I am away that week.', metadata: { by: 'host' } }
    case 'Meeting.cancelled':
      return { message: 'Something came up.', metadata: { by: meeting.kind === 'group' ? 'host' : 'attendee' } }
    case 'Attendee.cancelled':
      return { message: 'Something came up.', metadata: { by: 'attendee' } }
    case 'Meeting.rescheduled':
      return { message: 'A day later, please.', metadata: sampleReschedule(meeting) }
    case 'Meeting.tagged':
    case 'Meeting.untagged':
      return { message: null, metadata: { tag: { id: 12, type: 'Tag', name: 'VIP' } } }
    case 'Attendee.reminded':
      return { message: null, metadata: { reminder: { minutes_before: 1440 } } }
  }
}

function sampleReschedule({ kind, start, end }: MeetingSnapshot): Metadata {
  return {
    by: kind === 'group' ? 'host' : 'attendee',
    previous_start: toInstantText(start - DAY),
    previous_end: toInstantText(end - DAY),
  }
}

/** The invented meeting as it is after an action. `now` is in epoch milliseconds. */
export function sampleSnapshot(action: Action, kind: MeetingKind, now: number): MeetingSnapshot {
  const [isApproved, confirmed, cancelled, status] = states[kind][action]
  const start = Math.floor((now + 5 * DAY) / DAY) * DAY + 14 * HOUR
  const name = kind === 'group' ? 'Example Meeting Type (Group)' : 'Example Meeting Type'
  const booker = sampleBooker(now, status)
  return {
    id: 2751918,
    kind,
    createdAt: toTimestamp(now - 57),
    name,
    location: '123 Address Street',
    locationType: 'place',
    start,
    end: start + HOUR / 2,
    approved: isApproved,
    confirmed,
    cancelled,
    conferencePassword: null,
    conferenceUrl: null,
    meetingType: { id: 303445, name },
    icsSequence: 0,
    bookers: [booker],
    hosts: [sampleHost(now)],
  }
}

function sampleHost(now: number): AttendeeSnapshot {
  return {
    id: 6293498,
    createdAt: toTimestamp(now - 45),
    memberId: 1,
    email: 'host@example.com',
    firstName: 'Host First Name',
    lastName: 'Host Last Name',
    timezone: 'America/Los_Angeles',
    locale: null,
    status: 'confirmed',
    externalId: 'sample-host',
    utmSource: null,
    utmMedium: null,
    utmCampaign: null,
    utmContent: null,
    utmTerm: null,
    fieldSubmissions: [],
  }
}

function sampleBooker(now: number, status: AttendeeStatus): AttendeeSnapshot {
  return {
    id: 6293499,
    createdAt: toTimestamp(now - 36),
    memberId: null,
    email: 'attendee@example.com',
    firstName: 'Attendee First Name',
    lastName: 'Attendee Last Name',
    timezone: 'America/New_York',
    locale: 'en',
    status,
    externalId: 'sample-attendee',
    utmSource: 'newsletter',
    utmMedium: '',
    utmCampaign: '',
    utmContent: '',
    utmTerm: '',
    fieldSubmissions: sampleSubmissions,
  }
}

const sampleSubmissions: FieldSubmission[] = [
  {
    name: 'Company',
    field_type: 'text',
    help_text: 'Where you work',
    required: true,
    choices: null,
    visible: true,
    value: 'Example Ltd',
  },
  {
    name: 'Topics',
    field_type: 'multichoice',
    help_text: null,
    required: false,
    choices: ['Prices', 'Features', 'Support'],
    visible: true,
    value: ['Prices', 'Support'],
  },
  {
    name: 'Have we met?',
    field_type: 'toggle',
    help_text: null,
    required: false,
    choices: null,
    visible: true,
    value: false,
  },
]
