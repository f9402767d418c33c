import type { Attendee } from '../../../src/activities/schema.ts'
import type { Meeting } from '../../../src/meetings/schema.ts'

export type { Attendee } from '../../../src/activities/schema.ts'
export type { Meeting } from '../../../src/meetings/schema.ts'

export type State = Attendee['status']

/** Hosts are the people of a meeting without campaign parameters; see the Meeting entity. */
const isHost = (person: Attendee) => person.utm_source === null

export const bookersOf = ({ attendees }: Meeting) => attendees.filter((person) => !isHost(person))
export const hostsOf = ({ attendees }: Meeting) => attendees.filter(isHost)

/** Whether somebody still comes, or may. */
export const isActive = (meeting: Meeting) =>
  !meeting.cancelled && bookersOf(meeting).some(({ status }) => status === 'requested' || status === 'confirmed')

export function stateOf(meeting: Meeting): State {
  if (meeting.cancelled) return 'cancelled'
  if (meeting.confirmed) return 'confirmed'
  return meeting.approved === false ? 'declined' : 'requested'
}

/** Who can be approved or declined: until the start. */
export const waitingOf = (meeting: Meeting, now = Date.now()) =>
  now < Date.parse(meeting.start) && isActive(meeting)
    ? bookersOf(meeting).filter(({ status }) => status === 'requested')
    : []

/** Hosts can cancel and move a meeting until its end. */
export const canChange = (meeting: Meeting, now = Date.now()) => isActive(meeting) && now < Date.parse(meeting.end)

/** Whom the meeting is with: one person by name, several by their number. */
export function titleOf(meeting: Meeting): string {
  const bookers = bookersOf(meeting)
  const coming = bookers.filter(({ status }) => status === 'confirmed' || status === 'requested')
  const shown = coming.length > 0 ? coming : bookers
  const [first] = shown
  if (!first) return meeting.name
  return shown.length === 1 ? fullName(first) : `${fullName(first)} and ${shown.length - 1} more`
}

export const fullName = ({ first_name, last_name }: { first_name: string; last_name: string }) =>
  `${first_name} ${last_name}`.trim()
