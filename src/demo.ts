import { randomBytes } from 'node:crypto'
import { accept } from './errors.ts'
import type { RunningServer } from './main.ts'
import { createOrganization } from './organizations/service.ts'
import { systemClock } from './platform/clock.ts'
import { SAMPLE_CALENDAR_PATH } from './sample-calendar.ts'

/** The URLs and credentials of the sample organization. */
export interface Demo {
  /** The booking page. */
  bookingUrl: string
  /** The page that shows the organization's webhooks as they arrive. */
  inspectorUrl: string
  /** The page that explains why a time cannot be booked, such as a time when the host's calendar is busy. */
  whyNotUrl: string
  /** The API reference. */
  docsUrl: string
  adminUrl: string
  email: string
  password: string
  apiKey: string
}

const WORKDAYS = ['mo', 'tu', 'we', 'th', 'fr']
const EMAIL = 'june@example.com'

/**
 * Fills an empty server with a sample organization: a host with weekly hours and a connected calendar, a page with three meeting
 * types, and a webhook that points to the built-in inspector. Everything except the organization is created through the API, as a user would create it.
 */
export async function fillDemo({ bookbell, database, url }: RunningServer): Promise<Demo> {
  const password = randomBytes(9).toString('base64url')
  const timezone = demoTimezone()
  const owner = { firstName: 'June', lastName: 'Park', email: EMAIL, password, timezone }
  const created = accept(
    await createOrganization({ database, clock: systemClock }, { organizationName: 'Juniper Studio', ...owner }),
  )
  const call = callWith(bookbell.app, created.apiKey)
  const create: Create = (resource, body) => call('POST', resource, body)
  const page = await createPage(create, { host: created.member.id, timezone })
  await connectCalendar(call, { host: created.member.id, url })
  const inspector = await create('inspectors', { name: 'Demo' })
  await create('webhooks', { url: inspector.url, description: 'The inspector of this demo' })
  return {
    bookingUrl: `${url}/${page}/intro`,
    inspectorUrl: String(inspector.page_url),
    whyNotUrl: `${url}/admin/availability?tab=why-not`,
    docsUrl: `${url}/api/docs`,
    adminUrl: `${url}/admin`,
    email: EMAIL,
    password,
    apiKey: created.apiKey,
  }
}

/** The time zone of the machine. */
export function demoTimezone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Calls the API, and returns the body of its response. */
type Call = (method: 'POST' | 'DELETE', path: string, body?: object) => Promise<Record<string, unknown>>

/** Creates a resource through the API and returns it. */
type Create = (resource: string, body: object) => Promise<Record<string, unknown>>

function callWith({ inject }: RunningServer['bookbell']['app'], apiKey: string): Call {
  return async (method, path, payload) => {
    const headers = { authorization: `Bearer ${apiKey}` }
    const answer = await inject({ method, url: `/api/v1/${path}`, headers, ...(payload ? { payload } : {}) })
    if (answer.statusCode >= 300) throw new Error(`The demo could not ${method} ${path}: ${answer.body}`)
    return answer.body === '' ? {} : answer.json()
  }
}

/**
 * Connects the host to the sample calendar that this server offers, and reads it. If the server cannot reach its own URL, for example
 * behind a proxy, there is no connection, because the host could not be booked.
 */
async function connectCalendar(call: Call, { host, url }: { host: number; url: string }): Promise<void> {
  const file = url + SAMPLE_CALENDAR_PATH
  const { id } = await call('POST', 'connections', { provider: 'ics', member: host, name: 'Private', url: file })
  const { state } = await call('POST', `connections/${id}/sync`, {})
  if (state !== 'connected') await call('DELETE', `connections/${id}`)
}

/** Creates a page with three meeting types. Returns its slug. */
async function createPage(create: Create, { host, timezone }: { host: number; timezone: string }): Promise<string> {
  const weekly = WORKDAYS.flatMap((day) => [
    { day, from: '09:00', to: '12:00' },
    { day, from: '13:00', to: '17:00' },
  ])
  await create('schedules', { member: host, name: 'Studio hours', timezone, weekly })
  const types: unknown[] = []
  for (const type of meetingTypes(host)) types.push((await create('meeting-types', type)).id)
  const description = 'Interiors that fit the people who live in them. What would you like to talk about?'
  const { slug } = await create('pages', { name: 'Juniper Studio', slug: 'juniper', description, meeting_types: types })
  return String(slug)
}

function meetingTypes(host: number): object[] {
  const question = { name: 'What would you like to talk about?', field_type: 'multitext' }
  return [
    {
      name: 'Intro call',
      slug: 'intro',
      description: 'Half an hour to get to know each other.',
      duration_minutes: 30,
      hosts: [host],
      location_type: 'jitsi',
      minimum_notice_minutes: 60,
      fields: [question],
      reminders: [60],
    },
    {
      name: 'Home visit',
      slug: 'home-visit',
      description: 'We come and see your rooms. June confirms each visit personally.',
      duration_minutes: 90,
      hosts: [host],
      location_type: 'place_user',
      approval: 'manual',
      minimum_notice_minutes: 24 * 60,
      buffer_before_minutes: 30,
      buffer_after_minutes: 30,
    },
    {
      name: 'Open studio',
      slug: 'open-studio',
      description: 'See what we are working on, with up to eight people.',
      kind: 'group',
      seats: 8,
      duration_minutes: 60,
      hosts: [host],
      location_type: 'place',
      location: '12 Harbour Street, second floor',
    },
  ]
}
