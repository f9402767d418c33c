import type { Attendee } from '../../../src/activities/schema.ts'
import type { Meeting } from '../../../src/meetings/schema.ts'
import type { AdminText } from '../i18n/text.ts'

export type { Attendee } from '../../../src/activities/schema.ts'
export type { Meeting } from '../../../src/meetings/schema.ts'

export type State = Attendee['status']

/** Hosts are the attendees without campaign parameters. See the Meeting entity. */
const isHost = (person: Attendee) => person.utm_source === null

export const bookersOf = ({ attendees }: Meeting) => attendees.filter((person) => !isHost(person))
export const hostsOf = ({ attendees }: Meeting) => attendees.filter(isHost)

/** Returns whether anyone is confirmed or may still be confirmed. */
export const isActive = (meeting: Meeting) =>
  !meeting.cancelled && bookersOf(meeting).some(({ status }) => status === 'requested' || status === 'confirmed')

export function stateOf(meeting: Meeting): State {
  if (meeting.cancelled) return 'cancelled'
  if (meeting.confirmed) return 'confirmed'
  return meeting.approved === false ? 'declined' : 'requested'
}

/** Returns the attendees who can still be approved or declined, which is possible until the start. */
export const pendingOf = (meeting: Meeting, now = Date.now()) =>
  now < Date.parse(meeting.start) && isActive(meeting)
    ? bookersOf(meeting).filter(({ status }) => status === 'requested')
    : []

/** Hosts can cancel and reschedule a meeting until its end. */
export const canChange = (meeting: Meeting, now = Date.now()) => isActive(meeting) && now < Date.parse(meeting.end)

/** Describes who the meeting is with: the first attendee, and how many others. */
export function titleOf(meeting: Meeting, t: AdminText['t']): string {
  const bookers = bookersOf(meeting)
  const active = bookers.filter(({ status }) => status === 'confirmed' || status === 'requested')
  const shown = active.length > 0 ? active : bookers
  const [first] = shown
  if (!first) return meeting.name
  if (shown.length === 1) return fullName(first)
  return t('meetings.and_more', { name: fullName(first), count: shown.length - 1 })
}

export const fullName = ({ first_name, last_name }: { first_name: string; last_name: string }) =>
  `${first_name} ${last_name}`.trim()
