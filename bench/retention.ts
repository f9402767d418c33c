import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { OrganizationId } from '../src/access/gate.ts'
import { erasePastMeetings } from '../src/people/service.ts'
import { systemClock } from '../src/platform/clock.ts'
import { type Database, openPostgres } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrations.ts'
import { makeSecrets } from '../src/platform/secrets.ts'
import { changeSettings } from '../src/settings/service.ts'
import { growOrganization } from '../test/support/growing-organization.ts'
import { startPostgres } from '../test/support/postgres-server.ts'
import { type Measurement, percentile } from './measurement.ts'

// Runs the retention of past meetings batch by batch in this process, as the worker does, on a PostgreSQL server that forces
// every commit to the disk. The last batches are compared with the first ones, because deletion must not become slower as it
// progresses. BENCH_MEETINGS sets the number of meetings.

export const question = 'How fast are the people of past meetings erased?'

const SIZE = Number(process.env.BENCH_MEETINGS ?? 1_000_000)
const BATCHES = 100
const MEETINGS_IN_BATCH = 100

export async function run(): Promise<Measurement[]> {
  const postgres = await startPostgres({ settings: ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'] })
  const database = await openPostgres(postgres.url)
  try {
    await migrate(database)
    const { organization } = await growOrganization(database, { to: SIZE })
    await changeSettings(
      { database, clock: systemClock, mailer: { kind: 'mailbox' } },
      { kind: 'operator', organization: organization as OrganizationId },
      { meeting_retention_days: 1 },
    )
    const deps = { database, clock: systemClock, secrets: makeSecrets(['a secret of the benchmark']) }
    const samples: number[] = []
    const scansBefore = await countScans(database)
    for (let batch = 0; batch < BATCHES; batch++) {
      const start = performance.now()
      await erasePastMeetings(deps)
      samples.push(performance.now() - start)
    }
    const scans = (await countScans(database)) - scansBefore
    const seconds = samples.reduce((sum, ms) => sum + ms, 0) / 1000
    const note = `${SIZE.toLocaleString('en')} meetings stored, ${BATCHES} batches of ${MEETINGS_IN_BATCH}`
    return [
      { what: 'erased', value: (BATCHES * MEETINGS_IN_BATCH) / seconds, unit: '/s', note },
      { what: 'one batch, median', value: percentile(samples, 0.5), unit: 'ms' },
      {
        what: 'one batch, slowest of 100',
        value: percentile(samples, 0.99),
        unit: 'ms',
        note: 'holds the locks of its hosts',
      },
      { what: 'first ten batches, median', value: percentile(samples.slice(0, 10), 0.5), unit: 'ms' },
      { what: 'last ten batches, median', value: percentile(samples.slice(-10), 0.5), unit: 'ms' },
      { what: 'sequential scans of large tables', value: scans, unit: '', note: 'in all batches together' },
    ]
  } finally {
    await database.close()
    await postgres.stop()
  }
}

/** Returns how many full scans there were of the tables that grow with the meetings. */
async function countScans({ executor }: Database): Promise<number> {
  // Sessions report their statistics once they have been idle for a second.
  await setTimeout(1_500)
  const { rows } = await sql<{ scans: number }>`
    select coalesce(sum(seq_scan), 0) as scans from pg_stat_user_tables where n_live_tup > 10000`.execute(executor)
  return Number(rows[0]?.scans ?? 0)
}
