import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { fillHistory } from '../../test/support/history.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { DAY } from '../time/durations.ts'
import { listBusyTimes, listHosts, listMeetings } from './store.ts'

eachDatabase((open) => {
  let app: TestApp
  let host: number

  before(async () => {
    app = await openTestApp(await open())
    host = (await app.api('GET', '/api/v1/members')).body.data[0].id
    const type = { name: 'T', slug: 't', duration_minutes: 30, hosts: [host], location_type: 'place', location: 'Here' }
    assert.equal((await app.api('POST', '/api/v1/meeting-types', type)).status, 201)
    await fillHistory(app.database, { others: 10_000, members: [host], past: 3000 })
    await fillStaff(app.database)
  })
  after(() => app.stop())

  const reach = { from: Date.now(), to: Date.now() + 40 * DAY }
  const listAll = (tx: Transaction) =>
    listMeetings(tx, app.organization, {
      members: [host],
      meetingType: 1,
      reach,
      except: null,
      now: new Date().toISOString(),
    })
  const listBusy = (tx: Transaction) =>
    listBusyTimes(tx, app.organization, { members: [host], reach, except: null, now: new Date().toISOString() })

  test("reads only the requested host's meetings in the requested range, no matter how many are stored", async () => {
    await app.database.transaction(async (tx) => {
      const { result, read } = await watchReads(tx, ['busy', 'meetings'], () => listAll(tx))
      assert.equal(result.length, 20)
      assert.deepEqual(read, [
        { table: 'busy', scans: 0, rows: 20 },
        { table: 'meetings', scans: 0, rows: 20 },
      ])
    })
  })

  test('finds the same times without reading meetings if only busy times are needed', async () => {
    await app.database.transaction(async (tx) => {
      const { result, read } = await watchReads(tx, ['busy', 'meetings'], () => listBusy(tx))
      const meetings = await listAll(tx)
      assert.deepEqual(result, [{ member: host, times: meetings.map((one) => [one.busy_from, one.busy_to]) }])
      assert.deepEqual(read, [
        { table: 'busy', scans: 0, rows: 20 },
        { table: 'meetings', scans: 0, rows: 0 },
      ])
    })
  })

  test("reads only the requested hosts' rows, no matter how many members, schedules and time-off entries exist", async () => {
    const schedule = null
    const some = (await app.api('GET', '/api/v1/members?limit=3')).body.data.map(({ id }: { id: number }) => id)
    await app.database.transaction(async (tx) => {
      const tables = ['members', 'schedules', 'time_off']
      const { result, read } = await watchReads(tx, tables, () =>
        listHosts(tx, app.organization, { members: some, schedule, reach }),
      )
      assert.deepEqual(
        result.map((row) => [row.schedule?.timezone, row.time_off.length]),
        [
          ['UTC', 1],
          ['UTC', 1],
          ['UTC', 1],
        ],
      )
      assert.deepEqual(
        read.map(({ table, scans }) => [table, scans]),
        tables.map((table) => [table, 0]),
      )
      for (const { table, rows } of read) assert.ok(rows <= 6, `${rows} rows of ${table} were read`)
    })
  })
})

/** Inserts a default schedule and time off next week for each of 5,000 members. */
async function fillStaff(database: Database): Promise<void> {
  await sql`
    insert into members (organization_id, email, first_name, last_name, timezone, role, created_at)
    select organization_id, 'staff-' || number || '@example.com', 'Staff', '', 'UTC', 'member', now()
    from organizations, generate_series(1, 4500) as number`.execute(database.executor)
  await sql`
    insert into schedules (organization_id, member_id, is_default, name, timezone, weekly, overrides, created_at)
    select organization_id, id, true, 'Office', 'UTC', '[]', '[]', now() from members`.execute(database.executor)
  await sql`
    insert into time_off (organization_id, member_id, starts_at, ends_at, created_at)
    select organization_id, id, now() + interval '7 days', now() + interval '8 days', now() from members`.execute(
    database.executor,
  )
  await sql`vacuum analyze`.execute(database.executor)
}

/** Returns what `work` reads from the tables, in the order of the tables' names: full scans, and rows found by an index. */
async function watchReads<T>(tx: Transaction, tables: string[], work: () => Promise<T>) {
  const before = await countReads(tx, tables)
  const result = await work()
  const after = await countReads(tx, tables)
  const read = after.map(({ relname, seq_scan, idx_tup_fetch }, index) => ({
    table: relname,
    scans: seq_scan - (before[index]?.seq_scan ?? 0),
    rows: idx_tup_fetch - (before[index]?.idx_tup_fetch ?? 0),
  }))
  return { result, read }
}

/** Returns the reads on this connection that have not been reported yet, possibly including earlier reads. */
async function countReads(tx: Transaction, tables: string[]) {
  const { rows } = await sql<{ relname: string; seq_scan: number; idx_tup_fetch: number }>`
    select relname, seq_scan, idx_tup_fetch from pg_stat_xact_user_tables
    where relname = any(${tables}) order by relname`.execute(tx)
  return rows
}
