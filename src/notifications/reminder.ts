import type { MeetingSnapshot } from '../activities/activity.ts'
import { MINUTE } from '../time/durations.ts'
import type { ReminderKey } from './mail-content.ts'

/** A reminder that is to be sent, and when, in epoch milliseconds. */
export interface PlannedReminder extends ReminderKey {
  dueAt: number
}

export interface ReminderPlan {
  /** Whom to plan for; only those who are confirmed get any. */
  attendeeIds: readonly number[]
  /** How many minutes before the start. */
  minutes: readonly number[]
  /** When the plan is made, in epoch milliseconds. */
  at: number
}

/**
 * The reminders of a meeting's start. None whose time has passed when the plan is made (at the booking, the approval or the
 * move): whoever hears of a meeting at this moment needs no reminder of it.
 */
export function planReminders(meeting: MeetingSnapshot, { attendeeIds, minutes, at }: ReminderPlan): PlannedReminder[] {
  const due = minutes
    .map((minutesBefore) => ({ start: meeting.start, minutesBefore, dueAt: meeting.start - minutesBefore * MINUTE }))
    .filter(({ dueAt }) => dueAt > at)
  return meeting.bookers
    .filter(({ id, status }) => status === 'confirmed' && attendeeIds.includes(id))
    .flatMap(({ id }) => due.map((reminder) => ({ attendee: id, ...reminder })))
}

/** Whether a reminder still makes sense: the meeting takes place at that start, has not begun, and the person comes. */
export function isStillDue(meeting: MeetingSnapshot | undefined, reminder: ReminderKey, now: number): boolean {
  if (!meeting || meeting.start !== reminder.start || now >= meeting.start) return false
  return meeting.bookers.some(({ id, status }) => id === reminder.attendee && status === 'confirmed')
}
