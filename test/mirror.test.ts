import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { remindAttendee } from '../src/meetings/service.ts'
import { systemClock } from '../src/platform/clock.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { type Bookable, create, createBookable } from './support/bookable.ts'
import { eachDatabase } from './support/databases.ts'
import { inOrder, type MirroredActivity, type MirroredMeeting, makeMirror } from './support/mirror.ts'
import { type Receiver, startReceiver } from './support/receiver.ts'
import { waitFor } from './support/wait.ts'

/** How many random histories are tried on each database. Use `MIRROR_RUNS=1000` for a long run. */
const RUNS = Number(process.env.MIRROR_RUNS ?? 8)
const CLIENTS = 32

/** One command that someone tries. Its numbers select existing resources, so that most commands are possible, but not all. */
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('book' as const), type: fc.nat(4), slot: fc.nat(3), person: fc.nat(5) }),
  },
  fc.record({ do: fc.constant('book_for' as const), type: fc.nat(4), slot: fc.nat(3), person: fc.nat(5) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('approve', 'decline', 'cancel'), meeting: fc.nat(29) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('approve', 'decline', 'cancel'), attendee: fc.nat(29) }) },
  fc.record({ do: fc.constant('reschedule' as const), meeting: fc.nat(29), slot: fc.nat(4) }),
  fc.record({ do: fc.constant('cancel_by_link' as const), attendee: fc.nat(29) }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reschedule_by_link' as const), attendee: fc.nat(29), slot: fc.nat(4) }),
  },
  fc.record({ do: fc.constant('tag' as const), meeting: fc.nat(29), name: fc.constantFrom('vip', 'é') }),
  fc.record({ do: fc.constant('untag' as const), meeting: fc.nat(29), name: fc.constantFrom('vip', 'é') }),
  fc.record({ do: fc.constant('remind' as const), attendee: fc.nat(29) }),
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

