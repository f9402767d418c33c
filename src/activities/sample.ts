import { toInstantText, toTimestamp } from '../platform/clock.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { type Action, type AttendeeStatus, factsOf, type MeetingKind } from './actions.ts'
import { activityBody } from './entity.ts'
import type { FieldSubmission, Metadata } from './schema.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from './snapshot.ts'

/** Sample meetings, one for each action and kind. They are shown in the catalogue and sent by webhook tests. */

const BOOKER = 6293499

export interface SampleOptions {
  id: number
  /** When the action happens, in epoch milliseconds. The sample meeting takes place a few days later. */
  now: number
  /** The base URL for the links. */
  url: string
}

/** Returns a realistic body for an action. Throws if meetings of that kind never emit it (see `isEmitted`). */
export function sampleBody(action: Action, kind: MeetingKind, { id, now, url }: SampleOptions): string {
  const meeting = sampleSnapshot(action, kind, now)
  const { about, message } = factsOf(action)
  const draft = {
    action,
    attendeeId: about === 'attendee' ? BOOKER : null,
    message: message === false ? null : message,
    metadata: sampleMetadata(action, meeting),
  }
  return activityBody(meeting, draft, { id, createdAt: toTimestamp(now), url })
}

function sampleMetadata(action: Action, { kind, start, end }: MeetingSnapshot): Metadata | null {
  const by = factsOf(action)[kind]?.sample.by ?? 'host'
  switch (factsOf(action).metadata) {
    case 'none':
      return null
    case 'change':
      return { by }
    case 'reschedule':
      return { by, previous_start: toInstantText(start - DAY), previous_end: toInstantText(end - DAY) }
    case 'tag':
      return { tag: { id: 12, type: 'Tag', name: 'VIP' } }
    case 'reminder':
      return { reminder: { minutes_before: 1440 } }
  }
}

/** Returns the sample meeting after an action. `now` is in epoch milliseconds. */
export function sampleSnapshot(action: Action, kind: MeetingKind, now: number): MeetingSnapshot {
  const sample = factsOf(action)[kind]?.sample
  if (!sample) throw new Error(`A ${kind} meeting has no ${action}.`)
  const { approved, confirmed, cancelled, status } = sample
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
    approved,
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
    id: BOOKER,
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
