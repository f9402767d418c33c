import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { manualClock } from '../src/platform/clock.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { eachDatabase } from './support/databases.ts'
import { openStream } from './support/event-stream.ts'
import { exampleBody } from './support/example-bodies.ts'
import { fillPath, listRoutes, type Route, requiredQuery } from './support/openapi-routes.ts'
import { addressOf, createSampleOrganization, type SampleOrganization } from './support/sample-organization.ts'
import { type SignedIn, signInAs } from './support/sign-in.ts'

const now = Date.parse('2027-01-15T12:00:00Z')
/** Reads that are recorded in the audit log: exports, and secrets, which also need a session. */
const NOT_READ = /\/(export|secret)$/

/** The data that every member of an organization can read: what can be booked and where, its tags and its name. */
const SHARED = /^\/api\/v1\/(me|organization|activity-types|meeting-types(\/\{id\})?|pages(\/\{id\})?|tags(\/\{id\})?)$/

/** The data that a manager can change for everyone: meetings and availability. Everything else is for admins. */
const HANDLED = /^\/api\/v1\/(meetings|attendees|schedules|connections|tags$|members\/\{id\}\/time-off)/

eachDatabase((open) => {
  let app: TestApp
  let member: SignedIn
  let manager: SignedIn
  /** Other members' data. Every text in it contains `quince`. */
  let others: SampleOrganization
  let routes: Route[]
  /** The member's data. The meeting comes later in the feed than the others' meeting. */
  const own = { meeting: 0, attendee: 0, schedule: 0, timeOff: 0, meetingType: 0 }

  before(async () => {
    app = await openTestApp(await open(), { clock: manualClock(now), listen: true })
    others = await createSampleOrganization(app.api, { mark: 'quince', now })
    member = await signInAs(app, 'member')
    manager = await signInAs(app, 'manager')
    Object.assign(own, await createOwn())
    routes = (await listRoutes(app)).filter(
      ({ path, isStream }) => path.startsWith('/api/v1/') && !path.startsWith('/api/v1/public/') && !isStream,
    )
  })
  after(() => app?.stop())

  async function createOwn() {
    const made = async (path: string, body: object, ask: SignedIn['ask'] = app.api) => {
      const answer = await ask('POST', `/api/v1/${path}`, body)
      assert.equal(answer.status, 201, answer.text)
      return answer.body
    }
    const hours = { name: 'Mine', timezone: 'Europe/Berlin', weekly: [{ day: 'mo', from: '09:00', to: '17:00' }] }
    const schedule = await made('schedules', { member: member.id, ...hours }, member.ask)
    const timeOff = await made(`members/${member.id}/time-off`, { from: '2027-04-01', to: '2027-04-02' }, member.ask)
    const type = { name: 'Plum', slug: 'plum', kind: 'one_on_one', duration_minutes: 30, location_type: 'jitsi' }
    const meetingType = await made('meeting-types', { ...type, hosts: [member.id] })
    const booking = { start: '2027-03-01T08:00:00Z', meeting_type: meetingType.id }
    const attendee = { first_name: 'Ada', last_name: 'Plum', email: 'ada@example.com', timezone: 'UTC' }
    const meeting = await made('meetings', { ...booking, attendee }, member.ask)
    return {
      meeting: meeting.id,
      attendee: meeting.attendees[0].id,
      schedule: schedule.id,
      timeOff: timeOff.id,
      meetingType: meetingType.id,
    }
  }

  const urlOf = (route: Route) => fillPath(route.path, addressOf(route.path, others)) + requiredQuery(route)

  const askFor = (who: SignedIn, route: Route) =>
    who.ask(route.method, urlOf(route), route.body && exampleBody(route, route.body, others))

  /** All data that an admin can read, except reads that are recorded in the audit log. */
  async function readEverything(): Promise<string[]> {
    const texts: string[] = []
    for (const route of routes.filter(({ method, path }) => method === 'GET' && !NOT_READ.test(path))) {
      const { text, status } = await app.api('GET', urlOf(route))
      assert.equal(status, 200, `${route.path}: ${text}`)
      texts.push(`${route.path} ${text}`)
    }
    return texts
  }

  describe('a member', () => {
    test("cannot reach other members' data by any route", async () => {
      const before = await readEverything()
      const refused: string[] = []
      for (const route of routes) {
        const isList = route.method === 'GET' && !route.path.includes('{')
        if (isList || (SHARED.test(route.path) && (route.method === 'GET' || route.path === '/api/v1/tags'))) continue
        const answer = await askFor(member, route)
        const description = `${route.method} ${route.path}: ${answer.status} ${answer.text}`
        // Other members' data is not found, whether it is read or changed. Settings are only for admins.
        const isMeeting = /^\/api\/v1\/(meetings|attendees)\/\{id\}/.test(route.path)
        assert.ok(isMeeting ? answer.status === 404 : [403, 404].includes(answer.status), description)
        assert.ok(!/quince/.test(answer.text), description)
        refused.push(description)
      }
      assert.ok(refused.length > 50, `${refused.length} routes were tried`)
      assert.deepEqual(await readEverything(), before)
    })

    test("cannot find other members' data in any list, whatever the filter", async () => {
      const filters = [
        '',
        'limit=200',
        'search=quince',
        'order=desc',
        `meeting_type=${others.meetingType.id}`,
        `host=${others.member}`,
        `meeting=${others.meeting}`,
        'tag=quince',
        'status=requested',
        'attendee_email=guest-quince@example.com',
      ]
      const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{') && !SHARED.test(path))
      for (const { path } of lists)
        for (const filter of filters) {
          const { status, text } = await member.ask('GET', `${path}?${filter}`)
          assert.ok(status === 200 || status === 403 || status === 422, `${path}?${filter}: ${text}`)
          assert.ok(!/quince/.test(text), `${path}?${filter}: ${text.slice(0, 500)}`)
        }
    })

    test('can follow only the activities of meetings that they host', async () => {
      const stream = await openStream(`${app.url}/api/v1/activities/stream?after=0`, {
        cookie: String(member.headers.cookie),
      })
      const messages = await stream.messages(2)
      stream.close()
      assert.deepEqual(
        messages.map(({ data }) => [data.action, (data.entity.meeting ?? data.entity).id]),
        [
          ['Meeting.scheduled', own.meeting],
          ['Attendee.scheduled', own.meeting],
        ],
      )
    })

    test('can read and change their own data', async () => {
      const { ask, id } = member
      const idsOf = async (path: string) => {
        const { body, text } = await ask('GET', `/api/v1/${path}`)
        assert.ok(body?.data, text)
        return body.data.map((row: { id: number }) => row.id)
      }
      assert.deepEqual(await idsOf('meetings'), [own.meeting])
      assert.deepEqual(await idsOf('members'), [id])
      assert.deepEqual(await idsOf('schedules'), [own.schedule])
      assert.deepEqual(await idsOf(`members/${id}/time-off`), [own.timeOff])
      const changes = [
        ['PUT', `meetings/${own.meeting}/tags/new`],
        ['POST', `meetings/${own.meeting}/reschedule`, { start: '2027-03-08T08:00:00Z' }],
        ['POST', `attendees/${own.attendee}/cancel`, {}],
        ['PATCH', `schedules/${own.schedule}`, { name: 'Other hours' }],
        ['PATCH', `members/${id}`, { limits: { meetings_per_day: 3 } }],
        ['GET', `meeting-types/${own.meetingType}/slots?from=2027-03-01&to=2027-03-02&timezone=UTC`],
      ] as const
      for (const [method, path, body] of changes) {
        const answer = await ask(method, `/api/v1/${path}`, body)
        assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`)
      }
    })

    test('can see why a time is not offered, but only for themselves', async () => {
      const path = `/api/v1/meeting-types/${own.meetingType}`
      const both = [member.id, others.member]
      await app.api('PATCH', path, { hosts: both, assignment: 'joint' })
      const { body } = await member.ask('GET', `${path}/explain?start=2027-03-01T08:00:00Z`)
      assert.deepEqual(
        body.hosts.map((host: { member: number }) => host.member),
        [member.id],
      )
      await app.api('PATCH', path, { hosts: [member.id] })
    })
  })

  describe('a manager', () => {
    test("can read everyone's meetings and availability", async () => {
      for (const route of routes.filter(({ method, path }) => method === 'GET' && HANDLED.test(path))) {
        const { status, text } = await askFor(manager, route)
        if (route.path.endsWith('/counts')) assert.equal(status, 200, text)
        else assert.deepEqual([status, /quince/.test(text)], [200, true], `${route.path}: ${text}`)
      }
    })

    test('cannot change any settings', async () => {
      const settings = routes.filter(({ method, path }) => method !== 'GET' && !HANDLED.test(path))
      assert.ok(settings.length > 25)
      for (const route of settings) {
        const { status, body, text } = await askFor(manager, route)
        assert.deepEqual([status, body?.code], [403, 'forbidden'], `${route.method} ${route.path}: ${text}`)
      }
    })

    test("can change everyone's meetings and availability", async () => {
      const changes = [
        ['PATCH', `schedules/${others.schedule}`, { name: 'quince, changed' }],
        ['POST', `members/${others.member}/time-off`, { from: '2027-04-01', to: '2027-04-02' }],
        ['PATCH', `members/${others.member}`, { limits: { meetings_per_day: 5 } }],
        ['POST', `attendees/${others.attendee}/approve`, {}],
        ['POST', `meetings/${others.meeting}/cancel`, { message: 'The room is flooded.' }],
      ] as const
      for (const [method, path, body] of changes) {
        const answer = await manager.ask(method, `/api/v1/${path}`, body)
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`)
      }
    })
  })
})
