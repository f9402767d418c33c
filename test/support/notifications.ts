import assert from 'node:assert/strict'
import { findMeetingSnapshot, remindAttendee } from '../../src/meetings/service.ts'
import { createMailJob } from '../../src/notifications/mail-job.ts'
import { createReminderJob, type ReminderDeps } from '../../src/notifications/reminder-job.ts'
import { type ManualClock, manualClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { createMailer, type Patience } from '../../src/platform/mailer.ts'
import { openTestApp, type TestApp } from './app.ts'

/** A Monday morning: 9:00 in Berlin. */
export const now = Date.parse('2027-03-01T08:00:00Z')
/** A week later, 10:00 in Berlin. */
export const start = '2027-03-08T09:00:00Z'

export type Office = TestApp & { clock: ManualClock; slug: (type: object) => Promise<string> }

/** The program with its clock at `now`, without workers. `slug` creates a meeting type that the owner hosts, and returns its slug. */
export async function openOffice(database: Database, env: Record<string, string> = {}): Promise<Office> {
  const clock = manualClock(now)
  const app = await openTestApp(database, { clock, env: { BOOKBELL_URL: 'https://book.example.com', ...env } })
  const { body } = await app.api('GET', '/api/v1/members')
  const member = body.data[0].id
  const weekly = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].map((day) => ({ day, from: '00:00', to: '24:00' }))
  const { id: schedule } = await make(app, 'schedules', { member, name: 'Always', timezone: 'Europe/Berlin', weekly })
  await make(app, 'pages', { name: 'Team', slug: 'team' })
  let types = 0
  const slug = async (type: object) => {
    const made = `type-${++types}`
    const place = { location_type: 'place', location: '123 Address Street' }
    const basics = { name: 'Intro', slug: made, kind: 'one_on_one', duration_minutes: 30, hosts: [member], schedule }
    const { id } = await make(app, 'meeting-types', { ...basics, ...place, ...type })
    const page = (await app.api('GET', '/api/v1/pages')).body.data[0]
    const listed = await app.api('PATCH', `/api/v1/pages/${page.id}`, { meeting_types: [...page.meeting_types, id] })
    assert.equal(listed.status, 200, listed.text)
    return made
  }
  return { ...app, clock, slug }
}

/** The part of a booking's response that emails need. */
export interface Booked {
  status: number
  external_id: string
  meeting: { id: number; start: string }
}

let people = 0

/** Books as a new person with a new address. */
export async function book(
  { api }: TestApp,
  slug: string,
  changes: { start?: string; attendee?: object; [field: string]: unknown } = {},
): Promise<Booked & { email: string }> {
  const email = `guest-${++people}@example.com`
  const attendee = { first_name: 'Ben', last_name: 'Booker', email, timezone: 'America/New_York', ...changes.attendee }
  const answer = await api('POST', `/api/v1/public/pages/team/meeting-types/${slug}/meetings`, {
    start,
    ...changes,
    attendee,
  })
  assert.equal(answer.status, 201, answer.text)
  return { ...answer.body, email: attendee.email, status: answer.status }
}

async function make({ api }: TestApp, resource: string, body: object): Promise<{ id: number }> {
  const answer = await api('POST', `/api/v1/${resource}`, body)
  assert.equal(answer.status, 201, `${resource}: ${answer.text}`)
  return answer.body
}

export interface Post {
  /** Processes all emails that are due. */
  sendDue: (signal?: AbortSignal) => Promise<void>
  /** Processes the reminders that are due, then their emails. */
  remindDue: () => Promise<void>
  deps: ReminderDeps
  close: () => void
}

const unhurried = new AbortController().signal

/** A worker process's work, which the test triggers. Without `smtpUrl`, the built-in mailbox is used. */
export async function openPost(
  office: Office,
  { smtpUrl, patience, ...rest }: { smtpUrl?: string; patience?: Patience } & Partial<ReminderDeps> = {},
): Promise<Post> {
  const { database, secrets, clock, url } = office
  const logger = createLogger('silent')
  const mailer = await createMailer({ smtpUrl, mailFrom: undefined, url, ...(patience ? { patience } : {}) })
  const remind: ReminderDeps['meetings']['remindAttendee'] = (tx, organization, told) =>
    remindAttendee(tx, { clock, url }, organization, told)
  const meetings = { findMeeting: findMeetingSnapshot, remindAttendee: remind }
  const deps: ReminderDeps = { database, clock, logger, mailer, secrets, url, meetings, ...rest }
  const mail = createMailJob(deps)
  const reminders = createReminderJob(deps)
  const repeat = async (job: typeof mail, signal = unhurried) => {
    while ((await job.run(signal)) === 'more');
  }
  return {
    deps,
    sendDue: (signal) => repeat(mail, signal),
    async remindDue() {
      await repeat(reminders)
      await repeat(mail)
    },
    close: () => mailer.close(),
  }
}
