import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openPglite } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrations.ts'
import { renderTables } from './table-types.ts'

test('the table types match the migrated database', async (t) => {
  const database = await openPglite(null)
  t.after(() => database.close())
  await migrate(database)
  assert.equal(
    readFileSync(new URL('../src/platform/tables.ts', import.meta.url), 'utf8'),
    await renderTables(database),
    'Run node scripts/table-types.ts, and look at what it changed.',
  )
})
