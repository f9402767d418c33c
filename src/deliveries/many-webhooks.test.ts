import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { startReceiver } from '../../test/support/receiver.ts'

const WEBHOOKS = 2_000

eachDatabase((open) => {
  test(`an activity goes to ${WEBHOOKS} webhooks of one organization, each once`, async (t) => {
    const database = await open()
    const receiver = await startReceiver()
    const delivering = await startDelivering(database)
    t.after(async () => {
      await delivering.stop()
      await receiver.close()
    })
    const { id } = await delivering.makeWebhook({ url: `${receiver.url}/1` })
    await sql`
      insert into webhooks (organization_id, url, ordering, concurrency, signing, secret, state, state_changed_at,
        sending_changed_at, created_at)
      select organization_id, ${receiver.url} || '/' || number, ordering, concurrency, signing, secret, state, state_changed_at,
        sending_changed_at, created_at
      from webhooks, generate_series(2, ${WEBHOOKS}::integer) number where id = ${id}`.execute(database.executor)
    await delivering.happen(['Meeting.scheduled'])
    const requests = await receiver.received(WEBHOOKS, 60_000)
    assert.equal(new Set(requests.map(({ path }) => path)).size, WEBHOOKS)
    assert.equal(requests.length, WEBHOOKS)
  })
})
