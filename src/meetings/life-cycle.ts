import {
  type ActivityDraft,
  type AttendeeSnapshot,
  isActive,
  isAttending,
  type MeetingSnapshot,
} from '../activities/snapshot.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import { toInstantText } from '../platform/clock.ts'
import { MINUTE } from '../time/durations.ts'

/**
 * The life of a meeting and of the people in it, as functions from one state to the next.
 *
 *     (nothing) --book--> requested --approve--> confirmed        each person of a meeting goes this way;
 *         |                |     \                |     ^         a meeting holds its time while one of its
 *         |             decline  leave/cancel  leave/cancel       people is requested or confirmed
 *         |                v        v             v     |
 *         |             declined  cancelled   cancelled |         declined and cancelled are final
 *         `--book (no approval needed)------------------'
 *
 * Every function gives the new state with the activities in the order in which they are written, all showing that state;
 * a command that changes nothing gives the same state and no activities; any other is refused.
 */
export type Decision = Outcome<Change>

/** A new state and what is to be told about it. */
export interface Change {
  meeting: MeetingSnapshot
  drafts: ActivityDraft[]
}

/** Whose wish a change is. Attendees are bound by the policy of the meeting type, hosts are not. */
export type Party = 'host' | 'attendee'

/** The time that a meeting takes from its hosts, in epoch milliseconds. */
export interface BusyTime {
  from: number
  to: number
}

/** The time of a meeting with the buffers of its type. */
export function busyTime(
  type: { buffer_before_minutes: number; buffer_after_minutes: number },
  { start, end }: Pick<MeetingSnapshot, 'start' | 'end'>,
): BusyTime {
  return { from: start - type.buffer_before_minutes * MINUTE, to: end + type.buffer_after_minutes * MINUTE }
}

/** What people who booked may do themselves: until so many minutes before the start. */
export interface Policy {
  allowed: boolean
  notice_minutes: number
}

interface Command {
  /** When it is given, in epoch milliseconds. */
  at: number
  /** What the person who acts typed. */
  message: string | null
}

/** A host's answer to everybody who waits, or to the one attendee that is named. */
export interface Answering extends Command {
  attendee?: number
}

/** The end of one person's part in a meeting. */
export interface Leaving extends Command {
  attendee: number
  by: Party
  policy: Policy
}

/** A new start, in epoch milliseconds. */
export interface Rescheduling extends Command {
  start: number
  by: Party
  policy: Policy
  /** Whether the meeting type wants a host's approval of what attendees ask for. */
  approval: 'automatic' | 'manual'
}

/** The first person books: a new meeting. `meeting` has no bookers yet. */
export function book(meeting: MeetingSnapshot, booker: AttendeeSnapshot): Change {
  const booked = withBookers(meeting, [booker])
  return {
    meeting: booked,
    drafts: [draft('Meeting.scheduled', null), draft('Attendee.scheduled', booker)],
  }
}

/** Somebody else books a group meeting that stands. */
export function join(meeting: MeetingSnapshot, booker: AttendeeSnapshot, seats: number): Decision {
  if (!isActive(meeting)) return refuse('slot_taken', 'This meeting has been released. Try again.')
  const email = booker.email.toLowerCase()
  const present = meeting.bookers.filter(isAttending)
  if (present.some((other) => other.email.toLowerCase() === email)) return refuseAlreadyBooked()
  if (present.length >= seats) return refuse('slot_taken', `All ${seats} seats are taken. Choose another time.`)
  const joined = withBookers(meeting, [...meeting.bookers, booker])
  return changed(joined, [draft('Attendee.scheduled', booker)])
}

/** The refusal when another meeting takes the time. */
export function refuseTaken(): Refusal {
  return refuse('slot_taken', 'This time was just taken, or is full. Choose another one.')
}

export function refusePast(): Refusal {
  return refuse('not_bookable', 'This time is in the past. Choose a later one.')
}

/** The answer to a second booking of one e-mail address in one meeting. It does not reveal the links of the first. */
export function refuseAlreadyBooked(): Refusal {
  return refuse(
    'already_booked',
    'This e-mail address has a seat in this meeting already. The link to change it is in the mail that was sent.',
  )
}

/** A host approves those who wait (or one of them). */
export function approve(meeting: MeetingSnapshot, command: Answering): Decision {
  const chosen = choosePeople(meeting, command.attendee)
  if (!chosen.ok) return chosen
  const waiting = chosen.people.filter(isRequested)
  if (waiting.length === 0) return refuseAnswer('approved', chosen.people)
  if (command.at >= meeting.start) return refuseStarted(meeting, 'approved')
  const next = advance(withStatus({ ...meeting, approved: true }, waiting, 'confirmed'))
  const told = waiting.map((person) => draft('Attendee.approved', person, byHost(command)))
  if (meeting.kind === 'group') return changed(next, told)
  return changed(next, [draft('Meeting.approved', null, byHost(command)), ...told])
}

