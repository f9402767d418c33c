import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locationTypeSchema } from '../activities/schema.ts'
import { givenBy } from '../places/schema.ts'
import { checkMeetingType, draftMeetingType, patchMeetingType, showPublicly } from './meeting-type.ts'
import { type MeetingTypeInput, meetingTypeInputSchema, meetingTypePatchSchema } from './schema.ts'

const least = {
  name: 'Intro',
  slug: 'intro',
  duration_minutes: 30,
  hosts: [1],
  location_type: 'place',
  location: 'Here',
}

function draft(changes: object = {}) {
  return draftMeetingType(meetingTypeInputSchema.parse({ ...least, ...changes }) as MeetingTypeInput, {
    confirmEmail: false,
  })
}

function paths(changes: object): string[] {
  return checkMeetingType(draft(changes)).map((error) => error.path)
}

test('fills in the defaults of absent fields', () => {
  assert.deepEqual(draft(), {
    name: 'Intro',
    slug: 'intro',
    description: null,
    kind: 'one_on_one',
    duration_minutes: 30,
    location_type: 'place',
    location: 'Here',
    locked_timezone: null,
    hosts: [{ member: 1, priority: 3 }],
    assignment: 'fixed',
    seats: 1,
    approval: 'automatic',
    schedule: null,
    buffer_before_minutes: 0,
    buffer_after_minutes: 0,
    minimum_notice_minutes: 0,
    booking_window_days: null,
    booking_from: null,
    booking_until: null,
    start_increment_minutes: null,
    daily_limit: null,
    upcoming_limit_per_attendee: 3,
    confirm_email: false,
    fields: [],
    reminders: [],
    visibility: 'public',
    cancellation: { allowed: true, notice_minutes: 0 },
    rescheduling: { allowed: true, notice_minutes: 0 },
    redirect_url: null,
  })
  assert.deepEqual(paths({}), [])
})

test('accepts hosts as ids and with a priority', () => {
  const { hosts, assignment } = draft({ hosts: [4, { member: 2, priority: 5 }, { member: 3 }] })
  assert.deepEqual(hosts, [
    { member: 4, priority: 3 },
    { member: 2, priority: 5 },
    { member: 3, priority: 3 },
  ])
  assert.equal(assignment, 'round_robin', 'several hosts take turns by default')
})

test('refuses a host who is listed twice, and several hosts for a fixed assignment', () => {
  assert.deepEqual(paths({ hosts: [1, { member: 1 }] }), ['hosts.1'])
  assert.deepEqual(paths({ hosts: [1, 2], assignment: 'fixed' }), ['assignment'])
  assert.deepEqual(paths({ hosts: [1, 2], assignment: 'joint' }), [])
})

test('locks the time zone only for in-person meetings', () => {
  for (const type of ['place', 'place_user'] as const) {
    const location = type === 'place' ? 'Here' : null
    assert.deepEqual(paths({ location_type: type, location, locked_timezone: 'Europe/Berlin' }), [])
  }
  assert.deepEqual(paths({ location_type: 'jitsi', location: null, locked_timezone: 'Europe/Berlin' }), [
    'locked_timezone',
  ])
  const locked = draft({ locked_timezone: 'europe/berlin' })
  assert.equal(locked.locked_timezone, 'Europe/Berlin')
  assert.equal(patchMeetingType(locked, { name: 'Other' }).locked_timezone, 'Europe/Berlin')
  assert.equal(patchMeetingType(locked, { location_type: 'jitsi' }).locked_timezone, null, 'it no longer has a place')
})

test('needs a location if and only if the meeting type provides the place', () => {
  for (const type of locationTypeSchema.options) {
    const location = 'https://rooms.example.com/1'
    assert.deepEqual(
      paths({ location_type: type, location: null }),
      givenBy(type) === 'meeting_type' ? ['location'] : [],
      type,
    )
    assert.deepEqual(
      paths({ location_type: type, location }),
      givenBy(type) === 'meeting_type' ? [] : ['location'],
      type,
    )
  }
})

test('needs a web address as the room for a web conference', () => {
  assert.deepEqual(paths({ location_type: 'web_conference', location: 'the blue room' }), ['location'])
  assert.deepEqual(paths({ location_type: 'web_conference', location: 'javascript:alert(1)' }), ['location'])
})

test('only groups can have several seats', () => {
  assert.equal(draft({ kind: 'group' }).seats, 10)
  assert.equal(draft({ kind: 'group', seats: 3 }).seats, 3)
  assert.deepEqual(paths({ kind: 'group', seats: 3 }), [])
  assert.deepEqual(paths({ kind: 'one_on_one', seats: 1 }), [])
  assert.deepEqual(paths({ kind: 'one_on_one', seats: 2 }), ['seats'])
})

