import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Inspector, InspectorRequest } from '../src/inspectors/schema.ts'
import { manualClock } from '../src/platform/clock.ts'
import { writeSample } from './support/activity-writer.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { eachDatabase } from './support/databases.ts'
import { waitFor } from './support/wait.ts'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.now())

  before(async () => {
    app = await openTestApp(await open(), { clock, listen: true, work: true })
  })
  after(() => app.stop())

  async function create(resource: string, body: object) {
    const answer = await app.api('POST', `/api/v1/${resource}`, body)
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }

  async function recorded(inspector: Inspector): Promise<InspectorRequest[]> {
    const token = inspector.page_url.split('/').at(-1)
    const answer = await app.api('GET', `/api/v1/public/inspect/${token}/requests`, undefined, { authorization: null })
    return answer.body.data.reverse()
  }

  async function untilRecorded(inspector: Inspector, count: number): Promise<InspectorRequest[]> {
    return waitFor(async () => {
      const requests = await recorded(inspector)
      return requests.length >= count ? requests : undefined
    })
  }

  test('a webhook that points to an inspector shows its activities there, with valid signatures', async () => {
    const inspector: Inspector = await create('inspectors', {})
    await create('webhooks', { url: inspector.url })
    await writeSample(app.database, app.organization, { meeting: 41, now: clock.now() })
    const [request] = await untilRecorded(inspector, 1)
    assert.partialDeepStrictEqual(request, {
      method: 'POST',
      signature: 'valid',
      action: 'Meeting.scheduled',
      answered: 200,
    })
    assert.equal(JSON.parse(request!.body).entity.id, 41)
    const { body: feed } = await app.api('GET', '/api/v1/activities?meeting=41')
    assert.equal(request!.body, JSON.stringify(feed.data[0]))
  })

  test('signatures stay valid after the secret is changed, and tests are also shown', async () => {
    const inspector: Inspector = await create('inspectors', {})
    const webhook = await create('webhooks', { url: inspector.url, actions: ['Meeting.tagged'] })
    const rotated = await app.api('POST', `/api/v1/webhooks/${webhook.id}/rotate-secret`)
    assert.equal(rotated.status, 200, rotated.text)
    const tested = await app.api('POST', `/api/v1/webhooks/${webhook.id}/test`, { action: 'Attendee.reminded' })
    assert.equal(tested.status, 200, tested.text)
    const [request] = await untilRecorded(inspector, 1)
    assert.partialDeepStrictEqual(request, { signature: 'valid', action: 'Attendee.reminded' })
    assert.equal(request!.headers['bookbell-test'], '1')
  })

  test('a delivery to a failing inspector is retried', async () => {
    const inspector: Inspector = await create('inspectors', { answer_status: 503 })
    const webhook = await create('webhooks', { url: inspector.url, actions: ['Meeting.scheduled'] })
    await writeSample(app.database, app.organization, { meeting: 42, now: clock.now() })
    assert.equal((await untilRecorded(inspector, 1))[0]?.answered, 503)
    const delivery = await waitFor(async () => {
      const { body } = await app.api('GET', `/api/v1/webhooks/${webhook.id}/deliveries`)
      return body.data.find((one: { attempts: number }) => one.attempts === 1)
    })
    assert.equal(delivery.status, 'pending')
    await app.api('PATCH', `/api/v1/inspectors/${inspector.id}`, { answer_status: 200 })
    clock.advance(6_000)
    const requests = await untilRecorded(inspector, 2)
    assert.deepEqual(
      requests.map(({ headers, answered }) => [headers['bookbell-attempt'], answered]),
      [
        ['1', 503],
        ['2', 200],
      ],
    )
    assert.equal(requests[0]?.body, requests[1]?.body)
  })

  test('a public server may deliver to its own inspectors, and to no other URL of its own', async () => {
    const closed = await openTestApp(app.database, { env: { BOOKBELL_URL: 'https://book.example.com' } })
    const { body: inspector } = await closed.api('POST', '/api/v1/inspectors')
    assert.equal((await closed.api('POST', '/api/v1/webhooks', { url: inspector.url })).status, 201)
    for (const url of ['http://127.0.0.1:4000/hook', `${inspector.url}/../../../api`.replace('https:', 'http:')]) {
      assert.equal((await closed.api('POST', '/api/v1/webhooks', { url })).body.code, 'target_refused', url)
    }
    await closed.stop()
  })
})
