import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'
import type { JsonResponse } from './server.ts'

/** A meeting type that can be booked around the clock, and the calls that people make to book it. */
export interface Bookable {
  /** The meeting type as the API returned it. */
  type: { id: number; slug: string; duration_minutes: number; [key: string]: unknown }
  page: string
  /** The members who host it. */
  hosts: number[]
  /** The URL where it is booked, without the last part. */
  url: string
  /** Books a start on the page. The fields in `body` replace those of a minimal request. */
  tryBook: (start: string, body?: Record<string, unknown>) => Promise<JsonResponse>
  /** Does the same, but the booking must succeed. Returns the booker's view. */
  book: (start: string, body?: Record<string, unknown>) => Promise<JsonResponse['body']>
}

let made = 0

/**
 * Creates a meeting type whose hosts work around the clock in UTC, on its own page.
 *
 * @param hosts how many members host it. The members are new, so that tests do not share a host's time
 */
export async function createBookable(
  app: Pick<TestApp, 'api'>,
  given: Record<string, unknown> = {},
  hosts = 1,
): Promise<Bookable> {
  const mark = `${process.pid}-${++made}`
  const members: number[] = []
  for (let index = 0; index < hosts; index++) members.push(await createHost(app, `host-${mark}-${index}@example.com`))
  const type = await create(app, '/api/v1/meeting-types', {
    name: 'Intro',
    slug: `intro-${mark}`,
    duration_minutes: 30,
    hosts: members,
    location_type: 'place',
    location: '123 Address Street',
    ...given,
  })
  const page = await create(app, '/api/v1/pages', { name: 'Team', slug: `team-${mark}`, meeting_types: [type.id] })
  const url = `/api/v1/public/pages/${page.slug}/meeting-types/${type.slug}`
  const tryBook: Bookable['tryBook'] = (start, body = {}) =>
    app.api('POST', `${url}/meetings`, { start, attendee: attendee(), ...body }, { authorization: null })
  const book: Bookable['book'] = async (start, body) => {
    const answer = await tryBook(start, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  return { type, page: page.slug, hosts: members, url, tryBook, book }
}

/** Creates a member who works around the clock in UTC, and returns the id. */
export async function createHost(app: Pick<TestApp, 'api'>, email: string): Promise<number> {
  const member = await create(app, '/api/v1/members', {
    email,
    first_name: 'Hanna',
    last_name: 'Host',
    timezone: 'UTC',
    role: 'member',
  })
  const weekly = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].map((day) => ({ day, from: '00:00', to: '24:00' }))
  await create(app, '/api/v1/schedules', { member: member.id, default: true, name: 'Always', timezone: 'UTC', weekly })
  return member.id
}

let people = 0

/** A person who books. Each call creates a new one unless the email address is given. */
export function attendee(email = `person-${++people}@example.com`) {
  return { first_name: 'Ada', last_name: 'Attendee', email, timezone: 'America/New_York' }
}

/** Creates a resource and returns it. Fails if it is not accepted. */
export async function create(app: Pick<TestApp, 'api'>, path: string, body: unknown): Promise<JsonResponse['body']> {
  const answer = await app.api('POST', path, body)
  assert.equal(answer.status, 201, answer.text)
  return answer.body
}

/** A meeting's activities so far, according to the feed: the action and, if it is about an attendee, which one. */
export async function historyOf(app: Pick<TestApp, 'api'>, meeting: number): Promise<string[]> {
  const { body } = await app.api('GET', `/api/v1/activities?meeting=${meeting}&limit=200`)
  return body.data.map(({ action, entity }: { action: string; entity: { type: string; id: number } }) =>
    entity.type === 'Attendee' ? `${action} ${entity.id}` : action,
  )
}
