import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { manualClock } from '../src/platform/clock.ts'
import { elementAt } from '../src/platform/element-at.ts'
import { DAY, HOUR, MINUTE } from '../src/time/durations.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { type Bookable, createBookable } from './support/bookable.ts'
import { type CalendarAccount, seeCalendar } from './support/calendar-account.ts'
import { appointment } from './support/calendar-server.ts'
import { eachDatabase } from './support/databases.ts'
import { type DavServer, davPrograms, startDavServer } from './support/dav-servers.ts'
import { waitFor } from './support/wait.ts'

/** How many random histories to run on each database. Use `CALENDAR_RUNS=500` for a long run. */
const RUNS = Number(process.env.CALENDAR_RUNS ?? 3)
const NOW = Date.parse('2027-02-20T08:00:00Z')
const SLOTS = 6

/** One command. Its numbers select existing resources, so that most commands are possible, but not all. */
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('book' as const), slot: fc.nat(SLOTS - 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('approve' as const), meeting: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), meeting: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reschedule' as const), meeting: fc.nat(9), slot: fc.nat(SLOTS - 1) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add_event' as const), slot: fc.nat(SLOTS - 1) }) },
  fc.record({ do: fc.constant('remove_event' as const), event: fc.nat(4) }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('move_entry' as const), entry: fc.nat(9), slot: fc.nat(SLOTS - 1) }),
  },
  fc.record({ do: fc.constant('remove_entry' as const), entry: fc.nat(9) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sync' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 2, 6) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('lose_answer', 'fail', 'cut') }) },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

const startOf = (slot: number) => `2027-03-01T${String(8 + slot).padStart(2, '0')}:00`

for (const program of davPrograms) {
  eachDatabase((open) => {
    const clock = manualClock(NOW)
    let app: TestApp
    let server: DavServer
    before(async () => {
      server = await startDavServer(program)
      app = await openTestApp(await open(), { clock, work: true })
    })
    after(async () => {
      await app.stop()
      await server.stop()
    })

    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await app.api(method, path, body)
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
      return answer.body
    }

    interface Stage {
      bookable: Bookable
      connection: number
      account: CalendarAccount
      meetings: number[]
      events: string[]
    }
    let stages = 0
    let added = 0

    async function openStage(changes: string): Promise<Stage> {
      server.fail(undefined)
      const url = await server.makeCalendar(`Stage ${++stages}`)
      const bookable = await createBookable(app, { approval: stages % 2 === 0 ? 'manual' : 'automatic' })
      const member = elementAt(bookable.hosts, 0)
      await call('PATCH', `/api/v1/members/${member}`, { calendar_changes: changes })
      const { username, password } = server
      const made = await call('POST', '/api/v1/connections', { provider: 'caldav', member, url, username, password })
      const { id } = made
      const [calendar] = await waitFor(async () => {
        const { calendars, problem, state } = await call('GET', `/api/v1/connections/${id}`)
        // On a busy machine the first try may fail. The clock does not move, so no retry is due.
        if (state === 'failing') await call('POST', `/api/v1/connections/${id}/sync`, {})
        assert.ok(calendars.length > 0, problem)
        return calendars
      })
      await call('PATCH', `/api/v1/connections/${id}/calendars/${calendar.id}`, { reads: true, writes: true })
      await waitFor(async () => (await call('GET', `/api/v1/connections/${id}`)).calendars[0].read_at !== null)
      return { bookable, connection: id, account: seeCalendar(server, url), meetings: [], events: [] }
    }

    /** Runs a command, whether or not it is possible at the moment. */
    async function perform(stage: Stage, step: Command): Promise<void> {
      const { account, meetings, events, connection } = stage
      switch (step.do) {
        case 'book': {
          const answer = await stage.bookable.tryBook(`${startOf(step.slot)}:00Z`)
          if (answer.status === 201) meetings.push(answer.body.meeting.id)
          return
        }
        case 'approve':
        case 'cancel':
          return act(meetings[step.meeting], step.do, {})
        case 'reschedule':
          return act(meetings[step.meeting], 'reschedule', { start: `${startOf(step.slot)}:00Z` })
        case 'add_event': {
          const from = startOf(step.slot)
          const to = from.replace(':00', ':30')
          events.push(await server.put(account.url, `event ${++added}.ics`, appointment(from, to)))
          return
        }
        case 'remove_event': {
          const [file] = events.splice(step.event, 1)
          return file ? account.remove(file) : undefined
        }
        case 'move_entry':
        case 'remove_entry': {
          const entry = (await account.list()).filter(({ uid }) => uid.endsWith('@bookbell'))[step.entry]
          if (!entry) return
          if (step.do === 'remove_entry') return account.remove(entry.file)
          const to = startOf(step.slot)
          return to === entry.start.slice(0, 16) ? undefined : account.move(entry.file, entry.start, to).catch(() => {})
        }
        case 'sync':
          await app.api('POST', `/api/v1/connections/${connection}/sync`, {})
          return
        case 'wait':
          return clock.advance(step.minutes * MINUTE)
        case 'lose_answer':
        case 'fail':
        case 'cut':
          return injectFault(step.do)
      }
    }

    async function act(meeting: number | undefined, what: string, body: object): Promise<void> {
      if (meeting !== undefined) await app.api('POST', `/api/v1/meetings/${meeting}/${what}`, body)
    }

    /** Makes only the next request fail in this way. */
    function injectFault(kind: 'lose_answer' | 'fail' | 'cut'): void {
      server.fail(({ response, pass }) => {
        server.fail(undefined)
        if (kind === 'lose_answer') void pass(true)
        else if (kind === 'fail') response.writeHead(500).end()
        else {
          response.writeHead(207, { 'content-type': 'application/xml' })
          response.end('<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">')
        }
      })
    }

    /** Waits until nothing is pending and every change is decided. */
    async function settle({ connection }: Stage, decision: string): Promise<void> {
      server.fail(undefined)
      await waitFor(
        async () => {
          // Everything is due within a day. Meetings must not become past ones, which are left alone.
          if (clock.now() < NOW + 2 * DAY) clock.advance(HOUR)
          await call('POST', `/api/v1/connections/${connection}/sync`, {})
          clock.advance(2 * MINUTE)
          const { changes, state } = await call('POST', `/api/v1/connections/${connection}/sync`, {})
          const meetings = changes.map(({ meeting }: { meeting: number }) => meeting)
          if (meetings.length > 0)
            await call('POST', `/api/v1/connections/${connection}/changes`, { meetings, decision })
          const { rows } = await sql<{ pending: number }>`
            select count(*) as pending from calendar_entries e join calendars c on c.organization_id = e.organization_id and c.id = e.calendar_id
            where c.connection_id = ${connection} and (e.due_at is not null or e.claim is not null or e.missing_since is not null)`.execute(
            app.database.executor,
          )
          return meetings.length === 0 && state === 'connected' && rows[0]?.pending === 0
        },
        { what: 'that nothing is pending' },
      )
    }

    async function assertAgreement({ bookable, meetings, account, connection }: Stage): Promise<void> {
      const found = await Promise.all(meetings.map((id) => call('GET', `/api/v1/meetings/${id}`)))
      const active = found.filter(({ cancelled, attendees }) => !cancelled && attendees.some(isAttending))
      const starts = active.map(({ start }) => start.slice(0, 16)).toSorted()
      const seen = await account.list()
      const own = seen.filter(({ uid }) => uid.endsWith('@bookbell'))
      const others = seen.filter(({ uid }) => !uid.endsWith('@bookbell'))
      assert.deepEqual(own.map(({ start }) => start.slice(0, 16)).toSorted(), starts, 'entries are the meetings')
      assert.equal(new Set(starts).size, starts.length, 'no two meetings hold one time')
      assert.equal(new Set(own.map(({ uid }) => uid)).size, own.length, 'no meeting has two entries')
      const { rows } = await sql<{ start: string }>`
        select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') as start from calendar_times
        where member_id = ${elementAt(bookable.hosts, 0)} order by 1`.execute(app.database.executor)
      const events = [...new Set(others.map(({ start }) => start.slice(0, 16)))].toSorted()
      assert.deepEqual(
        rows.map(({ start }) => start),
        events,
        'busy times are the events',
      )
      assert.ok(connection > 0)
    }

    test(`after ${RUNS} random histories on ${program}, entries, meetings and busy times agree`, async () => {
      const history = fc.record({
        changes: fc.constantFrom('follow', 'ask'),
        decision: fc.constantFrom('follow', 'restore'),
        steps: fc.array(command, { minLength: 8, maxLength: 25 }),
      })
      await fc.assert(
        fc.asyncProperty(history, async ({ changes, decision, steps }) => {
          clock.set(NOW)
          const stage = await openStage(changes)
          for (const step of steps) await perform(stage, step)
          await settle(stage, decision)
          await assertAgreement(stage)
          await call('DELETE', `/api/v1/connections/${stage.connection}`)
        }),
        { numRuns: RUNS, endOnFailure: true },
      )
    })
  })
}

function isAttending({ status }: { status: string }): boolean {
  return status === 'requested' || status === 'confirmed'
}