/** A host declines those who wait (or one of them). A group that nobody is left in is released. */
export function decline(meeting: MeetingSnapshot, command: Answering): Decision {
  const chosen = choosePeople(meeting, command.attendee)
  if (!chosen.ok) return chosen
  const waiting = chosen.people.filter(isRequested)
  // A repeat: whoever waited has been declined already, whatever became of the others.
  if (waiting.length === 0 && chosen.people.some(({ status }) => status === 'declined')) return unchanged(meeting)
  if (waiting.length === 0) return refuseAnswer('declined', chosen.people)
  if (command.at >= meeting.start) return refuseStarted(meeting, 'declined')
  const told = waiting.map((person) => draft('Attendee.declined', person, byHost(command)))
  const next = advance(withStatus(meeting, waiting, 'declined'))
  if (meeting.kind === 'one_on_one')
    return changed({ ...next, approved: false }, [draft('Meeting.declined', null, byHost(command)), ...told])
  return releaseIfEmpty(next, told, byHost(command))
}

/** A host cancels the whole meeting. */
export function cancel(meeting: MeetingSnapshot, command: Command): Decision {
  if (!isActive(meeting)) return unchanged(meeting)
  if (command.at >= meeting.end) return refuseEnded(meeting, 'cancelled')
  const present = meeting.bookers.filter(isAttending)
  const told = present.map((person) => draft('Attendee.cancelled', person, byHost(command)))
  return releaseIfEmpty(advance(withStatus(meeting, present, 'cancelled')), told, byHost(command))
}

/** An attendee cancels, or a host removes one attendee. What nobody is left in is cancelled. */
export function leave(meeting: MeetingSnapshot, command: Leaving): Decision {
  const chosen = choosePeople(meeting, command.attendee)
  if (!chosen.ok) return chosen
  const leaving = chosen.people.filter(isAttending)
  if (leaving.length === 0) return unchanged(meeting)
  const refusal = refuseTooLate(meeting, command, 'cancelled')
  if (refusal) return refusal
  const said = { by: command.by, message: command.message }
  const told = leaving.map((person) => draft('Attendee.cancelled', person, said))
  return releaseIfEmpty(advance(withStatus(meeting, leaving, 'cancelled')), told, said)
}

/**
 * Everybody moves to another start; the length stays. A host's wish leaves the approval as it is; an attendee's goes back
 * to the hosts where approval is manual. Only a host moves a group.
 */
export function reschedule(meeting: MeetingSnapshot, command: Rescheduling): Decision {
  if (!isActive(meeting)) return refuseOver(meeting, 'rescheduled')
  if (command.start === meeting.start) return unchanged(meeting)
  if (command.by === 'attendee' && meeting.kind === 'group')
    return refuse('not_allowed_by_policy', 'Only a host can move a group meeting. Cancel, and book another time.')
  const refusal = refuseTooLate(meeting, command, 'rescheduled')
  if (refusal) return refusal
  const metadata = {
    by: command.by,
    previous_start: toInstantText(meeting.start),
    previous_end: toInstantText(meeting.end),
  }
  const moved = advance({ ...meeting, start: command.start, end: command.start + meeting.end - meeting.start })
  const next = command.by === 'attendee' && command.approval === 'manual' ? sendBack(moved) : moved
  return changed(next, [{ action: 'Meeting.rescheduled', attendeeId: null, message: command.message, metadata }])
}

/** A tag as an activity tells it. */
export interface Tag {
  id: number
  name: string
}

/** Adds a tag, in every state. Nothing happens where the meeting carries it. `tags` are the names that it carries. */
export function tag(meeting: MeetingSnapshot, tags: readonly string[], added: Tag): Change {
  if (tags.includes(added.name)) return { meeting, drafts: [] }
  return { meeting, drafts: [tagDraft('Meeting.tagged', added)] }
}

/** Removes a tag, in every state. Nothing happens where the meeting does not carry it. */
export function untag(meeting: MeetingSnapshot, tags: readonly string[], removed: Tag): Change {
  if (!tags.includes(removed.name)) return { meeting, drafts: [] }
  return { meeting, drafts: [tagDraft('Meeting.untagged', removed)] }
}

/** A reminder that the mail server accepted. */
export interface Reminding {
  attendee: number
  minutesBefore: number
}

/** An attendee has been reminded. The mail is out, so this is told whatever became of the meeting meanwhile. */
export function remind(meeting: MeetingSnapshot, { attendee, minutesBefore }: Reminding): Decision {
  const chosen = choosePeople(meeting, attendee)
  if (!chosen.ok) return chosen
  const metadata = { reminder: { minutes_before: minutesBefore } }
  return changed(meeting, [{ action: 'Attendee.reminded', attendeeId: attendee, message: null, metadata }])
}

interface Said {
  by: Party
  message: string | null
}

function byHost({ message }: Command): Said {
  return { by: 'host', message }
}

