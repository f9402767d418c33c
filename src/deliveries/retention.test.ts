import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import { manualClock } from '../platform/clock.ts'
import { createLogger } from '../platform/log.ts'
import { DAY } from '../time/durations.ts'
import { deleteWebhook } from '../webhooks/service.ts'
import { listDeleted } from '../webhooks/store.ts'
import { makeDeletedTargets } from '../webhooks/targets.ts'
import { Retention } from './retention.ts'

eachDatabase((open) => {
  test('attempts and settled deliveries are removed after the retention period; pending ones are kept; deleted webhooks are removed immediately', async (t) => {
    const database = await open()
    const receiver = await startReceiver()
    const clock = manualClock(Date.UTC(2027, 2, 1))
    const delivering = await startDelivering(database, { clock })
    const retention = new Retention({
      database,
      clock,
      logger: createLogger('error'),
      deletedTargets: makeDeletedTargets({ database }),
      retentionDays: 30,
    })
    t.after(async () => {
      await retention.stop()
      await delivering.stop()
      await receiver.close()
    })
    const count = async () => {
      const { rows } = await sql<Record<string, number>>`
        select (select count(*) from deliveries) as deliveries, (select count(*) from attempts) as attempts,
          (select count(distinct hour) from webhook_hours) as hours, (select count(*) from webhooks) as webhooks`.execute(
        database.executor,
      )
      return rows[0]
    }
    const kept = await delivering.makeWebhook({ url: receiver.url })
    const paused = await delivering.makeWebhook({ url: receiver.url, state: 'paused' })
    await delivering.happen(['Meeting.scheduled', 'Attendee.scheduled'])
    await waitFor(async () => (await delivering.deliveries(kept.id)).every(({ status }) => status === 'delivered'))
    clock.advance(29 * DAY)
    await retention.start()
    await retention.clean()
    assert.deepEqual(await count(), { deliveries: 4, attempts: 2, hours: 1, webhooks: 2 })
    clock.advance(2 * DAY)
    await retention.clean()
    assert.deepEqual(await count(), { deliveries: 2, attempts: 0, hours: 0, webhooks: 2 })
    assert.deepEqual(
      (await delivering.deliveries(paused.id)).map(({ status }) => status),
      ['pending', 'pending'],
    )
    accept(
      await deleteWebhook(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        { id: paused.id },
      ),
    )
    // Skips deliveries that the dispatcher is marking as failed at that moment. They are removed the next time.
    await waitFor(async () => {
      await retention.clean()
      assert.deepEqual(await count(), { deliveries: 0, attempts: 0, hours: 0, webhooks: 1 })
      return true
    })
  })

  test('a deleted webhook whose deliveries are still being failed is kept until they are removed', async (t) => {
    const database = await open()
    const clock = manualClock(Date.UTC(2027, 2, 1))
    const delivering = await startDelivering(database, { clock })
    const paused = await delivering.makeWebhook({ url: 'http://127.0.0.1:4009/', state: 'paused' })
    await delivering.happen(['Meeting.scheduled'])
    await delivering.stop()
    const retention = new Retention({
      database,
      clock,
      logger: createLogger('error'),
      deletedTargets: makeDeletedTargets({ database }),
      retentionDays: 30,
    })
    t.after(async () => {
      await retention.stop()
      await delivering.stop()
    })
    accept(
      await deleteWebhook(
        delivering.engine.webhooks,
        { kind: 'operator', organization: delivering.organization },
        { id: paused.id },
      ),
    )
    await makeDeletedTargets({ database }).removeDeleted({ organization: delivering.organization, webhook: paused.id })
    const rows = async () => (await listDeleted(database.executor)).length
    assert.equal(await rows(), 1)
    await retention.start()
    await waitFor(async () => (await rows()) === 0)
  })
})
