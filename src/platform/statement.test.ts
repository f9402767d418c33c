import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import type { Database } from './database.ts'
import { buildStatement, type ParameterOf } from './statement.ts'

eachDatabase((open) => {
  let database: Database
  before(async () => {
    database = await open()
    const rows = ['a', 'b', 'c'].map((name) => ({ name, value: name.toUpperCase() }))
    await database.executor.insertInto('server_settings').values(rows).execute()
  })

  test('a statement is built once and runs with the parameters of each call', async () => {
    let built = 0
    const select = buildStatement((from, parameter: ParameterOf<{ names: string[]; except: string }>) => {
      built++
      return from
        .selectFrom('server_settings')
        .select(['name', parameter('except').as('left_out')])
        .where('name', '=', sql<string>`any(${parameter('names')})`)
        .where('value', '<>', 'A')
        .where('name', '<>', parameter('except'))
        .orderBy('name')
    })
    const { executor } = database
    assert.deepEqual(await select(executor, { names: ['a', 'b', 'c'], except: 'c' }), [{ name: 'b', left_out: 'c' }])
    assert.deepEqual(await select(executor, { names: ['c'], except: 'b' }), [{ name: 'c', left_out: 'b' }])
    assert.deepEqual(await select(executor, { names: [], except: 'b' }), [])
    assert.equal(built, 1)
  })

  test('a built statement takes part in the transaction and must not run outside it', async () => {
    const update = buildStatement((from, parameter: ParameterOf<{ value: string }>) =>
      from
        .updateTable('server_settings')
        .set({ value: parameter('value') })
        .where('name', '=', 'a')
        .returning('value'),
    )
    const { executor } = database
    await assert.rejects(
      database.transaction(async (tx) => {
        assert.deepEqual(await update(tx, { value: 'X' }), [{ value: 'X' }])
        await assert.rejects(update(executor, { value: 'Y' }), /outside of the transaction around it/)
        throw new Error('changed my mind')
      }),
      /changed my mind/,
    )
    assert.deepEqual(await update(executor, { value: 'Z' }), [{ value: 'Z' }])
  })
})
