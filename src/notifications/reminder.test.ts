import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ben, meetingOf, start } from '../../test/support/mails.ts'
import { HOUR } from '../time/durations.ts'
import { isStillDue, planReminders } from './reminder.ts'

const day = { attendeeIds: [2], minutes: [1440, 60], at: start - 30 * HOUR }

test('each confirmed person gets each reminder the configured number of minutes before the start', () => {
  assert.deepEqual(planReminders(meetingOf(), day), [
    { attendee: 2, start, minutesBefore: 1440, dueAt: start - 24 * HOUR },
    { attendee: 2, start, minutesBefore: 60, dueAt: start - HOUR },
  ])
})

test('does not plan reminders for the past or the present', () => {
  const minutes = planReminders(meetingOf(), { ...day, at: start - 24 * HOUR }).map((planned) => planned.minutesBefore)
  assert.deepEqual(minutes, [60])
  assert.deepEqual(planReminders(meetingOf(), { ...day, at: start - HOUR }), [])
})

test('people who are pending, declined or have left are not reminded', () => {
  for (const status of ['requested', 'declined', 'cancelled'] as const)
    assert.deepEqual(planReminders(meetingOf({ bookers: [{ ...ben, status }] }), day), [])
})

test('a day before means 24 hours before, even if the clocks change in between', () => {
  // Clocks in New York move forward on 14 March 2027 at 07:00 UTC.
  const monday = Date.UTC(2027, 2, 15, 2)
  const [planned] = planReminders(meetingOf({ start: monday }), { ...day, minutes: [1440], at: 0 })
  assert.equal(planned?.dueAt, Date.UTC(2027, 2, 14, 2))
})

test('a late reminder is still due until the meeting begins', () => {
  const key = { attendee: 2, start, minutesBefore: 1440 }
  assert.equal(isStillDue(meetingOf(), key, start - 1), true)
  assert.equal(isStillDue(meetingOf(), key, start), false)
})

test('a reminder is no longer due after the meeting has moved or the attendee has left', () => {
  const key = { attendee: 2, start, minutesBefore: 1440 }
  assert.equal(isStillDue(meetingOf({ start: start + 1 }), key, 0), false)
  assert.equal(isStillDue(meetingOf({ bookers: [{ ...ben, status: 'cancelled' }] }), key, 0), false)
  assert.equal(isStillDue(undefined, key, 0), false)
})
