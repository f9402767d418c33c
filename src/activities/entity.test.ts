import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { activityBody, attendeeEntity, meetingEntity } from './entity.ts'
import { activitySchema, type FieldSubmission } from './schema.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from './snapshot.ts'

const url = 'https://book.example.com'

const sample: unknown = JSON.parse(
  readFileSync(new URL('../../test/fixtures/sample-activity.json', import.meta.url), 'utf8'),
)

/** Lists every key path in a value, in order, with the type of its value. */
function keyPaths(value: unknown, path = ''): string[] {
  if (value === null || typeof value !== 'object') return [`${path}: ${value === null ? 'null' : typeof value}`]
  const kind = Array.isArray(value) ? 'array' : 'object'
  return [`${path}: ${kind}`, ...Object.entries(value).flatMap(([key, part]) => keyPaths(part, `${path}/${key}`))]
}

const person: AttendeeSnapshot = {
  id: 7,
  createdAt: '2027-03-01T07:59:00.000001Z',
  memberId: null,
  email: 'a@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  timezone: 'America/New_York',
  locale: null,
  status: 'requested',
  externalId: 'eORQKVaz88',
  utmSource: '',
  utmMedium: '',
  utmCampaign: '',
  utmContent: '',
  utmTerm: '',
  fieldSubmissions: [],
}

const noUtm = { utmSource: null, utmMedium: null, utmCampaign: null, utmContent: null, utmTerm: null }
const host: AttendeeSnapshot = {
  ...person,
  ...noUtm,
  id: 6,
  memberId: 1,
  status: 'confirmed',
  externalId: '4zL9Q9glF2',
}

const meeting: MeetingSnapshot = {
  id: 5,
  kind: 'group',
  createdAt: '2027-03-01T07:58:00.100000Z',
  name: 'Tour',
  location: '123 Address Street',
  locationType: 'place',
  start: Date.UTC(2027, 2, 3, 14),
  end: Date.UTC(2027, 2, 3, 14, 30),
  approved: null,
  confirmed: false,
  cancelled: false,
  conferencePassword: null,
  conferenceUrl: null,
  meetingType: { id: 3, name: 'Tour' },
  icsSequence: 0,
  bookers: [person],
  hosts: [host],
}

function answer(changes: Partial<FieldSubmission>): FieldSubmission {
  const question = { name: 'Q', field_type: 'text', help_text: 'Help', required: true, choices: null, visible: true }
  return { ...question, value: 'Answer', ...changes } as FieldSubmission
}

const scheduled = { action: 'Meeting.scheduled', attendeeId: null, message: null, metadata: null } as const
const once = { id: 1, createdAt: '2027-03-01T08:00:00.000000Z', url }

test('the body of Meeting.scheduled has the key paths of the published sample, in its order and with its types', () => {
  const choices = ['Choice 1', 'Choice 2', 'Choice 3']
  const choice = answer({
    field_type: 'choice',
    help_text: null,
    choices,
    value: 'Choice 3',
  } as Partial<FieldSubmission>)
  const booker = { ...person, fieldSubmissions: [answer({}), answer({}), choice] }
  const body = activityBody({ ...meeting, bookers: [booker] }, scheduled, once)
  assert.deepEqual(keyPaths(JSON.parse(body)), keyPaths(sample))
})

test('the published sample is a valid activity', () => {
  assert.deepEqual(activitySchema.parse(sample), sample)
})

test('created_at has six fraction digits, start and end have none', () => {
  const entity = meetingEntity(meeting, url)
  assert.equal(entity.created_at, '2027-03-01T07:58:00.100000Z')
  assert.deepEqual([entity.start, entity.end], ['2027-03-03T14:00:00Z', '2027-03-03T14:30:00Z'])
})

test('people who booked come first, in order, hosts come last, and the first host is the `host`', () => {
  const bookers = [person, { ...person, id: 8 }]
  const hosts = [host, { ...host, id: 9 }]
  const entity = meetingEntity({ ...meeting, bookers, hosts }, url)
  assert.deepEqual(
    entity.attendees.map(({ id }) => id),
    [7, 8, 6, 9],
  )
  assert.equal(entity.host.id, 6)
})

test('answers keep the order of their keys, even though the database does not', () => {
  const shuffled = Object.fromEntries(Object.entries(answer({})).reverse()) as FieldSubmission
  const [first] = meetingEntity({ ...meeting, bookers: [{ ...person, fieldSubmissions: [shuffled] }] }, url).attendees
  assert.deepEqual(Object.keys(first!.field_submissions[0]!), Object.keys(answer({})))
})

test('an Attendee entity is the object in attendees plus the meeting without attendees', () => {
  const { attendees, ...rest } = meetingEntity(meeting, url)
  const entity = attendeeEntity(meeting, 7, url)
  assert.equal(JSON.stringify(entity), JSON.stringify({ ...attendees[0], meeting: rest }))
})

test('links contain the public address and the external id', () => {
  const entity = attendeeEntity(meeting, 7, url)
  assert.equal(entity.cancel_url, 'https://book.example.com/m/eORQKVaz88/cancel')
  assert.equal(entity.reschedule_url, 'https://book.example.com/m/eORQKVaz88/reschedule')
  assert.equal(entity.conference_url, 'https://book.example.com/m/eORQKVaz88/conference')
})

test('an entity for someone who is not in the meeting is an error, not an empty body', () => {
  assert.throws(() => attendeeEntity(meeting, 99, url), /no attendee 99/)
})
