import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { fillBacklog } from '../../test/support/backlog.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { createTestDatabase } from '../../test/support/postgres.ts'
import { accept } from '../errors.ts'
import { systemClock } from '../platform/clock.ts'
import { openPostgres } from '../platform/database.ts'
import { lockWebhook } from '../webhooks/store.ts'
import { listReplays, replayDeliveries } from './replays.ts'

const since = '2020-01-01T00:00:00Z'

test('a replay does not block changes to its webhook, and a second replay waits and enqueues nothing twice', async (t) => {
  const { url, drop } = await createTestDatabase()
  const database = await openPostgres(url)
  const delivering = await startDelivering(database)
  t.after(async () => {
    await delivering.stop()
    await database.close()
    await drop()
  })
  const { organization, engine } = delivering
  const { id } = await delivering.makeWebhook({ url: 'http://127.0.0.1:4000/', state: 'paused' })
  await fillBacklog(database, { organization, activities: 100, bodyBytes: 100 })
  await sql`update deliveries set status = 'failed', failure_reason = 'too_old'`.execute(database.executor)
  const replay = () =>
    replayDeliveries(
      engine.deliveries,
      { kind: 'operator', organization },
      { webhook: id, input: { since, only: 'failed' } },
    )
  // Locks the webhook in the same way as a settings change, or as the dispatcher when it records the webhook's health.
  const queued = await database.transaction(async (tx) => {
    await lockWebhook(tx, organization, id)
    const both = await database.apart(() => Promise.all([replay(), replay()]))
    return both.map((each) => accept(each).replay.queued)
  })
  assert.deepEqual(queued.sort(), [0, 100])
})

eachDatabase((open) => {
  test('a replay shows its progress while it is delivered', async (t) => {
    const database = await open()
    const delivering = await startDelivering(database)
    t.after(() => delivering.stop())
    const { organization, engine } = delivering
    const { id } = await delivering.makeWebhook({ url: 'http://127.0.0.1:4000/', state: 'paused' })
    await fillBacklog(database, { organization, activities: 5, bodyBytes: 100 })
    await sql`update deliveries set status = 'delivered', settled_at = now()`.execute(database.executor)
    const input = { since, only: 'all' as const }
    const { replay } = accept(
      await replayDeliveries(engine.deliveries, { kind: 'operator', organization }, { webhook: id, input }),
    )
    const progress = async () => {
      const page = { limit: 10, after: undefined }
      const [found] = accept(await listReplays(engine.deliveries, organization, { webhook: id, page })).page.data
      return [found?.id, found?.queued, found?.pending, found?.delivered, found?.failed]
    }
    assert.deepEqual(await progress(), [replay.id, 5, 5, 0, 0])
    const settle = (status: string, count: number) =>
      sql`update deliveries set status = ${status}, settled_at = ${systemClock.timestamp()} where id in (
        select id from deliveries where replay_id = ${replay.id} and status = 'pending' order by id limit ${count})`.execute(
        database.executor,
      )
    await settle('delivered', 3)
    assert.deepEqual(await progress(), [replay.id, 5, 2, 3, 0])
    await settle('failed', 1)
    assert.deepEqual(await progress(), [replay.id, 5, 1, 3, 1])
  })
})
