import type { OrganizationId } from '../access/gate.ts'
import { isActive, type MeetingSnapshot } from '../activities/snapshot.ts'
import { type Outcome, Problem, type Refusal, refuse, refuseNotFound } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingTypeOfMeeting } from '../meeting-types/service.ts'
import { recordAssignment } from '../members/service.ts'
import { type Database, type Executor, type Transaction, violatedConstraint } from '../platform/database.ts'
import type { Tag } from '../tags/schema.ts'
import { releaseExpiredTime } from './hold-store.ts'
import { type BusyTime, type Change, refuseTaken } from './life-cycle.ts'
import * as reading from './reading-store.ts'
import { type RecordingDeps, recordAndNotify } from './recording.ts'
import * as store from './store.ts'

/** A meeting whose hosts and row are locked, in its last committed state. */
export interface LockedMeeting {
  organization: OrganizationId
  meeting: MeetingSnapshot
  /** The names of the meeting's tags. */
  tags: string[]
}

/** The rows that a change has locked. `meeting` is null for a new meeting. Only its hosts are locked. */
export interface LockedTime extends Omit<LockedMeeting, 'meeting'> {
  meeting: MeetingSnapshot | null
  /** The meeting type's reminders, if they have already been read. */
  reminders?: readonly number[]
  /** Whether only the hosts are emailed. */
  skipAttendeeMail?: boolean
}

/**
 * The time that a meeting blocks. `overrulesCalendar` means that a host chose the time, so only other meetings can prevent it.
 */
export interface TakenTime extends BusyTime {
  overrulesCalendar: boolean
}

/** A meeting's next state, and the data saved with it. */
export interface MeetingUpdate extends Change {
  /** The time that the meeting blocks for its hosts from now on. Absent if unchanged. */
  busy?: TakenTime
  tag?: { change: 'added' | 'removed'; tag: Pick<Tag, 'id' | 'name'> }
}

/** A meeting that does not exist yet, with one possible set of hosts. */
export interface NewMeeting extends Change {
  busy: TakenTime
  /** The member whose turn it is in the round robin. */
  assigned: number | null
}

/** The data to save: an update, or the first of these new meetings whose hosts are free. */
export type MeetingDecision = Outcome<MeetingUpdate> | Outcome<{ candidates: readonly NewMeeting[] }>

/** A meeting after its change. Without drafts, nothing has changed. */
export type SavedMeeting = Change & reading.MeetingRow

/** The steps that depend on the kind of change. The other steps are the same for all changes. */
export interface MeetingChange<Locked extends LockedTime, Shown extends object> {
  /** Locks the hosts in the order of their ids, then the meeting, and reads its latest state. */
  lock: (tx: Transaction) => Promise<Outcome<Locked>>
  /** Decides, using the life cycle and the rules that offer times. */
  decide: (locked: Locked, tx: Transaction) => MeetingDecision | Promise<MeetingDecision>
  /** Builds the response. */
  show: (saved: SavedMeeting, locked: Locked, tx: Transaction) => Shown | Promise<Shown>
}

export type ChangingDeps = RecordingDeps & { database: Database }

/**
 * The only function that creates or changes a meeting. It is a transaction with five steps.
 *
 *   1. lock    the hosts, then the meeting
 *   2. read    their latest state
 *   3. decide  with the pure life cycle
 *   4. save    the differences; the exclusion constraint decides whether the time is free
 *   5. record  emails, activities and deliveries; last, because every other change in the organization waits for it
 *
 * The response is built before step 5, for the same reason.
 */
export function changeMeeting<Locked extends LockedTime, Shown extends object>(
  deps: ChangingDeps,
  change: MeetingChange<Locked, Shown>,
): Promise<Outcome<Shown>> {
  return inTransaction(deps, (tx) => changeMeetingIn(tx, deps, change))
}

/** Does the same inside the caller's transaction, which must end right afterwards. */
export async function changeMeetingIn<Locked extends LockedTime, Shown extends object>(
  tx: Transaction,
  deps: RecordingDeps,
  { lock, decide, show }: MeetingChange<Locked, Shown>,
): Promise<Outcome<Shown>> {
  const locked = await lock(tx)
  if (!locked.ok) return locked
  const decision = await decide(locked, tx)
  if (!decision.ok) return decision
  const saved = await saveDecision(tx, deps, locked, decision)
  if (!saved.ok) return saved
  const shown = await show(saved, locked, tx)
  const { organization, reminders, skipAttendeeMail } = locked
  if (saved.drafts.length > 0)
    await recordAndNotify(tx, deps, organization, { change: saved, reminders, skipAttendeeMail })
  return { ok: true, ...shown }
}

