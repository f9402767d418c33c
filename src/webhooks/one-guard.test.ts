import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import { changeWebhook } from './service.ts'
import { checkWebhookTarget, diagnoseWebhook, sendTest } from './testing.ts'

const refused = [
  ['a private address', '10.0.0.1'],
  ['loopback', '127.0.0.1'],
  ['an IPv4-mapped address', '::ffff:10.0.0.1'],
  ['link-local', '169.254.169.254'],
  ['a carrier network', '100.100.100.200'],
  ['a private IPv6 network', 'fd00:ec2::254'],
  ['NAT64', '64:ff9b::a00:1'],
] as const

eachDatabase((open) => {
  test('the same rules apply to creating, changing, testing, diagnosing and delivering, even after the DNS has changed', async (t) => {
    let address = '93.184.216.34'
    const resolve: Resolve = async () => ({
      addresses: [{ address, family: address.includes(':') ? 6 : 4 }],
      lifetime: 0,
    })
    const delivering = await startDelivering(await open(), { url: 'https://book.example.com', http: { resolve } })
    t.after(() => delivering.stop())
    const { organization, engine } = delivering
    const url = 'https://hooks.example.com/'
    accept(await checkWebhookTarget(engine.webhooks, url))
    for (const [what, next] of refused) {
      const { id } = await delivering.makeWebhook({ url })
      address = next
      // The check that the routes make before a webhook is created or changed.
      const checked = await checkWebhookTarget(engine.webhooks, url)
      assert.ok(!checked.ok && checked.code === 'target_refused', what)
      const { attempt } = accept(await sendTest(engine.webhooks, organization, { id, action: 'Meeting.tagged' })).test
      assert.deepEqual([attempt.error?.kind, attempt.status], ['guard', null], what)
      const { steps } = accept(await diagnoseWebhook(engine.webhooks, organization, { id })).diagnosis
      assert.deepEqual([steps[1]?.step, steps[1]?.verdict, steps[2]?.verdict], ['dns', 'failed', 'not_checked'], what)
      await delivering.happen(['Meeting.tagged'])
      const [delivery] = await waitFor(async () => {
        const found = await delivering.deliveries(id)
        return found[0]?.attempts.length === 1 && found
      })
      assert.equal(delivery?.attempts[0]?.error?.kind, 'guard', what)
      assert.ok(checked.detail.startsWith(delivery?.attempts[0]?.error?.message.split('. ')[0] ?? '?'), what)
      accept(
        await changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch: { state: 'disabled' } }),
      )
    }
  })

  test('BOOKBELL_WEBHOOK_ALLOW allows exactly its ranges in all of these cases', async (t) => {
    const receiver = await startReceiver()
    const delivering = await startDelivering(await open(), {
      url: 'https://book.example.com',
      env: { BOOKBELL_WEBHOOK_ALLOW: '127.0.0.1' },
    })
    t.after(async () => {
      await delivering.stop()
      await receiver.close()
    })
    const { organization, engine } = delivering
    accept(await checkWebhookTarget(engine.webhooks, receiver.url))
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    assert.ok(accept(await sendTest(engine.webhooks, organization, { id, action: 'Meeting.tagged' })).test.delivered)
    assert.ok(accept(await diagnoseWebhook(engine.webhooks, organization, { id })).diagnosis.ok)
    await delivering.happen(['Meeting.tagged'])
    await waitFor(async () => (await delivering.deliveries(id))[0]?.status === 'delivered')
    const neighbour = await checkWebhookTarget(engine.webhooks, `http://127.0.0.2:${receiver.port}/`)
    assert.ok(!neighbour.ok && neighbour.code === 'target_refused')
  })
})
