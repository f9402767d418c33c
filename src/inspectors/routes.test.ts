import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { eachDatabase } from '../../test/support/databases.ts'
import { type OpenStream, openStream } from '../../test/support/event-stream.ts'
import type { OrganizationId } from '../access/gate.ts'
import { type ManualClock, manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { type App, createHttpServer } from '../platform/http-server.ts'
import { createLogger } from '../platform/log.ts'
import { addOrganization } from '../settings/service.ts'
import { registerInspectorRoutes } from './routes.ts'
import type { Inspector, InspectorRequest } from './schema.ts'
import { createInspector, deleteExpiredRequests } from './service.ts'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const day = 24 * 60 * 60 * 1000

eachDatabase((open) => {
  let database: Database
  let app: App
  let url: string
  let clock: ManualClock
  let organization: OrganizationId
  let other: OrganizationId
  const streams: OpenStream[] = []

  before(async () => {
    database = await open()
    clock = manualClock(Date.now())
    organization = await database.transaction((tx) => addOrganization(tx, { name: 'Ours', clock }))
    other = await database.transaction((tx) => addOrganization(tx, { name: 'Theirs', clock }))
    app = createHttpServer({ logger: createLogger('silent'), trustProxy: [], checkAnswers: true })
    app.addHook('onRequest', async (request) => {
      request.actor = {
        kind: 'api_key',
        organization,
        apiKeyId: 1,
        memberId: null,
        role: 'admin',
        name: 'Key',
        address: request.ip,
      }
    })
    // In this test, only inspectors in our organization are webhook targets. The webhook signs with the secret.
    const verifiersOf = async (owner: OrganizationId) => (owner === organization ? [secret] : [])
    // The port is known only after listening starts, but the URL is needed before that.
    registerInspectorRoutes(app, {
      database,
      clock,
      verifiersOf,
      get url() {
        return url
      },
    })
    url = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  after(async () => {
    for (const stream of streams) stream.close()
    await app.close()
  })

  async function create(input: object = {}): Promise<Inspector> {
    const response = await app.inject({ method: 'POST', url: '/api/v1/inspectors', payload: input })
    assert.equal(response.statusCode, 201, response.body)
    return response.json()
  }

  const token = (page: string) => page.split('/').at(-1)

  async function recorded(inspector: Inspector, query = ''): Promise<InspectorRequest[]> {
    const response = await app.inject(`/api/v1/public/inspect/${token(inspector.page_url)}/requests${query}`)
    assert.equal(response.statusCode, 200, response.body)
    return response.json().data
  }

  function sign(body: string, at = clock.now()): Record<string, string> {
    const when = new Date(at)
    return {
      'webhook-id': 'act_1',
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': new Webhook(secret).sign('act_1', when, body),
    }
  }

  async function watch(inspector: Inspector, query = ''): Promise<OpenStream> {
    const stream = await openStream(`${url}/api/v1/public/inspect/${token(inspector.page_url)}/stream${query}`)
    streams.push(stream)
    return stream
  }

  test('an inspector has one URL for requests and another for its page', async () => {
    const inspector = await create({ name: 'Demo' })
    assert.equal(inspector.answer_status, 200)
    assert.match(inspector.url, /^http:\/\/127\.0\.0\.1:\d+\/inspect\/in\/[\w-]{24}$/)
    assert.match(inspector.page_url, /^http:\/\/127\.0\.0\.1:\d+\/inspect\/[\w-]{24}$/)
    assert.notEqual(token(inspector.url), token(inspector.page_url))
    const list = await app.inject('/api/v1/inspectors')
    assert.deepEqual(
      list.json().data.find(({ id }: Inspector) => id === inspector.id),
      inspector,
    )
  })

  test('the inbound URL does not open the page, and the page does not accept requests', async () => {
    const inspector = await create()
    assert.equal((await app.inject(`/api/v1/public/inspect/${token(inspector.url)}/requests`)).statusCode, 404)
    assert.equal((await fetch(`${url}/inspect/in/${token(inspector.page_url)}`, { method: 'POST' })).status, 404)
    assert.equal((await app.inject('/api/v1/public/inspect/nothing/stream')).statusCode, 404)
  })

  test('any method, body and content type returns 200 and is recorded unchanged', async () => {
    const inspector = await create()
    const sent: [method: string, type: string | undefined, body: string | undefined][] = [
      ['POST', 'application/json', '{"broken": '],
      ['PUT', 'text/plain', 'Zoë 予定\r\n'],
      ['PATCH', 'application/x-www-form-urlencoded', 'a=1&a=2'],
      ['POST', 'strange', '<xml/>'],
      ['DELETE', undefined, undefined],
      ['GET', undefined, undefined],
    ]
    for (const [method, type, body] of sent) {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
      const response = await fetch(inspector.url, { method, headers, ...(body === undefined ? {} : { body }) })
      assert.equal(response.status, 200, `${method} ${type}`)
    }
    const found = (await recorded(inspector)).reverse()
    assert.deepEqual(
      found.map(({ method, headers, body }) => [method, headers['content-type'], body || undefined]),
      sent,
    )
    assert.ok(found.every(({ signature, action }) => signature === 'unsigned' && action === null))
  })

  test('a signature is valid only if one of the organization’s webhooks signed these bytes', async () => {
    const inspector = await create()
    const body = '{"action":"Meeting.scheduled","entity":{}}'
    await fetch(inspector.url, { method: 'POST', body, headers: sign(body) })
    await fetch(inspector.url, { method: 'POST', body: `${body} `, headers: sign(body) })
    await fetch(inspector.url, { method: 'POST', body, headers: sign(body, clock.now() - 600_000) })
    await fetch(inspector.url, { method: 'POST', body })
    const foreign = await createInspector(
      { database, clock, url },
      { kind: 'operator', organization: other },
      {
        input: { name: 'Theirs', answer_status: 200 },
      },
    )
    await fetch(foreign.url, { method: 'POST', body, headers: sign(body) })
    const verdicts = (await recorded(inspector)).map(({ signature }) => signature).reverse()
    assert.deepEqual(verdicts, ['valid', 'invalid', 'invalid', 'unsigned'])
    assert.equal((await recorded(foreign))[0]?.signature, 'invalid')
    assert.equal((await recorded(inspector))[0]?.action, 'Meeting.scheduled')
  })

  test('headers that look like secrets are not stored, and the webhook secret is never shown', async () => {
    const inspector = await create()
    const secrets = ['authorization', 'x-api-key', 'cookie', 'x-auth', 'x-session-id', 'x-client-key', 'x-csrf'].map(
      (name) => [name, 'hunter2'],
    )
    const headers = { ...Object.fromEntries(secrets), ...sign('{}') }
    await fetch(inspector.url, { method: 'POST', body: '{}', headers })
    const page = await app.inject(`/api/v1/public/inspect/${token(inspector.page_url)}/requests`)
    assert.ok(!page.body.includes('hunter2') && !page.body.includes(secret))
    const shown = page.json().data[0].headers
    for (const [name = ''] of secrets) assert.equal(shown[name], '(not kept)', name)
    assert.match(shown['webhook-signature'], /^v1,/)
  })

  test('a long body is recorded up to 256 KiB, and its signature is checked over the whole body', async () => {
    const inspector = await create()
    const body = JSON.stringify({ action: 'Meeting.scheduled', padding: 'x'.repeat(300 * 1024) })
    assert.equal((await fetch(inspector.url, { method: 'POST', body, headers: sign(body) })).status, 200)
    const [found] = await recorded(inspector)
    assert.deepEqual(
      [found?.body, found?.body_bytes, found?.signature, found?.action],
      [body.slice(0, 256 * 1024), body.length, 'valid', 'Meeting.scheduled'],
    )
  })

  test('bytes that are not text are recorded with replacement characters', async () => {
    const inspector = await create()
    const response = await fetch(inspector.url, { method: 'POST', body: Buffer.from([0x61, 0x00, 0xff, 0x62]) })
    assert.equal(response.status, 200)
    assert.equal((await recorded(inspector))[0]?.body, 'a\uFFFD\uFFFDb')
  })

  test('it returns another status on request, and 200 again afterwards', async () => {
    const inspector = await create({ answer_status: 503 })
    assert.equal((await fetch(inspector.url, { method: 'POST', body: '{}' })).status, 503)
    const patched = await app.inject({
      method: 'PATCH',
      url: `/api/v1/inspectors/${inspector.id}`,
      payload: { answer_status: 204 },
    })
    assert.equal(patched.json().answer_status, 204)
    assert.equal((await fetch(inspector.url, { method: 'POST', body: '{}' })).status, 204)
    assert.deepEqual(
      (await recorded(inspector)).map(({ answered }) => answered),
      [204, 503],
    )
    for (const answer_status of [100, 600, '200', 200.5]) {
      assert.equal(
        (await app.inject({ method: 'POST', url: '/api/v1/inspectors', payload: { answer_status } })).statusCode,
        422,
      )
    }
  })

  test('the newest 200 are kept, even if many arrive simultaneously', async () => {
    const inspector = await create()
    const post = (number: number) => fetch(inspector.url, { method: 'POST', body: JSON.stringify({ number }) })
    for (let number = 0; number < 5; number++) await post(number)
    await Promise.all(Array.from({ length: 200 }, (_, index) => post(5 + index)))
    const found = await recorded(inspector, '?limit=200')
    assert.equal(found.length, 200)
    assert.ok(found.every(({ body }) => JSON.parse(body).number >= 5))
  })

  test('requests are listed newest first, page by page', async () => {
    const inspector = await create()
    for (const body of ['1', '2', '3']) await fetch(inspector.url, { method: 'POST', body })
    const first = (await app.inject(`/api/v1/public/inspect/${token(inspector.page_url)}/requests?limit=2`)).json()
    assert.deepEqual(
      first.data.map(({ body }: InspectorRequest) => body),
      ['3', '2'],
    )
    assert.deepEqual(
      (await recorded(inspector, `?limit=2&cursor=${first.next_cursor}`)).map(({ body }) => body),
      ['1'],
    )
  })

  test('requests older than seven days are not shown, and the cleaning job deletes them', async () => {
    const inspector = await create()
    await fetch(inspector.url, { method: 'POST', body: 'old' })
    clock.advance(7 * day + 1)
    assert.deepEqual(await recorded(inspector), [])
    await fetch(inspector.url, { method: 'POST', body: 'new' })
    assert.deepEqual(
      (await recorded(inspector)).map(({ body }) => body),
      ['new'],
    )
    assert.equal(await deleteExpiredRequests({ database, clock }, 1), 1)
    await deleteExpiredRequests({ database, clock }, 10_000)
    assert.equal(await deleteExpiredRequests({ database, clock }, 1), 0)
    assert.equal((await recorded(inspector)).length, 1)
  })

  test('the page shows each request immediately, and resumes after the last request that it has', async () => {
    const inspector = await create()
    await fetch(inspector.url, { method: 'POST', body: 'before' })
    const stream = await watch(inspector)
    await fetch(inspector.url, { method: 'POST', body: 'first' })
    const [first] = await stream.messages(1)
    assert.deepEqual(first?.data, (await recorded(inspector))[0])
    stream.close()
    await fetch(inspector.url, { method: 'POST', body: 'second' })
    const resumed = await watch(inspector, `?after=${first?.id}`)
    assert.equal((await resumed.messages(1))[0]?.data.body, 'second')
  })

  test('deleting an inspector deletes its recorded requests', async () => {
    const inspector = await create()
    await fetch(inspector.url, { method: 'POST', body: 'x' })
    const remove = () => app.inject({ method: 'DELETE', url: `/api/v1/inspectors/${inspector.id}` })
    assert.equal((await remove()).statusCode, 204)
    assert.equal((await remove()).statusCode, 404)
    assert.equal((await fetch(inspector.url, { method: 'POST', body: 'x' })).status, 404)
    assert.equal((await app.inject(`/api/v1/public/inspect/${token(inspector.page_url)}/requests`)).statusCode, 404)
  })
})