/** Steps 1 and 2 for an existing meeting. */
export async function lockMeeting(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<Outcome<LockedMeeting>> {
  const found = (await store.lockMeeting(tx, organization, id)) && (await reading.findMeeting(tx, organization, id))
  return found ? { ok: true, organization, ...found } : refuseMissing(id)
}

function saveDecision(
  tx: Transaction,
  deps: Pick<RecordingDeps, 'clock'>,
  locked: LockedTime,
  decision: MeetingDecision & { ok: true },
): Promise<Outcome<SavedMeeting>> {
  if ('candidates' in decision) return insertFirst(tx, deps, locked.organization, decision.candidates)
  return saveUpdate(tx, deps, locked, decision)
}

/** Assigns the meeting to the first of these sets in which all hosts are free. */
async function insertFirst(
  tx: Transaction,
  { clock }: Pick<RecordingDeps, 'clock'>,
  organization: OrganizationId,
  candidates: readonly NewMeeting[],
): Promise<Outcome<SavedMeeting>> {
  for (const { meeting, drafts, busy, assigned } of candidates) {
    let isHeld = await store.insertMeeting(tx, organization, { meeting, busy })
    if (!isHeld) {
      await store.deleteMeeting(tx, organization, meeting.id)
      // Try again even if nothing was released, because the cleanup job may have released the time in the meantime.
      await releaseExpiredHolds(tx, { clock }, organization, meeting)
      isHeld = await store.insertMeeting(tx, organization, { meeting, busy })
      if (!isHeld) await store.deleteMeeting(tx, organization, meeting.id)
      if (!isHeld) continue
    }
    if (assigned !== null) await recordAssignment(tx, organization, { member: assigned, at: meeting.createdAt })
    return { ok: true, meeting, drafts, tags: [] }
  }
  return refuseTaken()
}

/** Releases the hosts' time that expired holds still block, so that they do not have to wait for the cleanup job. */
function releaseExpiredHolds(
  tx: Transaction,
  { clock }: Pick<RecordingDeps, 'clock'>,
  organization: OrganizationId,
  { hosts }: MeetingSnapshot,
): Promise<void> {
  const members = hosts.flatMap(({ memberId }) => memberId ?? [])
  return releaseExpiredTime(tx, organization, { members, now: clock.timestamp() })
}

/** Stores the changed data. */
async function saveUpdate(
  tx: Transaction,
  deps: Pick<RecordingDeps, 'clock'>,
  { organization, meeting: before, tags }: LockedTime,
  { meeting, drafts, busy, tag }: MeetingUpdate,
): Promise<Outcome<SavedMeeting>> {
  if (before !== null && meeting !== before) {
    if (busy) await releaseExpiredHolds(tx, deps, organization, meeting)
    await saveState(tx, organization, { before, meeting, busy })
  }
  if (!tag) return { ok: true, meeting, drafts, tags }
  const tagging = { meeting: meeting.id, tag: tag.tag.id }
  if (tag.change === 'added') await store.insertMeetingTag(tx, organization, tagging)
  else await store.deleteMeetingTag(tx, organization, tagging)
  const others = tags.filter((name) => name !== tag.tag.name)
  return { ok: true, meeting, drafts, tags: tag.change === 'added' ? [...others, tag.tag.name].sort() : others }
}

async function saveState(
  tx: Transaction,
  organization: OrganizationId,
  { before, meeting, busy }: { before: MeetingSnapshot; meeting: MeetingSnapshot; busy: TakenTime | undefined },
): Promise<void> {
  const known = meeting.bookers.slice(0, before.bookers.length)
  const changed = known.filter(({ status, timezone }, index) => {
    const was = before.bookers[index]
    return status !== was?.status || timezone !== was.timezone
  })
  for (let position = known.length; position < meeting.bookers.length; position++)
    await store.insertBooker(tx, organization, { meeting, position })
  if (busy) await store.moveBusy(tx, organization, { meeting: meeting.id, busy })
  if (!isActive(meeting)) await store.deleteBusy(tx, organization, meeting.id)
  await store.updateMeeting(tx, organization, meeting)
  if (changed.length > 0) await store.updatePeople(tx, organization, changed)
}

/**
 * Runs a change in a transaction and turns a violated constraint into a refusal. A refusal rolls back everything that was written
 * before it, such as spent budgets.
 */
export async function inTransaction<T extends object>(
  { database }: { database: Database },
  work: (tx: Transaction) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    return await database.transaction(async (tx) => {
      const outcome = await work(tx)
      if (!outcome.ok) throw new Problem(outcome)
      return outcome
    })
  } catch (error) {
    if (error instanceof Problem) return error.refusal
    const refusal = refuseViolation(violatedConstraint(error))
    if (refusal) return refusal
    throw error
  }
}

function refuseViolation(constraint: string | undefined): Refusal | undefined {
  if (constraint === 'busy_no_overlap' || constraint === 'busy_calendar') return refuseTaken()
  if (constraint === 'meetings_organization_id_meeting_type_id_fkey')
    return refuse('not_found', 'This can no longer be booked because it has just been deleted.')
  return undefined
}

/** Returns a meeting's type in its present state, whether or not it was deleted. */
export async function getTypeOfMeeting(
  executor: Executor,
  organization: OrganizationId,
  { meetingType: { id } }: MeetingSnapshot,
): Promise<MeetingType> {
  const meetingType = await getMeetingTypeOfMeeting(executor, organization, { id })
  if (!meetingType) throw new Error(`Meeting type ${id} does not exist, although it has meetings.`)
  return meetingType
}

export function refuseMissing(id: number): Refusal {
  return refuseNotFound('meeting', id, 'GET /api/v1/meetings lists them.')
}
