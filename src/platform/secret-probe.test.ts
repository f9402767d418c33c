import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import type { Database } from './database.ts'
import { checkSecret } from './secret-probe.ts'
import { makeSecrets } from './secrets.ts'

eachDatabase((open) => {
  let database: Database
  before(async () => {
    database = await open()
  })

  test('refuses a secret that cannot decrypt the data, and rotates to a new secret placed before the old one', async () => {
    await checkSecret({ database }, makeSecrets(['the first secret of all']))
    await assert.rejects(
      checkSecret({ database }, makeSecrets(['some other secret 123'])),
      /BOOKBELL_SECRET is not the value/,
    )
    await checkSecret({ database }, makeSecrets(['the new secret, longer', 'the first secret of all']))
    await checkSecret({ database }, makeSecrets(['the new secret, longer']))
    await assert.rejects(
      checkSecret({ database }, makeSecrets(['the first secret of all'])),
      /BOOKBELL_SECRET is not the value/,
    )
  })

  test('if two processes start together on an empty database with different secrets, one is refused', async () => {
    await sql`delete from server_settings`.execute(database.executor)
    const starts = ['the secret of one process', 'the secret of the other'].map((value) =>
      checkSecret({ database }, makeSecrets([value])),
    )
    const outcomes = await Promise.allSettled(starts)
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  })
})
