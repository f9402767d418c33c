import { startServer, type TestServer } from '../test/support/server.ts'
import { type Measurement, percentile } from './measurement.ts'

// Lists the most expensive slots: 100 hosts in a round robin, available around the clock, with a start time every minute, on 62
// dates. Several of these requests run all the time, while /healthz is requested every 20 ms. The server itself measures the
// longest block of its event loop (perf_hooks, in steps of 10 ms). Reading its metrics returns this value and resets it.

export const question = 'How long does /healthz take while 100 hosts with a start every minute are listed?'

const HOSTS = 100
const AT_ONCE = 4
const PROBES = 200

export async function run(): Promise<Measurement[]> {
  const server = await startServer()
  try {
    const path = await makeType(server)
    await server.request('GET', path)
    await readLongestStretch(server)
    let done = false
    let answers = 0
    const load = Array.from({ length: AT_ONCE }, async () => {
      while (!done) {
        const { status, text } = await server.request('GET', path)
        if (status !== 200) throw new Error(text)
        answers++
      }
    })
    const samples: number[] = []
    for (let probe = 0; probe < PROBES; probe++) {
      const begin = performance.now()
      await server.request('GET', '/healthz')
      samples.push(performance.now() - begin)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    done = true
    await Promise.all(load)
    const stretch = await readLongestStretch(server)
    samples.sort((a, b) => a - b)
    return [
      { what: '/healthz, median', value: percentile(samples, 0.5), unit: 'ms' },
      {
        what: '/healthz, longest',
        value: samples.at(-1) ?? 0,
        unit: 'ms',
        note: `aim: 100 ms; ${answers} lists of slots meanwhile`,
      },
      { what: 'longest stretch of the event loop', value: stretch, unit: 'ms', note: 'aim: 50 ms' },
    ]
  } finally {
    await server.stop()
  }
}

/** Returns the longest block of the event loop since the last call, in milliseconds. */
async function readLongestStretch(server: TestServer): Promise<number> {
  const response = await fetch(`${server.url}/metrics`)
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await response.text())?.[1]
  return Number(seconds) * 1000
}

async function makeType(server: TestServer): Promise<string> {
  const create = async (path: string, body: object) => {
    const created = await server.request('POST', `/api/v1/${path}`, body)
    if (created.status !== 201) throw new Error(created.text)
    return created.body
  }
  const weekly = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].map((day) => ({ day, from: '00:00', to: '24:00' }))
  const schedule = await create('schedules', { member: null, name: 'Always', timezone: 'UTC', weekly })
  const hosts: number[] = []
  for (let index = 0; index < HOSTS; index++) {
    const member = await create('members', { email: `host-${index}@example.com`, first_name: 'Host', timezone: 'UTC' })
    hosts.push(member.id)
  }
  const place = { location_type: 'place', location: 'Here' }
  const rules = { duration_minutes: 30, start_increment_minutes: 1, hosts, schedule: schedule.id }
  const type = await create('meeting-types', { name: 'Every minute', slug: 'minute', ...place, ...rules })
  await create('pages', { name: 'Page', slug: 'studio', meeting_types: [type.id] })
  const date = (days: number) => Temporal.Now.plainDateISO('UTC').add({ days }).toString()
  return `/api/v1/public/pages/studio/meeting-types/minute/slots?from=${date(1)}&to=${date(62)}&timezone=UTC`
}
