import type { OrganizationId } from '../access/gate.ts'
import type { MeetingSnapshot } from '../activities/activity.ts'
import type { Outcome } from '../errors.ts'
import type { Executor } from '../platform/database.ts'

/** What reminding needs of the meetings. They tell this room of their changes, so it does not import them. */
export interface RemindedMeetings {
  /** The meeting as it stands; undefined where there is none. */
  findMeeting(executor: Executor, organization: OrganizationId, id: number): Promise<MeetingSnapshot | undefined>
  /** Writes `Attendee.reminded` in the transaction that surrounds the call, whatever became of the meeting meanwhile. */
  remindAttendee(reminded: RemindedAttendee): Promise<Outcome>
}

export interface RemindedAttendee {
  organization: OrganizationId
  meeting: number
  attendee: number
  minutesBefore: number
}

/** The same meetings, each read once: what is done at one go sees one state of a meeting, however many people it has. */
export function readOnce(meetings: RemindedMeetings): RemindedMeetings {
  const found = new Map<string, ReturnType<RemindedMeetings['findMeeting']>>()
  return {
    ...meetings,
    findMeeting(executor, organization, id) {
      const key = `${organization} ${id}`
      const meeting = found.get(key) ?? meetings.findMeeting(executor, organization, id)
      found.set(key, meeting)
      return meeting
    },
  }
}
