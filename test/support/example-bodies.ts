import type { JsonSchema, Route } from './openapi-routes.ts'
import type { SampleOrganization } from './sample-organization.ts'

let number = 0

/** Returns the body with another slug and other email addresses, so that it does not conflict with resources created later. */
export function freshen(body: unknown): unknown {
  const fresh = { ...(body as Record<string, unknown>) }
  if ('slug' in fresh) fresh.slug = `fresh-${++number}`
  if ('email' in fresh) fresh.email = `fresh-${++number}@example.com`
  if ('attendee' in fresh) fresh.attendee = { ...(fresh.attendee as object), email: `fresh-${++number}@example.com` }
  return fresh
}

/** Returns a body that the route accepts. Every field is filled in, based on its name if the name says more than the type. */
export function exampleBody(route: Route, schema: JsonSchema, sample: SampleOrganization): unknown {
  const examples: Record<string, unknown> = {
    ...exampleFields(sample),
    ...(route.path.endsWith('/meetings') ? { host: null, location: null } : {}),
    ...(route.path.endsWith('/time-off') ? { from: '2027-03-01', to: '2027-03-02' } : {}),
    ...(/webhooks|inspectors|connections/.test(route.path) ? { url: 'http://127.0.0.1:65535/' } : {}),
    ...(route.path.endsWith('/authorize') ? { provider: 'google' } : {}),
  }
  // If there are several alternatives, the first one is filled in.
  const { properties = {} } = schema.oneOf?.[0] ?? schema.anyOf?.[0] ?? schema
  const names = Object.keys(properties)
  return Object.fromEntries(names.flatMap((name) => (name in examples ? [[name, examples[name]]] : [])))
}

function exampleFields(sample: SampleOrganization): Record<string, unknown> {
  const start = '2027-03-01T08:00:00Z'
  return {
    name: 'Example',
    description: 'An example',
    slug: `example-${++number}`,
    email: `example-${++number}@example.com`,
    first_name: 'First',
    last_name: 'Last',
    timezone: 'Europe/Berlin',
    role: 'member',
    limits: { meetings_per_day: 3, meetings_per_week: null, minutes_per_day: 60, minutes_per_week: 600 },
    member: sample.member,
    provider: 'ics',
    reads: true,
    meetings: [sample.meeting],
    decision: 'restore',
    tentative_blocks: true,
    all_day_blocks: true,
    default: true,
    weekly: [{ day: 'mo', from: '09:00', to: '17:00' }],
    overrides: [{ date: '2027-03-01', hours: [{ from: '09:00', to: '24:00' }] }],
    kind: 'group',
    duration_minutes: 30,
    location_type: 'place',
    location: 'Here',
    locked_timezone: 'Europe/Berlin',
    hosts: [{ member: sample.member, priority: 1 }],
    assignment: 'fixed',
    seats: 5,
    approval: 'manual',
    schedule: sample.schedule,
    buffer_before_minutes: 5,
    buffer_after_minutes: 5,
    minimum_notice_minutes: 60,
    booking_window_days: 60,
    booking_from: '2027-01-01',
    booking_until: '2027-12-31',
    start_increment_minutes: 15,
    daily_limit: 4,
    upcoming_limit_per_attendee: 5,
    fields: [
      { name: 'Topic', field_type: 'choice', help_text: 'Why?', required: true, choices: ['A', 'B'], visible: true },
    ],
    reminders: [60],
    visibility: 'public',
    cancellation: { allowed: true, notice_minutes: 60 },
    rescheduling: { allowed: true, notice_minutes: 60 },
    redirect_url: 'https://example.com/thanks',
    meeting_types: [sample.meetingType.id],
    meeting_type: sample.meetingType.id,
    brand_color: '#336699',
    logo_url: 'https://example.com/logo.svg',
    value: `blocked-${++number}.example`,
    start,
    attendee: { first_name: 'First', last_name: 'Last', email: `guest-${++number}@example.com`, timezone: 'UTC' },
    field_submissions: [{ name: sample.tag, value: 'other' }],
    utm_source: 'test',
    message: 'Hello',
    reason: 'Away',
    from: start,
    to: '2027-03-01T09:00:00Z',
    actions: ['Meeting.scheduled'],
    action: 'Meeting.scheduled',
    headers: { 'x-example': 'value' },
    ordering: 'none',
    concurrency: 4,
    rate_limit_per_second: 10,
    state: 'paused',
    since: '2027-01-01T00:00:00Z',
    until: '2027-01-02T00:00:00Z',
    only: 'failed',
    answer_status: 200,
    token: 'no-token',
    organization_name: 'Example',
    password: 'correct horse battery',
  }
}
