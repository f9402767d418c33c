import type { OrganizationId } from '../access/gate.ts'
import type { MeetingSnapshot } from '../activities/snapshot.ts'
import type { Outcome } from '../errors.ts'
import type { Executor, Transaction } from '../platform/database.ts'

/** The meeting functions that reminders need. They are a port, because meetings import this folder to send notifications. */
export interface RemindedMeetings {
  /** Returns the meeting's current state. Returns undefined if it does not exist. */
  findMeeting(executor: Executor, organization: OrganizationId, id: number): Promise<MeetingSnapshot | undefined>
  /** Records `Attendee.reminded`, even if the meeting has changed since then. */
  remindAttendee(tx: Transaction, organization: OrganizationId, reminded: RemindedAttendee): Promise<Outcome>
}

export interface RemindedAttendee {
  meeting: number
  attendee: number
  minutesBefore: number
}

/** Caches each meeting after the first read, so that a batch sees a single state of it. */
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
