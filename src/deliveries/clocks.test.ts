import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { happen } from '../../test/support/deliveries.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import { manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { changeWebhook } from '../webhooks/service.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2027, 2, 1)

eachDatabase((open) => {
  let database: Database | undefined
  let stop: () => Promise<void> = async () => {}
  after(() => stop())

  async function begin(t: { after(work: () => Promise<void>): void }) {
    database ??= await open()
    await stop()
    const receiver = await startReceiver()
    t.after(() => receiver.close())
    const clock = manualClock(start)
    const delivering = await startDelivering(database, { clock })
    stop = () => delivering.stop()
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    const change = async (patch: object) =>
      void accept(
        await changeWebhook(
          delivering.engine.webhooks,
          { kind: 'operator', organization: delivering.organization },
          { id, patch },
        ),
      )
    const settled = (count: number) =>
      waitFor(async () => {
        const found = (await delivering.deliveries(id)).filter(({ status }) => status !== 'pending')
        return found.length >= count && found
      })
    return { ...delivering, database, receiver, clock, id, change, settled }
  }

  test('a first attempt does not wait if the enqueuing process has a clock that is ahead', async (t) => {
    const { database, organization, receiver, change, settled } = await begin(t)
    const ahead = { database, clock: manualClock(start + hour) }
    await happen(ahead, { organization, actions: ['Meeting.scheduled'] })
    await settled(1)
    // The same rule when the delivery is found by polling, without a notification.
    await change({ state: 'paused' })
    await happen(ahead, { organization, actions: ['Meeting.tagged'] })
    await change({ state: 'enabled' })
    await settled(2)
    assert.equal(receiver.requests.length, 2)
  })

  test('setting a clock back stops neither first attempts nor a rate limit nor a breaker', async (t) => {
    const { clock, dispatcher, receiver, happen, change, settled, webhook, id } = await begin(t)
    await change({ rate_limit_per_second: 1 })
    await happen(['Meeting.scheduled'])
    await settled(1)
    clock.advance(-hour)
    dispatcher.wake()
    await happen(['Meeting.tagged'])
    await settled(2)
    await change({ rate_limit_per_second: null })
    receiver.answer({ status: 500 })
    for (let meeting = 1; meeting <= 10; meeting++) await happen(['Meeting.scheduled'], meeting)
    await waitFor(async () => (await webhook(id)).health.breaker === 'open')
    receiver.answer({ status: 200 })
    clock.advance(-hour)
    dispatcher.wake()
    await happen(['Meeting.untagged'])
    await settled(3)
  })

  test('a delivery that was paused for longer than the retry period is still attempted once', async (t) => {
    const { clock, receiver, happen, change, settled } = await begin(t)
    await change({ state: 'paused' })
    await happen(['Meeting.scheduled', 'Meeting.tagged'])
    receiver.answer(({ headers }) => ({ status: headers['bookbell-action'] === 'Meeting.tagged' ? 500 : 200 }))
    clock.advance(6 * day)
    await change({ state: 'enabled' })
    const found = await settled(2)
    assert.deepEqual(
      found.map(({ status, failure_reason, attempts }) => [status, failure_reason, attempts.length]),
      [
        ['delivered', null, 1],
        ['failed', 'too_old', 1],
      ],
    )
  })
})
