import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { openTestApp, type TestApp, type TestAppOptions } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { happen } from '../../test/support/deliveries.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { systemClock } from '../platform/clock.ts'

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

  test('a webhook is created with a secret that is shown once, read, changed and deleted', async () => {
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

  test('an activity arrives signed at every webhook that takes it, with the headers of the contract', async () => {
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

  test('a delivery shows every attempt with the answer', async () => {
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
      ['status', "The receiver answered 500. Look in the receiver's log."],
    )
    const wait = Date.parse(body.next_attempt_at) - Date.parse(attempt.started_at)
    assert.ok(wait >= 5_000 && wait < 6_500, String(wait))
    await app.api('DELETE', `/api/v1/webhooks/${id}`)
  })

  test('what a replay would queue is counted without queueing it, and the hours show how attempts went', async () => {
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
})
