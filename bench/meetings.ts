import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import type { OrganizationId } from '../src/access/gate.ts'
import type { MeetingSnapshot } from '../src/activities/snapshot.ts'
import { insertMeeting } from '../src/meetings/store.ts'
import { type Database, openPglite, openPostgres } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrations.ts'
import { MINUTE } from '../src/time/durations.ts'
import { createBookable } from '../test/support/bookable.ts'
import { countRows, growOrganization } from '../test/support/growing-organization.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import { apiKey, startServer, type TestServer } from '../test/support/server.ts'
import { type Measurement, percentile } from './measurement.ts'

// Measures complete bookings over HTTP on a separate server process, with the embedded database and with a PostgreSQL server that
// forces every commit to the disk. One webhook is registered and paused, so that each booking writes its two deliveries. No
// worker is running. For comparison, it also measures the database alone: the statement that stores a meeting with its people and
// its hosts' busy time, in its own transaction, without HTTP, locks, rules, activities and emails. BENCH_MEETINGS sets the
// maximum number of meetings.

export const question = 'How many meetings can be booked per second, and does it cost more as the organization grows?'

const SECONDS = 8
const CLIENTS = 32
const SAMPLES = 400
const DURABLE = { settings: ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'] }
const MOST_MEETINGS = Number(process.env.BENCH_MEETINGS ?? 1_000_000)
const SIZES = [0, 10_000, 100_000, 1_000_000].filter((size) => size <= MOST_MEETINGS)

export async function run(): Promise<Measurement[]> {
  return [...(await measureEmbedded()), ...(await measureServer()), ...(await measureGrowth())]
}

async function measureEmbedded(): Promise<Measurement[]> {
  const server = await startServer({ env: { BOOKBELL_ROLES: 'web' } })
  const booked = await withServer(server, (one) => measureRate(one, { hosts: 1 }))
  const database = await openPglite(null)
  await migrate(database)
  const bare = await measureBare(database)
  await database.close()
  return [rate('PGlite, one host', booked), rate('PGlite, one bare statement in this process', bare)]
}

async function measureServer(): Promise<Measurement[]> {
  const postgres = await startPostgres(DURABLE)
  try {
    const env = { DATABASE_URL: postgres.url, BOOKBELL_ROLES: 'web' }
    const server = await startServer({ env })
    const [one, twenty] = await withServer(server, async (running) => [
      await measureRate(running, { hosts: 1 }),
      await measureRate(running, { hosts: 20 }),
    ])
    const database = await openPostgres(postgres.url)
    const bare = await measureBare(database)
    await database.close()
    return [
      rate('PostgreSQL, one host', one!),
      rate('PostgreSQL, 20 hosts', twenty!),
      rate('PostgreSQL, one bare statement', bare),
    ]
  } finally {
    await postgres.stop()
  }
}

async function withServer<T>(server: TestServer, work: (server: TestServer) => Promise<T>): Promise<T> {
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

function rate(what: string, perSecond: number): Measurement {
  return { what, value: perSecond, unit: '/s', note: `${CLIENTS} clients` }
}

/** The start times of five-minute meetings, from next midnight onwards. Each is returned once. */
function makeStarts(): () => string {
  const midnight = Math.ceil(Date.now() / 86_400_000 + 1) * 86_400_000
  let next = 0
  return () => `${new Date(midnight + next++ * 5 * MINUTE).toISOString().slice(0, 19)}Z`
}

interface Desk {
  book: () => Promise<void>
  close: () => Promise<void>
}

/** Meeting types with one host each, and a client that books them in turn. */
async function openDesk(server: TestServer, hosts: number): Promise<Desk> {
  const app = {
    api: (method: string, path: string, body?: unknown) => server.request(method, path, body),
  }
  const bookables: { path: string; nextStart: () => string }[] = []
  for (let index = 0; index < hosts; index++) {
    const bookable = await createBookable(app, { duration_minutes: 5 })
    bookables.push({ path: `${bookable.url}/meetings`, nextStart: makeStarts() })
  }
  const webhook = await server.request('POST', '/api/v1/webhooks', { url: server.url, state: 'paused' })
  if (webhook.status !== 201) throw new Error(webhook.text)
  const pool = new Pool(server.url, { connections: CLIENTS })
  let turn = 0
  const book = async () => {
    const { path, nextStart } = bookables[turn++ % hosts]!
    const attendee = { first_name: 'Ada', last_name: 'Attendee', email: 'ada@example.com', timezone: 'Europe/London' }
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ start: nextStart(), attendee }),
    })
    const text = await body.text()
    if (statusCode !== 201) throw new Error(text)
  }
  return { book, close: () => pool.close() }
}