eachDatabase((open) => {
  let app: TestApp

  before(async () => {
    app = await openTestApp(await open(), { work: true })
  })
  after(() => app.stop())

  /** The setup for a history: five meeting types with two hosts. */
  async function openStage() {
    const one = await createBookable(app, { assignment: 'joint' }, 2)
    const given: Record<string, unknown>[] = [
      { hosts: [one.hosts[0]] },
      { hosts: [one.hosts[0]], approval: 'manual', rescheduling: { notice_minutes: 0 } },
      { hosts: [one.hosts[1]], kind: 'group', seats: 3 },
      { hosts: [one.hosts[0]], kind: 'group', seats: 3, approval: 'manual' },
    ]
    const others: Bookable['type'][] = []
    for (const [index, more] of given.entries()) {
      const { name, duration_minutes, location_type, location } = one.type
      const slug = `${one.type.slug}-${index}`
      others.push(
        await create(app, '/api/v1/meeting-types', { name, slug, duration_minutes, location_type, location, ...more }),
      )
    }
    const types = [one.type, ...others]
    const page = await create(app, '/api/v1/pages', {
      name: 'Stage',
      slug: `${one.page}-stage`,
      meeting_types: types.map(({ id }) => id),
    })
    return { types, page: page.slug as string, meetings: [] as number[], people: [] as { id: number; link: string }[] }
  }
  type Stage = Awaited<ReturnType<typeof openStage>>

  const inTwoWeeks = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10)
  const startOf = (slot: number) => `${inTwoWeeks}T${String(8 + slot).padStart(2, '0')}:00:00Z`

  function bodyOf(slot: number, person: number) {
    const names = { first_name: 'Ada', last_name: 'Attendee', timezone: 'Europe/London' }
    return { start: startOf(slot), attendee: { ...names, email: `person-${person}@example.com` } }
  }

  /** Tries one command. A refusal or a success is fine, but a server error is not. */
  async function attempt(stage: Stage, tried: Command): Promise<void> {
    const answer = await perform(stage, tried)
    assert.ok(answer.status < 500, `${JSON.stringify(tried)}: ${answer.text}`)
    if (answer.status !== 201) return
    const id: number = answer.body.meeting?.id ?? answer.body.id
    if (!stage.meetings.includes(id)) stage.meetings.push(id)
    const { body } = await app.api('GET', `/api/v1/meetings/${id}`)
    for (const { id: person, external_id: link } of body.attendees)
      if (!stage.people.some((known) => known.id === person)) stage.people.push({ id: person, link })
  }

  async function perform(stage: Stage, tried: Command) {
    const post = (path: string, body: unknown = {}) => app.api('POST', path, body)
    const meeting = 'meeting' in tried ? (choose(stage.meetings, tried.meeting) ?? 999_999) : 0
    const person = ('attendee' in tried && choose(stage.people, tried.attendee)) || { id: 999_999, link: '0000000000' }
    const link = `/api/v1/public/attendees/${person.link}`
    switch (tried.do) {
      case 'book': {
        const url = `/api/v1/public/pages/${stage.page}/meeting-types/${stage.types[tried.type]!.slug}/meetings`
        return post(url, bodyOf(tried.slot, tried.person))
      }
      case 'book_for':
        return post('/api/v1/meetings', {
          meeting_type: stage.types[tried.type]!.id,
          ...bodyOf(tried.slot, tried.person),
        })
      case 'reschedule':
        return post(`/api/v1/meetings/${meeting}/reschedule`, { start: startOf(tried.slot), message: 'Moved' })
      case 'cancel_by_link':
        return post(`${link}/cancel`, { message: 'Off' })
      case 'reschedule_by_link':
        return post(`${link}/reschedule`, { start: startOf(tried.slot) })
      case 'tag':
        return app.api('PUT', `/api/v1/meetings/${meeting}/tags/${encodeURIComponent(tried.name)}`)
      case 'untag':
        return app.api('DELETE', `/api/v1/meetings/${meeting}/tags/${encodeURIComponent(tried.name)}`)
      case 'remind':
        return remind(person.id)
      default:
        return 'meeting' in tried
          ? post(`/api/v1/meetings/${meeting}/${tried.do}`)
          : post(`/api/v1/attendees/${person.id}/${tried.do}`)
    }
  }

  /** Does the same as the reminder job after the mail server has accepted a reminder. */
  async function remind(attendee: number) {
    const { rows } = await sql<{ meeting: number }>`
      select meeting_id as meeting from attendees where id = ${attendee}`.execute(app.database.executor)
    const deps = { clock: systemClock, url: app.url }
    const reminder = { meeting: rows[0]?.meeting ?? 0, attendee, minutesBefore: 60 }
    const outcome = await app.database.transaction((tx) => remindAttendee(tx, deps, app.organization, reminder))
    return { status: outcome.ok ? 200 : 409, text: '', body: undefined }
  }

  /** Follows the feed from a cursor to its end. */
  async function readFeed(after: string): Promise<MirroredActivity[]> {
    const read: MirroredActivity[] = []
    for (let cursor = after; ; ) {
      const { body } = await app.api('GET', `/api/v1/activities?limit=50&after=${cursor}`)
      read.push(...body.data)
      cursor = body.next_cursor
      if (!body.has_more) return read
    }
  }

  const endOfFeed = async () => (await app.api('GET', '/api/v1/activities?after=latest')).body.next_cursor as string

  /** This stage's meetings as the server returns them. */
  async function readServer(stage: Stage): Promise<Map<number, MirroredMeeting>> {
    const all: MirroredMeeting[] = []
    for (const { id } of stage.types) {
      for (let cursor = ''; ; ) {
        const { body } = await app.api('GET', `/api/v1/meetings?meeting_type=${id}&limit=50${cursor}`)
        all.push(...body.data)
        if (body.next_cursor === null) break
        cursor = `&cursor=${body.next_cursor}`
      }
    }
    return new Map(all.map((meeting) => [meeting.id, inOrder(meeting)]))
  }

  function mirrorOf(activities: readonly MirroredActivity[]): Map<number, MirroredMeeting> {
    const mirror = makeMirror()
    for (const activity of activities) mirror.apply(activity)
    return mirror.meetings()
  }

  /** Compares meeting by meeting, because printing a difference in all meetings together would take minutes. */
  function assertSame(mirror: Map<number, MirroredMeeting>, server: Map<number, MirroredMeeting>): void {
    const ids = (meetings: Map<number, MirroredMeeting>) => [...meetings.keys()].sort((a, b) => a - b).join(' ')
    assert.equal(ids(mirror), ids(server))
    for (const [id, meeting] of server) assert.deepEqual(mirror.get(id), meeting)
  }

  /** Checks that busy rows exist exactly for the meetings that block time, once for each host, without overlaps. */
  async function assertTimeIsHeld(): Promise<void> {
    const { rows } = await sql`
      select m.id from meetings m
      left join lateral (
        select count(*) as hosts from attendees a
        where a.organization_id = m.organization_id and a.meeting_id = m.id and a.role = 'host'
      ) people on true
      left join lateral (
        select count(*) as held from busy b where b.organization_id = m.organization_id and b.meeting_id = m.id
          and lower(b.during) = m.starts_at and upper(b.during) = m.ends_at
      ) time on true
      where time.held <> case when m.active then people.hosts else 0 end
        or m.active <> exists (
          select from attendees a where a.organization_id = m.organization_id and a.meeting_id = m.id
            and a.role = 'booker' and a.status in ('requested', 'confirmed'))`.execute(app.database.executor)
    assert.deepEqual(rows, [])
  }

  describe('a mirror that only applies the bodies that it is sent', () => {
    test('ends with the server’s meetings after any history, whatever the order of arrival', async () => {
      const history = fc.array(command, { minLength: 15, maxLength: 40 })
      await fc.assert(
        fc.asyncProperty(
          history,
          fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
          async (commands, chance) => {
            const stage = await openStage()
            const cursor = await endOfFeed()
            for (const tried of commands) await attempt(stage, tried)
            const feed = await readFeed(cursor)
            const server = await readServer(stage)
            assertSame(mirrorOf(feed), server)
            assertSame(mirrorOf(shuffle([...feed, ...feed.slice(0, 10)], chance)), server)
            assertRising(feed)
            await assertTimeIsHeld()
          },
        ),
        { numRuns: RUNS, endOnFailure: true },
      )
    })

    test('ends with them after 32 clients acted at the same time, by webhook and by feed, which both contain each activity', async (t) => {
      const receiver = await startReceiver()
      t.after(() => receiver.close())
      await create(app, '/api/v1/webhooks', { url: `${receiver.url}/hook` })
      const stage = await openStage()
      const cursor = await endOfFeed()
      const seen: MirroredActivity[] = []
      let done = false
      const follow = async () => {
        for (let after = cursor; ; ) {
          // PGlite never waits for I/O, so without this pause no other code would run.
          await nextTurn()
          const last = done
          const { body } = await app.api('GET', `/api/v1/activities?limit=7&after=${after}`)
          seen.push(...body.data)
          after = body.next_cursor
          if (last && !body.has_more) return
        }
      }
      const reader = follow()
      const seed = Number(process.env.MIRROR_SEED ?? Date.now() % 1_000_000)
      const histories = fc.sample(fc.array(command, { minLength: 12, maxLength: 12 }), { numRuns: CLIENTS, seed })
      await Promise.all(
        histories.map(async (commands) => {
          for (const tried of commands) await attempt(stage, tried)
        }),
      ).finally(() => {
        done = true
      })
      await reader
      const message = `MIRROR_SEED=${seed} repeats the commands`
      const feed = await readFeed(cursor)
      assert.equal(idsOf(seen), idsOf(feed), message)
      const server = await readServer(stage)
      assertSame(mirrorOf(feed), server)
      assertSame(mirrorOf([...feed].reverse()), server)
      await assertTimeIsHeld()
      assertRising(feed)
      const received = await deliveredTo(receiver, feed)
      assertSame(mirrorOf(received), server)
    })
  })

  /** The requests to a receiver in the order of arrival, once every activity in the feed has arrived. */
  async function deliveredTo(receiver: Receiver, feed: readonly MirroredActivity[]): Promise<MirroredActivity[]> {
    const arrived: MirroredActivity[] = []
    const ids = new Set<number>()
    const isThere = () => {
      for (const { text } of receiver.requests.slice(arrived.length)) {
        const activity = JSON.parse(text) as MirroredActivity
        arrived.push(activity)
        ids.add(activity.id)
      }
      return feed.every(({ id }) => ids.has(id))
    }
    await waitFor(isThere, { what: 'the delivery of every activity', withinMs: 120_000 })
    return arrived
  }

  /** Checks that the ids of one meeting's activities increase in the order of its changes. */
  function assertRising(feed: readonly MirroredActivity[]): void {
    const last = new Map<number, number>()
    for (const { id, entity } of feed) {
      const meeting = entity.meeting?.id ?? entity.id
      assert.ok(id > (last.get(meeting) ?? 0), `activity ${id} of meeting ${meeting} follows ${last.get(meeting)}`)
      last.set(meeting, id)
    }
  }
})

/** Selects an existing resource or, sometimes, a missing one, for a command that is not possible. */
function choose<T>(items: readonly T[], number: number): T | undefined {
  return items[number % (items.length + 1)]
}

function idsOf(activities: readonly MirroredActivity[]): string {
  return activities.map(({ id }) => id).join(' ')
}

function shuffle<T>(items: T[], chance: Iterator<number>): T[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor((chance.next().value as number) * index)
    ;[items[index], items[other]] = [items[other]!, items[index]!]
  }
  return items
}
