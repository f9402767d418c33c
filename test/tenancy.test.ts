import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { manualClock } from '../src/platform/clock.ts'
import { migrate } from '../src/platform/migrations.ts'
import { createTestOrganization, openTestApp, type TestApp } from './support/app.ts'
import { eachDatabase } from './support/databases.ts'
import { exampleBody } from './support/example-bodies.ts'
import { fillPath, listRoutes, type Route, requiredQuery } from './support/openapi-routes.ts'
import { addressOf, createSampleOrganization, type SampleOrganization } from './support/sample-organization.ts'

/** The time in these tests, which is before the dates in their bodies. */
const now = Date.parse('2027-01-15T12:00:00Z')
/** Reads that are recorded in the audit log: exports, and secrets, which also need a session. */
const NOT_READ = /\/(export|secret)$/

/** Routes whose response is the same for every organization. */
const CATALOGUES = new Set(['/api/v1/activity-types'])

eachDatabase((open) => {
  let app: TestApp
  let own: SampleOrganization
  let foreign: SampleOrganization
  let foreignKey: string
  let routes: Route[]

  before(async () => {
    const database = await open()
    await migrate(database)
    const clock = manualClock(now)
    app = await openTestApp(database, { clock })
    foreignKey = (await createTestOrganization({ database, clock })).apiKey
    own = await createSampleOrganization(app.api, { mark: 'quince', now })
    foreign = await createSampleOrganization(askAsForeigner, { mark: 'medlar', now })
    routes = (await listRoutes(app)).filter((route) => route.path.startsWith('/api/v1/') && !route.isStream)
  })
  after(() => app?.stop())

  const askAsForeigner = (method: string, path: string, body?: unknown) =>
    app.api(method, path, body, { authorization: `Bearer ${foreignKey}` })

  /** Returns a route's path with the ids from `sample` and its required query. */
  const urlOf = (route: Route, sample: SampleOrganization) =>
    fillPath(route.path, addressOf(route.path, sample)) + requiredQuery(route)

  const bodyOf = (route: Route, sample: SampleOrganization) => route.body && exampleBody(route, route.body, sample)
  const isPrivate = ({ path }: Route) => !path.startsWith('/api/v1/public/') && !CATALOGUES.has(path)
  const lists = () => routes.filter((route) => route.method === 'GET' && isPrivate(route) && !route.path.includes('{'))

  /** All data that an organization can read, except reads that are recorded in the audit log. */
  async function readEverything(sample: SampleOrganization, ask: typeof askAsForeigner): Promise<string[]> {
    const reads = routes.filter((route) => route.method === 'GET' && isPrivate(route) && !NOT_READ.test(route.path))
    const texts: string[] = []
    for (const route of reads) {
      const url = urlOf(route, sample)
      const { text, status } = await ask('GET', url)
      assert.equal(status, 200, `${url}: ${text}`)
      texts.push(`${url} ${text}`)
    }
    return texts
  }

  describe('an organization', () => {
    test("cannot reach another organization's data through any route", async () => {
      const before = await readEverything(own, app.api)
      const withKey = routes.filter((route) => isPrivate(route) && !route.path.endsWith('/secret'))
      for (const route of withKey.filter(({ path }) => path.includes('{'))) {
        const url = urlOf(route, own)
        const answer = await askAsForeigner(route.method, url, bodyOf(route, foreign))
        assert.deepEqual(
          [answer.status, answer.body?.code],
          [404, 'not_found'],
          `${route.method} ${url}: ${answer.text}`,
        )
      }
      assert.deepEqual(await readEverything(own, app.api), before)
    })

    test("cannot see another organization's data in any list, whatever the filter", async () => {
      const filters = [
        '',
        'limit=200',
        `meeting_type=${own.meetingType.id}`,
        `host=${own.member}`,
        `meeting=${own.meeting}`,
        `tag=${own.tag}`,
        'attendee_email=guest-quince@example.com',
      ]
      for (const route of lists())
        for (const filter of filters) {
          const { text } = await askAsForeigner('GET', `${route.path}?${filter}`)
          assert.ok(!/quince/.test(text), `${route.path}?${filter}: ${text.slice(0, 500)}`)
        }
    })

    test("cannot see more with another organization's cursor", async () => {
      for (const route of lists()) {
        const { body } = await app.api('GET', `${route.path}?limit=1`)
        if (typeof body?.next_cursor !== 'string') continue
        const { status, text } = await askAsForeigner('GET', `${route.path}?limit=200&cursor=${body.next_cursor}`)
        assert.ok(status < 500 && !/quince/.test(text), `${route.path}: ${text.slice(0, 500)}`)
      }
    })

    test("cannot reference another organization's data in any body", async () => {
      const references: Record<string, unknown> = {
        member: own.member,
        schedule: own.schedule,
        hosts: [own.member],
        meeting_types: [own.meetingType.id],
        meeting_type: own.meetingType.id,
        host: own.member,
      }
      const tried: string[] = []
      for (const route of routes.filter(isPrivate))
        for (const name of Object.keys(references).filter((name) => route.body?.properties?.[name])) {
          const body = { ...(bodyOf(route, foreign) as object), [name]: references[name] }
          const answer = await askAsForeigner(route.method, urlOf(route, foreign), body)
          const description = `${route.method} ${route.path} ${name}: ${answer.text}`
          assert.equal(answer.status, 422, description)
          assert.ok(
            answer.body.errors?.some((error: { path: string }) => error.path.startsWith(name)),
            description,
          )
          tried.push(`${route.method} ${name}`)
        }
      assert.ok(tried.length >= 8, tried.join(', '))
    })

    test('can book only with its own hosts on its own pages', async () => {
      const url = (page: SampleOrganization, type: SampleOrganization) =>
        `/api/v1/public/pages/${page.page.slug}/meeting-types/${type.meetingType.slug}`
      const anonymous = { authorization: null }
      assert.equal((await app.api('GET', url(own, foreign), undefined, anonymous)).status, 404)
      const query = `from=2027-03-01&to=2027-03-02&timezone=UTC&host=${foreign.member}`
      assert.equal((await app.api('GET', `${url(own, own)}/slots?${query}`, undefined, anonymous)).status, 422)
    })

    test('gets its own response for an Idempotency-Key that another organization used', async () => {
      const headers = { 'idempotency-key': 'the-same-key' }
      const body = { name: 'Tag of both' }
      const mine = await app.api('POST', '/api/v1/tags', body, headers)
      const theirs = await app.api('POST', '/api/v1/tags', body, { ...headers, authorization: `Bearer ${foreignKey}` })
      assert.deepEqual([mine.status, theirs.status], [201, 201])
      assert.notEqual(mine.body.id, theirs.body.id)
    })
  })

  describe('without a key', () => {
    test('only public routes can be reached', async () => {
      for (const route of routes.filter(isPrivate))
        for (const authorization of [null, 'Bearer bb_0123456789012345678901234567890123456789012', 'Basic YTpi']) {
          const answer = await app.api(route.method, urlOf(route, own), bodyOf(route, own), { authorization })
          assert.equal(answer.status, 401, `${route.method} ${route.path}: ${answer.text}`)
        }
    })

    test("no public JSON response contains a member's email address or another attendee's link", async () => {
      const host = 'quince@example.com'
      for (const route of routes.filter((route) => route.method === 'GET' && !isPrivate(route))) {
        if (!/pages|attendees/.test(route.path)) continue
        const { text } = await app.api('GET', urlOf(route, own), undefined, { authorization: null })
        assert.ok(!text.includes(`"${host}"`), `${route.path}: ${text.slice(0, 500)}`)
      }
    })
  })
})
