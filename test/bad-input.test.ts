import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { errors } from '../src/errors.ts'
import { manualClock } from '../src/platform/clock.ts'
import { migrate } from '../src/platform/migrations.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { badTexts, badValues, placesIn, withValueAt } from './support/bad-values.ts'
import { eachDatabase } from './support/databases.ts'
import { exampleBody, freshen } from './support/example-bodies.ts'
import { fillPath, listRoutes, type Route, requiredQuery } from './support/openapi-routes.ts'
import { addressOf, createSampleOrganization, type SampleOrganization } from './support/sample-organization.ts'

/** The time in these tests, which is before the dates in their bodies. */
const now = Date.parse('2027-01-15T12:00:00Z')

/** A response and the request that it belongs to. */
interface Sent {
  request: string
  status: number
  type: string
  text: string
}

eachDatabase((open) => {
  let app: TestApp
  let sample: SampleOrganization
  let routes: Route[]

  before(async () => {
    const database = await open()
    await migrate(database)
    app = await openTestApp(database, { clock: manualClock(now) })
    sample = await createSampleOrganization(app.api, { mark: 'own', now })
    routes = (await listRoutes(app)).filter((route) => route.path.startsWith('/api/v1/') && !route.isStream)
  })
  after(() => app?.stop())

  /** The routes that accept a body, each with a valid body. Routes that end a meeting or change a setting come last. */
  const withBodies = () =>
    routes
      .toSorted((one, other) => harmOf(one) - harmOf(other))
      .flatMap((route) =>
        route.body ? [{ route, url: urlOf(route), body: exampleBody(route, route.body, sample) }] : [],
      )

  const urlOf = (route: Route) => fillPath(route.path, addressOf(route.path, sample))

  async function send(method: string, url: string, more: Partial<InjectOptions> = {}): Promise<Sent> {
    const headers = { authorization: `Bearer ${app.apiKey}`, 'content-type': 'application/json', ...more.headers }
    const response = await app.bookbell.app.inject({ ...more, method: method as 'GET', url, headers })
    const request = `${method} ${url.slice(0, 200)} ${String(more.payload ?? '').slice(0, 300)}`
    const type = String(response.headers['content-type'] ?? '')
    return { request, status: response.statusCode, type, text: response.body.slice(0, 2_000) }
  }

  describe('the API', () => {
    test('lists routes of every feature', () => {
      assert.ok(routes.length > 40, `found ${routes.length}`)
      assert.ok(withBodies().length > 20)
    })

    test('refuses a body that is not JSON', async () => {
      for (const { route, url } of withBodies())
        for (const payload of ['{', '{"a":}', 'a=1', '[1,]', '\u0000', '{"a":"\n"}', '"\\ud8"', 'NaN', '{}{}'])
          refused(await send(route.method, url, { payload }), 400)
    })

    test('refuses a body that is not an object', async () => {
      for (const { route, url } of withBodies())
        for (const payload of ['[]', '"text"', '1', 'true', 'null', '[{}]', '""', 'false', '0'])
          refused(await send(route.method, url, { payload }))
    })

    test('refuses a content type other than JSON', async () => {
      for (const { route, url } of withBodies())
        for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense'])
          refused(await send(route.method, url, { payload: '{}', headers: { 'content-type': type } }))
    })

    test('refuses a body of a megabyte', async () => {
      const payload = JSON.stringify({ name: 'x'.repeat(1_048_576) })
      for (const { route, url } of withBodies()) refused(await send(route.method, url, { payload }), 413)
    })

    test('refuses an unknown field anywhere in a body', async () => {
      for (const { route, url, body } of withBodies()) {
        for (const place of placesIn(body).filter((at) => isPlainObject(valueAt(body, at)))) {
          if (place.includes('headers')) continue // The caller chooses the names of a webhook's custom headers.
          const unknown = withValueAt(body, [...place, 'no_such_field'], 1)
          refused(await send(route.method, url, { payload: JSON.stringify(unknown) }))
        }
      }
    })

    test('handles any value of a path parameter', async () => {
      for (const route of routes) {
        const values = addressOf(route.path, sample)
        for (const { name } of route.parameters.filter((parameter) => parameter.in === 'path'))
          for (const text of badTexts.filter(Boolean)) {
            const url = fillPath(route.path, { ...values, [name]: 'PLACE' }).replace('PLACE', text)
            // A name that callers choose, such as a tag's name, may be valid.
            if (name === 'name') answered(await send(route.method, url, { payload: '{}' }))
            else refused(await send(route.method, url, { payload: '{}' }))
          }
      }
    })

    test('handles any value of a query parameter', async () => {
      for (const route of routes.filter(({ method }) => method === 'GET')) {
        const known = { from: '2027-03-01', to: '2027-03-02', timezone: 'UTC', start: '2027-03-01T08:00:00Z' }
        const queries = route.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
        const base = new URLSearchParams(Object.entries(known).filter(([name]) => queries.includes(name)))
        for (const name of queries)
          for (const text of badTexts) {
            base.delete(name)
            answered(await send('GET', `${urlOf(route)}?${base}&${name}=${text}`))
          }
      }
    })

    test('handles any value of a header', async () => {
      const many = ['', ' ', 'x'.repeat(10_000), 'ünïcode', '"; drop table members', '\u0007']
      for (const { url } of withBodies().filter(({ route }) => route.method === 'POST'))
        for (const key of many)
          answered(await send('POST', url, { payload: '[]', headers: { 'idempotency-key': key } }))
      for (const authorization of [...many, 'Bearer', 'Bearer bb_', 'Basic YTpi', `Bearer ${'x'.repeat(9_000)}`])
        refused(await send('GET', '/api/v1/members', { headers: { authorization } }), 401)
    })

    test('handles any value anywhere in a body', async () => {
      for (const { route, url, body } of withBodies())
        for (const place of placesIn(body)) {
          const bodies = badValues.map((value) => JSON.stringify(withValueAt(freshen(body), place, value)))
          const answers = await Promise.all(bodies.map((payload) => send(route.method, url, { payload })))
          for (const answer of answers) answered(answer)
        }
    })

    test('still works after all of that', async () => {
      for (const route of routes.filter(({ method, path }) => method === 'GET' && !path.includes('{')))
        assert.equal((await app.api('GET', route.path + requiredQuery(route))).status, 200, route.path)
    })
  })
})

/** Expects success, or a problem document. */
function answered(answer: Sent): void {
  if (answer.status >= 200 && answer.status < 300) return
  refused(answer)
}

/** Expects a 4xx problem document (RFC 9457) with a known code, and with this status if one is given. */
function refused(answer: Sent, status?: number): void {
  const description = `${answer.request} -> ${answer.status} ${answer.text}`
  assert.ok(answer.status >= 400 && answer.status < 500, description)
  if (status !== undefined) assert.equal(answer.status, status, description)
  assert.match(answer.type, /^application\/problem\+json/, description)
  const problem = JSON.parse(answer.text.length < 2_000 ? answer.text : '{}')
  if (answer.text.length >= 2_000) return
  assert.ok(problem.code in errors, description)
  assert.equal(problem.status, answer.status, description)
  assert.ok(problem.title && problem.detail && problem.type, description)
}

function harmOf({ method, path }: Route): number {
  if (method === 'PATCH') return 2
  return /\/(decline|cancel)$/.test(path) ? 1 : 0
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueAt(value: unknown, place: (string | number)[]): unknown {
  return place.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], value)
}
