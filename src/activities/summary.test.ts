import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEmitted } from './actions.ts'
import { sampleBody } from './sample.ts'
import { type Activity, actions, meetingKinds } from './schema.ts'
import { summarizeActivity } from './summary.ts'

const now = Date.parse('2027-01-15T12:00:00Z')
const sample = (action: Activity['action'], kind: (typeof meetingKinds)[number] = 'one_on_one'): Activity =>
  JSON.parse(sampleBody(action, kind, { id: 1, now, url: 'http://localhost:3000' }))

test('every activity has a line that names its meeting and person', () => {
  for (const kind of meetingKinds) {
    for (const action of actions.filter((action) => isEmitted(action, kind))) {
      const line = summarizeActivity(sample(action, kind))
      assert.match(line, /^Example Meeting Type.* · 2027-01-20T14:00Z · .*<attendee@example\.com>/)
      assert.doesNotMatch(line, /host@example\.com/)
    }
  }
})

test('a line says what changed', () => {
  assert.match(summarizeActivity(sample('Meeting.tagged')), / · tag VIP$/)
  assert.match(summarizeActivity(sample('Meeting.cancelled')), / · by the attendee$/)
  assert.match(summarizeActivity(sample('Attendee.reminded')), / · 1440 minutes before$/)
})

test('a name typed by a stranger cannot control the terminal', () => {
  const activity = sample('Meeting.scheduled')
  const entity = { ...activity.entity, name: 'Intro\u001b[2J\u0007\nfake line\u202e' }
  assert.match(summarizeActivity({ ...activity, entity } as Activity), /^Intro \[2J fake line {0,2} · /)
})
