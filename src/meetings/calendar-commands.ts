import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, refuse } from '../errors.ts'
import type { Transaction } from '../platform/database.ts'
import {
  type ChangingDeps,
  changeMeeting,
  type LockedMeeting,
  lockMeeting,
  type MeetingDecision,
  refuseMissing,
} from './changing.ts'
import * as life from './life-cycle.ts'
import { decideReschedule } from './rescheduling.ts'

/** A meeting that one of its hosts changed in a calendar. */
export interface ChangedInCalendar {
  meeting: number
  member: number
  /**
   * The start that the entry had, in epoch milliseconds. If the meeting has another one by now, nothing changes. Null means any
   * start.
   */
  from: number | null
}

/** Moves a meeting because its host moved it in a calendar. The rules are the same as for a move in Bookbell. */
export function rescheduleForHost(
  deps: ChangingDeps,
  organization: OrganizationId,
  { start, ...changed }: ChangedInCalendar & { start: number },
): Promise<Outcome> {
  return changeForHost(deps, organization, changed, (locked, tx) =>
    decideReschedule(tx, deps, locked, { start, message: null, by: 'host' }),
  )
}

/**
 * Cancels a meeting because its host deleted it in a calendar. If a meeting has several hosts, one of them cannot cancel for the
 * others in this way.
 */
export function cancelForHost(
  deps: ChangingDeps,
  organization: OrganizationId,
  changed: ChangedInCalendar,
): Promise<Outcome> {
  return changeForHost(deps, organization, changed, ({ meeting }) =>
    meeting.hosts.length > 1
      ? refuse('conflict', 'This meeting has several hosts. Cancel it in Bookbell.')
      : life.cancel(meeting, { at: deps.clock.now(), message: null }),
  )
}

function changeForHost(
  deps: ChangingDeps,
  organization: OrganizationId,
  { meeting: id, member, from }: ChangedInCalendar,
  decide: (locked: LockedMeeting, tx: Transaction) => MeetingDecision | Promise<MeetingDecision>,
): Promise<Outcome> {
  return changeMeeting(deps, {
    lock: async (tx) => {
      const locked = await lockMeeting(tx, organization, id)
      const isHost = locked.ok && locked.meeting.hosts.some(({ memberId }) => memberId === member)
      return isHost ? locked : refuseMissing(id)
    },
    decide: (locked, tx) =>
      from === null || locked.meeting.start === from
        ? decide(locked, tx)
        : { ok: true, meeting: locked.meeting, drafts: [] },
    show: () => ({}),
  })
}
