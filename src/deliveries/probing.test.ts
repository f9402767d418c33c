import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { type Answer, type Answerer, startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import { manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { changeWebhook } from '../webhooks/service.ts'
import { diagnoseWebhook, sendTest } from '../webhooks/testing.ts'
import { resendDelivery, retryNow } from './resending.ts'

/** The clock in these tests hardly moves, so a delivery that arrives has not waited for a breaker or a retry. */
const start = Date.UTC(2027, 2, 1)
const pressedAt = start + 1_000

eachDatabase((open) => {
  let database: Database | undefined
  /**
   * A webhook with an open breaker and pending deliveries, all of which have failed or were never sent. It is removed when the
   * test ends, because other dispatchers on the database would take over some of the webhooks.
   */
  async function failing(
    t: { after(work: () => Promise<void>): void },
    { meetings = 30, answer = { status: 500 } as Answer | Answerer } = {},
  ) {
    database ??= await open()
    const receiver = await startReceiver({ answer: { status: 500 } })
    const clock = manualClock(start)
    const delivering = await startDelivering(database, { clock })
    t.after(async () => {
      receiver.answer({ status: 500 })
      await delivering.stop()
      await receiver.close()
    })
    const { organization, engine } = delivering
    const { id } = await delivering.makeWebhook({ url: receiver.url, concurrency: 2 })
    for (let meeting = 1; meeting <= meetings; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
    const health = async () => (await delivering.webhook(id)).health
    const isStill = async () => (await health()).breaker === 'open' && engine.client.stats().inFlight === 0
    await waitFor(isStill)
    receiver.answer(answer)
    clock.advance(pressedAt - start)
    const actor = { kind: 'operator', organization } as const
    const untouched = async () => (await delivering.deliveries(id)).findLast(({ attempts }) => attempts.length === 0)
    return { ...delivering, clock, receiver, id, actor, health, isStill, untouched, sent: receiver.requests.length }
  }

  test('a delivery that is sent now passes the open breaker immediately, before all others, and its success closes it', async (t) => {
    const { engine, receiver, id, actor, health, untouched, deliveries, sent } = await failing(t, {
      answer: { status: 200 },
    })
    assert.equal(receiver.requests.length, sent)
    const last = await untouched()
    const { delivery } = accept(await resendDelivery(engine.deliveries, actor, { id: last?.id ?? 0 }))
    assert.deepEqual([delivery.status, delivery.id, delivery.next_attempt_at], ['pending', last?.id, last?.created_at])
    await receiver.received(sent + 1)
    assert.equal(receiver.requests[sent]?.headers['bookbell-delivery'], String(last?.id))
    await waitFor(async () => (await health()).breaker === 'closed')
    // The other deliveries that were never attempted follow. Deliveries that have failed wait until they are due.
    await waitFor(async () => !(await untouched()))
    assert.ok((await deliveries(id)).some(({ status }) => status === 'pending'))
  })

  test('a settled delivery that is sent again also passes the open breaker', async (t) => {
    const { engine, receiver, actor, id, deliveries, sent } = await failing(t, { answer: { status: 200 } })
    const first = (await deliveries(id)).find(({ attempts }) => attempts.length > 0)
    accept(await resendDelivery(engine.deliveries, actor, { id: first?.id ?? 0 }))
    await receiver.received(sent + 1)
    assert.equal(receiver.requests[sent]?.headers['bookbell-delivery'], String(first?.id))
  })

  test('the whole webhook can be retried immediately, and a failure opens the breaker again, for longer', async (t) => {
    const { engine, receiver, id, actor, health, isStill, sent } = await failing(t)
    const before = (await health()).next_attempt_at ?? ''
    assert.equal(Date.parse(before), start + 10_000, 'the notice says when the next attempt would be')
    accept(await retryNow(engine.deliveries, actor, { webhook: id }))
    await receiver.received(sent + 1)
    await waitFor(async () => (await isStill()) && (await health()).next_attempt_at !== before)
    assert.equal(Date.parse((await health()).next_attempt_at ?? ''), pressedAt + 20_000)
    assert.equal(receiver.requests.length, sent + 1, 'one request for one press')
    assert.equal((await health()).last_failed_delivery, Number(receiver.requests[sent]?.headers['bookbell-delivery']))
  })

  test('a retry requested while a probe is in flight sends its delivery next', async (t) => {
    const ends: (() => void)[] = []
    const hang: Answerer = () => new Promise((resolve) => ends.push(() => resolve({ status: 500 })))
    const { engine, receiver, clock, id, actor, untouched, sent } = await failing(t, { answer: hang })
    accept(await retryNow(engine.deliveries, actor, { webhook: id }))
    await receiver.received(sent + 1)
    const pressed = await untouched()
    clock.advance(1_000)
    accept(await resendDelivery(engine.deliveries, actor, { id: pressed?.id ?? 0 }))
    receiver.answer({ status: 200 })
    for (const end of ends) end()
    await receiver.received(sent + 2)
    assert.equal(receiver.requests[sent + 1]?.headers['bookbell-delivery'], String(pressed?.id))
  })

  for (const [what, send] of [
    ['test', sendTest],
    ['diagnosis', diagnoseWebhook],
  ] as const)
    test(`a ${what} that succeeds closes the breaker, so that pending deliveries follow`, async (t) => {
      const { engine, receiver, organization, id, health, untouched } = await failing(t)
      const call = { id, action: 'Meeting.scheduled' } as const
      accept(await send(engine.webhooks, organization, call))
      assert.equal((await health()).breaker, 'open', 'a failed one changes nothing')
      receiver.answer({ status: 200 })
      accept(await send(engine.webhooks, organization, call))
      await waitFor(async () => (await health()).breaker === 'closed' && !(await untouched()))
    })

  test('nothing is tried for a disabled webhook, or for a webhook without pending deliveries', async (t) => {
    const { engine, id, actor, makeWebhook } = await failing(t)
    accept(await changeWebhook(engine.webhooks, actor, { id, patch: { state: 'disabled' } }))
    const other = await makeWebhook({ url: 'http://127.0.0.1:4000/hook' })
    const codes = await Promise.all(
      [id, other.id, 999_999].map(async (webhook) => {
        const tried = await retryNow(engine.deliveries, actor, { webhook })
        return tried.ok ? 'ok' : `${tried.code}: ${tried.detail.replaceAll(/\d+/g, 'N')}`
      }),
    )
    assert.deepEqual(codes, [
      'conflict: Webhook N is disabled, so nothing can be sent to it. Enable or pause it first.',
      'conflict: Webhook N has no pending deliveries. Send a test, or replay deliveries.',
      'not_found: There is no webhook N. GET /api/vN/webhooks lists them.',
    ])
  })
})
