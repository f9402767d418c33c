import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { eachDatabase } from '../../test/support/databases.ts'
import { type Delivering, startDelivering } from '../../test/support/delivering.ts'
import { type Answer, startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import type { Database } from '../platform/database.ts'
import { createLogger } from '../platform/log.ts'
import { rotateSecret } from '../webhooks/secret-rotation.ts'
import { changeWebhook, deleteWebhook } from '../webhooks/service.ts'
import { makeDeletedTargets } from '../webhooks/targets.ts'
import { Retention } from './retention.ts'

type Test = { after(work: () => Promise<void>): void }

/** A receiver that does not respond until it is released. */
async function startHolding(t: Test) {
  const held: ((answer: Answer) => void)[] = []
  const receiver = await startReceiver({ answer: () => new Promise((answer) => held.push(answer)) })
  t.after(() => receiver.close())
  const release = (answer: Answer) => {
    receiver.answer(answer)
    for (const each of held.splice(0)) each(answer)
  }
  return { ...receiver, release }
}

eachDatabase((open) => {
  let database: Database | undefined
  let stop: () => Promise<void> = async () => {}
  after(() => stop())

  async function start(t: Test): Promise<Delivering & { id: number; secret: string; receiver: Receiver; good: Good }> {
    database ??= await open()
    await stop()
    const receiver = await startHolding(t)
    const delivering = await startDelivering(database)
    stop = () => delivering.stop()
    const { id, secret } = await delivering.makeWebhook({ url: receiver.url, concurrency: 1 })
    const good = await startReceiver()
    t.after(() => good.close())
    const other = await delivering.makeWebhook({ url: good.url })
    await delivering.happen(['Meeting.scheduled', 'Attendee.scheduled'])
    await receiver.received(1)
    return { ...delivering, id, secret, receiver, good: { id: other.id } }
  }
  type Receiver = Awaited<ReturnType<typeof startHolding>>
  type Good = { id: number }

  const statuses = async ({ deliveries }: Delivering, id: number) =>
    (await deliveries(id)).map(({ status, failure_reason, attempts }) => [status, failure_reason, attempts.length])

  test('deleting a webhook with all its rows while a request is in flight does not delay other webhooks', async (t) => {
    const delivering = await start(t)
    const { organization, engine, receiver, good } = delivering
    accept(await deleteWebhook(engine.webhooks, { kind: 'operator', organization }, { id: delivering.id }))
    const retention = new Retention({
      ...engine.deliveries,
      logger: createLogger('error'),
      deletedTargets: makeDeletedTargets(engine.deliveries),
    })
    await retention.start()
    await retention.clean()
    await retention.stop()
    receiver.release({ status: 200 })
    await waitFor(() => engine.client.stats().inFlight === 0)
    await delivering.happen(['Meeting.tagged'])
    await waitFor(async () => (await statuses(delivering, good.id)).every(([status]) => status === 'delivered'))
  })

  test('a request in flight when its webhook is disabled is recorded when it ends, and pending deliveries fail', async (t) => {
    const delivering = await start(t)
    const { organization, engine, id, receiver } = delivering
    accept(
      await changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch: { state: 'disabled' } }),
    )
    receiver.release({ status: 200 })
    const expected = [
      ['delivered', null, 1],
      ['failed', 'webhook_disabled', 0],
    ]
    await waitFor(async () => (await statuses(delivering, id)).every(([status]) => status !== 'pending'))
    assert.deepEqual(await statuses(delivering, id), expected)
    assert.equal(receiver.requests.length, 1)
  })

  test('a request that fails after its webhook was disabled is not retried', async (t) => {
    const delivering = await start(t)
    const { organization, engine, id, receiver } = delivering
    accept(
      await changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch: { state: 'disabled' } }),
    )
    receiver.release({ status: 500 })
    await waitFor(async () => (await statuses(delivering, id)).every(([status]) => status === 'failed'))
    assert.deepEqual(await statuses(delivering, id), [
      ['failed', 'webhook_disabled', 1],
      ['failed', 'webhook_disabled', 0],
    ])
  })

  test('a pause lets requests in flight finish, and pending deliveries resume afterwards', async (t) => {
    const delivering = await start(t)
    const { organization, engine, id, receiver } = delivering
    const change = (state: 'paused' | 'enabled') =>
      changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch: { state } })
    accept(await change('paused'))
    receiver.release({ status: 200 })
    await waitFor(async () => (await statuses(delivering, id))[0]?.[0] === 'delivered')
    // All other work passes through the same loop, so the pause has taken effect by then.
    await delivering.happen(['Meeting.tagged'])
    await waitFor(async () =>
      (await statuses(delivering, delivering.good.id)).every(([, , attempts]) => attempts === 1),
    )
    assert.deepEqual((await statuses(delivering, id)).slice(1), [
      ['pending', null, 0],
      ['pending', null, 0],
    ])
    accept(await change('enabled'))
    await waitFor(async () => (await statuses(delivering, id)).every(([status]) => status === 'delivered'))
    assert.equal(receiver.requests.length, 3)
  })

  test('a secret that is rotated while a request is in flight signs later requests, together with the previous secret', async (t) => {
    const delivering = await start(t)
    const { organization, engine, id, receiver } = delivering
    const { secret: fresh } = accept(await rotateSecret(engine.webhooks, { kind: 'operator', organization }, { id }))
    receiver.release({ status: 200 })
    const [first, second] = await receiver.received(2)
    assert.ok(first && second)
    const verify = (secret: string, { text, headers }: typeof first) =>
      new StandardWebhook(secret).verify(text, headers as Record<string, string>)
    verify(delivering.secret, first)
    verify(delivering.secret, second)
    verify(fresh, second)
  })
})
