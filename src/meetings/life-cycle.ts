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
 * The life cycle of a meeting and the people in it, as functions from one state to the next.
 *
 *     (nothing) --book--> requested --approve--> confirmed        this is each person's path;
 *         |                |     \                |     ^         a meeting blocks its hosts' time while one of its
 *         |             decline  leave/cancel  leave/cancel       people is requested or confirmed
 *         |                v        v             v     |
 *         |             declined  cancelled   cancelled |         declined and cancelled are final
 *         `--book (no approval needed)------------------'
 *
 * Every function returns the new state and the activities to record, in order. All activities show that state. A command that
 * changes nothing returns the same state without activities. A command that is not possible is refused.
 */
export type Decision = Outcome<Change>

/** A new state, and the activities to record. */
export interface Change {
  meeting: MeetingSnapshot
  drafts: ActivityDraft[]
}

/** Who requests a change. The meeting type's policy applies to attendees but not to hosts. */
export type Party = 'host' | 'attendee'

/** The time that a meeting blocks for its hosts, in epoch milliseconds. */
export interface BusyTime {
  from: number
  to: number
}

/** Returns a meeting's time including its type's buffers. */
export function busyTime(
  type: { buffer_before_minutes: number; buffer_after_minutes: number },
  { start, end }: Pick<MeetingSnapshot, 'start' | 'end'>,
): BusyTime {
  return { from: start - type.buffer_before_minutes * MINUTE, to: end + type.buffer_after_minutes * MINUTE }
}

/** Whether attendees may make a change, and until how many minutes before the start. */
export interface Policy {
  allowed: boolean
  notice_minutes: number
}

interface Command {
  /** In epoch milliseconds. */
  at: number
  /** The message from the person who acts. */
  message: string | null
}

/** A host's decision on one pending attendee or all of them. */
export interface Answering extends Command {
  attendee?: number
}

/** The end of a person's participation in a meeting. */
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
  /** Whether a host must approve attendees' requests. */
  approval: 'automatic' | 'manual'
  /** The attendee's new time zone. It is stored only if the meeting is moved. */
  zone?: AttendeeZone | undefined
}

/** The time zone in which an attendee reads times. */
export interface AttendeeZone {
  attendee: number
  timezone: string
}

/** The first person books, which creates a new meeting. `meeting` does not have any bookers yet. */
export function book(meeting: MeetingSnapshot, booker: AttendeeSnapshot): Change {
  const booked = withBookers(meeting, [booker])
  return {
    meeting: booked,
    drafts: [draft('Meeting.scheduled', null), draft('Attendee.scheduled', booker)],
  }
}

/** Someone books a seat in an existing group meeting. */
export function join(meeting: MeetingSnapshot, booker: AttendeeSnapshot, seats: number): Decision {
  if (!isActive(meeting)) return refuse('slot_taken', 'This meeting no longer exists. Try again.')
  const email = booker.email.toLowerCase()
  const present = meeting.bookers.filter(isAttending)
  if (present.some((other) => other.email.toLowerCase() === email)) return refuseAlreadyBooked()
  if (present.length >= seats) return refuse('slot_taken', `All ${seats} seats are taken. Choose another time.`)
  const joined = advance(withBookers(meeting, [...meeting.bookers, booker]))
  return changed(joined, [draft('Attendee.scheduled', booker)])
}

/** Returns the refusal if another meeting blocks the time. */
export function refuseTaken(): Refusal {
  return refuse('slot_taken', 'This time has just been booked, or all seats are taken. Choose another time.')
}

export function refusePast(): Refusal {
  return refuse('not_bookable', 'This time is in the past. Choose a later time.', [
    { path: 'start', message: 'is in the past' },
  ])
}

/** Returns the refusal for a start that is not offered. It names the field, so that pages can offer to choose another time. */
export function refuseUnoffered(act: 'booked' | 'chosen', reason: string): Refusal {
  return refuse('not_bookable', `This start time cannot be ${act}: ${reason}.`, [{ path: 'start', message: reason }])
}

/** Returns the refusal if an email address books the same meeting again. It does not reveal the first booking's links. */
export function refuseAlreadyBooked(): Refusal {
  return refuse(
    'already_booked',
    'This email address already has a seat in this meeting. To change it, use the link in the confirmation email.',
  )
}

/** A host approves all pending attendees, or one. */
export function approve(meeting: MeetingSnapshot, command: Answering): Decision {
  const chosen = choosePeople(meeting, command.attendee)
  if (!chosen.ok) return chosen
  const waiting = chosen.people.filter(isRequested)
  if (waiting.length === 0) return refuseAnswer('approved', chosen.people)
  if (command.at >= meeting.start) return refuseStarted(meeting, 'approved')
  const next = advance(withStatus({ ...meeting, approved: true }, waiting, 'confirmed'))
  const drafts = waiting.map((person) => draft('Attendee.approved', person, byHost(command)))
  if (meeting.kind === 'group') return changed(next, drafts)
  return changed(next, [draft('Meeting.approved', null, byHost(command)), ...drafts])
}

/** A host declines all pending attendees, or one. A group meeting without attendees no longer blocks its hosts' time. */
export function decline(meeting: MeetingSnapshot, command: Answering): Decision {
  const chosen = choosePeople(meeting, command.attendee)
  if (!chosen.ok) return chosen
  const waiting = chosen.people.filter(isRequested)
  // The request was repeated: these attendees have already been declined. Later changes to other attendees do not matter.
  if (waiting.length === 0 && chosen.people.some(({ status }) => status === 'declined')) return unchanged(meeting)
  if (waiting.length === 0) return refuseAnswer('declined', chosen.people)
  if (command.at >= meeting.start) return refuseStarted(meeting, 'declined')
  const drafts = waiting.map((person) => draft('Attendee.declined', person, byHost(command)))
  const next = advance(withStatus(meeting, waiting, 'declined'))
  if (meeting.kind === 'one_on_one')
    return changed({ ...next, approved: false }, [draft('Meeting.declined', null, byHost(command)), ...drafts])
  return releaseIfEmpty(next, drafts, byHost(command))
}

/** A host cancels the whole meeting. */
export function cancel(meeting: MeetingSnapshot, command: Command): Decision {
  if (!isActive(meeting)) return unchanged(meeting)
  if (command.at >= meeting.end) return refuseEnded(meeting, 'cancelled')
  const present = meeting.bookers.filter(isAttending)
  const drafts = present.map((person) => draft('Attendee.cancelled', person, byHost(command)))
  return releaseIfEmpty(advance(withStatus(meeting, present, 'cancelled')), drafts, byHost(command))
}

/** An attendee cancels, or a host removes one attendee. A meeting without attendees is cancelled. */
export function leave(meeting: MeetingSnapshot, command: Leaving): Decision {
  const chosen = choosePeople(meeting, command.attendee)
  if (!chosen.ok) return chosen
  const leaving = chosen.people.filter(isAttending)
  if (leaving.length === 0) return unchanged(meeting)
  const refusal = refuseTooLate(meeting, command, 'cancelled')
  if (refusal) return refusal
  const said = { by: command.by, message: command.message }
  const drafts = leaving.map((person) => draft('Attendee.cancelled', person, said))
  return releaseIfEmpty(advance(withStatus(meeting, leaving, 'cancelled')), drafts, said)
}

/**
 * Moves the meeting to another start with the same length. If a host moves it, it stays approved. If an attendee moves it and
 * approval is manual, it must be approved again. Only a host can move a group meeting.
 */
export function reschedule(meeting: MeetingSnapshot, command: Rescheduling): Decision {
  if (!isActive(meeting)) return refuseOver(meeting, 'rescheduled')
  if (command.start === meeting.start) return unchanged(meeting)
  if (command.by === 'attendee' && meeting.kind === 'group')
    return refuse(
      'not_allowed_by_policy',
      'Only a host can reschedule a group meeting. To change the time, cancel your seat and book again.',
    )
  const refusal = refuseTooLate(meeting, command, 'rescheduled')
  if (refusal) return refusal
  const metadata = {
    by: command.by,
    previous_start: toInstantText(meeting.start),
    previous_end: toInstantText(meeting.end),
  }
  const end = command.start + meeting.end - meeting.start
  const moved = advance({ ...withZone(meeting, command.zone), start: command.start, end })
  const next = command.by === 'attendee' && command.approval === 'manual' ? sendBack(moved) : moved
  return changed(next, [{ action: 'Meeting.rescheduled', attendeeId: null, message: command.message, metadata }])
}

/** A tag as activities show it. */
export interface Tag {
  id: number
  name: string
}

/** Adds a tag unless the meeting already has it, whatever the meeting's state. `tags` are the names of its tags. */
export function tag(meeting: MeetingSnapshot, tags: readonly string[], added: Tag): Change {
  if (tags.includes(added.name)) return { meeting, drafts: [] }
  return { meeting, drafts: [tagDraft('Meeting.tagged', added)] }
}

/** Removes a tag if the meeting has it, whatever the meeting's state. */
export function untag(meeting: MeetingSnapshot, tags: readonly string[], removed: Tag): Change {
  if (!tags.includes(removed.name)) return { meeting, drafts: [] }
  return { meeting, drafts: [tagDraft('Meeting.untagged', removed)] }
}

/** Records a reminder that the mail server has accepted. */
export interface Reminding {
  attendee: number
  minutesBefore: number
}

/**
 * Records that an attendee was reminded. The reminder has already been sent, so this is recorded even if the meeting has changed
 * since then.
 */
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

/** A meeting is confirmed as long as at least one of its attendees is. */
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

function withZone(meeting: MeetingSnapshot, zone: AttendeeZone | undefined): MeetingSnapshot {
  if (!zone) return meeting
  const { attendee, timezone } = zone
  return { ...meeting, bookers: meeting.bookers.map((one) => (one.id === attendee ? { ...one, timezone } : one)) }
}

function sendBack(meeting: MeetingSnapshot): MeetingSnapshot {
  return withStatus({ ...meeting, approved: null }, meeting.bookers.filter(isAttending), 'requested')
}

/** Calendars accept a change only with a higher sequence number. */
function advance(meeting: MeetingSnapshot): MeetingSnapshot {
  return { ...meeting, icsSequence: meeting.icsSequence + 1 }
}

function releaseIfEmpty(meeting: MeetingSnapshot, drafts: ActivityDraft[], said: Said): Decision {
  if (isActive(meeting)) return changed(meeting, drafts)
  return changed({ ...meeting, cancelled: true }, [draft('Meeting.cancelled', null, said), ...drafts])
}

function isRequested({ status }: AttendeeSnapshot): boolean {
  return status === 'requested'
}

/** Returns the attendee that a command names, or all attendees. */
function choosePeople(meeting: MeetingSnapshot, attendee?: number): Outcome<{ people: AttendeeSnapshot[] }> {
  if (attendee === undefined) return { ok: true, people: meeting.bookers }
  const person = meeting.bookers.find(({ id }) => id === attendee)
  if (person) return { ok: true, people: [person] }
  if (!meeting.hosts.some(({ id }) => id === attendee))
    return refuse('not_found', `There is no attendee ${attendee} in this meeting.`)
  return refuseField('id', `${attendee} is a host, not an attendee; change meeting ${meeting.id} instead`)
}

function refuseAnswer(wanted: 'approved' | 'declined', people: readonly AttendeeSnapshot[]): Refusal {
  const found = [...new Set(people.map(({ status }) => status))].join(' and ')
  return refuse(
    'meeting_over',
    `Only pending requests can be ${wanted}; ${people.length === 1 ? 'this request is' : 'these requests are'} ${found}.`,
  )
}

function refuseOver(meeting: MeetingSnapshot, wanted: string): Refusal {
  const state = meeting.cancelled ? 'cancelled' : 'declined'
  return refuse('meeting_over', `The meeting is ${state}; it can no longer be ${wanted}.`)
}

function refuseStarted(meeting: MeetingSnapshot, wanted: string): Refusal {
  const start = toInstantText(meeting.start)
  return refuse('meeting_over', `The meeting started at ${start}; it can no longer be ${wanted}.`)
}

function refuseEnded(meeting: MeetingSnapshot, wanted: string): Refusal {
  return refuse('meeting_over', `The meeting ended at ${toInstantText(meeting.end)}; it can no longer be ${wanted}.`)
}

/** Attendees can act until the start, as the policy allows. Hosts can act until the end. */
function refuseTooLate(
  meeting: MeetingSnapshot,
  { at, by, policy }: { at: number; by: Party; policy: Policy },
  wanted: 'cancelled' | 'rescheduled',
): Refusal | undefined {
  if (by === 'host') return at >= meeting.end ? refuseEnded(meeting, wanted) : undefined
  if (at >= meeting.start) return refuseStarted(meeting, wanted)
  const possibility = possibilityOf(meeting, policy)
  if (!possibility.allowed)
    return refuse('not_allowed_by_policy', `This meeting cannot be ${wanted} by attendees. Ask the host.`)
  if (at < possibility.until) return undefined
  const until = toInstantText(possibility.until)
  const notice = `${policy.notice_minutes} minutes before its start`
  return refuse(
    'not_allowed_by_policy',
    `This meeting could be ${wanted} by attendees until ${until}, ${notice}. Ask the host.`,
  )
}

/** Returns whether attendees may make a change, and until when (epoch milliseconds). */
export function possibilityOf(meeting: MeetingSnapshot, policy: Policy): { allowed: boolean; until: number } {
  return { allowed: policy.allowed, until: meeting.start - policy.notice_minutes * MINUTE }
}