test('refuses a booking range that ends before it begins', () => {
  assert.deepEqual(paths({ booking_from: '2027-03-02', booking_until: '2027-03-01' }), ['booking_until'])
  assert.deepEqual(paths({ booking_from: '2027-03-01', booking_until: '2027-03-01' }), [])
})

test('refuses duplicate reminders, and more than five', () => {
  assert.deepEqual(paths({ reminders: [60, 1440, 60] }), ['reminders.2'])
  assert.equal(meetingTypeInputSchema.safeParse({ ...least, reminders: [1, 2, 3, 4, 5, 6] }).success, false)
})

test('refuses fields with the same name, because answers refer to fields by name', () => {
  assert.deepEqual(paths({ fields: [{ name: 'Topic' }, { name: 'Topic' }] }), ['fields.1.name'])
})

test('needs choices for choice fields, and only for those', () => {
  const field = (field_type: string, choices: string[] | null) =>
    paths({ fields: [{ name: 'Q', field_type, choices }] })
  for (const type of ['choice', 'multichoice']) {
    assert.deepEqual(field(type, null), ['fields.0.choices'])
    assert.deepEqual(field(type, []), ['fields.0.choices'])
    assert.deepEqual(field(type, ['A', 'A']), ['fields.0.choices'])
    assert.deepEqual(field(type, ['A', 'B']), [])
  }
  for (const type of ['text', 'multitext', 'email', 'date', 'time', 'toggle']) {
    assert.deepEqual(field(type, ['A']), ['fields.0.choices'])
    assert.deepEqual(field(type, []), [])
  }
})

test('refuses a required field that is hidden', () => {
  assert.deepEqual(paths({ fields: [{ name: 'Q', required: true, visible: false }] }), ['fields.0.required'])
})

test('accepts only slugs of lower-case letters, digits and single hyphens', () => {
  const accepts = (slug: string) => meetingTypeInputSchema.safeParse({ ...least, slug }).success
  for (const slug of ['intro', 'intro-call-2', '30']) assert.ok(accepts(slug), slug)
  for (const slug of ['', 'Intro', '-intro', 'intro-', 'in--tro', 'in tro', 'in/tro', 'über', 'a.b', 'a'.repeat(101)])
    assert.ok(!accepts(slug), slug)
})

test('accepts only web addresses as redirect URL', () => {
  const accepts = (redirect_url: string) => meetingTypeInputSchema.safeParse({ ...least, redirect_url }).success
  for (const url of ['https://example.com/thanks?a=b', 'http://localhost:8080/thanks']) assert.ok(accepts(url), url)
  for (const url of ['javascript:alert(1)', '/thanks', 'data:text/html,x', 'https://', 'http://example.com'])
    assert.ok(!accepts(url), url)
})

test('refuses durations longer than a day', () => {
  const accepts = (duration_minutes: unknown) =>
    meetingTypeInputSchema.safeParse({ ...least, duration_minutes }).success
  for (const minutes of [1, 30, 1440]) assert.ok(accepts(minutes), String(minutes))
  for (const minutes of [0, -30, 1441, 30.5, '30', null]) assert.ok(!accepts(minutes), String(minutes))
})

function patched(before: object, patch: object) {
  return patchMeetingType(draft(before), meetingTypePatchSchema.parse(patch))
}

test('keeps the fields that a patch does not contain', () => {
  const before = { description: 'Hello', reminders: [5], cancellation: { allowed: false, notice_minutes: 60 } }
  assert.deepEqual(patched(before, {}), draft(before))
  assert.deepEqual(patched(before, { description: null }), { ...draft(before), description: null })
  assert.deepEqual(patched(before, { cancellation: { notice_minutes: 5 } }).cancellation, {
    allowed: false,
    notice_minutes: 5,
  })
})

test('resets location and seats when location type and kind change', () => {
  assert.equal(patched({}, { location_type: 'jitsi' }).location, null)
  assert.equal(patched({ kind: 'group', seats: 4 }, { kind: 'one_on_one' }).seats, 1)
  assert.equal(patched({}, { kind: 'group' }).seats, 10)
  assert.equal(patched({ kind: 'group', seats: 4 }, { seats: null }).seats, 10)
  assert.deepEqual(
    checkMeetingType(patched({}, { location_type: 'jitsi', location: 'Here' })).map((error) => error.path),
    ['location'],
  )
})

test('shows visitors neither the phone number nor the room', () => {
  const type = (location_type: string) => ({
    ...draft({ location_type, location: 'https://rooms.example.com/1' }),
    id: 1,
    created_at: '2027-01-01T00:00:00.000000Z',
  })
  assert.equal(showPublicly(type('phone'), []).location, null)
  assert.equal(showPublicly(type('web_conference'), []).location, null)
  assert.equal(showPublicly(type('place'), []).location, 'https://rooms.example.com/1')
})
