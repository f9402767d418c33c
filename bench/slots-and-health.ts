import { startServer, type TestServer } from '../test/support/server.ts'
import { type Measurement, percentile } from './measurement.ts'

// The most expensive slots: 100 hosts in round robin around the clock, a start every minute, 62 dates. Several requests for
// them run all the time, while /healthz is asked every 20 ms.

export const question = 'How long does /healthz take while 100 hosts with a start every minute are listed?'

const HOSTS = 100
const AT_ONCE = 4
const PROBES = 200

export async function run(): Promise<Measurement[]> {
  const server = await startServer()
  try {
    const path = await makeType(server)
    let done = false
    let answers = 0
    const load = Array.from({ length: AT_ONCE }, async () => {
      while (!done) {
        await server.request('GET', path)
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
    samples.sort((a, b) => a - b)
    return [
      { what: '/healthz, median', value: percentile(samples, 0.5), unit: 'ms' },
      {
        what: '/healthz, longest',
        value: samples.at(-1) ?? 0,
        unit: 'ms',
        note: `aim: 100 ms; ${answers} lists of slots meanwhile`,
      },
    ]
  } finally {
    await server.stop()
  }
}

async function makeType(server: TestServer): Promise<string> {
  const create = async (path: string, body: object) => (await server.request('POST', `/api/v1/${path}`, body)).body
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
  await create('pages', { name: 'Page', slug: 'page', meeting_types: [type.id] })
  const date = (days: number) => Temporal.Now.plainDateISO('UTC').add({ days }).toString()
  return `/api/v1/public/pages/page/meeting-types/minute/slots?from=${date(1)}&to=${date(62)}&timezone=UTC`
}
