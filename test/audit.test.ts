import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RouteOptions } from 'fastify'
import { manualClock } from '../src/platform/clock.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { eachDatabase } from './support/databases.ts'
import { exampleBody, freshen } from './support/example-bodies.ts'
import { fillPath, listRoutes, requiredQuery } from './support/openapi-routes.ts'
import { addressOf, createSampleOrganization, type SampleOrganization } from './support/sample-organization.ts'

const now = Date.parse('2027-01-15T12:00:00Z')

/** Actions that need a session, an emailed link or a file, or that delete the organization. Other tests cover them. */
const OF_PEOPLE =
  /^\/api\/(auth|account|v1\/public\/invitations|v1\/organization|v1\/members\/:id\/(photo|calendar-feed)|v1\/webhooks\/:id\/secret|v1\/connections\/callback)\b/

/** Bodies that the examples do not cover. Only changes are recorded, so something must change. */
const bodiesOf = (sample: SampleOrganization): Record<string, object> => ({
  'PATCH /api/v1/tags/{id}': { name: 'renamed' },
  'PATCH /api/v1/inspectors/{id}': { name: 'renamed' },
  'POST /api/v1/people/{email}/erase': {},
  'POST /api/v1/people/cancel-upcoming': { value: `guest-${sample.tag}@example.com` },
  'POST /api/v1/connections': { provider: 'ics', member: sample.member, url: 'http://127.0.0.1:65535/own.ics' },
  'PATCH /api/v1/connections/{id}': { name: 'renamed' },
  'PATCH /api/v1/connections/{id}/calendars/{calendar}': { reads: false },
  'POST /api/v1/blocked-attendees': { value: 'blocked.example.com' },
})

const CHANGING = ['POST', 'PATCH', 'PUT', 'DELETE']
const methodsOf = ({ method }: RouteOptions) => [method].flat().map(String)
/** Creates and changes come before deletions, which remove what the others need. */
const rankOf = ({ method, path }: { method: string; path: string }) =>
  method === 'DELETE' ? (path.includes('members/{id}') ? 3 : 2) : /\/(erase|cancel-upcoming)$/.test(path) ? 4 : 1

eachDatabase((open) => {
  let app: TestApp
  before(async () => {
    app = await openTestApp(await open(), { clock: manualClock(now) })
  })
  after(() => app?.stop())

  test('every route that makes changes names the action that it records, or why it does not record one', () => {
    const silent = app.bookbell.routes.filter(
      (route) => methodsOf(route).some((method) => CHANGING.includes(method)) && route.config?.audit === undefined,
    )
    assert.deepEqual(
      silent.map((route) => `${methodsOf(route)} ${route.url}: config.audit is missing`),
      [],
    )
  })

  test('every such action is recorded, with the key that did it and without secrets', async () => {
    const documented = new Map((await listRoutes(app)).map((route) => [`${route.method} ${route.path}`, route]))
    const audited = app.bookbell.routes.flatMap((route) => {
      const action = route.config?.audit
      const found = documented.get(`${methodsOf(route)[0]} ${route.url.replace(/:(\w+)/g, '{$1}')}`)
      if (
        methodsOf(route)[0] === 'HEAD' ||
        typeof action !== 'string' ||
        OF_PEOPLE.test(route.url) ||
        route.url.endsWith('/setup')
      )
        return []
      assert.ok(found, `${route.url} is not documented`)
      return [{ action, ...found }]
    })
    assert.ok(audited.length >= 30, String(audited.length))
    const secrets: string[] = []
    let samples = 0
    let sample = await createSampleOrganization(app.api, { mark: 'mark', now })
    for (const { action, ...route } of audited.sort((a, b) => rankOf(a) - rankOf(b))) {
      const name = `${route.method} ${route.path}`
      // One route deletes what the next route needs.
      if (rankOf(route) > 1) sample = await createSampleOrganization(app.api, { mark: `mark${++samples}`, now })
      await makeFree(name, sample)
      const url = fillPath(route.path, addressOf(route.path, sample)) + requiredQuery(route)
      const body = route.body && (bodiesOf(sample)[name] ?? freshen(exampleBody(route, route.body, sample)))
      const answer = await app.api(route.method, url, body)
      assert.ok(answer.status < 300, `${name}: ${answer.text}`)
      const { key, secret } = answer.body ?? {}
      secrets.push(...[key, secret].filter((text) => typeof text === 'string'))
      const [entry] = (await app.api('GET', `/api/v1/audit?action=${action}&limit=1`)).body.data
      assert.equal(entry?.actor.kind, 'api_key', `${name} records no ${action}`)
      assert.equal(entry.created_at, (await app.api('GET', '/api/v1/audit?limit=1')).body.data[0].created_at, name)
    }
    const { text } = await app.api('GET', '/api/v1/audit.csv')
    assert.ok(secrets.length >= 3, String(secrets.length))
    for (const secret of secrets) assert.ok(!text.includes(secret))
  })

  /** Removes everything that would prevent a sample from being changed, deleted or erased. */
  async function makeFree(name: string, sample: SampleOrganization) {
    const cancel = () => app.api('POST', `/api/v1/meetings/${sample.meeting}/cancel`)
    if (name.includes('tags/{id}')) sample.tagId = (await app.api('POST', '/api/v1/tags', { name: 'Unused' })).body.id
    if (name.endsWith('/erase')) await cancel()
    if (!/^DELETE .*(members|schedules)\/\{id\}$/.test(name)) return
    await cancel()
    await app.api('DELETE', `/api/v1/meeting-types/${sample.meetingType.id}`)
  }
})
