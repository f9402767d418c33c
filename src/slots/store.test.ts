import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { fillHistory } from '../../test/support/history.ts'
import type { Transaction } from '../platform/database.ts'
import { DAY } from '../time/local-dates.ts'
import { listBusyTimes, listMeetings } from './store.ts'

eachDatabase((open) => {
  let app: TestApp
  let host: number

  before(async () => {
    app = await openTestApp(await open())
    host = (await app.api('GET', '/api/v1/members')).body.data[0].id
    const type = { name: 'T', slug: 't', duration_minutes: 30, hosts: [host], location_type: 'place', location: 'Here' }
    assert.equal((await app.api('POST', '/api/v1/meeting-types', type)).status, 201)
    await fillHistory(app.database, { others: 10_000, members: [host], past: 3000 })
  })
  after(() => app.stop())

  const reach = { from: Date.now(), to: Date.now() + 40 * DAY }
  const listAll = (tx: Transaction) =>
    listMeetings(tx, app.organization, { members: [host], meetingType: 1, reach, except: null })
  const listBusy = (tx: Transaction) => listBusyTimes(tx, app.organization, { members: [host], reach, except: null })

  test("reads the asked host's meetings of the asked range and no other row, however many are stored", async () => {
    await app.database.transaction(async (tx) => {
      const { result, read } = await watchReads(tx, () => listAll(tx))
      assert.equal(result.length, 20)
      assert.deepEqual(read, [
        { table: 'busy', scans: 0, rows: 20 },
        { table: 'meetings', scans: 0, rows: 20 },
      ])
    })
  })

  test('finds the same times, and reads no meeting, where only busy times are asked for', async () => {
    await app.database.transaction(async (tx) => {
      const { result, read } = await watchReads(tx, () => listBusy(tx))
      const meetings = await listAll(tx)
      assert.deepEqual(result, [{ member: host, times: meetings.map((one) => [one.busy_from, one.busy_to]) }])
      assert.deepEqual(read, [
        { table: 'busy', scans: 0, rows: 20 },
        { table: 'meetings', scans: 0, rows: 0 },
      ])
    })
  })
})

/** What `work` reads of the tables: whole scans, and rows found by an index. */
async function watchReads<T>(tx: Transaction, work: () => Promise<T>) {
  const before = await countReads(tx)
  const result = await work()
  const after = await countReads(tx)
  const read = after.map(({ relname, seq_scan, idx_tup_fetch }, index) => ({
    table: relname,
    scans: seq_scan - (before[index]?.seq_scan ?? 0),
    rows: idx_tup_fetch - (before[index]?.idx_tup_fetch ?? 0),
  }))
  return { result, read }
}

/** What this connection has read and not reported yet: what it did before may still be among it. */
async function countReads(tx: Transaction) {
  const { rows } = await sql<{ relname: string; seq_scan: number; idx_tup_fetch: number }>`
    select relname, seq_scan, idx_tup_fetch from pg_stat_xact_user_tables
    where relname in ('busy', 'meetings') order by relname`.execute(tx)
  return rows
}
