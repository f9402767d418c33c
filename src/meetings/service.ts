import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import type { MeetingSnapshot } from '../activities/snapshot.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingType, getMeetingTypeAt } from '../meeting-types/service.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import {
  type ChangingDeps,
  changeMeeting,
  changeMeetingIn,
  lockMeeting,
  refuseMissing,
  type SavedMeeting,
} from './changing.ts'
import { type Reminding, remind } from './life-cycle.ts'
import { type LimitingDeps, refuseBeyondLimits } from './limiting.ts'
import * as reading from './reading-store.ts'
import type { RecordingDeps } from './recording.ts'
import { type BookingRequest, decideRequest, type LockedRequest, lockRequest } from './scheduling.ts'
import type { AttendeeView, BookingInput, Meeting } from './schema.ts'
import { mayAct, showMeeting, showToAttendee } from './showing.ts'
import * as store from './store.ts'

export interface MeetingsDeps extends ChangingDeps, LimitingDeps {
  config: { jitsiUrl: string }
}

export {
  type ErasedMeeting,
  eraseBookersOfMeetings,
  erasePersonFromMeetings,
  listEndedMeetings,
  listMeetingsOfPerson,
  type MeetingOfPerson,
} from './erasing.ts'

/** A filter for a list of meetings, without what the actor's role adds. */
export type MeetingFilter = Omit<reading.MeetingFilter, 'limitedTo'>

/** Books a meeting for a visitor of a public page. */
export async function bookOnPage(
  deps: MeetingsDeps,
  { page, slug, input }: { page: string; slug: string; input: BookingInput },
): Promise<Outcome<{ view: AttendeeView }>> {
  return book(deps, {
    read: async (tx) => {
      const found = await getMeetingTypeAt(tx, { page, slug })
      if (!found.ok) return found
      return { ok: true, organization: found.organization, meetingType: found.meetingType, input, by: 'attendee' }
    },
    limit: (locked, tx) => refuseBeyondLimits(tx, deps, locked),
    show: async ({ meeting }, { request: { meetingType }, organization, booker }, tx) => {
      const shown = { meeting, meetingType, attendee: booker.id }
      return { view: await showToAttendee(tx, deps, organization, shown) }
    },
  })
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
  /** Refuses what is beyond the limits of visitors. */
  limit?: (locked: LockedRequest, tx: Transaction) => Promise<Refusal | undefined>
  show: (saved: SavedMeeting, locked: LockedRequest, tx: Transaction) => Shown | Promise<Shown>
}

function book<Shown extends object>(
  deps: MeetingsDeps,
  { read, limit, show }: BookingSteps<Shown>,
): Promise<Outcome<Shown>> {
  const { clock, config } = deps
  return changeMeeting(deps, {
    lock: async (tx) => {
      const request = await read(tx)
      if (!request.ok) return request
      const locked = await lockRequest(tx, { clock, jitsiUrl: config.jitsiUrl }, request)
      return (locked.ok && (await limit?.(locked, tx))) || locked
    },
    decide: decideRequest,
    show,
  })
}

/** A plain member books only meetings that they host. */
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

/** Meetings in the order of their starts that the actor may see. */
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

/** One meeting that the actor may see. */
export async function getMeeting(
  { database, url }: MeetingsDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ meeting: Meeting }>> {
  const row = await reading.findMeeting(database.executor, actor.organization, id)
  return row && mayAct(actor, row.meeting) ? { ok: true, meeting: showMeeting(row, url) } : refuseMissing(id)
}

/** The current state of a meeting, for the mails about it; undefined if it does not exist. */
export async function findMeetingSnapshot(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingSnapshot | undefined> {
  return (await reading.findMeeting(executor, organization, id))?.meeting
}

/**
 * Records that the mail server accepted a reminder, in the transaction that marks the reminder as recorded. Refused if there
 * is no such attendee.
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

/** The organization of the attendee whose link this is; undefined if there is no such link. */
export async function findOrganizationOfAttendee(
  executor: Executor,
  externalId: string,
): Promise<OrganizationId | undefined> {
  return (await store.findLink(executor, externalId))?.organization
}
