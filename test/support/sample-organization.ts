import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'

/** Calls the API with the key of the organization that is being created. */
type Ask = (method: string, path: string, body?: unknown) => ReturnType<TestApp['api']>

/** One of everything that an organization can contain. */
export interface SampleOrganization {
  member: number
  timeOff: number
  schedule: number
  meetingType: { id: number; slug: string }
  page: { id: number; slug: string }
  meeting: number
  attendee: number
  externalId: string
  /** One of the meeting's tags. */
  tag: string
  tagId: number
  activity: number
  apiKey: number
  webhook: number
  delivery: number
  inspector: number
  /** The token that opens the inspector's page. */
  inspectorToken: string
  mail: number
  blocked: number
  connection: number
  calendar: number
}

/**
 * Creates one of everything through the API. Every text that people choose contains `mark`, which consists of lowercase letters
 * and digits, so that tests can search for it where it must not appear. The meeting is two weeks after `now`.
 */
export async function createSampleOrganization(
  ask: Ask,
  { mark, now }: { mark: string; now: number },
): Promise<SampleOrganization> {
  const settings = await createSettings(ask, mark)
  const webhook = await make(ask, 'webhooks', { url: `http://127.0.0.1:65535/${mark}`, description: mark })
  const inspector = await make(ask, 'inspectors', { name: mark })
  const date = new Date(now + 14 * 86_400_000).toISOString().slice(0, 10)
  const booked = await book(ask, settings, { mark, date })
  // This comes last, because a host whose calendar has not been read is not offered.
  const connection = await make(ask, 'connections', {
    provider: 'ics',
    member: settings.member,
    name: mark,
    url: `http://127.0.0.1:65535/${mark}.ics`,
  })
  return {
    ...settings,
    ...booked,
    apiKey: (await make(ask, 'api-keys', { name: mark })).id,
    webhook: webhook.id,
    delivery: await firstId(ask, `webhooks/${webhook.id}/deliveries`),
    activity: await firstId(ask, 'activities'),
    tagId: await firstId(ask, 'tags'),
    inspector: inspector.id,
    inspectorToken: String(inspector.page_url).split('/').at(-1)!,
    mail: await firstId(ask, 'mailbox'),
    blocked: (await make(ask, 'blocked-attendees', { value: `${mark}.example` })).id,
    connection: connection.id,
    calendar: connection.calendars[0].id,
  }
}

async function createSettings(ask: Ask, mark: string) {
  const email = `${mark}@example.com`
  const timezone = 'Europe/Berlin'
  const days = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].map((day) => ({ day, from: '09:00', to: '17:00' }))
  const { id: member } = await make(ask, 'members', { email, first_name: mark, timezone, role: 'admin' })
  const { id: schedule } = await make(ask, 'schedules', { member, name: mark, timezone, weekly: days })
  const off = { from: '2027-01-01', to: '2027-01-02', reason: mark }
  const { id: timeOff } = await make(ask, `members/${member}/time-off`, off)
  const meetingType = await make(ask, 'meeting-types', {
    name: mark,
    slug: mark,
    description: mark,
    kind: 'group',
    duration_minutes: 30,
    hosts: [{ member, priority: 2 }],
    seats: 1000,
    approval: 'manual',
    location_type: 'place',
    location: mark,
    fields: [{ name: mark, field_type: 'choice', choices: [mark, 'other'] }],
    reminders: [60],
  })
  const page = await make(ask, 'pages', { name: mark, slug: mark, description: mark, meeting_types: [meetingType.id] })
  return { member, schedule, timeOff, meetingType, page }
}

async function book(
  ask: Ask,
  { page, meetingType }: Pick<SampleOrganization, 'page' | 'meetingType'>,
  { mark, date }: { mark: string; date: string },
) {
  const url = `/api/v1/public/pages/${page.slug}/meeting-types/${meetingType.slug}`
  const { body: offered } = await ask('GET', `${url}/slots?from=${date}&to=${date}&timezone=Europe/Berlin`)
  const answer = await ask('POST', `${url}/meetings`, {
    start: offered.slots[0].start,
    attendee: { first_name: mark, last_name: mark, email: `guest-${mark}@example.com`, timezone: 'Europe/Berlin' },
    field_submissions: [{ name: mark, value: mark }],
    utm_source: mark,
  })
  assert.equal(answer.status, 201, answer.text)
  const meeting: number = answer.body.meeting.id
  const tagged = await ask('PUT', `/api/v1/meetings/${meeting}/tags/${mark}`)
  assert.ok(tagged.status < 300, tagged.text)
  const { attendees } = (await ask('GET', `/api/v1/meetings/${meeting}`)).body
  return { meeting, tag: mark, attendee: attendees[0].id as number, externalId: answer.body.external_id as string }
}

async function make(ask: Ask, resource: string, body: object) {
  const answer = await ask('POST', `/api/v1/${resource}`, body)
  assert.equal(answer.status, 201, `${resource}: ${answer.text}`)
  return answer.body
}

async function firstId(ask: Ask, resource: string): Promise<number> {
  const { body } = await ask('GET', `/api/v1/${resource}`)
  return body.data[0].id
}

/** Returns the values for `{…}` in a route's path that refer to the organization's own data. */
export function addressOf(path: string, sample: SampleOrganization): Record<string, string> {
  const [, resource = ''] = /^\/api\/v1\/(?:public\/)?([^/]+)/.exec(path) ?? []
  const ids: Record<string, number> = {
    members: sample.member,
    schedules: sample.schedule,
    'meeting-types': sample.meetingType.id,
    pages: sample.page.id,
    meetings: sample.meeting,
    attendees: sample.attendee,
    activities: sample.activity,
    'api-keys': sample.apiKey,
    webhooks: sample.webhook,
    deliveries: sample.delivery,
    tags: sample.tagId,
    inspectors: sample.inspector,
    mailbox: sample.mail,
    'blocked-attendees': sample.blocked,
    connections: sample.connection,
  }
  const values: Record<string, string | number | undefined> = {
    id: ids[resource],
    page: sample.page.slug,
    slug: sample.meetingType.slug,
    external_id: sample.externalId,
    time_off: sample.timeOff,
    meeting_type: sample.meetingType.id,
    calendar: sample.calendar,
    token: sample.inspectorToken,
    name: sample.tag,
    email: `guest-${sample.tag}@example.com`,
  }
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]))
}
