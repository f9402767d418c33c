import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { startDelivering } from '../../test/support/delivering.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { getDelivery } from '../deliveries/listing.ts'
import { accept } from '../errors.ts'
import { systemClock } from '../platform/clock.ts'
import { makeSecrets } from '../platform/secrets.ts'
import { listVerifiers, renewSecrets } from './secret-rotation.ts'
import { makeTargetDirectory } from './targets.ts'

const [older, newer] = ['the older value of the secret', 'the newer value of the secret']
const target = 'http://127.0.0.1:4000/hook'

eachDatabase((open) => {
  test('after BOOKBELL_SECRET is rotated, secrets and headers of webhooks can be decrypted without the older value', async () => {
    const database = await open()
    const first = await openTestApp(database, { options: { secrets: makeSecrets([older]) } })
    const hook = { url: target, headers: { 'x-tenant': 'blue', authorization: 'Bearer of-the-receiver' } }
    const { body } = await first.api('POST', '/api/v1/webhooks', hook)
    const rotated = await first.api('POST', `/api/v1/webhooks/${body.id}/rotate-secret`)
    await first.stop()

    await assert.rejects(renewSecrets({ database, secrets: makeSecrets([newer]) }), {
      name: 'StartError',
      message:
        /^The secrets of webhook \d+ cannot be read, because they were encrypted with a different BOOKBELL_SECRET/,
    })
    await renewSecrets({ database, secrets: makeSecrets([newer, older]) })

    const secrets = makeSecrets([newer])
    await renewSecrets({ database, secrets })
    const last = await openTestApp(database, { options: { secrets } })
    const shown = await last.api('GET', `/api/v1/webhooks/${body.id}`, undefined, {
      authorization: `Bearer ${first.apiKey}`,
    })
    assert.equal(shown.body.headers['x-tenant'], 'blue')
    const signing = await listVerifiers({ database, secrets, clock: systemClock }, first.organization, { url: target })
    assert.deepEqual(signing, [rotated.body.secret, body.secret])
    await last.stop()
  })

  test('a delivery is shown, without its signature, by a process without the newest BOOKBELL_SECRET', async (t) => {
    const database = await open()
    const receiver = await startReceiver()
    const delivering = await startDelivering(database)
    t.after(async () => {
      await delivering.stop()
      await receiver.close()
    })
    const { id } = await delivering.makeWebhook({ url: receiver.url })
    await delivering.happen(['Meeting.scheduled'])
    const delivery = await waitFor(async () => (await delivering.deliveries(id)).find(({ attempts }) => attempts[0]))
    assert.ok(delivery.attempts[0]?.request_headers['webhook-signature'])
    const targets = makeTargetDirectory({ ...delivering.engine.webhooks, secrets: makeSecrets([older]) })
    const stranger = { ...delivering.engine.deliveries, targets }
    const shown = accept(await getDelivery(stranger, delivering.organization, { id: delivery.id }))
    const [attempt] = shown.delivery.attempts
    assert.equal(attempt?.request_url, null)
    assert.equal(attempt?.request_headers['webhook-signature'], undefined)
    assert.equal(attempt?.request_headers['webhook-id'], delivery.webhook_id_header)
  })
})