function draft(action: ActivityDraft['action'], person: AttendeeSnapshot | null, said?: Said): ActivityDraft {
  const attendeeId = person?.id ?? null
  return { action, attendeeId, message: said?.message ?? null, metadata: said ? { by: said.by } : null }
}

function tagDraft(action: 'Meeting.tagged' | 'Meeting.untagged', { id, name }: Tag): ActivityDraft {
  return { action, attendeeId: null, message: null, metadata: { tag: { id, type: 'Tag', name } } }
}

function changed(meeting: MeetingSnapshot, drafts: ActivityDraft[]): Decision {
  return { ok: true, meeting, drafts }
}

function unchanged(meeting: MeetingSnapshot): Decision {
  return { ok: true, meeting, drafts: [] }
}

/** A meeting is confirmed while one of its people is. */
function withBookers(meeting: MeetingSnapshot, bookers: AttendeeSnapshot[]): MeetingSnapshot {
  return { ...meeting, bookers, confirmed: bookers.some(({ status }) => status === 'confirmed') }
}

function withStatus(
  meeting: MeetingSnapshot,
  people: readonly AttendeeSnapshot[],
  status: AttendeeSnapshot['status'],
): MeetingSnapshot {
  return withBookers(
    meeting,
    meeting.bookers.map((person) => (people.includes(person) ? { ...person, status } : person)),
  )
}

function sendBack(meeting: MeetingSnapshot): MeetingSnapshot {
  return withStatus({ ...meeting, approved: null }, meeting.bookers.filter(isAttending), 'requested')
}

/** Calendars hear of the change by a higher sequence number. */
function advance(meeting: MeetingSnapshot): MeetingSnapshot {
  return { ...meeting, icsSequence: meeting.icsSequence + 1 }
}

function releaseIfEmpty(meeting: MeetingSnapshot, told: ActivityDraft[], said: Said): Decision {
  if (isActive(meeting)) return changed(meeting, told)
  return changed({ ...meeting, cancelled: true }, [draft('Meeting.cancelled', null, said), ...told])
}

function isRequested({ status }: AttendeeSnapshot): boolean {
  return status === 'requested'
}

/** The person that a command names, or everybody who booked. */
function choosePeople(meeting: MeetingSnapshot, attendee?: number): Outcome<{ people: AttendeeSnapshot[] }> {
  if (attendee === undefined) return { ok: true, people: meeting.bookers }
  const person = meeting.bookers.find(({ id }) => id === attendee)
  if (person) return { ok: true, people: [person] }
  if (!meeting.hosts.some(({ id }) => id === attendee))
    return refuse('not_found', `There is no attendee ${attendee} in this meeting.`)
  return refuseField('id', `${attendee} is a host; act on the meeting ${meeting.id} instead`)
}

function refuseAnswer(wanted: 'approved' | 'declined', people: readonly AttendeeSnapshot[]): Refusal {
  const found = [...new Set(people.map(({ status }) => status))].join(' and ')
  return refuse('meeting_over', `Only who is requested can be ${wanted}; found ${found}.`)
}

function refuseOver(meeting: MeetingSnapshot, wanted: string): Refusal {
  const state = meeting.cancelled ? 'cancelled' : 'declined'
  return refuse('meeting_over', `The meeting is ${state}, which is final; it can no longer be ${wanted}.`)
}

function refuseStarted(meeting: MeetingSnapshot, wanted: string): Refusal {
  const start = toInstantText(meeting.start)
  return refuse('meeting_over', `The meeting began at ${start}; it could be ${wanted} until then.`)
}

function refuseEnded(meeting: MeetingSnapshot, wanted: string): Refusal {
  return refuse('meeting_over', `The meeting ended at ${toInstantText(meeting.end)}; it could be ${wanted} until then.`)
}

/** Attendees act until the start and as the policy says, hosts until the end. */
function refuseTooLate(
  meeting: MeetingSnapshot,
  { at, by, policy }: { at: number; by: Party; policy: Policy },
  wanted: 'cancelled' | 'rescheduled',
): Refusal | undefined {
  if (by === 'host') return at >= meeting.end ? refuseEnded(meeting, wanted) : undefined
  if (at >= meeting.start) return refuseStarted(meeting, wanted)
  const possibility = possibilityOf(meeting, policy)
  if (!possibility.allowed)
    return refuse('not_allowed_by_policy', `This meeting cannot be ${wanted} by its attendees. Ask the host.`)
  if (at < possibility.until) return undefined
  const until = toInstantText(possibility.until)
  const notice = `${policy.notice_minutes} minutes before its start`
  return refuse(
    'not_allowed_by_policy',
    `This meeting could be ${wanted} by its attendees until ${until}, ${notice}. Ask the host.`,
  )
}

/** Whether attendees may do something themselves, and until when (epoch milliseconds). */
export function possibilityOf(meeting: MeetingSnapshot, policy: Policy): { allowed: boolean; until: number } {
  return { allowed: policy.allowed, until: meeting.start - policy.notice_minutes * MINUTE }
}
