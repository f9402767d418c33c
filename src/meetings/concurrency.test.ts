import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, type Bookable, create, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { countRetries } from '../../test/support/retry-counter.ts'
import type { JsonResponse } from '../../test/support/server.ts'
import { waitFor } from '../../test/support/wait.ts'
import { manualClock } from '../platform/clock.ts'
import { MINUTE } from '../time/durations.ts'
import { moveBusy } from './store.ts'

const START = '2027-03-01T08:00:00Z'
const CLIENTS = 64

eachDatabase((open, name) => {
  let app: TestApp
  let retries: () => number

  before(async () => {
    const counted = countRetries(await open())
    retries = counted.retries
    app = await openTestApp(counted.database, { clock: manualClock(Date.parse('2027-02-20T08:00:00Z')) })
  })
  after(() => app.stop())

  const post = (path: string, body: unknown = {}) => app.api('POST', path, body)

  /** Makes `count` clients act at the same time. Returns how often each response occurred, and checks that there was no deadlock. */
  async function race(clients: number, act: (client: number) => Promise<JsonResponse>) {
    const before = retries()
    const answers = await Promise.all(Array.from({ length: clients }, (_, client) => act(client)))
    assert.equal(retries() - before, 0, 'the database reported a deadlock')
    const counts: Record<string, number> = {}
    for (const { status, body } of answers) {
      const key = status < 300 ? String(status) : body.code
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  async function meetingsOf({ type }: Bookable) {
    const { body } = await app.api('GET', `/api/v1/meetings?meeting_type=${type.id}&limit=200`)
    return body.data as { id: number; start: string; end: string; host: { email: string }; attendees: unknown[] }[]
  }

  /** Creates another meeting type with the same hosts that a host can book at any minute. */
  async function siblingOf({ hosts, type }: Bookable, given: Record<string, unknown>) {
    const slug = `${type.slug}-${Object.values(given)
      .join('-')
      .replaceAll(/[^a-z0-9]+/g, '-')}`
    const body = { name: slug, slug, duration_minutes: 30, hosts, location_type: 'place', location: 'x', ...given }
    return (await create(app, '/api/v1/meeting-types', body)) as Bookable['type']
  }

  for (const approval of ['automatic', 'manual'])
    test(`64 clients that book the same slot create one meeting and two activities, with ${approval} approval`, async () => {
      const bookable = await createBookable(app, { approval })
      const counts = await race(CLIENTS, () => bookable.tryBook(START))
      assert.deepEqual(counts, { 201: 1, slot_taken: CLIENTS - 1 })
      const [meeting, ...others] = await meetingsOf(bookable)
      assert.equal(others.length, 0)
      assert.equal((await historyOf(app, meeting!.id)).length, 2)
    })

  test('64 clients that book overlapping slots of different lengths never create overlapping meetings for a host', async () => {
    const bookable = await createBookable(app)
    const lengths = [15, 25, 40, 60]
    const types = await Promise.all(lengths.map((minutes) => siblingOf(bookable, { duration_minutes: minutes })))
    const counts = await race(CLIENTS, (client) => {
      const start = new Date(Date.parse(START) + ((client * 37) % 180) * MINUTE).toISOString()
      return post('/api/v1/meetings', { meeting_type: types[client % 4]!.id, start, attendee: attendee() })
    })
    const { body } = await app.api('GET', `/api/v1/meetings?host=${bookable.hosts[0]}&limit=200`)
    assert.equal(body.data.length, counts['201'])
    assert.equal(counts['201']! + counts.slot_taken!, CLIENTS)
    for (const [index, meeting] of body.data.entries())
      if (index > 0) assert.ok(body.data[index - 1].end <= meeting.start, JSON.stringify(body.data))
  })

  test('joint hosts named in different orders do not deadlock', async () => {
    const bookable = await createBookable(app, { assignment: 'joint' }, 3)
    const [a, b, c] = bookable.hosts
    const orders = [[a, b], [b, a], [c, b, a], [c], [b, c]]
    const types = await Promise.all(
      orders.map((hosts) => siblingOf(bookable, { hosts, assignment: hosts.length > 1 ? 'joint' : 'fixed' })),
    )
    const counts = await race(CLIENTS, (client) =>
      post('/api/v1/meetings', { meeting_type: types[client % 5]!.id, start: START, attendee: attendee() }),
    )
    assert.equal(counts['201']! + counts.slot_taken!, CLIENTS)
    for (const host of bookable.hosts) {
      const { body } = await app.api('GET', `/api/v1/meetings?host=${host}`)
      assert.ok(body.data.length <= 1)
    }
  })

  test('with k seats and n > k bookers, exactly k get a seat, in one meeting', async () => {
    const bookable = await createBookable(app, { kind: 'group', seats: 7 })
    const counts = await race(CLIENTS, () => bookable.tryBook(START))
    assert.deepEqual(counts, { 201: 7, slot_taken: CLIENTS - 7 })
    const [meeting, ...others] = await meetingsOf(bookable)
    assert.equal(others.length, 0)
    assert.equal(meeting!.attendees.length, 8)
    assert.equal((await historyOf(app, meeting!.id)).length, 8)
  })

  test('an email address that books a group many times simultaneously gets one seat', async () => {
    const bookable = await createBookable(app, { kind: 'group', seats: 50 })
    const someone = attendee()
    const counts = await race(20, () => bookable.tryBook(START, { attendee: someone }))
    assert.deepEqual(counts, { 201: 20 }, 'the answers do not say who has a seat')
    assert.equal((await meetingsOf(bookable))[0]?.attendees.length, 2, 'the host and one other')
  })

  test('round robin assigns a start to each host once', async () => {
    const bookable = await createBookable(app, { assignment: 'round_robin' }, 4)
    const counts = await race(20, () => bookable.tryBook(START))
    assert.deepEqual(counts, { 201: 4, slot_taken: 16 })
    assert.equal(new Set((await meetingsOf(bookable)).map(({ host }) => host.email)).size, 4)
  })

  // The embedded database runs one transaction at a time, so nothing can happen between the check and the booking.
  if (name === 'PostgreSQL')
    test('round robin: if the constraint rejects a host, the next host gets the meeting in the same request', async () => {
      const bookable = await createBookable(app, { assignment: 'round_robin' }, 2)
      const [first, second] = bookable.hosts
      const place = (host: number | undefined, start: string) =>
        create(app, '/api/v1/meetings', { meeting_type: bookable.type.id, start, host, attendee: attendee() })
      const { id: moving } = await place(first, '2027-03-02T08:00:00Z')
      for (const start of ['2027-03-03T08:00:00Z', '2027-03-04T08:00:00Z']) await place(second, start)
      const busy = { from: Date.parse(START) + 10 * MINUTE, to: Date.parse(START) + 40 * MINUTE }
      const booking = await app.database.transaction(async (tx) => {
        await moveBusy(tx, app.organization, { meeting: moving, busy })
        const begun = app.database.apart(() => bookable.tryBook(START))
        await waitFor(isAnybodyWaiting, { what: "the booking's wait for who takes the first host's time" })
        return { begun }
      })
      const { status, body } = await booking.begun
      assert.equal(status, 201)
      const { data } = (await app.api('GET', `/api/v1/meetings?host=${second}`)).body
      assert.ok(data.some(({ id }: { id: number }) => id === body.meeting.id))
      assert.equal((await meetingsOf(bookable)).length, 4, 'nothing is left of the first try')
    })

  const isAnybodyWaiting = () =>
    app.database.apart(async () => {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
        app.database.executor,
      )
      return rows.length > 0
    })

  test('limits hold no matter how many people book simultaneously', async () => {
    const daily = await createBookable(app, { daily_limit: 3 })
    const starts = Array.from({ length: 20 }, (_, index) => `2027-03-01T${String(index + 1).padStart(2, '0')}:00:00Z`)
    assert.deepEqual(await race(20, (client) => daily.tryBook(starts[client]!)), { 201: 3, not_bookable: 17 })
    const member = await createBookable(app)
    await app.api('PATCH', `/api/v1/members/${member.hosts[0]}`, { limits: { minutes_per_week: 150 } })
    assert.deepEqual(await race(20, (client) => member.tryBook(starts[client]!)), { 201: 5, not_bookable: 15 })
  })

  test("a member's limits hold across meeting types and for rescheduled meetings", async () => {
    const one = await createBookable(app, {})
    const other = await siblingOf(one, { duration_minutes: 45 })
    await create(app, '/api/v1/pages', { name: 'P', slug: `across-${other.id}`, meeting_types: [other.id] })
    const url = `/api/v1/public/pages/across-${other.id}/meeting-types/${other.slug}/meetings`
    const links: string[] = []
    for (let day = 2; day < 8; day++) links.push((await one.book(`2027-03-0${day}T08:00:00Z`)).external_id)
    await app.api('PATCH', `/api/v1/members/${one.hosts[0]}`, { limits: { meetings_per_day: 2 } })
    const counts = await race(18, (client) => {
      const start = `2027-03-01T${String(client + 1).padStart(2, '0')}:00:00Z`
      if (client % 3 === 0) return one.tryBook(start)
      if (client % 3 === 1) return post(url, { start, attendee: attendee() })
      return post(`/api/v1/public/attendees/${links[(client - 2) / 3]}/reschedule`, { start })
    })
    assert.equal((counts['201'] ?? 0) + (counts['200'] ?? 0), 2, JSON.stringify(counts))
    assert.equal(counts.not_bookable, 16)
  })

  test('if the last person leaves a group while others join, the time is blocked by one meeting or by none', async () => {
    const bookable = await createBookable(app, { kind: 'group', seats: 50 })
    for (let round = 0; round < 5; round++) {
      const start = `2027-03-0${round + 2}T08:00:00Z`
      const view = await bookable.book(start)
      const counts = await race(12, (client) =>
        client === 5 ? post(`/api/v1/public/attendees/${view.external_id}/cancel`) : bookable.tryBook(start),
      )
      assert.deepEqual(counts, { 200: 1, 201: 11 })
      const { body } = await app.api(
        'GET',
        `/api/v1/meetings?meeting_type=${bookable.type.id}&from=${start}&to=2027-03-0${round + 2}T09:00:00Z`,
      )
      const standing = body.data.filter((meeting: { cancelled: boolean }) => !meeting.cancelled)
      assert.equal(standing.length, 1)
    }
  })

  test('a time that one meeting releases and another takes is never double-booked', async () => {
    const bookable = await createBookable(app)
    const view = await bookable.book(START)
    const counts = await race(CLIENTS, (client) =>
      client === 7
        ? post(`/api/v1/public/attendees/${view.external_id}/reschedule`, { start: '2027-03-01T12:00:00Z' })
        : bookable.tryBook(client % 2 ? START : '2027-03-01T12:00:00Z'),
    )
    const standing = await meetingsOf(bookable)
    const starts = standing.map(({ start }) => start)
    assert.equal(new Set(starts).size, starts.length)
    assert.equal((counts['201'] ?? 0) + (counts['200'] ?? 0) + counts.slot_taken!, CLIENTS)
  })

  test('two hosts approve, an attendee cancels and another host reschedules at the same time: the activities explain the outcome', async () => {
    const bookable = await createBookable(app, { approval: 'manual' })
    for (let round = 0; round < 10; round++) {
      const start = `2027-03-01T${String(round + 8).padStart(2, '0')}:00:00Z`
      const { external_id: link, meeting } = await bookable.book(start)
      const path = `/api/v1/meetings/${meeting.id}`
      const later = start.replace('-01T', '-02T')
      const acts: [string, unknown?][] = [
        [`${path}/approve`],
        [`${path}/approve`],
        [`/api/v1/public/attendees/${link}/cancel`],
        [`${path}/reschedule`, { start: later }],
        [`/api/v1/public/attendees/${link}/reschedule`, { start: later.replace(':00:00Z', ':30:00Z') }],
      ]
      await race(acts.length, (client) => post(...acts[(client + round) % acts.length]!))
      const state = (await app.api('GET', path)).body
      const { body } = await app.api('GET', `/api/v1/activities?meeting=${meeting.id}&limit=100`)
      const last = body.data.findLast(({ entity }: { entity: { type: string } }) => entity.type === 'Meeting')
      const { tags, ...entity } = state
      assert.deepEqual([tags, entity], [[], last.entity])
      assert.equal(state.cancelled, true)
      const ids = body.data.map(({ id }: { id: number }) => id)
      assert.deepEqual(
        ids,
        [...ids].sort((a, b) => a - b),
      )
    }
  })

  test('booking a meeting type or a host that is being deleted is rejected, never an error', async () => {
    for (let round = 0; round < 5; round++) {
      const bookable = await createBookable(app, { assignment: 'round_robin' }, 2)
      const doomed = [`meeting-types/${bookable.type.id}`, `members/${bookable.hosts[0]}`]
      const counts = await race(12, (client) =>
        client === 1 || client === 4
          ? app.api('DELETE', `/api/v1/${doomed[client % 2]}`)
          : bookable.tryBook(client % 3 ? START : '2027-03-01T12:00:00Z'),
      )
      assert.equal(counts.internal_error ?? 0, 0, JSON.stringify(counts))
    }
  })

  test('a tag that many requests use for the first time simultaneously is created once', async () => {
    const bookable = await createBookable(app)
    const views: Awaited<ReturnType<typeof bookable.book>>[] = []
    for (let index = 0; index < 8; index++) views.push(await bookable.book(`2027-03-01T1${index}:00:00Z`))
    const name = `new-${bookable.type.id}`
    const counts = await race(32, (client) =>
      app.api('PUT', `/api/v1/meetings/${views[client % 8].meeting.id}/tags/${name}`),
    )
    assert.deepEqual(counts, { 200: 32 })
    for (const { meeting } of views) assert.deepEqual((await historyOf(app, meeting.id)).slice(2), ['Meeting.tagged'])
  })

  test('a tag is never deleted while a meeting starts to use it', async () => {
    const bookable = await createBookable(app)
    const { meeting } = await bookable.book(START)
    for (let round = 0; round < 5; round++) {
      const tag = await create(app, '/api/v1/tags', { name: `fleeting-${meeting.id}-${round}` })
      const path = `/api/v1/meetings/${meeting.id}/tags/${tag.name}`
      await race(10, (client) => (client % 2 ? app.api('PUT', path) : app.api('DELETE', `/api/v1/tags/${tag.id}`)))
      assert.ok((await app.api('GET', `/api/v1/meetings/${meeting.id}`)).body.tags.includes(tag.name))
    }
  })
})
