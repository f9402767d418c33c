import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import ICAL from 'ical.js'
import { sql } from 'kysely'
import { Pool } from 'undici'
import { readCalendar } from '../src/calendars/reading.ts'
import { mergeTimes, replaceBusy } from '../src/connections/busy-times.ts'
import { parseXml } from '../src/connections/dav-xml.ts'
import { lockMembers } from '../src/members/service.ts'
import { type Database, openPostgres } from '../src/platform/database.ts'
import type { OrganizationId } from '../src/platform/organization-id.ts'
import { parseSchedule } from '../src/schedules/schedule.ts'
import type { SlotsInput } from '../src/slots/input.ts'
import { findOffer } from '../src/slots/slots.ts'
import { DAY, HOUR, MINUTE } from '../src/time/durations.ts'
import type { Interval } from '../src/time/intervals.ts'
import { createTestDatabase } from '../test/support/postgres.ts'
import { apiKey, startServer, type TestServer } from '../test/support/server.ts'
import { type Measurement, percentile } from './measurement.ts'

// What connected calendars cost: reading a large file, a sync that changes nothing, slots for a busy host, and a server with
// 1,000 connected calendars that no one views. The calendar server runs in this process, so only its clients are measured.

export const question = 'What do connected calendars cost?'

const EVENTS = 5_000
const INTERVALS = 1_500
const CONNECTED = 1_000
const PER_MEMBER = 20
const IDLE_SECONDS = Number(process.env.BENCH_IDLE_SECONDS ?? 60)
const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr'] as const

export async function run(): Promise<Measurement[]> {
  const reading = await measureReading()
  const engine = measureEngine()
  return [...reading, ...engine, ...(await measureServer())]
}

