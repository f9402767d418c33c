import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import { reasonFor } from '../slots/judgement.ts'
import { checkStart } from '../slots/service.ts'
import { MINUTE } from '../time/durations.ts'
import { getTypeOfMeeting, type LockedMeeting, type MeetingDecision } from './changing.ts'
import {
  type AttendeeZone,
  busyTime,
  type Party,
  refusePast,
  refuseTaken,
  refuseUnoffered,
  reschedule,
} from './life-cycle.ts'

export interface RescheduleRequest {
  /** In epoch milliseconds. */
  start: number
  message: string | null
  by: Party
  zone?: AttendeeZone | undefined
}

/**
 * Decides whether a locked meeting may be moved, using its life cycle and the rules that offer starts. The meeting's own time
 * does not count as busy.
 */
export async function decideReschedule(
  tx: Transaction,
  { clock }: { clock: Clock },
  { organization, meeting }: LockedMeeting,
  { start, message, by, zone }: RescheduleRequest,
): Promise<MeetingDecision> {
  const meetingType = await getTypeOfMeeting(tx, organization, meeting)
  const { rescheduling: policy, approval } = meetingType
  const decision = reschedule(meeting, { start, by, policy, approval, at: clock.now(), message, zone })
  if (!decision.ok || decision.drafts.length === 0) return decision
  if (decision.meeting.end <= clock.now()) return refusePast()
  const judgement = await checkStart(tx, organization, {
    clock,
    meetingType,
    hosts: meeting.hosts.flatMap(({ memberId }) => memberId ?? []),
    start,
    overruling: by === 'host',
    moving: { meeting: meeting.id, durationMinutes: (meeting.end - meeting.start) / MINUTE },
  })
  if (judgement.outcome === 'taken') return refuseTaken()
  if (judgement.outcome === 'refused') return refuseUnoffered('chosen', reasonFor(by, judgement))
  const busy = { ...busyTime(meetingType, decision.meeting), overrulesCalendar: by === 'host' }
  return { ...decision, busy }
}
