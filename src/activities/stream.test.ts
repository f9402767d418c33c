import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { writeSample } from '../../test/support/activity-writer.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import type { OrganizationId } from '../access/gate.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { type Reader, Wakes } from '../platform/wakes.ts'
import { addOrganization } from '../settings/service.ts'
import { FEED_CHANNEL } from './service.ts'
import { type StreamTimes, streamFeed } from './stream.ts'

const never = 1_000_000_000

eachDatabase((open) => {
  let database: Database
  let organization: OrganizationId
  before(async () => {
    database = await open()
    organization = await database.transaction((tx) => addOrganization(tx, { name: 'Streams', clock: systemClock }))
  })

  /** Follows the stream from the beginning, with the test's intervals (milliseconds). */
  function follow(
    reader: Reader,
    times: Partial<StreamTimes>,
    isStillAllowed = async () => true,
  ): AsyncGenerator<string> {
    const all = { organization, after: 'latest', actions: undefined, meeting: undefined } as const
    return streamFeed(database, reader, {
      ...all,
      isStillAllowed,
      times: { poll: never, heartbeat: never, age: never, ...times },
    })
  }

  const next = async (stream: AsyncGenerator<string>) => (await stream.next()).value as string

  test('polling alone suffices: a stream that is never woken misses nothing', async () => {
    const reader = new Wakes(FEED_CHANNEL).read(String(organization))
    const stream = follow(reader, { poll: 1 })
    assert.match(await next(stream), /^: heartbeat/)
    await writeSample(database, organization, { meeting: 5 })
    assert.match(await next(stream), /"id":5,"type":"Meeting"/)
    reader.end()
  })

  test('a commit wakes the stream long before it would poll again', async (t) => {
    const wakes = new Wakes(FEED_CHANNEL)
    await wakes.start(database)
    t.after(() => wakes.stop())
    const stream = follow(wakes.read(String(organization)), {})
    assert.match(await next(stream), /^: heartbeat/)
    const message = next(stream)
    await writeSample(database, organization, { meeting: 6 })
    assert.match(await message, /"id":6,"type":"Meeting"/)
  })

  test('a stream ends at the next check once its reader is no longer allowed, and later activities are not sent', async () => {
    let allowed = true
    const reader = new Wakes(FEED_CHANNEL).read(String(organization))
    const stream = follow(reader, { poll: 1, heartbeat: 1 }, async () => allowed)
    assert.match(await next(stream), /^: heartbeat/)
    allowed = false
    await writeSample(database, organization, { meeting: 7 })
    const rest: string[] = []
    for await (const message of stream) rest.push(message)
    assert.doesNotMatch(rest.join(''), /"id":7,"type":"Meeting"/)
    reader.end()
  })

  test('heartbeats are sent when nothing happens, each with the cursor', async () => {
    const reader = new Wakes(FEED_CHANNEL).read(String(organization))
    const stream = follow(reader, { heartbeat: 1 })
    const [first, second] = [await next(stream), await next(stream)]
    assert.match(first, /^: heartbeat\nid: \d+\n\n$/)
    assert.equal(second, first)
    reader.end()
  })

  test('a stream whose client has disconnected ends immediately', async () => {
    const reader = new Wakes(FEED_CHANNEL).read(String(organization))
    const stream = follow(reader, {})
    await stream.next()
    const end = stream.next()
    reader.end()
    assert.equal((await end).done, true)
  })

  test('a stream ends at its maximum age, so that its client must authenticate again', async () => {
    const stream = follow(new Wakes(FEED_CHANNEL).read(String(organization)), { age: 0 })
    assert.equal((await stream.next()).done, true)
  })
})
