import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startDelivering } from '../../test/support/delivering.ts'
import { createTestDatabase } from '../../test/support/postgres.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { openPostgres } from '../platform/database.ts'

const { url, drop } = await createTestDatabase()
const database = await openPostgres(url)
after(async () => {
  await database.close()
  await drop()
})

test('nine good webhooks receive everything before the first timeout of a hanging webhook on the same host', async (t) => {
  const receiver = await startReceiver({ answer: ({ path }) => (path === '/hangs' ? undefined : { status: 200 }) })
  const delivering = await startDelivering(database)
  t.after(async () => {
    await receiver.close()
    await delivering.stop()
  })
  // The hanging webhook is created first, so that its deliveries are claimed first.
  const hanging = await delivering.makeWebhook({ url: `${receiver.url}/hangs` })
  for (let count = 0; count < 9; count++) await delivering.makeWebhook({ url: `${receiver.url}/good` })
  for (let meeting = 1; meeting <= 50; meeting++)
    await delivering.happen(['Meeting.scheduled', 'Attendee.scheduled'], meeting)
  const good = () => receiver.requests.filter(({ path }) => path === '/good').length
  await receiver.received(900 + 16)
  while (good() < 900) await receiver.received(receiver.requests.length + 1)
  const attempted = (await delivering.deliveries(hanging.id)).flatMap(({ attempts }) => attempts)
  assert.deepEqual(attempted, [], 'nothing of the hanging one has timed out yet')
  assert.equal(receiver.requests.length - good(), 16, 'it has as many under way as it may have')
})

test('a good webhook is served even if more requests hang than may be in flight in total', async (t) => {
  const receiver = await startReceiver({ answer: ({ path }) => (path === '/hangs' ? undefined : { status: 200 }) })
  const delivering = await startDelivering(database)
  t.after(async () => {
    await receiver.close()
    await delivering.stop()
  })
  for (let count = 0; count < 70; count++) await delivering.makeWebhook({ url: `${receiver.url}/hangs` })
  for (let meeting = 1; meeting <= 16; meeting++) await delivering.happen(['Meeting.scheduled'], meeting)
  await receiver.received(768)
  const good = await delivering.makeWebhook({ url: `${receiver.url}/good` })
  for (let meeting = 1; meeting <= 50; meeting++) await delivering.happen(['Meeting.tagged'], meeting)
  await waitFor(
    async () => (await delivering.deliveries(good.id)).filter(({ status }) => status === 'delivered').length === 50,
  )
})
