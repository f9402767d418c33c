import type { OrganizationId } from '../access/gate.ts'
import type { MeetingSnapshot } from '../activities/activity.ts'
import { type Outcome, refuse } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingTypeOfMeeting } from '../meeting-types/service.ts'
import { type Database, type Executor, type Transaction, violatedConstraint } from '../platform/database.ts'
import { type Decision, isActive } from './meeting.ts'
import { type RecordingDeps, recordAndNotify } from './recording.ts'
import { refuseTaken } from './scheduling.ts'
import * as store from './store.ts'

/** A meeting that is locked, in its transaction. */
export interface Current {
  tx: Transaction
  organization: OrganizationId
  meeting: MeetingSnapshot
  /** The names of its tags. */
  tags: string[]
}

/** A decision, and what changes with it beside the meeting: the time that it takes from then on, its tags. */
export type Decided = Decision & { busy?: store.Stretch; tags?: string[] }

/** What a change left behind. */
export type Changed = Outcome<store.MeetingRow>

/** Lock, read, decide, save, record: the way of every change of a meeting that exists. */
export async function changeLocked(
  tx: Transaction,
  deps: RecordingDeps,
  { organization, id }: { organization: OrganizationId; id: number },
  decide: (current: Current) => Decided | Promise<Decided>,
): Promise<Changed> {
  if (!(await store.lockMeeting(tx, organization, id))) return refuseMissing(id)
  const found = await store.findMeeting(tx, organization, id)
  if (!found) return refuseMissing(id)
  const decided = await decide({ tx, organization, ...found })
  if (!decided.ok) return decided
  if (decided.drafts.length > 0) {
    await save(tx, organization, { before: found.meeting, ...decided })
    await recordAndNotify(tx, deps, { organization, change: decided })
  }
  return { ok: true, meeting: decided.meeting, tags: decided.tags ?? found.tags }
}

interface Saving {
  before: MeetingSnapshot
  meeting: MeetingSnapshot
  busy?: store.Stretch
}

/** Stores what differs. */
async function save(tx: Transaction, organization: OrganizationId, { before, meeting, busy }: Saving): Promise<void> {
  if (meeting === before) return
  const active = isActive(meeting)
  const changed = meeting.bookers.filter(({ status }, index) => status !== before.bookers[index]?.status)
  if (busy) await store.moveBusy(tx, organization, { meeting: meeting.id, busy })
  if (!active) await store.deleteBusy(tx, organization, meeting.id)
  await store.updateMeeting(tx, organization, { meeting, active })
  if (changed.length > 0) await store.updateStatuses(tx, organization, changed)
}

/**
 * Runs a change in one transaction. What only the exclusion constraint noticed is a time that is taken; what only a foreign
 * key noticed is a meeting type that was deleted a moment ago.
 */
export async function change<T extends object>(
  { database }: { database: Database },
  work: (tx: Transaction) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    return await database.transaction(work)
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'busy_no_overlap') return refuseTaken()
    if (constraint === 'meetings_organization_id_meeting_type_id_fkey')
      return refuse('not_found', 'This can no longer be booked: it has just been deleted.')
    throw error
  }
}

/** The type of the meeting with its rules of today, deleted or not. */
export async function typeOf({ tx, organization, meeting }: Current): Promise<MeetingType> {
  return findTypeOfMeeting(tx, organization, meeting.meetingType.id)
}

export async function findTypeOfMeeting(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingType> {
  const meetingType = await getMeetingTypeOfMeeting(executor, organization, { id })
  if (!meetingType) throw new Error(`Meeting type ${id} is gone, though it has meetings.`)
  return meetingType
}

/** The answer where there is no such meeting. */
export function refuseMissing(id: number) {
  return refuse('not_found', `There is no meeting ${id}.`)
}
