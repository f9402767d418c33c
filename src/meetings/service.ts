import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type MeetingSnapshot, uidOf } from '../activities/snapshot.ts'
import { isBlocked } from '../blocking/service.ts'
import { type Outcome, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingType, getMeetingTypeAt } from '../meeting-types/service.ts'
import { notifyAttendeeAgain } from '../notifications/service.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { DAY } from '../time/durations.ts'
import {
  changeMeeting,
  changeMeetingIn,
  inTransaction,
  lockMeeting,
  refuseMissing,
  type SavedMeeting,
} from './changing.ts'
import type { MeetingCounts } from './counting-store.ts'
import * as counting from './counting-store.ts'
import { findSeat, type HoldingDeps, holdStart, needsConfirmation } from './holding.ts'
import { type Reminding, remind } from './life-cycle.ts'
import { refuseBeyondLimits, refuseBlocked } from './limiting.ts'
import * as reading from './reading-store.ts'
import type { RecordingDeps } from './recording.ts'
import { type BookingRequest, decideRequest, lockRequest } from './scheduling.ts'
import type { AttendeeView, BookingInput, Meeting, PendingConfirmation } from './schema.ts'
import { mayAct, showMeeting, showToAttendee } from './showing.ts'
import * as store from './store.ts'

export type MeetingsDeps = HoldingDeps

export { cancelForHost, rescheduleForHost } from './calendar-commands.ts'
export {
  type ErasedMeeting,
  eraseBookersOfMeetings,
  erasePersonFromMeetings,
  listEndedMeetings,
  listMeetingsOfPerson,
  type MeetingOfPerson,
} from './erasing.ts'
export { cleanHolds, deleteHoldsOf, listHoldsOf, releaseHoldsOfMember } from './holding.ts'
export type { HostCalendars } from './refreshing.ts'

/** A filter for a list of meetings, without the restrictions added for the actor's role. */
export type MeetingFilter = Omit<reading.MeetingFilter, 'limitedTo'>

/** The result of a visitor's booking: a booked meeting, or a start that is held until the email address is confirmed. */
export type BookedOnPage = { view: AttendeeView } | { pending: PendingConfirmation }

/** Books a meeting for a visitor of a public page, or holds the start until they confirm their email address. */
export async function bookOnPage(
  deps: MeetingsDeps,
  { page, slug, input, client }: { page: string; slug: string; input: BookingInput; client: string },
): Promise<Outcome<BookedOnPage>> {
  const { clock, config } = deps
  return inTransaction<BookedOnPage>(deps, async (tx) => {
    const found = await getMeetingTypeAt(tx, { page, slug })
    if (!found.ok) return found
    const { organization, meetingType } = found
    if (await isBlocked(tx, organization, { email: input.attendee.email })) return refuseBlocked()
    const request = { organization, meetingType, input, by: 'attendee' as const }
    const locked = await lockRequest(tx, { clock, jitsiUrl: config.jitsiUrl }, request)
    if (!locked.ok) return locked
    if (needsConfirmation(deps, meetingType)) return holdStart(tx, deps, locked, { page, client })
    const refusal = await refuseBeyondLimits(tx, deps, locked)
    if (refusal) return refusal
    const { meeting, booker } = locked
    const show = async (shown: MeetingSnapshot) => ({
      view: await showToAttendee(tx, deps, organization, { meeting: shown, meetingType, attendee: booker.id }),
    })
    const seated = meeting && findSeat(meeting, booker.email)
    if (meeting && seated) {
      // The response is the same as for any other booking, so that no one learns who takes part. The existing seat's link is
      // emailed.
      await notifyAttendeeAgain(tx, deps, organization, { meeting, attendee: seated.id })
      return { ok: true, ...(await show({ ...meeting, bookers: [...meeting.bookers, booker] })) }
    }
    return changeMeetingIn(tx, deps, {
      lock: async () => locked,
      decide: decideRequest,
      show: (saved) => show(saved.meeting),
    })
  })
}

/**
 * Returns the UIDs of a host's meetings that end after a time. Includes cancelled meetings, because calendars may still show
 * them.
 */
export async function listUidsOfHost(
  executor: Executor,
  organization: OrganizationId,
  { member, since }: { member: number; since: number },
): Promise<ReadonlySet<string>> {
  const rows = await reading.listMeetingsOfHost(executor, organization, { member, since: since - DAY })
  return new Set(rows.map(({ id, created_at: createdAt }) => uidOf(organization, { id, createdAt })))
}

/** Lists a host's active meetings that end after a time, with their UIDs in calendars. */
export async function listUpcomingOfHost(
  executor: Executor,
  organization: OrganizationId,
  { member, since }: { member: number; since: number },
): Promise<{ id: number; uid: string; endsAt: string }[]> {
  const rows = await reading.listMeetingsOfHost(executor, organization, { member, since, isActive: true })
  return rows.map(({ id, created_at: createdAt, ends_at: endsAt }) => ({
    id,
    uid: uidOf(organization, { id, createdAt }),
    endsAt,
  }))
}