/** Writes a calendar file in which every fifth event repeats weekly. */
function writeFile(events: number): string {
  const lines = Array.from({ length: events }, (_, index) => {
    const day = Temporal.PlainDate.from('2027-01-04').add({ days: index % 380 })
    const hour = String(8 + (index % 10)).padStart(2, '0')
    const date = String(day).replaceAll('-', '')
    const times = `DTSTART;TZID=Europe/Berlin:${date}T${hour}0000\r\nDTEND;TZID=Europe/Berlin:${date}T${hour}3000`
    const rule = index % 5 === 0 ? '\r\nRRULE:FREQ=WEEKLY;COUNT=20' : ''
    const text = `SUMMARY:Meeting ${index}\r\nDESCRIPTION:${'Agenda. '.repeat(10)}`
    return `BEGIN:VEVENT\r\nUID:${index}@bench\r\nDTSTAMP:20270101T000000Z\r\n${times}${rule}\r\n${text}\r\nEND:VEVENT`
  })
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:bench', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

/**
 * The processor time of some work, and how long it kept other work waiting, both in milliseconds. The wait is measured in the
 * processor time of this thread between two turns of the event loop, so that other programs on the machine do not count.
 */
async function measureCost(work: () => unknown): Promise<{ processor: number; blocked: number }> {
  const started = cpuTime()
  let [turn, blocked, isDone] = [started, 0, false]
  const watch = () => {
    const now = cpuTime()
    blocked = Math.max(blocked, now - turn)
    turn = now
    if (!isDone) setTimeout(watch, 1)
  }
  setTimeout(watch, 1)
  await work()
  const processor = cpuTime() - started
  isDone = true
  await pause(5)
  return { processor, blocked }
}

/** The processor time that this thread has used, in milliseconds. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** How often this can be done in a second of processor time. */
function ratePerCpuSecond(work: () => unknown): number {
  for (const end = cpuTime() + 200; cpuTime() < end; ) for (let time = 0; time < 100; time++) work()
  const start = cpuTime()
  let times = 0
  for (; cpuTime() - start < 1000; times += 100) for (let time = 0; time < 100; time++) work()
  return (times / (cpuTime() - start)) * 1000
}

/** The median of several runs, after one to warm up. */
async function measureOften(work: () => unknown): Promise<{ processor: number; blocked: number }> {
  const costs = []
  for (let round = 0; round < 6; round++) costs.push(await measureCost(work))
  const warm = costs.slice(1)
  return {
    processor: percentile(
      warm.map(({ processor }) => processor),
      0.5,
    ),
    blocked: percentile(
      warm.map(({ blocked }) => blocked),
      0.5,
    ),
  }
}

async function measureReading(): Promise<Measurement[]> {
  const file = writeFile(EVENTS)
  const window = { from: Date.parse('2027-01-04T00:00:00Z'), to: Date.parse('2028-02-08T00:00:00Z') }
  const options = { window, timezone: null, memberTimezone: 'Europe/Berlin', addresses: [], isOwn: () => false }
  const switches = { tentativeBlocks: true, allDayBlocks: true }
  const ours = await measureOften(() => readCalendar([file], { ...options, ...switches }))
  const parsed = await measureOften(() => ICAL.parse(file))
  const resources = (file.match(/BEGIN:VEVENT.*?END:VEVENT/gs) ?? []).map(
    (text, index) =>
      `<response><href>/${index}.ics</href><propstat><prop><getetag>"1"</getetag><data>${text}</data></prop></propstat></response>`,
  )
  const answer = `<multistatus xmlns="DAV:">${resources.join('')}</multistatus>`
  const xml = await measureOften(() => parseXml(answer))
  const note = `${EVENTS.toLocaleString('en')} events, ${(file.length / 1e6).toFixed(1)} MB`
  return [
    { what: 'reading a file: processor time', value: ours.processor, unit: 'ms', note: `${note}; aim: 1,000` },
    { what: 'reading a file: longest wait of other work', value: ours.blocked, unit: 'ms', note: 'aim: 50' },
    {
      what: 'ical.js alone, only parsing: processor time',
      value: parsed.processor,
      unit: 'ms',
      note: 'for comparison',
    },
    { what: 'ical.js alone: longest wait of other work', value: parsed.blocked, unit: 'ms', note: 'for comparison' },
    { what: 'the same as XML of a CalDAV server: processor time', value: xml.processor, unit: 'ms' },
    { what: 'the same as XML: longest wait of other work', value: xml.blocked, unit: 'ms', note: 'aim: 50' },
  ]
}

const month = { from: Date.parse('2027-03-01T05:00:00Z'), to: Date.parse('2027-03-31T05:00:00Z') }

/** Two busy times of 45 minutes on each day. */
function busyTimesIn({ from, to }: Interval): Interval[] {
  const busy: Interval[] = []
  for (let day = from; day < to; day += DAY)
    for (const hour of [10, 14]) busy.push({ from: day + hour * HOUR, to: day + hour * HOUR + 45 * MINUTE })
  return busy
}

function makeInput(busy: readonly Interval[] | null): SlotsInput {
  const weekly = WEEKDAYS.map((day) => ({ day, from: '09:00', to: '17:00' }))
  return {
    now: month.from - 30 * DAY,
    type: {
      kind: 'one_on_one',
      assignment: 'fixed',
      seats: 1,
      durationMinutes: 30,
      startIncrementMinutes: 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      minimumNoticeMinutes: 60,
      bookingWindowDays: 365,
      bookingFrom: null,
      bookingUntil: null,
      dailyLimit: null,
    },
    hosts: [
      {
        member: 1,
        zone: 'America/New_York',
        schedule: parseSchedule({ timezone: 'America/New_York', weekly, overrides: [] }),
        timeOff: [],
        limits: { meetingsPerDay: null, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null },
        busy: [],
        meetings: [],
        ...(busy ? { calendars: { isKnown: true, times: busy } } : {}),
      },
    ],
  }
}

function measureEngine(): Measurement[] {
  const busy = busyTimesIn(month)
  const [plain, connected] = [makeInput(null), makeInput(busy)]
  const rates: Record<'plain' | 'connected', number[]> = { plain: [], connected: [] }
  for (let round = 0; round < 3; round++) {
    rates.plain.push(ratePerCpuSecond(() => findOffer(plain, month)))
    rates.connected.push(ratePerCpuSecond(() => findOffer(connected, month)))
  }
  const starts = findOffer(connected, month).starts.length
  return [
    {
      what: `a month of slots, ${busy.length} busy times`,
      value: percentile(rates.connected, 0.5),
      unit: '/s',
      note: `${starts} starts; aim: 50,000`,
    },
    { what: 'a month of slots, no calendar', value: percentile(rates.plain, 0.5), unit: '/s', note: 'for comparison' },
  ]
}

async function measureServer(): Promise<Measurement[]> {
  const { url, drop } = await createTestDatabase()
  const calendars = await startCalendars()
  const server = await startServer({ env: { DATABASE_URL: url, BOOKBELL_LOG_LEVEL: 'error' } })
  const database = await openPostgres(url)
  try {
    const quiet = await measureStatements(database, 'no calendar connected')
    const slots = await measureSlots(server, database)
    const sync = await measureSync(database)
    const idle = await measureConnected(server, { database, calendars })
    return [...sync, ...slots, ...quiet, ...idle]
  } finally {
    await database.close()
    await server.stop()
    await calendars.stop()
    await drop()
  }
}

async function create(server: TestServer, path: string, body: object) {
  const answer = await server.request('POST', `/api/v1/${path}`, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body
}

/** Creates a host on their own page, and returns the URL of their slots for a month. */
async function makeHost(server: TestServer, slug: string) {
  const person = { email: `${slug}@example.com`, first_name: 'Host', timezone: 'America/New_York' }
  const { id: member } = await create(server, 'members', person)
  const weekly = WEEKDAYS.map((day) => ({ day, from: '09:00', to: '17:00' }))
  await create(server, 'schedules', { member, name: 'Office', timezone: 'America/New_York', weekly })
  const place = { location_type: 'place', location: 'Here' }
  const type = { name: slug, slug, duration_minutes: 30, hosts: [member], ...place }
  const { id } = await create(server, 'meeting-types', type)
  await create(server, 'pages', { name: slug, slug: `page-${slug}`, meeting_types: [id] })
  const first = Temporal.Now.plainDateISO('UTC').add({ days: 3 })
  const query = `from=${first}&to=${first.add({ days: 29 })}&timezone=Europe/Berlin`
  return { member, path: `/api/v1/public/pages/page-${slug}/meeting-types/${slug}/slots?${query}` }
}

/** Stores a connected calendar that was just read, with these busy times. */
async function storeCalendar(database: Database, { member, busy }: { member: number; busy: readonly Interval[] }) {
  const { rows } = await sql<{ organization: OrganizationId; calendar: number }>`
    with connection as (
      insert into connections (organization_id, member_id, provider, name, credentials, state, due_at, last_synced_at, created_at)
      select organization_id, id, 'ics', 'Bench', '\\x00', 'connected', now() + interval '1 day', now(), now()
      from members where id = ${member} returning organization_id, id, member_id
    )
    insert into calendars (organization_id, connection_id, member_id, provider_id, name, reads, read_at, created_at)
    select organization_id, id, member_id, 'calendar', 'Bench', true, now() + interval '1 hour', now() from connection
    returning organization_id as organization, id as calendar`.execute(database.executor)
  const [stored] = rows
  if (!stored) throw new Error('The calendar was not stored.')
  const { organization, calendar } = stored
  await database.transaction(async (tx) => {
    await lockMembers(tx, organization, [member])
    await replaceBusy(tx, organization, { calendar, busy })
    await mergeTimes(tx, organization, member)
  })
  return { organization, calendar, member }
}

async function measureSlots(server: TestServer, database: Database): Promise<Measurement[]> {
  const plain = await makeHost(server, 'plain')
  const connected = await makeHost(server, 'connected')
  const today = Math.floor(Date.now() / DAY) * DAY
  await storeCalendar(database, { member: connected.member, busy: busyTimesIn({ from: today, to: today + 400 * DAY }) })
  await sql`vacuum analyze`.execute(database.executor)
  const pool = new Pool(server.url, { connections: 1 })
  const ask = async (path: string) => {
    const start = performance.now()
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${apiKey}` },
    })
    const { slots } = (await body.json()) as { slots: unknown[] }
    if (statusCode !== 200 || slots.length === 0) throw new Error('There are no slots.')
    return performance.now() - start
  }
  const times: Record<'plain' | 'connected', number[]> = { plain: [], connected: [] }
  for (let round = 0; round < 600; round++) {
    times.plain.push(await ask(plain.path))
    times.connected.push(await ask(connected.path))
  }
  await pool.close()
  const [without, having] = [times.plain, times.connected].map((samples) => percentile(samples.slice(100), 0.5))
  return [
    {
      what: 'a month of slots over HTTP, no calendar: median',
      value: without ?? 0,
      unit: 'ms',
      note: 'for comparison',
    },
    { what: 'a month of slots over HTTP, 60 busy times: median', value: having ?? 0, unit: 'ms' },
    { what: 'the same, compared', value: (having ?? 0) / (without ?? 1), unit: 'times', note: 'aim: at most 1.3' },
  ]
}

async function measureSync(database: Database): Promise<Measurement[]> {
  const { rows } = await sql<{ id: number }>`
    insert into members (organization_id, email, first_name, last_name, timezone, role, created_at)
    select organization_id, 'sync@example.com', 'Sync', '', 'UTC', 'member', now() from organizations limit 1
    returning id`.execute(database.executor)
  const today = Math.floor(Date.now() / DAY) * DAY
  const busy = Array.from({ length: INTERVALS }, (_, index) => {
    const from = today + index * 6 * HOUR
    return { from, to: from + HOUR }
  })
  const stored = await storeCalendar(database, { member: rows[0]?.id ?? 0, busy })
  const [ours, replaced]: [number[], number[]] = [[], []]
  for (let round = 0; round < 40; round++) {
    ours.push(await timed(() => replaceByDifference(database, { ...stored, busy })))
    replaced.push(await timed(() => replaceAll(database, { ...stored, busy })))
  }
  const note = `${INTERVALS.toLocaleString('en')} intervals, PostgreSQL`
  return [
    { what: 'a sync without a change: median', value: percentile(ours, 0.5), unit: 'ms', note: `${note}; aim: 20` },
    {
      what: 'deleting and inserting all instead',
      value: percentile(replaced, 0.5),
      unit: 'ms',
      note: 'for comparison',
    },
  ]
}

interface StoredCalendar {
  organization: OrganizationId
  calendar: number
  member: number
  busy: readonly Interval[]
}

function replaceByDifference(database: Database, { organization, calendar, member, busy }: StoredCalendar) {
  return database.transaction(async (tx) => {
    await lockMembers(tx, organization, [member])
    const hasChanged = await replaceBusy(tx, organization, { calendar, busy })
    if (hasChanged) await mergeTimes(tx, organization, member)
  })
}

/** Stores the same without comparing. */
function replaceAll(database: Database, { organization, calendar, member, busy }: StoredCalendar) {
  return database.transaction(async (tx) => {
    await lockMembers(tx, organization, [member])
    await sql`delete from calendar_busy where organization_id = ${organization} and calendar_id = ${calendar}`.execute(
      tx,
    )
    await replaceBusy(tx, organization, { calendar, busy })
    await mergeTimes(tx, organization, member)
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Counts an idle server's transactions. Each of its idle statements is one. */
async function measureStatements(database: Database, what: string): Promise<Measurement[]> {
  const count = async () => {
    // Sessions report their statistics once they have been idle for a second.
    const { rows } = await sql<{ count: number }>`
      select sum(xact_commit)::float as count from pg_stat_database where datname = current_database()`.execute(
      database.executor,
    )
    return rows[0]?.count ?? 0
  }
  await pause(3_000)
  const before = await count()
  await pause(IDLE_SECONDS * 1_000)
  const value = ((await count()) - before) / IDLE_SECONDS
  return [{ what: `statements of an idle process, ${what}`, value, unit: '/s', note: 'aim: 2' }]
}

interface Calendars {
  url: string
  asked(): number
  stop(): Promise<void>
}

/** A server of calendar files that never change. */
async function startCalendars(): Promise<Calendars> {
  const file = writeFile(50)
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    const etag = '"1"'
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end()
    return response.writeHead(200, { etag, 'content-type': 'text/calendar' }).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Connects many calendars, waits until they are read, and then measures a minute without visitors. */
async function measureConnected(
  server: TestServer,
  { database, calendars }: { database: Database; calendars: Calendars },
): Promise<Measurement[]> {
  for (let member = 0; member < CONNECTED / PER_MEMBER; member++) {
    const person = { email: `many-${member}@example.com`, first_name: 'Many', timezone: 'UTC' }
    const { id } = await create(server, 'members', person)
    for (let index = 0; index < PER_MEMBER; index++)
      await create(server, 'connections', {
        provider: 'ics',
        member: id,
        url: `${calendars.url}/${member}-${index}.ics`,
      })
  }
  const started = performance.now()
  while ((await countUnread(database)) > 0) await pause(500)
  const connected = (performance.now() - started) / 1000
  // On a real server, the times are spread out, because calendars are connected on different days.
  await sql`update connections set due_at = now() + random() * interval '5 minutes' where due_at < now() + interval '1 hour'`.execute(
    database.executor,
  )
  await pause(5_000)
  const [askedBefore, cpuBefore, start] = [calendars.asked(), await readProcessorTime(server), performance.now()]
  await pause(IDLE_SECONDS * 1_000)
  const seconds = (performance.now() - start) / 1000
  const note = `${CONNECTED.toLocaleString('en')} connected calendars`
  return [
    {
      what: 'probes of an idle server',
      value: (calendars.asked() - askedBefore) / seconds,
      unit: '/s',
      note: `${note}; aim: 20`,
    },
    {
      what: 'processor share of an idle server',
      value: ((await readProcessorTime(server)) - cpuBefore) / seconds / 10,
      unit: '% of a core',
      note: `${note}, network included; aim: 5`,
    },
    { what: 'until all are read after connecting', value: connected, unit: 's', note },
  ]
}

async function countUnread(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from connections where state = 'connecting'`.execute(database.executor)
  return rows[0]?.count ?? 0
}

/** Returns the CPU time that the server has used, in milliseconds. */
async function readProcessorTime(server: TestServer): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]) * 1000
}

if (import.meta.main) console.table(await run())
