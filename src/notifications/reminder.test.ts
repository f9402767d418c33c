import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ben, meetingOf, start } from '../../test/support/mails.ts'
import { HOUR } from '../time/durations.ts'
import { isStillDue, planReminders } from './reminder.ts'

const day = { attendeeIds: [2], minutes: [1440, 60], at: start - 30 * HOUR }

test('each confirmed person gets each reminder so many minutes before the start', () => {
  assert.deepEqual(planReminders(meetingOf(), day), [
    { attendee: 2, start, minutesBefore: 1440, dueAt: start - 24 * HOUR },
    { attendee: 2, start, minutesBefore: 60, dueAt: start - HOUR },
  ])
})

test('none whose time has passed, or comes at that very moment', () => {
  const minutes = planReminders(meetingOf(), { ...day, at: start - 24 * HOUR }).map((planned) => planned.minutesBefore)
  assert.deepEqual(minutes, [60])
  assert.deepEqual(planReminders(meetingOf(), { ...day, at: start - HOUR }), [])
})

test('nobody who only asked, was declined or left is reminded', () => {
  for (const status of ['requested', 'declined', 'cancelled'] as const)
    assert.deepEqual(planReminders(meetingOf({ bookers: [{ ...ben, status }] }), day), [])
})

test('a day before is a day of 24 hours, also when the clocks change in between', () => {
  // Clocks in New York go forward on 14 March 2027 at 07:00 UTC.
  const monday = Date.UTC(2027, 2, 15, 2)
  const [planned] = planReminders(meetingOf({ start: monday }), { ...day, minutes: [1440], at: 0 })
  assert.equal(planned?.dueAt, Date.UTC(2027, 2, 14, 2))
})

test('a late one is still due until the meeting begins', () => {
  const key = { attendee: 2, start, minutesBefore: 1440 }
  assert.equal(isStillDue(meetingOf(), key, start - 1), true)
  assert.equal(isStillDue(meetingOf(), key, start), false)
})

test('one is void once the meeting has moved or the person no longer comes', () => {
  const key = { attendee: 2, start, minutesBefore: 1440 }
  assert.equal(isStillDue(meetingOf({ start: start + 1 }), key, 0), false)
  assert.equal(isStillDue(meetingOf({ bookers: [{ ...ben, status: 'cancelled' }] }), key, 0), false)
  assert.equal(isStillDue(undefined, key, 0), false)
})
