import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { manualClock, toTimestamp } from '../platform/clock.ts'
import { DAY } from '../time/durations.ts'
import { actOnFailing } from './failing.ts'
import { loadWebhooks } from './store.ts'

const start = Date.UTC(2027, 2, 1)

eachDatabase((open) => {
  test('a webhook is disabled for failing only if its row, read again, still says so and no hour has a success', async (t) => {
    const database = await open()
    const clock = manualClock(start)
    const delivering = await startDelivering(database, { clock })
    t.after(() => delivering.stop())
    const { organization } = delivering
    const { id } = await delivering.makeWebhook({ url: 'http://127.0.0.1:4000/' })
    const deps = { database, clock, notifyAdmins: async () => {} }
    const failSince = (at: number) =>
      sql`update webhooks set failing_since = ${toTimestamp(at)}, failing_attempts = 10, warned_at = ${toTimestamp(at)}
        where id = ${id}`.execute(database.executor)
    const read = () => loadWebhooks(database.executor, [{ organization, webhook: id }])
    const stateAfter = async (rows: Awaited<ReturnType<typeof read>>) => {
      await actOnFailing(deps, rows)
      return (await delivering.webhook(id)).state
    }
    await failSince(start - 5 * DAY)
    const stale = await read()
    await failSince(start - DAY)
    assert.equal(await stateAfter(stale), 'enabled')
    await failSince(start - 5 * DAY)
    const succeedAt = (at: number) =>
      sql`insert into webhook_hours (organization_id, webhook_id, hour, bucket, succeeded, failed)
        values (${organization}, ${id}, ${toTimestamp(at)}, 1, 1, 0)`.execute(database.executor)
    await succeedAt(start - 2 * DAY)
    assert.equal(await stateAfter(await read()), 'enabled')
    await sql`delete from webhook_hours where webhook_id = ${id}`.execute(database.executor)
    await succeedAt(start - 6 * DAY)
    assert.equal(await stateAfter(await read()), 'disabled')
  })
})
