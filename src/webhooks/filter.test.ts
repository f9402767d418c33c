import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { type Bookable, create, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import type { Filter } from '../activities/filter.ts'
import type { Database } from '../platform/database.ts'
import { listMigrations } from '../platform/migrations.ts'
import { DAY } from '../time/durations.ts'

const url = 'http://127.0.0.1:65535/'
const since = new Date(0).toISOString()
const unused = 999_999_999

eachDatabase((open) => {
  let database: Database
  let app: TestApp
  let intro: Bookable
  let joint: Bookable
  let workshop: Bookable
  let filters: Record<string, Filter>
  let enqueued: Record<string, string[]>

  before(async () => {
    database = await open()
    app = await openTestApp(database)
    intro = await createBookable(app)
    joint = await createBookable(app, { name: 'Joint', assignment: 'joint' }, 2)
    workshop = await createBookable(app, { name: 'Workshop', kind: 'group', seats: 5 })
    const { body: second } = await app.api('GET', `/api/v1/members/${joint.hosts[1]}`)
    filters = {
      type: [{ path: 'meeting_type.id', equals: intro.type.id }],
      kind: [{ path: 'kind', equals: 'group' }],
      host: [{ path: 'host.email', equals: second.email.toUpperCase() }],
      tag: [{ path: 'tag', equals: 'VIP' }],
      typeAndTag: [
        { path: 'meeting_type.id', equals: joint.type.id },
        { path: 'tag', equals: 'VIP' },
      ],
      none: [{ path: 'meeting_type.id', equals: unused }],
    }
    enqueued = await collect(live)
  })
  after(() => app?.stop())

  const ask = async (method: string, path: string, body?: object) => {
    const answer = await app.api(method, `/api/v1/${path}`, body)
    assert.ok(answer.status < 300, answer.text)
    return answer.body
  }
  const add = (filter: Filter | null, more: object = {}) => ask('POST', 'webhooks', { url, filter, ...more })
  const sent = async ({ id }: { id: number }): Promise<string[]> => {
    const { data } = await ask('GET', `webhooks/${id}/deliveries?limit=200`)
    return data.map(({ action, meeting }: { action: string; meeting: number }) => `${action} ${meeting}`).reverse()
  }
  /** Runs `work`, and returns the activities that the webhook with each filter has received. */
  async function collect(work: () => Promise<void>, more: object = { state: 'paused' }) {
    const webhooks = []
    for (const [name, filter] of Object.entries(filters)) webhooks.push([name, await add(filter, more)] as const)
    await work()
    const lists = webhooks.map(async ([name, webhook]) => [name, await sent(webhook)] as const)
    return Object.fromEntries(await Promise.all(lists))
  }

  let meetings: { intro: number; joint: number; workshop: number }

  async function live() {
    const start = (days: number) =>
      `${new Date(Math.ceil(Date.now() / DAY) * DAY + days * DAY).toISOString().slice(0, 19)}Z`
    const book = async (bookable: Bookable, days: number) => (await bookable.book(start(days))).meeting.id as number
    meetings = { intro: await book(intro, 2), joint: await book(joint, 2), workshop: await book(workshop, 2) }
    await ask('PUT', `meetings/${meetings.intro}/tags/VIP`)
    await ask('PUT', `meetings/${meetings.intro}/tags/later`)
    await ask('POST', `meetings/${meetings.intro}/reschedule`, { start: start(3) })
    await ask('DELETE', `meetings/${meetings.intro}/tags/VIP`)
    await ask('POST', `meetings/${meetings.intro}/cancel`)
    await ask('PUT', `meetings/${meetings.workshop}/tags/VIP`)
    await workshop.book(start(2))
    await ask('POST', `meetings/${meetings.workshop}/cancel`)
  }

  test('an activity creates a delivery only if it meets all conditions when it happens', () => {
    const { intro: one, joint: two, workshop: many } = meetings
    assert.deepEqual(enqueued, {
      type: [
        `Meeting.scheduled ${one}`,
        `Attendee.scheduled ${one}`,
        `Meeting.tagged ${one}`,
        `Meeting.tagged ${one}`,
        `Meeting.rescheduled ${one}`,
        `Meeting.untagged ${one}`,
        `Meeting.cancelled ${one}`,
        `Attendee.cancelled ${one}`,
      ],
      kind: [
        `Meeting.scheduled ${many}`,
        `Attendee.scheduled ${many}`,
        `Meeting.tagged ${many}`,
        `Attendee.scheduled ${many}`,
        `Meeting.cancelled ${many}`,
        `Attendee.cancelled ${many}`,
        `Attendee.cancelled ${many}`,
      ],
      host: [`Meeting.scheduled ${two}`, `Attendee.scheduled ${two}`],
      // If a meeting has two tags, only the added or removed tag counts for that activity.
      tag: [
        `Meeting.tagged ${one}`,
        `Meeting.rescheduled ${one}`,
        `Meeting.untagged ${one}`,
        `Meeting.tagged ${many}`,
        `Attendee.scheduled ${many}`,
        `Meeting.cancelled ${many}`,
        `Attendee.cancelled ${many}`,
        `Attendee.cancelled ${many}`,
      ],
      typeAndTag: [],
      none: [],
    })
  })

  for (const only of ['all', 'missed']) {
    test(`a replay (${only}) selects by the state at the time of the activity, not by the current state`, async () => {
      const replayed: Record<string, string[]> = {}
      for (const [name, filter] of Object.entries(filters)) {
        const webhook = await add(filter, { state: 'paused' })
        const { queued } = await ask('GET', `webhooks/${webhook.id}/replay/preview?since=${since}&only=${only}`)
        assert.equal(queued, enqueued[name]?.length, name)
        await ask('POST', `webhooks/${webhook.id}/replay`, { since, only })
        replayed[name] = await sent(webhook)
      }
      assert.deepEqual(replayed, enqueued)
    })
  }

  test('a filter is shown, changed, and removed by null or an empty list', async () => {
    const filter: Filter = [
      { path: 'host.email', equals: 'Ada@Example.com' },
      { path: 'kind', equals: 'group' },
    ]
    const made = await add(filter)
    const stored = [{ path: 'host.email', equals: 'ada@example.com' }, filter[1]]
    assert.deepEqual(made.filter, stored)
    const path = `webhooks/${made.id}`
    assert.deepEqual((await ask('PATCH', path, { description: 'CRM' })).filter, stored)
    assert.deepEqual((await ask('GET', path)).filter, stored)
    assert.deepEqual((await ask('PATCH', path, { filter: filters.tag })).filter, filters.tag)
    assert.equal((await ask('PATCH', path, { filter: [] })).filter, null)
    assert.equal((await ask('PATCH', path, { filter: filters.tag })).filter.length, 1)
    assert.equal((await ask('PATCH', path, { filter: null })).filter, null)
    assert.equal((await add(null)).filter, null)
    assert.equal((await create(app, '/api/v1/webhooks', { url })).filter, null)
  })

  test('a refused condition is reported with its path and the allowed values', async () => {
    const wrong: [conditions: unknown, path: string, message: RegExp][] = [
      [
        [{ path: 'meeting.name', equals: 'x' }],
        'filter.0.path',
        /must be one of meeting_type\.id, kind, host\.email, tag/,
      ],
      [[{ equals: 'x' }], 'filter.0.path', /must be one of meeting_type\.id/],
      [
        [...filters.tag!, { path: 'meeting_type.id', equals: '7' }],
        'filter.1.equals',
        /must be the id of a meeting type/,
      ],
      [[{ path: 'kind', equals: 'both' }], 'filter.0.equals', /one_on_one.*group/],
      [[{ path: 'host.email', equals: 'ada' }], 'filter.0.equals', /must be an email address/],
      [[{ path: 'tag' }], 'filter.0.equals', /is missing/],
      [[{ path: 'tag', equals: 'x', not: true }], 'filter.0.not', /not a known field/],
      [Array(11).fill(filters.tag![0]), 'filter', /10/],
      ['VIP', 'filter', /array/],
    ]
    for (const [filter, path, message] of wrong) {
      const { status, body } = await app.api('POST', '/api/v1/webhooks', { url, filter })
      assert.deepEqual([status, body.errors?.[0]?.path], [422, path], JSON.stringify(body))
      assert.match(body.errors[0].message, message)
    }
  })

  test('a test request is sent whatever the filter is', async (t) => {
    const receiver = await startReceiver()
    t.after(() => receiver.close())
    const { id } = await add(filters.none!, { url: receiver.url })
    const test = await ask('POST', `webhooks/${id}/test`, { action: 'Meeting.scheduled' })
    assert.deepEqual([test.delivered, receiver.requests.length], [true, 1])
  })

  test('the migration adds to older activities the conditions that they met when they happened', async () => {
    const read = async () => {
      const { rows } = await sql<{ id: number; conditions: unknown[] }>`
        select id, conditions from activities order by id`.execute(database.executor)
      return rows.map(({ id, conditions }) => [id, conditions.map((each) => JSON.stringify(each)).sort()])
    }
    const stored = await read()
    const { name } = listMigrations().find(({ name }) => name.endsWith('_webhook_filters.sql')) ?? { name: '' }
    const migration = readFileSync(new URL(`../platform/migrations/${name}`, import.meta.url), 'utf8')
    await database.transaction(async (tx) => {
      await sql`alter table webhooks drop column filter`.execute(tx)
      await sql`alter table activities drop column conditions`.execute(tx)
      await database.runScript(tx, migration)
    })
    assert.ok(stored.length > 10)
    assert.deepEqual(await read(), stored)
  })
})
