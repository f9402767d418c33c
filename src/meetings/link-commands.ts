import { type FindViewer, hasRole } from '../access/gate.ts'
import { isActive } from '../activities/snapshot.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { CalendarEntry } from '../notifications/calendar-entry.ts'
import { type CalendarDeps, getCalendarEntry } from '../notifications/service.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { SlotsAnswer, SlotsQuery } from '../slots/schema.ts'
import { listSlots, unitsOfSlots } from '../slots/service.ts'
import { MINUTE } from '../time/durations.ts'
import {
  type ChangingDeps,
  changeMeeting,
  getTypeOfMeeting,
  type LockedMeeting,
  lockMeeting,
  type MeetingDecision,
} from './changing.ts'
import * as life from './life-cycle.ts'
import { isMailSpent, type LimitingDeps, refuseReschedule } from './limiting.ts'
import * as reading from './reading-store.ts'
import { decideReschedule } from './rescheduling.ts'
import type { AttendeeView } from './schema.ts'
import { showToAttendee } from './showing.ts'
import * as store from './store.ts'

/*
 * The actions that a link allows. Attendees do not need any other credential. They act for themselves, within the meeting type's
 * policy. A host's link acts for the whole meeting. Because every webhook contains it, the user must also be signed in as that
 * host, or as a manager or admin of the organization.
 */

export interface LinkUse {
  externalId: string
  findViewer: FindViewer
}

export interface LinkCommand extends LinkUse {
  /** The message that the person entered. */
  message: string | null
}

/** Returns the meeting as the person with this link may see it. */
export async function getAttendeeView(deps: ChangingDeps, use: LinkUse): Promise<Outcome<{ view: AttendeeView }>> {
  const { executor } = deps.database
  const found = await findByLink(executor, use)
  if (!found.ok) return found
  const { organization, meeting, attendee } = found
  return { ok: true, view: await showToAttendee(executor, deps, organization, { meeting, attendee }) }
}

/** Cancels through a link. An attendee leaves the meeting, and a host cancels the whole meeting. */
export function cancelByLink(
  deps: ChangingDeps & LimitingDeps,
  command: LinkCommand,
): Promise<Outcome<{ view: AttendeeView }>> {
  const said = { at: deps.clock.now(), message: command.message }
  const limit = async (locked: LinkedMeeting, tx: Transaction) => ({
    ok: true as const,
    ...locked,
    skipAttendeeMail: await isMailSpent(tx, deps, locked),
  })
  const decide = async ({ organization, meeting, attendee, memberId }: LinkedMeeting, tx: Transaction) => {
    if (memberId !== null) return life.cancel(meeting, said)
    const { cancellation: policy } = await getTypeOfMeeting(tx, organization, meeting)
    return life.leave(meeting, { ...said, attendee, by: 'attendee', policy })
  }
  return changeByLink(deps, command, { limit, decide })
}

/**
 * Reschedules through a link. An attendee moves a one-on-one meeting to a start that is offered, and a host moves any meeting.
 */
export function rescheduleByLink(
  deps: ChangingDeps & LimitingDeps,
  command: LinkCommand & { start: number; timezone?: string | undefined },
): Promise<Outcome<{ view: AttendeeView }>> {
  return changeByLink(deps, command, {
    limit: async (locked, tx) => (await refuseReschedule(tx, deps, locked)) ?? { ok: true, ...locked },
    decide: ({ attendee, memberId, ...locked }, tx) => {
      const { start, message, timezone } = command
      if (memberId !== null) return decideReschedule(tx, deps, locked, { start, message, by: 'host' })
      const zone = timezone === undefined ? undefined : { attendee, timezone }
      return decideReschedule(tx, deps, locked, { start, message, by: 'attendee', zone })
    },
  })
}

interface SlotsOfLink extends LinkUse {
  query: SlotsQuery
  /** Charges for the work before it is done. Throws if the client has used up its units. */
  spendUnits: ((units: number) => void) | undefined
}

