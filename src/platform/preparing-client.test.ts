import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createEmptyDatabase } from '../../test/support/postgres.ts'
import { PreparingClient } from './preparing-client.ts'

const { url, drop } = await createEmptyDatabase()
after(drop)

test('prepares statements with parameters once per connection, and does not prepare other statements', async () => {
  const client = new PreparingClient({ connectionString: url })
  await client.connect()
  for (const value of [1, 2, 3]) {
    const { rows } = await client.query('select $1::int as value', [value])
    assert.deepEqual(rows, [{ value }])
  }
  assert.deepEqual((await client.query('select 4 as value', [])).rows, [{ value: 4 }])
  const { rows } = await client.query('select statement from pg_prepared_statements', [])
  assert.deepEqual(rows, [{ statement: 'select $1::int as value' }])
  await client.end()
})

test('continues after a failed statement', async () => {
  const client = new PreparingClient({ connectionString: url })
  await client.connect()
  const ask = (text: string) => client.query('select $1::int as value', [text])
  await assert.rejects(ask('none'), { code: '22P02' })
  assert.deepEqual((await ask('5')).rows, [{ value: 5 }])
  await assert.rejects(client.query('select from nowhere where 1 = $1', [1]), { code: '42P01' })
  await client.query('create temporary table nowhere ()', [])
  assert.deepEqual((await client.query('select from nowhere where 1 = $1', [1])).rows, [])
  await client.end()
})