/** Lists a host's active meetings in a time range, with all their attendees and hosts, by start. `to` is exclusive. */
export async function listMeetingsAround(
  executor: Executor,
  organization: OrganizationId,
  range: { member: number; from: number; to: number; limit: number },
): Promise<MeetingSnapshot[]> {
  const rows = await reading.listMeetingsAround(executor, organization, range)
  return rows.map(({ meeting }) => meeting)
}

/** A host books a meeting for someone else. Only other meetings can prevent it. */
export async function bookForSomeone(
  deps: MeetingsDeps,
  actor: Actor,
  { meetingType: id, input }: { meetingType: number; input: BookingInput },
): Promise<Outcome<{ meeting: Meeting }>> {
  const { organization } = actor
  return book(deps, {
    read: async (tx) => {
      const found = await getMeetingType(tx, organization, { id })
      if (!found.ok) return refuseField('meeting_type', `There is no meeting type ${id}`)
      const { meetingType } = found
      const narrowed = narrowToActor(meetingType, input, actor)
      return narrowed.ok ? { ok: true, organization, meetingType, input: narrowed.input, by: 'host' } : narrowed
    },
    show: (saved) => ({ meeting: showMeeting(saved, deps.url) }),
  })
}

interface BookingSteps<Shown> {
  read: (tx: Transaction) => Promise<Outcome<BookingRequest>>
  show: (saved: SavedMeeting) => Shown
}

function book<Shown extends object>(deps: MeetingsDeps, { read, show }: BookingSteps<Shown>): Promise<Outcome<Shown>> {
  const { clock, config } = deps
  return changeMeeting(deps, {
    lock: async (tx) => {
      const request = await read(tx)
      if (!request.ok) return request
      return lockRequest(tx, { clock, jitsiUrl: config.jitsiUrl }, request)
    },
    decide: decideRequest,
    show,
  })
}

/** Members with the role member can book only meetings that they host. */
function narrowToActor(
  { hosts, assignment }: MeetingType,
  input: BookingInput,
  actor: Actor,
): Outcome<{ input: BookingInput }> {
  const host = limitedTo(actor)
  if (host === null) return { ok: true, input }
  const isHost = hosts.some(({ member }) => member === host)
  if (!isHost || (input.host !== null && input.host !== host))
    return refuse('forbidden', 'Members can only book meetings that they host. Ask a manager or an admin.')
  return { ok: true, input: assignment === 'joint' ? input : { ...input, host } }
}

/** Lists the meetings that the actor may see, in the order of their starts. */
export async function listMeetings(
  deps: MeetingsDeps,
  actor: Actor,
  { filter, page }: { filter: MeetingFilter; page: PageRequest },
): Promise<{ data: Meeting[]; next_cursor: string | null }> {
  const visible = { ...filter, limitedTo: limitedTo(actor) }
  const rows = await reading.listMeetings(deps.database.executor, actor.organization, { filter: visible, page })
  const found = toPage(rows, page.limit, ({ meeting }) => [meeting.start, meeting.id])
  return { ...found, data: found.data.map((row) => showMeeting(row, deps.url)) }
}

/** Counts the meetings that the actor may see in each view of the admin. */
export function countMeetings(
  { database, clock }: MeetingsDeps,
  actor: Actor,
  filter: Omit<MeetingFilter, 'status' | 'order'>,
): Promise<MeetingCounts> {
  const visible = { ...filter, limitedTo: limitedTo(actor) }
  return counting.countMeetings(database.executor, actor.organization, { filter: visible, now: clock.now() })
}

/** Returns one meeting that the actor may see. */
export async function getMeeting(
  { database, url }: MeetingsDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ meeting: Meeting }>> {
  const row = await reading.findMeeting(database.executor, actor.organization, id)
  return row && mayAct(actor, row.meeting) ? { ok: true, meeting: showMeeting(row, url) } : refuseMissing(id)
}

/** Returns a meeting's current state, for emails about it. Returns undefined if the meeting does not exist. */
export async function findMeetingSnapshot(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingSnapshot | undefined> {
  return (await reading.findMeeting(executor, organization, id))?.meeting
}

/**
 * Records that the mail server accepted a reminder, in the transaction that marks the reminder as recorded. Refused if the
 * attendee does not exist.
 */
export async function remindAttendee(
  tx: Transaction,
  deps: RecordingDeps,
  organization: OrganizationId,
  { meeting: id, ...reminding }: Reminding & { meeting: number },
): Promise<Outcome> {
  return changeMeetingIn(tx, deps, {
    lock: () => lockMeeting(tx, organization, id),
    decide: ({ meeting }) => remind(meeting, reminding),
    show: () => ({}),
  })
}

/** Returns the organization of the attendee with this link. Returns undefined if the link does not exist. */
export async function findOrganizationOfAttendee(
  executor: Executor,
  externalId: string,
): Promise<OrganizationId | undefined> {
  return (await store.findLink(executor, externalId))?.organization
}