async function measureRate(server: TestServer, { hosts }: { hosts: number }): Promise<number> {
  const desk = await openDesk(server, hosts)
  await inParallel(desk.book, 1)
  const perSecond = await inParallel(desk.book, SECONDS)
  await desk.close()
  return perSecond
}

/** Lets every client repeat its work for this many seconds. Returns the rate per second. */
async function inParallel(work: () => Promise<void>, seconds: number): Promise<number> {
  const start = performance.now()
  let done = 0
  const client = async () => {
    while (performance.now() - start < seconds * 1000) {
      await work()
      done++
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return (done / (performance.now() - start)) * 1000
}

async function measureBare(database: Database): Promise<number> {
  const { organization, member, meetingType } = await growOrganization(database, { to: 0 })
  const nextStart = makeStarts()
  const store = async () => {
    const start = Date.parse(nextStart())
    const meeting = plainMeeting(start, { member, meetingType })
    await database.transaction((tx) =>
      insertMeeting(tx, organization as OrganizationId, { meeting, busy: { from: start, to: meeting.end } }),
    )
  }
  await inParallel(store, 1)
  return inParallel(store, SECONDS)
}

/** Works because no other process creates ids in that database. */
let nextId = 1

function plainMeeting(
  start: number,
  { member, meetingType }: { member: number; meetingType: number },
): MeetingSnapshot {
  nextId += 2
  const ids = { meeting: nextId, host: nextId, booker: nextId + 1 }
  const createdAt = new Date().toISOString()
  const names = { email: 'ada@example.com', firstName: 'Ada', lastName: 'Attendee', timezone: 'UTC', locale: null }
  const utm = { utmSource: '', utmMedium: '', utmCampaign: '', utmContent: '', utmTerm: '' }
  const person = { createdAt, ...names, ...utm, status: 'confirmed' as const, fieldSubmissions: [] }
  return {
    id: ids.meeting,
    kind: 'one_on_one',
    createdAt,
    name: 'Intro',
    location: 'Here',
    locationType: 'place',
    start,
    end: start + 5 * MINUTE,
    approved: null,
    confirmed: true,
    cancelled: false,
    conferencePassword: null,
    conferenceUrl: null,
    meetingType: { id: meetingType, name: 'Intro' },
    icsSequence: 0,
    bookers: [{ ...person, id: ids.booker, memberId: null, externalId: randomUUID() }],
    hosts: [{ ...person, id: ids.host, memberId: member, externalId: randomUUID() }],
  }
}

async function measureGrowth(): Promise<Measurement[]> {
  const postgres = await startPostgres(DURABLE)
  const server = await startServer({ env: { DATABASE_URL: postgres.url, BOOKBELL_ROLES: 'web' } })
  const database = await openPostgres(postgres.url, { poolSize: 1 })
  try {
    const desk = await openDesk(server, 1)
    const measured: Measurement[] = []
    for (const size of SIZES) {
      await growOrganization(database, { to: size })
      measured.push(...(await measureSize(desk, database, size)))
    }
    await desk.close()
    return measured
  } finally {
    await database.close()
    await server.stop()
    await postgres.stop()
  }
}

/** Measures how long a single booking takes and how many rows it adds, with one client that books meetings one after another. */
async function measureSize(desk: Desk, database: Database, size: number): Promise<Measurement[]> {
  for (let index = 0; index < 50; index++) await desk.book()
  const before = await countRows(database)
  const samples: number[] = []
  for (let index = 0; index < SAMPLES; index++) {
    const start = performance.now()
    await desk.book()
    samples.push(performance.now() - start)
  }
  const rows = ((await countRows(database)) - before) / SAMPLES
  const what = `PostgreSQL, ${size.toLocaleString('en')} meetings stored`
  const note = `${rows} rows for each booking; 99 of 100 within ${percentile(samples, 0.99).toFixed(1)} ms`
  return [{ what: `${what}: median`, value: percentile(samples, 0.5), unit: 'ms', note }]
}

if (import.meta.main) console.table(await run())
