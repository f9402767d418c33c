import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Action as ServerAction, Activity as ServerActivity } from '../../src/activities/schema.ts'
import type { Action, Activity, ActivityOf, AttendeeWithMeeting, ChangeMetadata, Meeting } from './activity.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

// The compiler checks that the package's types match the server's, for each action and for all actions together.
const sameActions: Same<Action, ServerAction> = true
const sameActivities: Same<Activity, ServerActivity> = true
const sameBodies: { [A in Action]: Same<ActivityOf<A>, Extract<ServerActivity, { action: A }>> } = {
  'Meeting.scheduled': true,
  'Meeting.approved': true,
  'Meeting.declined': true,
  'Meeting.cancelled': true,
  'Meeting.rescheduled': true,
  'Meeting.tagged': true,
  'Meeting.untagged': true,
  'Attendee.scheduled': true,
  'Attendee.approved': true,
  'Attendee.declined': true,
  'Attendee.cancelled': true,
  'Attendee.reminded': true,
}
const narrowed: [
  Same<ActivityOf<'Meeting.cancelled'>['metadata'], ChangeMetadata>,
  Same<ActivityOf<'Meeting.tagged'>['entity'], Meeting>,
  Same<ActivityOf<'Attendee.reminded'>['entity'], AttendeeWithMeeting>,
] = [true, true, true]

test('the types of all actions are those of the server', () => {
  assert.ok(sameActions && sameActivities && narrowed.every(Boolean))
  const golden = readdirSync(new URL('../../test/golden/activities/', import.meta.url))
  const actions = golden.map((name) => {
    const text = readFileSync(new URL(`../../test/golden/activities/${name}`, import.meta.url), 'utf8')
    return (JSON.parse(text) as Activity).action
  })
  assert.deepEqual([...new Set(actions)].sort(), Object.keys(sameBodies).sort())
})
