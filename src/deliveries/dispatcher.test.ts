import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { eachDatabase } from '../../test/support/databases.ts'
import { type DeliveringOptions, startDelivering } from '../../test/support/delivering.ts'
import { type Answer, type Answerer, type ReceivedRequest, startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import { manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../time/durations.ts'
import { rotateSecret } from '../webhooks/secret-rotation.ts'
import { changeWebhook, deleteWebhook, listWebhooks } from '../webhooks/service.ts'
import { verifySignature } from '../webhooks/signature.ts'
import { replayDeliveries } from './replays.ts'
import { resendDelivery } from './resending.ts'

const start = Date.UTC(2027, 2, 1)

/** Verifies a request like a receiver whose clock shows `now`. */
function verifyAt(now: number, secret: string, { text, headers }: ReceivedRequest): void {
  const real = Date.now
  Date.now = () => now
  try {
    for (const Library of [StandardWebhook, SvixWebhook]) {
      new Library(secret).verify(text, headers as Record<string, string>)
    }
  } finally {
    Date.now = real
  }
}

eachDatabase((open) => {
  let database: Database | undefined
  const closing: (() => Promise<void>)[] = []
  after(async () => {
    for (const close of closing.reverse()) await close()
  })

  async function receive(answer: Answer | Answerer = { status: 200 }) {
    const receiver = await startReceiver({ answer })
    closing.push(() => receiver.close())
    return receiver
  }

  /** A dispatcher with its own organization and a stopped clock. It is stopped when the test ends. */
  async function deliver(t: { after(work: () => Promise<void>): void }, options: DeliveringOptions = {}) {
    database ??= await open()
    const clock = manualClock(start)
    const delivering = await startDelivering(database, { clock, ...options })
    t.after(async () => {
      await delivering.stop()
      // Pending deliveries must not slow down the dispatchers of later tests.
      const { organization, engine } = delivering
      const { data } = await listWebhooks(engine.webhooks, organization, { limit: 200, after: undefined })
      for (const { id } of data) await deleteWebhook(engine.webhooks, { kind: 'operator', organization }, { id })
    })
    const advance = (milliseconds: number) => {
      clock.advance(milliseconds)
      delivering.dispatcher.wake()
    }
    const settled = (webhook: number, attempts: number) =>
      waitFor(async () => {
        const found = await delivering.deliveries(webhook)
        return found.reduce((sum, delivery) => sum + delivery.attempts.length, 0) >= attempts && found
      })
    return { ...delivering, clock, advance, settled }
  }

  test('a failed delivery is retried after each delay with the same bytes and id, and verifies hours later', async (t) => {
    const receiver = await receive({ status: 500 })
    const delivering = await deliver(t)
    const { id, secret } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    const delays = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
    for (const [index, delay] of delays.entries()) {
      const requests = await receiver.received(index + 1)
      const request = requests.at(-1) as ReceivedRequest
      assert.equal(request.headers['bookbell-attempt'], String(index + 1))
      assert.equal(request.headers['webhook-id'], requests[0]?.headers['webhook-id'])
      assert.ok(requests[0]?.body.equals(request.body))
      verifyAt(delivering.clock.now(), secret, request)
      await delivering.settled(id, index + 1)
      delivering.advance(delay - 1)
      const [delivery] = await delivering.deliveries(id)
      assert.equal(delivery?.attempts.length, index + 1)
      delivering.advance(1)
    }
    const [delivery] = await delivering.settled(id, 10)
    assert.deepEqual(
      [delivery?.status, delivery?.failure_reason, delivery?.next_attempt_at],
      ['failed', 'attempts_used_up', null],
    )
    assert.deepEqual(
      delivery?.attempts.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    )
  })

  test('a success ends the retries', async (t) => {
    const receiver = await receive({ status: 503, headers: { 'retry-after': '120' } })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    const [waiting] = await delivering.settled(id, 1)
    assert.equal(Date.parse(waiting?.next_attempt_at ?? '') - start, 2 * MINUTE)
    receiver.answer({ status: 204 })
    delivering.advance(2 * MINUTE)
    const [delivery] = await delivering.settled(id, 2)
    assert.deepEqual(
      [delivery?.status, delivery?.attempts[1]?.status, delivery?.attempts[1]?.error],
      ['delivered', 204, null],
    )
    const { health } = await waitFor(async () => {
      const webhook = await delivering.webhook(id)
      return webhook.health.failing_since === null && webhook
    })
    assert.deepEqual([health.attempts, health.success_rate], [2, 0.5])
  })

  test('both secrets sign for 24 hours after a rotation, and then only the new secret signs', async (t) => {
    const receiver = await receive()
    const delivering = await deliver(t)
    const { id, secret: old } = await delivering.makeWebhook({ url: receiver.url })
    const { secret: fresh } = accept(
      await rotateSecret(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        { id },
      ),
    )
    await delivering.happen(['Meeting.scheduled'])
    const [during] = await receiver.received(1)
    assert.ok(during)
    verifyAt(delivering.clock.now(), old, during)
    verifyAt(delivering.clock.now(), fresh, during)
    delivering.advance(DAY)
    accept(
      await changeWebhook(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        {
          id,
          patch: { concurrency: 3 },
        },
      ),
    )
    await delivering.happen(['Meeting.tagged'])
    const [, later] = await receiver.received(2)
    assert.ok(later)
    verifyAt(delivering.clock.now(), fresh, later)
    assert.throws(() => verifyAt(delivering.clock.now(), old, later))
  })

  test('with v1a, a retry hours later verifies with the public key, and during a rotation with the old and the new key', async (t) => {
    const receiver = await receive({ status: 500 })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, signing: 'v1a' })
    const old = (await delivering.webhook(id)).public_key as string
    const verify = (key: string, { body, headers }: ReceivedRequest) =>
      verifySignature([key], headers as Record<string, string>, { body, now: delivering.clock.now() / SECOND })
    await delivering.happen(['Meeting.scheduled'])
    for (const [index, delay] of [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR].entries()) {
      await delivering.settled(id, index + 1)
      delivering.advance(delay)
    }
    const late = (await receiver.received(5)).at(-1) as ReceivedRequest
    assert.ok(delivering.clock.now() - start > 2 * HOUR)
    assert.deepEqual(verify(old, late), { ok: true })
    await delivering.settled(id, 5)
    const fresh = accept(
      await rotateSecret(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        { id },
      ),
    ).publicKey as string
    delivering.advance(5 * HOUR)
    const during = (await receiver.received(6)).at(-1) as ReceivedRequest
    for (const key of [old, fresh]) assert.deepEqual(verify(key, during), { ok: true })
    assert.match(during.headers['webhook-signature'] as string, /^v1a,\S+ v1a,\S+$/)
  })

  test('during a rotation, a retry hours later verifies with both libraries', async (t) => {
    const receiver = await receive({ status: 500 })
    const delivering = await deliver(t)
    const { id, secret: old } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    for (const [index, delay] of [5 * SECOND, 5 * MINUTE, 30 * MINUTE].entries()) {
      await delivering.settled(id, index + 1)
      delivering.advance(delay)
    }
    await delivering.settled(id, 4)
    const { secret: fresh } = accept(
      await rotateSecret(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        { id },
      ),
    )
    delivering.advance(2 * HOUR)
    const late = (await receiver.received(5)).at(-1) as ReceivedRequest
    for (const secret of [old, fresh]) verifyAt(delivering.clock.now(), secret, late)
  })

  test('pausing keeps deliveries pending; disabling fails them and enqueues no new ones; missed ones can be replayed', async (t) => {
    const receiver = await receive()
    const delivering = await deliver(t)
    const { organization, engine } = delivering
    const { id } = await delivering.makeWebhook({ url: receiver.url, state: 'paused' })
    const change = (patch: object) => changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch })
    await delivering.happen(['Meeting.scheduled'])
    assert.equal((await delivering.deliveries(id))[0]?.status, 'pending')
    accept(await change({ state: 'enabled' }))
    await receiver.received(1)
    await delivering.settled(id, 1)
    accept(await change({ state: 'paused' }))
    await delivering.happen(['Meeting.tagged'])
    accept(await change({ state: 'disabled' }))
    await delivering.happen(['Meeting.untagged'])
    const found = await delivering.deliveries(id)
    assert.deepEqual(
      found.map(({ action, status, failure_reason }) => [action, status, failure_reason]),
      [
        ['Meeting.scheduled', 'delivered', null],
        ['Meeting.tagged', 'failed', 'webhook_disabled'],
      ],
    )
    const refused = await replayDeliveries(
      engine.deliveries,
      { kind: 'operator', organization },
      {
        webhook: id,
        input: { since: '2027-01-01T00:00:00Z', only: 'missed' },
      },
    )
    assert.ok(!refused.ok && refused.code === 'conflict')
    accept(await change({ state: 'enabled' }))
    delivering.advance(SECOND)
    const input = { since: '2027-01-01T00:00:00Z', only: 'missed' as const }
    const { replay } = accept(
      await replayDeliveries(engine.deliveries, { kind: 'operator', organization }, { webhook: id, input }),
    )
    assert.equal(replay.queued, 2)
    const requests = await receiver.received(3)
    assert.deepEqual(
      requests
        .slice(1)
        .map(({ headers }) => headers['bookbell-action'])
        .sort(),
      ['Meeting.tagged', 'Meeting.untagged'],
    )
  })

  test('410 Gone disables the webhook immediately and notifies the admins', async (t) => {
    const receiver = await receive({ status: 410 })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, concurrency: 1 })
    await delivering.happen(['Meeting.scheduled', 'Attendee.scheduled'])
    await waitFor(async () => (await delivering.webhook(id)).state === 'disabled')
    const { state_reason } = await delivering.webhook(id)
    assert.equal(state_reason, 'gone')
    const found = await waitFor(async () => {
      const all = await delivering.deliveries(id)
      return all.every(({ status }) => status === 'failed') && all
    })
    assert.deepEqual(found[0]?.failure_reason, 'gone')
    assert.ok(['gone', 'webhook_disabled'].includes(found[1]?.failure_reason ?? ''))
    assert.deepEqual(
      delivering.notices.map(({ about }) => about),
      ['webhook_disabled'],
    )
  })

  test('five days of failures disable a webhook; the admins are notified halfway and at the end', async (t) => {
    const receiver = await receive({ status: 500 })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    const fail = async (attempts: number) => {
      await delivering.happen(['Meeting.tagged'])
      await delivering.settled(id, attempts)
    }
    await fail(1)
    for (let count = 2; count <= 9; count++) await fail(count)
    assert.equal(delivering.notices.length, 0)
    accept(
      await changeWebhook(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        {
          id,
          patch: { actions: ['Meeting.declined'] },
        },
      ),
    )
    const attempted = async () =>
      (await delivering.deliveries(id)).reduce((sum, { attempts }) => sum + attempts.length, 0)
    delivering.advance(2.5 * DAY)
    await waitFor(() => delivering.notices.length === 1)
    assert.equal((await delivering.webhook(id)).state, 'enabled')
    assert.equal(delivering.notices[0]?.about, 'webhook_failing')
    for (let tries = 0; (await delivering.webhook(id)).state === 'enabled' && tries < 20; tries++) {
      const before = await attempted()
      delivering.advance(DAY)
      await waitFor(async () => (await attempted()) > before || (await delivering.webhook(id)).state === 'disabled')
    }
    await waitFor(() => delivering.notices.length === 2)
    const webhook = await delivering.webhook(id)
    assert.deepEqual([webhook.state, webhook.state_reason], ['disabled', 'failing'])
    assert.ok(delivering.clock.now() - start >= 5 * DAY)
    assert.equal(delivering.notices[1]?.about, 'webhook_disabled')
  })

  test('a failing receiver is not flooded: ten failures open the breaker, and one delivery at a time probes', async (t) => {
    const receiver = await receive({ status: 500 })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, concurrency: 5 })
    for (let meeting = 1; meeting <= 30; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
    const isOpen = async () => (await delivering.webhook(id)).health.breaker === 'open'
    await waitFor(async () => (await isOpen()) && delivering.engine.client.stats().inFlight === 0)
    const sent = receiver.requests.length
    assert.ok(sent >= 10 && sent < 15, String(sent))
    delivering.advance(9 * SECOND)
    assert.ok(await isOpen())
    assert.equal(receiver.requests.length, sent)
    delivering.advance(SECOND)
    await receiver.received(sent + 1)
    await waitFor(isOpen)
    assert.equal(receiver.requests.length, sent + 1)
    receiver.answer({ status: 200 })
    delivering.advance(20 * SECOND)
    await waitFor(async () => (await delivering.webhook(id)).health.breaker === 'closed')
    // The delivery that served as the probe may have used its second attempt.
    delivering.advance(5 * MINUTE)
    await waitFor(async () => (await delivering.deliveries(id)).every(({ status }) => status === 'delivered'))
    const found = await delivering.deliveries(id)
    assert.ok(found.filter(({ attempts }) => attempts.length === 1).length >= 15, 'postponing spends no retry')
    assert.equal((await delivering.webhook(id)).health.breaker, 'closed')
  })

  test('no more requests are in flight than the webhook allows', async (t) => {
    let underWay = 0
    let most = 0
    const receiver = await receive(async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay--
      return { status: 200 }
    })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, concurrency: 3 })
    for (let meeting = 1; meeting <= 40; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
    await receiver.received(40)
    await delivering.settled(id, 40)
    assert.ok(most <= 3, String(most))
  })

  test('a rate limit spaces requests', async (t) => {
    const receiver = await receive()
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, rate_limit_per_second: 2, state: 'paused' })
    await delivering.happen(['Meeting.scheduled', 'Attendee.scheduled', 'Meeting.tagged'])
    delivering.advance(10 * SECOND)
    const patch = { state: 'enabled' as const }
    accept(
      await changeWebhook(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        { id, patch },
      ),
    )
    for (const count of [1, 2, 3]) {
      await receiver.received(count)
      await delivering.settled(id, count)
      assert.equal(receiver.requests.length, count)
      delivering.advance(500)
    }
  })

  test('with ordering "meeting", each delivery waits until the previous delivery of its meeting is settled', async (t) => {
    const receiver = await receive(({ headers }) => ({
      status: headers['bookbell-action'] === 'Meeting.scheduled' ? 500 : 200,
    }))
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, ordering: 'meeting' })
    await delivering.happen(['Meeting.scheduled', 'Meeting.tagged', 'Meeting.cancelled'], 1)
    await delivering.happen(['Meeting.rescheduled'], 2)
    await delivering.settled(id, 2)
    assert.deepEqual(receiver.requests.map(({ headers }) => headers['bookbell-action']).sort(), [
      'Meeting.rescheduled',
      'Meeting.scheduled',
    ])
    receiver.answer({ status: 200 })
    delivering.advance(5 * SECOND)
    const requests = await receiver.received(5)
    assert.deepEqual(
      requests.slice(2).map(({ headers }) => headers['bookbell-action']),
      ['Meeting.scheduled', 'Meeting.tagged', 'Meeting.cancelled'],
    )
  })

  test('a redirect, or a response larger than 16 KiB, counts by its status', async (t) => {
    const receiver = await receive(({ path }) =>
      path === '/moved'
        ? { status: 307, headers: { location: `${receiver.url}/target` } }
        : { status: 200, body: 'x'.repeat(100_000) },
    )
    const delivering = await deliver(t)
    const moved = await delivering.makeWebhook({ url: `${receiver.url}/moved` })
    const long = await delivering.makeWebhook({ url: `${receiver.url}/long` })
    await delivering.happen(['Meeting.scheduled'])
    const [redirected] = await delivering.settled(moved.id, 1)
    const [kept] = await delivering.settled(long.id, 1)
    assert.deepEqual([redirected?.status, redirected?.attempts[0]?.error?.kind], ['pending', 'redirect'])
    const [attempt] = kept?.attempts ?? []
    assert.deepEqual(
      [kept?.status, attempt?.response_body?.length, attempt?.response_truncated],
      ['delivered', 16_384, true],
    )
    assert.ok(receiver.requests.every(({ path }) => path !== '/target'))
  })

  test('a target that the guard no longer allows fails with the reason, without a connection', async (t) => {
    const receiver = await receive()
    const delivering = await deliver(t, { url: 'https://book.example.com' })
    const { id } = await delivering.makeWebhook({ url: 'https://example.com/hook' })
    const point = async (url: string) => {
      const { sql } = await import('kysely')
      await sql`update webhooks set url = ${url}, revision = revision + 1 where id = ${id}`.execute(
        (database as Database).executor,
      )
    }
    await point(`${receiver.url}/hook`)
    await delivering.happen(['Meeting.scheduled'])
    const [delivery] = await delivering.settled(id, 1)
    assert.equal(delivery?.attempts[0]?.error?.kind, 'guard')
    assert.match(delivery?.attempts[0]?.error?.message ?? '', /loopback/)
    assert.equal(receiver.requests.length, 0)
  })

  test('a settled delivery is resent as a new one, and a pending delivery is sent immediately', async (t) => {
    const receiver = await receive()
    const delivering = await deliver(t)
    const { organization, engine } = delivering
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    const [first] = await delivering.settled(id, 1)
    const again = accept(
      await resendDelivery(engine.deliveries, { kind: 'operator', organization }, { id: first?.id ?? 0 }),
    ).delivery
    assert.notEqual(again.id, first?.id)
    const [one, two] = await receiver.received(2)
    assert.equal(one?.headers['webhook-id'], two?.headers['webhook-id'])
    assert.equal(one?.text, two?.text)
    receiver.answer({ status: 500 })
    await delivering.happen(['Meeting.tagged'])
    const found = await delivering.settled(id, 3)
    const waiting = found.find(({ status }) => status === 'pending')
    receiver.answer({ status: 200 })
    const sooner = accept(
      await resendDelivery(engine.deliveries, { kind: 'operator', organization }, { id: waiting?.id ?? 0 }),
    ).delivery
    assert.equal(sooner.id, waiting?.id)
    await receiver.received(4)
  })

  test('a replay of failed deliveries enqueues each activity once, and shows its progress', async (t) => {
    const receiver = await receive({ status: 410 })
    const delivering = await deliver(t)
    const { organization, engine } = delivering
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    await waitFor(async () => (await delivering.webhook(id)).state === 'disabled')
    receiver.answer({ status: 200 })
    accept(
      await changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch: { state: 'enabled' } }),
    )
    delivering.advance(SECOND)
    const replay = async (only: 'failed' | 'all') => {
      const input = { since: '2027-01-01T00:00:00Z', only }
      return accept(
        await replayDeliveries(engine.deliveries, { kind: 'operator', organization }, { webhook: id, input }),
      ).replay.queued
    }
    assert.equal(await replay('failed'), 1)
    await receiver.received(2)
    await delivering.settled(id, 2)
    assert.equal(await replay('failed'), 0)
    assert.equal(await replay('all'), 1)
    await receiver.received(3)
  })

  test('two dispatchers on one database send everything exactly once', async (t) => {
    const receiver = await receive()
    const one = await deliver(t)
    await deliver(t)
    await deliver(t)
    const ids: number[] = []
    for (let count = 0; count < 12; count++) ids.push((await one.makeWebhook({ url: `${receiver.url}/${count}` })).id)
    for (let meeting = 1; meeting <= 20; meeting++) await one.happen(['Meeting.scheduled'], meeting)
    await receiver.received(240, 60_000)
    for (const id of ids) await one.settled(id, 20)
    const unique = new Set(receiver.requests.map(({ path, headers }) => `${path} ${headers['webhook-id']}`))
    assert.deepEqual([unique.size, receiver.requests.length], [240, 240])
  })

  test('stopping waits for requests in flight and releases the other deliveries', async (t) => {
    let answer = () => {}
    const receiver = await receive(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return { status: 200 }
    })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url, concurrency: 1 })
    for (let meeting = 1; meeting <= 3; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
    await receiver.received(1)
    const stopped = delivering.dispatcher.stop()
    answer()
    await stopped
    const found = await delivering.deliveries(id)
    assert.deepEqual(
      found.map(({ status }) => status),
      ['delivered', 'pending', 'pending'],
    )
    assert.equal(receiver.requests.length, 1)
  })

  test('the metrics show attempts by class, durations, and pending deliveries', async (t) => {
    const receiver = await receive({ status: 500 })
    const delivering = await deliver(t)
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    await delivering.settled(id, 1)
    const text = await delivering.metrics.metrics()
    assert.match(text, /bookbell_attempts_total\{class="status"\} 1/)
    assert.match(text, /bookbell_attempt_duration_seconds_count\{outcome="failure"\} 1/)
    assert.match(text, /bookbell_deliveries_pending [1-9]/)
    assert.match(text, /bookbell_deliveries_in_flight 0/)
    assert.match(text, /bookbell_breakers\{state="open"\} 0/)
  })
})
