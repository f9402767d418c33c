import { Pool } from 'undici'
import { openPostgres } from '../src/platform/database.ts'
import { fillHistory } from '../test/support/history.ts'
import { createTestDatabase } from '../test/support/postgres.ts'
import { apiKey, startServer, type TestServer } from '../test/support/server.ts'
import { type Measurement, percentile } from './measurement.ts'

// A month of slots from a whole server on PostgreSQL, asked at a steady rate whatever the answers take (open loop), with a
// million meetings of other hosts and 10,000 past ones of the asked host stored. BENCH_MEETINGS chooses another number.

export const question = 'How long does a month of slots take over HTTP, on PostgreSQL?'

const otherMeetings = Number(process.env.BENCH_MEETINGS ?? 1_000_000)
const PAST_MEETINGS = 10_000
const PER_SECOND = 200
const SECONDS = 15
const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr']

export async function run(): Promise<Measurement[]> {
  const { url, drop } = await createTestDatabase()
  const server = await startServer({ env: { DATABASE_URL: url, BOOKBELL_ROLES: 'web' } })
  try {
    const one = await makeType(server, 'one', 1)
    const fifty = await makeType(server, 'fifty', 50)
    const members = [...one.members, ...fifty.members]
    await fill(url, members)
    const single = await measure(server.url + one.path)
    const many = await measure(server.url + fifty.path)
    return [row('one host', single, 'aim: 10 ms'), row('50 hosts in round robin', many, 'aim: 40 ms')].flat()
  } finally {
    await server.stop()
    await drop()
  }
}

async function create(server: TestServer, path: string, body: object) {
  const answer = await server.request('POST', `/api/v1/${path}`, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body
}

/** Creates a type with `count` hosts, weekdays 09–17 New York, on its own page. */
async function makeType(server: TestServer, slug: string, count: number) {
  const members: number[] = []
  const weekly = WEEKDAYS.map((day) => ({ day, from: '09:00', to: '17:00' }))
  for (let index = 0; index < count; index++) {
    const email = `${slug}-${index}@example.com`
    const { id } = await create(server, 'members', { email, first_name: 'Host', timezone: 'America/New_York' })
    await create(server, 'schedules', { member: id, name: 'Office', timezone: 'America/New_York', weekly })
    members.push(id)
  }
  const type = { name: slug, slug, duration_minutes: 30, hosts: members, location_type: 'place', location: 'Here' }
  const { id } = await create(server, 'meeting-types', type)
  await create(server, 'pages', { name: slug, slug: `page-${slug}`, meeting_types: [id] })
  const query = `from=${dateIn(3)}&to=${dateIn(32)}&timezone=Europe/Berlin`
  return { members, path: `/api/v1/public/pages/page-${slug}/meeting-types/${slug}/slots?${query}` }
}

/** The date in `days` days. */
function dateIn(days: number): string {
  return Temporal.Now.plainDateISO('UTC').add({ days }).toString()
}

async function fill(url: string, members: number[]): Promise<void> {
  const database = await openPostgres(url)
  await fillHistory(database, { others: otherMeetings, members, past: PAST_MEETINGS })
  await database.close()
}

interface Latencies {
  samples: number[]
  starts: number
}

/** Sends requests at a steady rate and takes the time of each from the moment at which it was due. */
async function measure(url: string): Promise<Latencies> {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, { connections: 64 })
  const ask = async () => {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: pathname + search,
      headers: { authorization: `Bearer ${apiKey}` },
    })
    const answer = (await body.json()) as { slots: unknown[] }
    if (statusCode !== 200) throw new Error(JSON.stringify(answer))
    return answer.slots.length
  }
  const starts = await ask()
  await sendSteadily(ask, 5)
  const samples = await sendSteadily(ask, SECONDS)
  await pool.close()
  return { samples, starts }
}

async function sendSteadily(ask: () => Promise<unknown>, seconds: number): Promise<number[]> {
  const begin = performance.now()
  const total = seconds * PER_SECOND
  const pending: Promise<number>[] = []
  while (pending.length < total) {
    const due = begin + (pending.length * 1000) / PER_SECOND
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    pending.push(ask().then(() => performance.now() - due))
  }
  return Promise.all(pending)
}

function row(what: string, { samples, starts }: Latencies, note: string): Measurement[] {
  const load = `${PER_SECOND} requests/s, ${starts} starts, ${otherMeetings.toLocaleString('en')} meetings stored`
  return [
    { what: `${what}: median`, value: percentile(samples, 0.5), unit: 'ms', note: load },
    { what: `${what}: 99 of 100 within`, value: percentile(samples, 0.99), unit: 'ms', note },
  ]
}

if (import.meta.main) console.table(await run())
