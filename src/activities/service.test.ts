import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import {
  appendSample,
  remindedDraft as reminded,
  scheduledDraft as scheduled,
  writeSample,
} from '../../test/support/activity-writer.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import type { OrganizationId } from '../access/gate.ts'
import { manualClock } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { addOrganization } from '../settings/service.ts'
import { type FeedPage, type FeedQuery, getActivity, readFeed } from './service.ts'

const clock = manualClock(Date.UTC(2027, 2, 1, 8))
async function createOrganization(database: Database, name: string): Promise<OrganizationId> {
  return database.transaction((tx) => addOrganization(tx, { name, clock }))
}

async function read(
  database: Database,
  query: Partial<FeedQuery> & { organization: OrganizationId },
): Promise<FeedPage> {
  const asked = { after: 0, actions: undefined, meeting: undefined, limit: 50, ...query }
  const outcome = await readFeed(database, asked)
  assert.ok(outcome.ok)
  return outcome.page
}

const idsOf = (page: FeedPage): number[] => page.activities.map(({ body }) => JSON.parse(body).id)
const positionsOf = (page: FeedPage): number[] => page.activities.map(({ position }) => position)

eachDatabase((open) => {
  test('an organization without activities has an empty feed that can be followed', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Empty')
    assert.deepEqual(await read(database, { organization }), { activities: [], next: 0, hasMore: false })
  })

  test('activities are returned in the order in which they were written, with increasing ids and gap-free positions', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Order')
    const joined = { ...reminded, action: 'Attendee.scheduled', metadata: null } as const
    await writeSample(database, organization, { drafts: [scheduled, joined] })
    await assert.rejects(
      database.transaction(async (tx) => {
        await appendSample(tx, organization)
        throw new Error('rolled back')
      }),
      /rolled back/,
    )
    await writeSample(database, organization, { meeting: 1, drafts: [reminded] })
    const page = await read(database, { organization })
    const actions = page.activities.map(({ body }) => JSON.parse(body).action)
    assert.deepEqual(actions, ['Meeting.scheduled', 'Attendee.scheduled', 'Attendee.reminded'])
    assert.deepEqual(positionsOf(page), [1, 2, 3])
    assert.deepEqual(
      idsOf(page),
      idsOf(page).toSorted((a, b) => a - b),
    )
  })

  test('the stored body is returned forever, byte for byte', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Frozen')
    const name = '\u0000 \u2028 "<b>" Zoë 予定 \ud83d\ude00\r\n'
    await writeSample(database, organization, { name })
    const [first] = (await read(database, { organization })).activities
    const body = JSON.parse(first!.body)
    assert.equal(body.entity.name, name)
    assert.deepEqual(await getActivity(database, { organization, id: body.id }), { ok: true, body: first!.body })
  })

  test('no one can read the activities of another organization', async () => {
    const database = await open()
    const [ours, theirs] = [await createOrganization(database, 'Ours'), await createOrganization(database, 'Theirs')]
    await writeSample(database, theirs, { meeting: 1 })
    const [foreign] = idsOf(await read(database, { organization: theirs }))
    assert.equal((await read(database, { organization: ours })).activities.length, 0)
    const outcome = await getActivity(database, { organization: ours, id: foreign! })
    assert.equal(!outcome.ok && outcome.code, 'not_found')
  })

  test('a cursor continues where the previous page ended, and stays at the end of the feed', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Pages')
    for (const id of [1, 2, 3]) await writeSample(database, organization, { meeting: id })
    const first = await read(database, { organization, limit: 2 })
    assert.deepEqual([positionsOf(first), first.next, first.hasMore], [[1, 2], 2, true])
    const second = await read(database, { organization, limit: 2, after: first.next })
    assert.deepEqual([positionsOf(second), second.next, second.hasMore], [[3], 3, false])
    assert.deepEqual(await read(database, { organization, after: 3 }), { activities: [], next: 3, hasMore: false })
    assert.equal((await read(database, { organization, after: 'latest' })).next, 3)
  })

  test('a filter skips activities that do not match, and the cursor still advances', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Filter')
    await writeSample(database, organization, { meeting: 1 })
    await writeSample(database, organization, { meeting: 2, drafts: [reminded] })
    await writeSample(database, organization, { meeting: 1, drafts: [reminded] })
    const ofMeeting = await read(database, { organization, meeting: 1 })
    assert.deepEqual([positionsOf(ofMeeting), ofMeeting.next], [[1, 3], 3])
    const ofAction = await read(database, { organization, actions: ['Meeting.scheduled', 'Meeting.tagged'] })
    assert.deepEqual([positionsOf(ofAction), ofAction.next, ofAction.hasMore], [[1], 3, false])
  })

  test('a cursor past the end is rejected, because following it would skip activities', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Ahead')
    await writeSample(database, organization, { meeting: 1 })
    const outcome = await readFeed(database, {
      organization,
      after: 2,
      actions: undefined,
      meeting: undefined,
      limit: 1,
    })
    assert.equal(!outcome.ok && outcome.code, 'invalid_input')
  })

  test('a reader that follows the cursor while 64 writers commit in random order sees each activity once', async () => {
    const database = await open()
    const organization = await createOrganization(database, 'Race')
    const writes = 4
    const dawdle = (tx: Transaction) => sql`select pg_sleep(random() * 0.004)`.execute(tx)
    const write = async (id: number) => {
      for (let round = 0; round < writes; round++) {
        await database.transaction(async (tx) => {
          await dawdle(tx)
          await appendSample(tx, organization, {
            meeting: id,
            drafts: round % 2 === 0 ? [scheduled] : [reminded, scheduled],
          })
          await dawdle(tx)
        })
      }
    }
    const expected = 64 * (writes + Math.floor(writes / 2))
    const writers = Promise.all(Array.from({ length: 64 }, (_, index) => write(index + 1)))
    const seen: { position: number; id: number; meeting: number }[] = []
    for (let after = 0; seen.length < expected; ) {
      const page = await read(database, { organization, after, limit: 7 })
      for (const { position, body } of page.activities) {
        const { id, entity } = JSON.parse(body)
        seen.push({ position, id, meeting: entity.meeting?.id ?? entity.id })
      }
      after = page.next
    }
    await writers
    assert.deepEqual(
      seen.map(({ position }) => position),
      seen.map((_, index) => index + 1),
    )
    assert.equal(new Set(seen.map(({ id }) => id)).size, expected)
    const ofMeetings = Map.groupBy(seen, ({ meeting: id }) => id)
    for (const [, own] of ofMeetings) {
      const ids = own.map(({ id }) => id)
      assert.deepEqual(
        ids,
        ids.toSorted((a, b) => a - b),
      )
    }
    assert.equal((await read(database, { organization, after: expected })).activities.length, 0)
  })
})
