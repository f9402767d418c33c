import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { createTestOrganization, openTestApp, type TestApp, type TestAppOptions } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { happen } from '../../test/support/deliveries.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { actions, activitySchema } from '../activities/schema.ts'
import { systemClock } from '../platform/clock.ts'
import type { Diagnosis } from './schema.ts'
import { verifySignature } from './signature.ts'

eachDatabase((open) => {
  let app: TestApp
  const closing: (() => Promise<void>)[] = []
  after(async () => {
    for (const close of closing.reverse()) await close()
  })

  async function openApp(options: TestAppOptions = {}) {
    const opened = await openTestApp(await open(), options)
    closing.push(() => opened.stop())
    return opened
  }

  async function receive() {
    const receiver = await startReceiver()
    closing.push(() => receiver.close())
    return receiver
  }

  async function makeWebhook(url: string, more: object = {}) {
    const { body, status } = await app.api('POST', '/api/v1/webhooks', { url, ...more })
    assert.equal(status, 201, JSON.stringify(body))
    return body as { id: number; secret: string }
  }

  const deps = () => ({ database: app.database, clock: systemClock })

  test('a webhook can be created with a secret that is shown only once, read, changed and deleted', async () => {
    app = await openApp({ work: true })
    const { id, secret } = await makeWebhook('http://127.0.0.1:4000/hook', { description: 'CRM' })
    assert.match(secret, /^whsec_/)
    const shown = await app.api('GET', `/api/v1/webhooks/${id}`)
    assert.equal(shown.body.secret, undefined)
    assert.deepEqual(
      [shown.body.url, shown.body.description, shown.body.state, shown.body.concurrency, shown.body.actions],
      ['http://127.0.0.1:4000/hook', 'CRM', 'enabled', 16, null],
    )
    const changed = await app.api('PATCH', `/api/v1/webhooks/${id}`, { concurrency: 4, state: 'paused' })
    assert.deepEqual([changed.body.concurrency, changed.body.state, changed.body.description], [4, 'paused', 'CRM'])
    assert.equal((await app.api('DELETE', `/api/v1/webhooks/${id}`)).status, 204)
    assert.equal((await app.api('GET', `/api/v1/webhooks/${id}`)).status, 404)
    assert.deepEqual((await app.api('GET', '/api/v1/webhooks')).body.data, [])
  })

  test('an activity arrives, signed and with the documented headers, at every subscribed webhook', async () => {
    const receiver = await receive()
    const all = await makeWebhook(`${receiver.url}/all`, { headers: { 'X-Tenant': 'seven' } })
    await makeWebhook(`${receiver.url}/some`, { actions: ['Meeting.cancelled'] })
    await happen(deps(), { organization: app.organization, actions: ['Meeting.scheduled', 'Attendee.scheduled'] })
    const [first, second] = await receiver.received(2)
    assert.ok(first && second)
    assert.deepEqual([first.path, second.path, receiver.requests.length], ['/all', '/all', 2])
    const activity = new StandardWebhook(all.secret).verify(first.text, first.headers as Record<string, string>) as {
      id: number
      action: string
    }
    assert.equal(first.headers['webhook-id'], `act_${activity.id}`)
    assert.equal(first.headers['bookbell-action'], activity.action)
    assert.equal(first.headers['bookbell-attempt'], '1')
    assert.match(first.headers['bookbell-delivery'] as string, /^\d+$/)
    assert.match(first.headers['user-agent'] as string, /^Bookbell\/\d/)
    assert.equal(first.headers['content-type'], 'application/json')
    assert.equal(first.headers['x-tenant'], 'seven')
    const stored = await app.api('GET', `/api/v1/activities/${activity.id}`)
    assert.equal(stored.text, first.text)
    await app.api('DELETE', `/api/v1/webhooks/${all.id}`)
  })

  test('a delivery shows every attempt with its response', async () => {
    const receiver = await receive()
    receiver.answer({ status: 500, headers: { 'x-why': 'because' }, body: 'broken' })
    const { id } = await makeWebhook(receiver.url)
    await happen(deps(), { organization: app.organization, actions: ['Meeting.tagged'] })
    await receiver.received(1)
    const delivery = await waitFor(async () => {
      const list = await app.api('GET', `/api/v1/webhooks/${id}/deliveries`)
      return list.body.data[0]?.attempts === 1 && list.body.data[0]
    })
    assert.deepEqual([delivery.status, delivery.action], ['pending', 'Meeting.tagged'])
    const { body } = await app.api('GET', `/api/v1/deliveries/${delivery.id}`)
    const [attempt] = body.attempts
    assert.deepEqual([attempt.number, attempt.status, attempt.response_body], [1, 500, 'broken'])
    assert.equal(attempt.response_headers['x-why'], 'because')
    assert.deepEqual(
      [attempt.error.kind, attempt.error.message],
      ['status', "The receiver returned 500. Check the receiver's log."],
    )
    const wait = Date.parse(body.next_attempt_at) - Date.parse(attempt.started_at)
    assert.ok(wait >= 5_000 && wait < 6_500, String(wait))
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('an attempt shows its request as it was sent, except for values that have changed since then', async () => {
    const receiver = await receive()
    const own = { Authorization: 'Bearer abc', 'X-Tenant': 'seven' }
    const { id } = await makeWebhook(`${receiver.url}/hook`, { headers: own })
    const attempted = async (count: number) => {
      await happen(deps(), { organization: app.organization, actions: ['Meeting.tagged'] })
      await receiver.received(count)
      return waitFor(async () => {
        const { body } = await app.api('GET', `/api/v1/webhooks/${id}/deliveries?status=delivered`)
        return body.data.length === count && (body.data[0].id as number)
      })
    }
    const show = async (delivery: number) =>
      (await app.api('GET', `/api/v1/deliveries/${delivery}`)).body.attempts[0] as {
        request_url: string | null
        request_headers: Record<string, string>
      }
    const isAsReceived = async (delivery: number, at: number) => {
      const { request_url: url, request_headers: shown } = await show(delivery)
      const { 'content-length': _, connection: __, host: ___, ...received } = receiver.requests[at]!.headers
      assert.equal(url, `${receiver.url}/hook`)
      assert.deepEqual(shown, { ...received, authorization: '(hidden)' })
    }
    const first = await attempted(1)
    await isAsReceived(first, 0)
    await app.api('PATCH', `/api/v1/webhooks/${id}`, {
      description: 'Another',
      headers: { ...own, 'X-Tenant': 'seven' },
    })
    await isAsReceived(first, 0)

    await app.api('POST', `/api/v1/webhooks/${id}/rotate-secret`)
    await isAsReceived(await attempted(2), 1)
    const { request_url: url, request_headers: known } = await show(first)
    assert.equal(url, null)
    assert.equal(known['webhook-id'], receiver.requests[0]!.headers['webhook-id'])
    assert.deepEqual([known['x-tenant'], known['webhook-signature']], [undefined, undefined])
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('a replay can be counted without enqueueing it, and the hours show the results of attempts', async () => {
    const receiver = await receive()
    const { id } = await makeWebhook(receiver.url)
    const since = new Date().toISOString()
    await happen(deps(), { organization: app.organization, actions: ['Meeting.tagged', 'Meeting.untagged'] })
    await receiver.received(2)
    const history = await waitFor(async () => {
      const { body } = await app.api('GET', `/api/v1/webhooks/${id}/history?hours=2`)
      return body.data.reduce((sum: number, hour: { succeeded: number }) => sum + hour.succeeded, 0) === 2 && body.data
    })
    assert.deepEqual(Object.keys(history[0]), ['hour', 'succeeded', 'failed'])
    const counted = async (only: string) =>
      (await app.api('GET', `/api/v1/webhooks/${id}/replay/preview?since=${since}&only=${only}`)).body.queued
    assert.deepEqual([await counted('all'), await counted('failed'), await counted('missed')], [2, 0, 0])
    assert.equal((await app.api('GET', `/api/v1/webhooks/${id}/replays`)).body.data.length, 0)
    const replayed = await app.api('POST', `/api/v1/webhooks/${id}/replay`, { since, only: 'all' })
    assert.equal(replayed.body.queued, 2)
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('a target that the guard refuses is rejected when a webhook is created or changed, and the error says how to fix it', async () => {
    const refused = await app.api('POST', '/api/v1/webhooks', { url: 'https://169.254.169.254/latest' })
    assert.deepEqual([refused.status, refused.body.code, refused.body.errors[0].path], [422, 'target_refused', 'url'])
    assert.match(refused.body.detail, /link-local.*BOOKBELL_WEBHOOK_ALLOW/)
    const { id } = await makeWebhook('http://localhost:4000/hook')
    for (const url of ['http://10.0.0.1/', 'ftp://example.com/', 'https://a:b@example.com/', 'nonsense']) {
      const changed = await app.api('PATCH', `/api/v1/webhooks/${id}`, { url })
      assert.deepEqual([changed.status, changed.body.code], [422, 'target_refused'], url)
    }
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('headers set by the delivery itself, unknown actions and unknown fields are rejected', async () => {
    const url = 'http://127.0.0.1:4000/hook'
    const wrong = [
      { headers: { 'Webhook-Id': 'x' } },
      { headers: { 'x-line': 'a\nb' } },
      { actions: ['Meeting.exploded'] },
      { actions: [] },
      { concurrency: 0 },
      { state: 'asleep' },
      { colour: 'red' },
    ]
    for (const more of wrong) {
      const { status, body } = await app.api('POST', '/api/v1/webhooks', { url, ...more })
      assert.deepEqual([status, body.code], [422, 'invalid_input'], JSON.stringify(more))
    }
  })

  test('credentials in headers are stored encrypted, never shown, and sent', async () => {
    const receiver = await receive()
    const { id } = await makeWebhook(receiver.url, { headers: { Authorization: 'Bearer abc' } })
    const { body } = await app.api('GET', `/api/v1/webhooks/${id}`)
    assert.deepEqual(body.headers, { authorization: '(hidden)' })
    await app.api('PATCH', `/api/v1/webhooks/${id}`, { headers: { ...body.headers, 'X-Tenant': 'seven' } })
    await happen(deps(), { organization: app.organization, actions: ['Meeting.tagged'] })
    const [request] = await receiver.received(1)
    assert.deepEqual([request?.headers.authorization, request?.headers['x-tenant']], ['Bearer abc', 'seven'])
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('a test sends a realistic sample of any action, marked as a test, and returns the attempt', async () => {
    const receiver = await receive()
    const { id, secret } = await makeWebhook(receiver.url, { state: 'paused' })
    for (const [index, action] of actions.entries()) {
      const { status, body } = await app.api('POST', `/api/v1/webhooks/${id}/test`, { action })
      assert.deepEqual([status, body.delivered, body.attempt.status], [200, true, 200])
      const request = receiver.requests[index]
      assert.ok(request)
      assert.equal(request.headers['bookbell-test'], '1')
      assert.match(request.headers['webhook-id'] as string, /^test_/)
      const sent = activitySchema.parse(
        new StandardWebhook(secret).verify(request.text, request.headers as Record<string, string>),
      )
      assert.deepEqual([sent.id, sent.action, request.text], [0, action, body.body])
      assert.equal(body.attempt.request_headers['webhook-signature'], request.headers['webhook-signature'])
    }
    assert.deepEqual((await app.api('GET', `/api/v1/webhooks/${id}/deliveries`)).body.data, [])
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('an asymmetric webhook shows its public key, which is enough to verify its requests', async () => {
    const receiver = await receive()
    const { id } = await makeWebhook(receiver.url, { signing: 'v1a' })
    const { public_key: key } = (await app.api('GET', `/api/v1/webhooks/${id}`)).body
    assert.match(key, /^whpk_/)
    await app.api('POST', `/api/v1/webhooks/${id}/test`, { action: 'Meeting.scheduled' })
    const [request] = await receiver.received(1)
    const now = Math.floor(Date.now() / 1_000)
    assert.ok(request)
    const signed = request.headers as Record<string, string>
    assert.deepEqual(verifySignature([key], signed, { body: request.body, now }), { ok: true })
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('a diagnosis checks step by step and stops at the first problem', async () => {
    const receiver = await receive()
    const good = await makeWebhook(receiver.url)
    const verdicts = async (id: number) => {
      const { status, body } = await app.api('POST', `/api/v1/webhooks/${id}/diagnose`)
      assert.equal(status, 200)
      return body as Diagnosis
    }
    const fine = await verdicts(good.id)
    assert.deepEqual(
      fine.steps.map(({ step, verdict }) => `${step} ${verdict}`),
      ['address ok', 'dns ok', 'connection ok', 'tls warning', 'request ok', 'answer ok'],
    )
    receiver.answer({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<h1>Welcome</h1>' })
    const page = await verdicts(good.id)
    assert.deepEqual([page.ok, page.steps[5]?.verdict], [true, 'warning'])
    assert.match(page.steps[5]?.remedy ?? '', /your program never received the request/)
    receiver.answer({ status: 500 })
    const answered = await verdicts(good.id)
    assert.deepEqual([answered.steps[5]?.code, answered.steps[5]?.values], ['server_error', { status: 500 }])
    assert.deepEqual([answered.ok, answered.steps[5]?.verdict], [false, 'failed'])
    assert.equal(answered.steps[5]?.remedy, "Check the receiver's log.")
    await receiver.close()
    const gone = await verdicts(good.id)
    assert.deepEqual(
      gone.steps.map(({ verdict }) => verdict),
      ['ok', 'ok', 'failed', 'not_checked', 'not_checked', 'not_checked'],
    )
    assert.match(gone.steps[2]?.found ?? '', /ECONNREFUSED/)
    const address = new URL(receiver.url).host
    assert.equal(gone.steps[2]?.code, 'connection_refused')
    assert.partialDeepStrictEqual(gone.steps[2]?.values, { address, error: 'ECONNREFUSED' })
    await app.api('DELETE', `/api/v1/webhooks/${good.id}`)
  })

  test('anything that belongs to another organization is not found', async () => {
    const { id } = await makeWebhook('http://127.0.0.1:4000/hook')
    const other = await createTestOrganization({ database: app.database, clock: systemClock })
    const headers = { authorization: `Bearer ${other.apiKey}` }
    const calls: [method: string, path: string, body?: object][] = [
      ['GET', ''],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ['POST', '/rotate-secret', {}],
      ['POST', '/test', { action: 'Meeting.tagged' }],
      ['POST', '/diagnose', {}],
      ['POST', '/replay', { since: '2026-01-01T00:00:00Z', only: 'all' }],
      ['GET', '/deliveries'],
      ['GET', '/replays'],
    ]
    for (const [method, path, sent] of calls) {
      const { status } = await app.api(method, `/api/v1/webhooks/${id}${path}`, sent, headers)
      assert.equal(status, 404, `${method} ${path}`)
    }
    assert.equal((await app.api('GET', '/api/v1/deliveries/1', undefined, headers)).status, 404)
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })
})
