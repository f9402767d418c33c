import type { OrganizationId } from '../access/gate.ts'
import type { MeetingSnapshot } from '../activities/activity.ts'
import { refuse } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import { refusalWords } from '../slots/judgement.ts'
import { checkStart } from '../slots/service.ts'
import { MINUTE } from '../time/durations.ts'
import { type Decision, type Party, reschedule } from './meeting.ts'
import { busyTime, refuseTaken } from './scheduling.ts'
import type { Stretch } from './store.ts'

/** Somebody's wish to move a meeting, which the caller has locked. */
export interface Moving {
  organization: OrganizationId
  meeting: MeetingSnapshot
  meetingType: MeetingType
  /** Epoch milliseconds. */
  start: number
  message: string | null
  by: Party
}

/**
 * Decides whether a meeting may be moved, by its life cycle and by the rules that offer starts; its own time is not in its way.
 * Gives the time that it takes from its hosts from then on.
 */
export async function moveMeeting(
  tx: Transaction,
  { clock }: { clock: Clock },
  { organization, meeting, meetingType, start, message, by }: Moving,
): Promise<Decision & { busy?: Stretch }> {
  const { rescheduling: policy, approval } = meetingType
  const decision = reschedule(meeting, { start, by, policy, approval, at: clock.now(), message })
  if (!decision.ok || decision.drafts.length === 0) return decision
  if (decision.meeting.end <= clock.now()) return refuse('not_bookable', 'This time is over. Choose a later start.')
  const judgement = await checkStart(tx, organization, {
    clock,
    meetingType,
    hosts: meeting.hosts.map(({ memberId }) => memberId!),
    start,
    overruling: by === 'host',
    moving: { meeting: meeting.id, durationMinutes: (meeting.end - meeting.start) / MINUTE },
  })
  if (judgement.outcome === 'taken') return refuseTaken()
  if (judgement.outcome === 'refused')
    return refuse('not_bookable', `This start cannot be chosen: ${refusalWords(judgement).join('; ')}.`)
  return { ...decision, busy: busyTime(meetingType, decision.meeting.start, decision.meeting.end) }
}
