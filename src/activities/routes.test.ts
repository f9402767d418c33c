import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { remindedDraft, writeSample } from '../../test/support/activity-writer.ts'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type OpenStream, openStream } from '../../test/support/event-stream.ts'
import { waitFor } from '../../test/support/wait.ts'
import { systemClock } from '../platform/clock.ts'

const feed = '/api/v1/activities'

eachDatabase((open) => {
  let app: TestApp
  const streams: OpenStream[] = []

  before(async () => {
    app = await openTestApp(await open(), { listen: true })
  })
  after(async () => {
    for (const stream of streams) stream.close()
    await app.stop()
  })

  async function follow(query: string, key: string, headers: Record<string, string> = {}): Promise<OpenStream> {
    const stream = await openStream(`${app.url}${feed}/stream${query}`, { authorization: `Bearer ${key}`, ...headers })
    streams.push(stream)
    return stream
  }

  /** A separate organization for the test, with `count` activities, each about a different meeting. */
  async function withActivities(count: number) {
    const owned = await createTestOrganization({ database: app.database, clock: systemClock })
    for (let meeting = 1; meeting <= count; meeting++) await writeSample(app.database, owned.organization, { meeting })
    const ask = (path: string) => app.api('GET', path, undefined, { authorization: `Bearer ${owned.apiKey}` })
    return { ...owned, ask }
  }

  test('the feed is read page by page, and always says where to continue', async () => {
    const { ask } = await withActivities(3)
    const first = await ask(`${feed}?limit=2`)
    assert.deepEqual(
      [first.status, first.body.data.length, first.body.next_cursor, first.body.has_more],
      [200, 2, '2', true],
    )
    const second = await ask(`${feed}?limit=2&after=${first.body.next_cursor}`)
    assert.deepEqual([second.body.data.length, second.body.next_cursor, second.body.has_more], [1, '3', false])
    const third = await ask(`${feed}?after=${second.body.next_cursor}`)
    assert.deepEqual(third.body, { data: [], next_cursor: '3', has_more: false })
  })

  test('`cursor` means the same as `after`, as in every other list', async () => {
    const { ask } = await withActivities(2)
    assert.equal((await ask(`${feed}?cursor=1`)).text, (await ask(`${feed}?after=1`)).text)
  })

  test('an organization can follow with a hundred streams at the same time; the next is rejected until one ends', async () => {
    const { apiKey } = await withActivities(1)
    const open = await Promise.all(Array.from({ length: 100 }, () => follow('', apiKey)))
    assert.ok(open.every(({ status }) => status === 200))
    const refused = await follow('', apiKey)
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '30'])
    const { apiKey: other } = await withActivities(1)
    assert.equal((await follow('', other)).status, 200)
    for (const stream of open) stream.close()
    const again = async () => (await follow('', apiKey)).status === 200
    await waitFor(again, { what: 'room for one more stream' })
  })

  test('a single activity is returned with the same bytes as in the feed', async () => {
    const { ask } = await withActivities(1)
    const list = await ask(feed)
    const [{ id }] = list.body.data
    const one = await ask(`${feed}/${id}`)
    assert.equal(list.text, `{"data":[${one.text}],"next_cursor":"1","has_more":false}`)
    assert.match(one.headers.get('content-type') ?? '', /^application\/json/)
  })

  test('the feed can be filtered by actions and by meeting', async () => {
    const { ask, organization } = await withActivities(2)
    await writeSample(app.database, organization, { meeting: 2, drafts: [remindedDraft] })
    const actionsOf = async (query: string) =>
      (await ask(`${feed}?${query}`)).body.data.map((one: { action: string }) => one.action)
    assert.deepEqual(await actionsOf('action=Attendee.reminded'), ['Attendee.reminded'])
    assert.deepEqual(await actionsOf('meeting=2'), ['Meeting.scheduled', 'Attendee.reminded'])
    assert.equal((await actionsOf('action=Attendee.reminded&action=Meeting.scheduled')).length, 3)
  })

  test('an invalid cursor, action or meeting is rejected with an error that names the field', async () => {
    const { ask } = await withActivities(1)
    const cases: [query: string, path: string][] = [
      ['after=abc', 'after'],
      ['after=-1', 'after'],
      ['after=1.5', 'after'],
      ['after=2', 'after'],
      ['after=99999999999999999999', 'after'],
      ['action=Meeting.exploded', 'action'],
      ['meeting=x', 'meeting'],
      ['limit=0', 'limit'],
    ]
    for (const [query, path] of cases) {
      const answer = await ask(`${feed}?${query}`)
      assert.deepEqual(
        [answer.status, answer.body.code, answer.body.errors[0].path],
        [422, 'invalid_input', path],
        query,
      )
      if (path !== 'limit') assert.equal((await ask(`${feed}/stream?${query}`)).status, 422, query)
    }
  })

  test('an activity of another organization is not found', async () => {
    const [ours, theirs] = [await withActivities(0), await withActivities(1)]
    const { id } = (await theirs.ask(feed)).body.data[0]
    assert.equal((await ours.ask(`${feed}/${id}`)).status, 404)
    assert.equal((await ours.ask(`${feed}/999999999`)).body.code, 'not_found')
  })

  test('the stream sends the existing activities, then new ones, each with its cursor as id', async () => {
    const { apiKey, organization, ask } = await withActivities(2)
    const stream = await follow('', apiKey)
    assert.deepEqual([stream.status, stream.headers['content-type']], [200, 'text/event-stream; charset=utf-8'])
    assert.equal((await stream.messages(2)).length, 2)
    await writeSample(app.database, organization, { meeting: 3 })
    const messages = await stream.messages(3)
    assert.deepEqual(
      messages.map(({ id }) => id),
      ['1', '2', '3'],
    )
    assert.deepEqual(
      messages.map(({ data }) => data),
      (await ask(feed)).body.data,
    )
  })

  test('the stream resumes after Last-Event-ID, which takes precedence over the query', async () => {
    const { apiKey } = await withActivities(3)
    const resumed = await follow('?after=0', apiKey, { 'last-event-id': '2' })
    assert.equal((await resumed.messages(1))[0]?.id, '3')
    const begun = await follow('?after=1', apiKey)
    assert.deepEqual(
      (await begun.messages(2)).map(({ id }) => id),
      ['2', '3'],
    )
  })

  test('the stream can begin at the end of the feed', async () => {
    const { apiKey, organization } = await withActivities(2)
    const stream = await follow('?after=latest', apiKey)
    await waitFor(() => stream.blocks.some(({ comment }) => comment === 'heartbeat'))
    await writeSample(app.database, organization, { meeting: 3 })
    assert.deepEqual(
      (await stream.messages(1)).map(({ id }) => id),
      ['3'],
    )
  })

  test('a heartbeat advances the cursor of a stream without matches', async () => {
    const { apiKey } = await withActivities(2)
    const stream = await follow('?action=Meeting.tagged', apiKey)
    await waitFor(() => stream.blocks.some(({ id, data }) => id === '2' && data === undefined))
  })

  test('one organization’s stream contains nothing from another', async () => {
    const [ours, theirs] = [await withActivities(0), await withActivities(0)]
    const stream = await follow('', ours.apiKey)
    await writeSample(app.database, theirs.organization)
    await writeSample(app.database, ours.organization, { meeting: 77 })
    const [first] = await stream.messages(1)
    assert.equal(first?.data.entity.id, 77)
  })

  test('a client that reads slowly receives everything in the end', async () => {
    const { apiKey, organization } = await withActivities(0)
    const stream = await follow('', apiKey)
    stream.pause()
    const name = 'x'.repeat(100_000)
    for (let meeting = 1; meeting <= 60; meeting++) await writeSample(app.database, organization, { meeting, name })
    stream.resume()
    const messages = await stream.messages(60)
    assert.deepEqual(
      messages.map(({ data }) => data.entity.id),
      Array.from({ length: 60 }, (_, index) => index + 1),
    )
  })

  test('the catalogue of activity types is public', async () => {
    const answer = await app.api('GET', '/api/v1/activity-types', undefined, { authorization: null })
    assert.equal(answer.status, 200)
    assert.equal(answer.body.data.length, 22)
    assert.equal(answer.body.data[0].example.action, 'Meeting.scheduled')
    assert.equal(answer.body.data[0].schema.properties.action.const, 'Meeting.scheduled')
  })

  test('the OpenAPI document has a webhooks section with all actions', async () => {
    const { body } = await app.api('GET', '/api/openapi.json')
    assert.equal(Object.keys(body.webhooks).length, 12)
    const { post } = body.webhooks['Attendee.cancelled']
    assert.equal(post.requestBody.content['application/json'].schema.properties.action.const, 'Attendee.cancelled')
  })

  test('a server that stops ends its streams', async () => {
    const second = await openTestApp(app.database, { listen: true })
    const stream = await openStream(`${second.url}${feed}/stream`, { authorization: `Bearer ${second.apiKey}` })
    assert.equal(stream.status, 200)
    await second.stop()
    await stream.ended
  })
})
