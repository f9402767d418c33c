import { Pool } from 'undici'
import { openPostgres } from '../src/platform/database.ts'
import { fillHistory } from '../test/support/history.ts'
import { createTestDatabase } from '../test/support/postgres.ts'
import { apiKey, startServer, type TestServer } from '../test/support/server.ts'
import { type Measurement, percentile } from './measurement.ts'

// Requests a month of slots from a complete server on PostgreSQL, at a steady rate that does not depend on the response times
// (open loop). The database has a million meetings of other hosts and 10,000 past meetings of the requested host. BENCH_MEETINGS
// sets another number. Then it measures the benefit and cost of compression: two months of slots are requested alternately
// uncompressed and with Brotli. The CPU time comes from the server's metrics.

export const question = 'How long does a month of slots take over HTTP, on PostgreSQL?'

const otherMeetings = Number(process.env.BENCH_MEETINGS ?? 1_000_000)
const PAST_MEETINGS = 10_000
const PER_SECOND = 200
const SECONDS = 15
const COMPARED_ANSWERS = 300
const COMPARED_ROUNDS = 6
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
    const encodings = await compareEncodings(server, one.path.replace(dateIn(32), dateIn(63)))
    return [row('one host', single, 'aim: 10 ms'), row('50 hosts in round robin', many, 'aim: 40 ms'), encodings].flat()
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

/** Creates a meeting type with `count` hosts, who work on weekdays from 9 to 17 in New York, on its own page. */
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

/** Returns the date `days` days from now. */
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

/** Sends requests at a steady rate, and measures each request's time from the moment when it was due. */
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

/**
 * Requests the same data, alternately uncompressed and compressed. Returns the size of the response and the server's CPU time for
 * it.
 */
async function compareEncodings(server: TestServer, path: string): Promise<Measurement[]> {
  const pool = new Pool(server.url, { connections: 1 })
  const kinds = { identity: 'as it is', br: 'Brotli' }
  const found = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, { bytes: 0, cpu: [] as number[] }]))
  for (let round = 0; round < COMPARED_ROUNDS; round++)
    for (const [encoding, result] of Object.entries(found)) {
      const before = await readProcessorTime(server)
      for (let asked = 0; asked < COMPARED_ANSWERS; asked++) result.bytes = await countBytes(pool, { path, encoding })
      result.cpu.push(((await readProcessorTime(server)) - before) / COMPARED_ANSWERS)
    }
  await pool.close()
  return Object.entries(found).flatMap(([encoding, { bytes, cpu }]) => [
    { what: `two months, ${kinds[encoding as keyof typeof kinds]}: size`, value: bytes / 1_000, unit: 'kB' },
    {
      what: `two months, ${kinds[encoding as keyof typeof kinds]}: processor time of an answer`,
      value: percentile(cpu, 0.5),
      unit: 'ms',
      note: `median of ${COMPARED_ROUNDS} rounds with ${COMPARED_ANSWERS} answers`,
    },
  ])
}

async function countBytes(pool: Pool, { path, encoding }: { path: string; encoding: string }): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}`, 'accept-encoding': encoding }
  const { body } = await pool.request({ method: 'GET', path, headers })
  return (await body.arrayBuffer()).byteLength
}

/** Returns the CPU time that the server has used, in milliseconds. */
async function readProcessorTime(server: TestServer): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]) * 1000
}

function row(what: string, { samples, starts }: Latencies, note: string): Measurement[] {
  const load = `${PER_SECOND} requests/s, ${starts} starts, ${otherMeetings.toLocaleString('en')} meetings stored`
  return [
    { what: `${what}: median`, value: percentile(samples, 0.5), unit: 'ms', note: load },
    { what: `${what}: 99 of 100 within`, value: percentile(samples, 0.99), unit: 'ms', note },
  ]
}

if (import.meta.main) console.table(await run())
