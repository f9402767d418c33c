import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { type DeliveringOptions, startDelivering } from '../../test/support/delivering.ts'
import { type Answer, startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import type { OrganizationId } from '../access/gate.ts'
import { eraseFromActivities } from '../activities/service.ts'
import type { Database } from '../platform/database.ts'
import { announceErasure } from '../webhooks/service.ts'
import { resendDelivery } from './resending.ts'
import { eraseResponses } from './service.ts'

const ERASED = 'erased-10@erased.invalid'
const BEFORE = 'person10@example.com'

/** Erases the attendee of meeting 1 in the order of a real erasure: first the bodies, then the responses. */
async function erase(database: Database, organization: OrganizationId): Promise<void> {
  const people = { meeting: 1, isOneOnOne: true, attendees: [10], hasPlace: false }
  await database.transaction(async (tx) => {
    await eraseFromActivities(tx, organization, [people])
    await announceErasure(tx, organization, { meetings: [1] })
  })
  await eraseResponses(database.executor, organization, { meetings: [1] })
}

eachDatabase((open) => {
  let database: Database | undefined

  async function deliver(t: { after(work: () => Promise<void>): void }, options: DeliveringOptions = {}) {
    database ??= await open()
    const delivering = await startDelivering(database, options)
    t.after(() => delivering.stop())
    const receiver = await startReceiver()
    t.after(() => receiver.close())
    return { ...delivering, receiver, database }
  }

  test('a cached body is not sent again after its person is erased', async (t) => {
    const { database, organization, engine, makeWebhook, happen, deliveries, receiver } = await deliver(t)
    const { id } = await makeWebhook({ url: receiver.url })
    await happen(['Meeting.scheduled'])
    await receiver.received(1)
    const [delivery] = await waitFor(async () => {
      const found = await deliveries(id)
      return found[0]?.status === 'delivered' && found
    })
    await erase(database, organization)
    await resendDelivery(engine.deliveries, { kind: 'operator', organization }, { id: delivery?.id ?? 0 })
    const requests = await receiver.received(2)
    assert.ok(requests[0]?.text.includes(BEFORE))
    assert.ok(requests[1]?.text.includes(ERASED) && !requests[1].text.includes(BEFORE))
  })

  test('a claimed delivery that waits for its turn is sent in its erased form, and a response in flight is not recorded', async (t) => {
    const { database, organization, makeWebhook, happen, deliveries, receiver } = await deliver(t)
    let answer: (answer: Answer) => void = () => {}
    const isFirst = () => receiver.requests.filter(({ text }) => text.includes(BEFORE)).length === 1
    receiver.answer(({ text }) =>
      text.includes(BEFORE) && isFirst() ? new Promise((resolve) => (answer = resolve)) : { body: text },
    )
    const { id } = await makeWebhook({ url: receiver.url, concurrency: 1 })
    // Several deliveries are claimed at the same time only if the receiver is known to be fast.
    await happen(Array(16).fill('Meeting.scheduled'), 2)
    await receiver.received(16)
    await waitFor(async () => (await countPending(database)) === 0)
    await happen(['Meeting.scheduled', 'Attendee.scheduled'])
    await receiver.received(17)
    await waitFor(async () => (await countClaimed(database)) === 2)
    await erase(database, organization)
    await waitFor(async () => (await countClaimed(database)) < 2)
    answer({ body: `echo of ${BEFORE}` })
    const requests = await receiver.received(19)
    for (const { text } of requests.slice(17)) assert.ok(text.includes(ERASED) && !text.includes(BEFORE), text)
    const settled = await waitFor(async () => {
      const found = await deliveries(id)
      return found.every(({ status }) => status === 'delivered') && found
    })
    assert.ok(!JSON.stringify(settled).includes(BEFORE))
  })
})

async function countPending({ executor }: Database): Promise<number> {
  const rows = await executor.selectFrom('deliveries').select('id').where('status', '=', 'pending').execute()
  return rows.length
}

async function countClaimed({ executor }: Database): Promise<number> {
  const rows = await executor.selectFrom('deliveries').select('id').where('claim_id', 'is not', null).execute()
  return rows.length
}
