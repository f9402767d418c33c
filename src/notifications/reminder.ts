import type { MeetingSnapshot } from '../activities/snapshot.ts'
import { MINUTE } from '../time/durations.ts'
import type { ReminderKey } from './mail-content.ts'

/** A reminder and the time when it is due, in epoch milliseconds. */
export interface PlannedReminder extends ReminderKey {
  dueAt: number
}

export interface ReminderPlan {
  /** The attendees to plan reminders for. Only confirmed attendees get reminders. */
  attendeeIds: readonly number[]
  /** In minutes before the start. */
  minutes: readonly number[]
  /** The time of planning, in epoch milliseconds. */
  at: number
}

/**
 * Plans the reminders for a meeting's start. Omits reminders whose time has already passed. The attendee has just been notified
 * of the booking, approval or reschedule, and does not need a reminder.
 */
export function planReminders(meeting: MeetingSnapshot, { attendeeIds, minutes, at }: ReminderPlan): PlannedReminder[] {
  const due = minutes
    .map((minutesBefore) => ({ start: meeting.start, minutesBefore, dueAt: meeting.start - minutesBefore * MINUTE }))
    .filter(({ dueAt }) => dueAt > at)
  return meeting.bookers
    .filter(({ id, status }) => status === 'confirmed' && attendeeIds.includes(id))
    .flatMap(({ id }) => due.map((reminder) => ({ attendee: id, ...reminder })))
}

/**
 * Returns whether a reminder is still needed: the meeting still has that start and has not begun, and the attendee is confirmed.
 */
export function isStillDue(meeting: MeetingSnapshot | undefined, reminder: ReminderKey, now: number): boolean {
  if (!meeting || meeting.start !== reminder.start || now >= meeting.start) return false
  return meeting.bookers.some(({ id, status }) => id === reminder.attendee && status === 'confirmed')
}