/** Lists the starts that the meeting can be moved to. Its own time does not count as busy. */
export async function listSlotsOfLink(
  { database, clock }: ChangingDeps,
  { query, spendUnits, ...use }: SlotsOfLink,
): Promise<Outcome<{ slots: SlotsAnswer }>> {
  const { executor } = database
  const found = await findByLink(executor, use)
  if (!found.ok) return found
  const { organization, meeting } = found
  const meetingType = await getTypeOfMeeting(executor, organization, meeting)
  const hosts = meeting.hosts.flatMap(({ memberId }) => memberId ?? [])
  spendUnits?.(unitsOfSlots({ hosts }, query))
  const moving = { meeting: meeting.id, durationMinutes: (meeting.end - meeting.start) / MINUTE, hosts }
  return listSlots(executor, organization, { meetingType, query, now: clock.now(), moving })
}

/**
 * Returns the room's URL in a form that fits into a header. Returns null if the meeting does not have a room, or is cancelled or
 * declined. A host does not need a session, because everyone who knows the link knows the room, and nothing is changed.
 */
export async function findConference({ database }: ChangingDeps, externalId: string): Promise<string | null> {
  const found = await findLinkedMeeting(database.executor, externalId)
  const room = found && isActive(found.meeting) ? found.meeting.conferenceUrl : null
  return room && (URL.parse(room)?.href ?? null)
}

/** Returns the calendar entry for the person with this link, identical to the one in their emails. */
export async function getCalendarFile(
  deps: ChangingDeps & CalendarDeps,
  use: LinkUse,
): Promise<Outcome<{ entry: CalendarEntry }>> {
  const found = await findByLink(deps.database.executor, use)
  if (!found.ok) return found
  const { organization, meeting, attendee } = found
  const person = [...meeting.bookers, ...meeting.hosts].find(({ id }) => id === attendee)
  if (!person) return refuseLink()
  return { ok: true, entry: await getCalendarEntry(deps, organization, { meeting, person }) }
}

/** A link's meeting, and the person in it that the link is for. `memberId` is null for an attendee. */
interface LinkedMeeting extends LockedMeeting {
  attendee: number
  memberId: number | null
}

async function findByLink(executor: Executor, { externalId, findViewer }: LinkUse): Promise<Outcome<LinkedMeeting>> {
  const found = await findLinkedMeeting(executor, externalId)
  if (!found) return refuseLink()
  return (await refuseViewer(found, findViewer)) ?? { ok: true, ...found }
}

async function findLinkedMeeting(executor: Executor, externalId: string): Promise<LinkedMeeting | undefined> {
  const link = await store.findLink(executor, externalId)
  const row = link && (await reading.findMeeting(executor, link.organization, link.meeting))
  return row && { ...link, ...row }
}

/** To use a host's link, the user must be signed in as that host, or as someone who may change every meeting. */
async function refuseViewer(
  { organization, memberId }: Pick<LinkedMeeting, 'organization' | 'memberId'>,
  findViewer: FindViewer,
): Promise<Refusal | undefined> {
  if (memberId === null) return undefined
  const viewer = await findViewer(organization)
  if (viewer && (viewer.memberId === memberId || hasRole(viewer.role, 'manager'))) return undefined
  return refuse('sign_in_required', 'This is a host link. Sign in as this host, or as a manager or admin.')
}

interface LinkSteps {
  /** Applies the limits for visitors, after the locks. */
  limit: (locked: LinkedMeeting, tx: Transaction) => Promise<Outcome<LinkedMeeting>>
  decide: (locked: LinkedMeeting, tx: Transaction) => MeetingDecision | Promise<MeetingDecision>
}

async function changeByLink(
  deps: ChangingDeps,
  { externalId, findViewer }: LinkCommand,
  { limit, decide }: LinkSteps,
): Promise<Outcome<{ view: AttendeeView }>> {
  // This runs before the transaction, because finding the viewer reads the session through another connection.
  const found = await store.findLink(deps.database.executor, externalId)
  if (!found) return refuseLink()
  const refusal = await refuseViewer(found, findViewer)
  if (refusal) return refusal
  return changeMeeting(deps, {
    lock: async (tx) => {
      const link = await store.findLink(tx, externalId)
      if (!link) return refuseLink()
      const locked = await lockMeeting(tx, link.organization, link.meeting)
      return locked.ok ? limit({ ...link, ...locked }, tx) : locked
    },
    decide,
    show: async ({ meeting }, { organization, attendee }, tx) => ({
      view: await showToAttendee(tx, deps, organization, { meeting, attendee }),
    }),
  })
}

function refuseLink(): Refusal {
  return refuse('not_found', 'No meeting found for this link. Copy the complete link from the email.')
}
