import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import { createEmptyDatabase, createTestDatabase } from '../../test/support/postgres.ts'
import { type Database, type Executor, openPglite, openPostgres, sqlState } from './database.ts'
import { isMigrated, listMigrations, migrate } from './migrations.ts'

async function countRows(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from server_settings`.execute(
    database.executor,
  )
  return rows[0]!.count
}

const insert = (executor: Executor, name: string) =>
  executor.insertInto('server_settings').values({ name, value: '' }).execute()

eachDatabase((open) => {
  let database: Database
  before(async () => {
    database = await open()
  })

  test('instants are read as RFC 3339 with microseconds, dates as text, bigints as numbers', async () => {
    const { rows } = await sql`
      select '2027-03-01 08:00:00.5+01'::timestamptz as instant, date '2027-03-01' as day, 9007199254740991::bigint as id`.execute(
      database.executor,
    )
    assert.deepEqual(
      { ...(rows[0] as object) },
      { instant: '2027-03-01T07:00:00.500000Z', day: '2027-03-01', id: 9007199254740991 },
    )
  })

  test('a transaction that throws changes nothing', async () => {
    const before = await countRows(database)
    await assert.rejects(
      database.transaction(async (tx) => {
        await insert(tx, 'outer')
        throw new Error('changed my mind')
      }),
      /changed my mind/,
    )
    assert.equal(await countRows(database), before)
  })

  test('a statement or a transaction that bypasses the surrounding transaction is refused instead of waiting for it', async () => {
    const { executor } = database
    const refused = /outside of the transaction around it/
    await database.transaction(async () => {
      await assert.rejects(insert(executor, 'captured before'), refused)
      await assert.rejects(countRows(database), refused)
      await assert.rejects(
        database.transaction(async () => {}),
        refused,
      )
    })
    await database.ambientTransaction(async () => {
      await assert.rejects(insert(executor, 'captured before'), refused)
      await database.transaction(() => assert.rejects(countRows(database), refused))
    })
  })

  test('an ambient transaction includes the work that is started inside it, and changes nothing if it throws', async () => {
    const before = await countRows(database)
    await assert.rejects(
      database.ambientTransaction(async () => {
        await insert(database.executor, 'statement')
        await database.transaction((tx) => insert(tx, 'transaction'))
        await database.ambientTransaction((tx) => insert(tx, 'ambient'))
        assert.equal(await countRows(database), before + 3)
        throw new Error('changed my mind')
      }),
      /changed my mind/,
    )
    assert.equal(await countRows(database), before)
  })

  test('work that a transaction started but did not await runs outside the transaction after it ends', async () => {
    const ended = Promise.withResolvers<void>()
    const started: Promise<number>[] = []
    await database.transaction(async () => {
      started.push(ended.promise.then(() => countRows(database)))
    })
    ended.resolve()
    assert.equal(await started[0], await countRows(database))
  })

  test('a script runs each of its statements, even one with semicolons inside', async () => {
    const script = `
      -- A comment; with a semicolon
      create temporary table scripted (value text);
      create function pg_temp.fill() returns void language plpgsql as $$
      begin
        insert into scripted values ('first;');
        insert into scripted values ('second');
      end;
      $$;
      select pg_temp.fill();
    `
    const values = await database.transaction(async (tx) => {
      await database.runScript(tx, script)
      return (await sql<{ value: string }>`select value from scripted`.execute(tx)).rows
    })
    assert.deepEqual(
      values.map(({ value }) => value),
      ['first;', 'second'],
    )
  })

  test('a transaction that conflicts with another one is retried', async () => {
    let tries = 0
    await database.transaction(async (tx) => {
      tries++
      if (tries < 3) await sql`do $$ begin raise exception 'lost' using errcode = '40001'; end $$`.execute(tx)
    })
    assert.equal(tries, 3)
  })

  test('a notification arrives with the commit, and not after a rollback', async () => {
    const payloads: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = await database.listen('news', (payload) => {
      payloads.push(payload)
      if (payload === 'second') resolve()
    })
    const notify = (tx: Executor, text: string) => sql`select pg_notify('news', ${text})`.execute(tx)
    await database
      .transaction(async (tx) => {
        await notify(tx, 'first')
        throw new Error('no')
      })
      .catch(() => {})
    await database.transaction((tx) => notify(tx, 'second'))
    await promise
    await stop()
    assert.deepEqual(
      payloads.filter((payload) => payload !== ''),
      ['second'],
    )
  })

  test('migrating again changes nothing', async () => {
    assert.deepEqual(await migrate(database), [])
    assert.equal(await isMigrated(database), true)
  })

  test('a database that is newer than the program is refused', async () => {
    const next = listMigrations().length + 1
    await sql`insert into migrations (number, name) values (${next}, 'future')`.execute(database.executor)
    await assert.rejects(
      migrate(database),
      new RegExp(`has migration ${next}, but this version of Bookbell only knows ${next - 1}`),
    )
    await sql`delete from migrations where number = ${next}`.execute(database.executor)
  })
})

test('eight processes that start simultaneously on an empty database migrate it once', async () => {
  const { url, drop } = await createEmptyDatabase()
  const databases = await Promise.all(Array.from({ length: 8 }, () => openPostgres(url, { poolSize: 1 })))
  const applied = await Promise.all(databases.map((database) => migrate(database)))
  await Promise.all(databases.map((database) => database.close()))
  await drop()
  assert.deepEqual(
    applied.flat(),
    listMigrations().map(({ name }) => name),
  )
})

test('if two transactions deadlock, the aborted one is retried', async () => {
  const { url, drop } = await createTestDatabase()
  const database = await openPostgres(url)
  await insert(database.executor, 'a')
  await insert(database.executor, 'b')
  const meet = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const lock = (tx: Executor, name: string) =>
    sql`update server_settings set value = value || 'x' where name = ${name}`.execute(tx)
  const touch = (own: number, [first, second]: [string, string]) =>
    database.transaction(async (tx) => {
      await lock(tx, first)
      meet[own]?.resolve()
      await meet[1 - own]?.promise
      await lock(tx, second)
    })
  await Promise.all([touch(0, ['a', 'b']), touch(1, ['b', 'a'])])
  const { rows } = await sql<{ value: string }>`select value from server_settings where name in ('a', 'b')`.execute(
    database.executor,
  )
  assert.deepEqual(
    rows.map((row) => row.value),
    ['xx', 'xx'],
  )
  await database.close()
  await drop()
})

test('a server that cannot be reached is reported in one sentence that names DATABASE_URL', async () => {
  await assert.rejects(
    openPostgres('postgres://unknown:secret@127.0.0.1:9/none'),
    (error: Error) => /^DATABASE_URL: /.test(error.message) && !error.message.includes('secret'),
  )
})

test('opening the same embedded directory twice is refused, and the directory is free after closing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bookbell-'))
  const first = await openPglite(directory)
  await assert.rejects(openPglite(directory), /Another Bookbell process uses the embedded database/)
  await first.close()
  const second = await openPglite(directory)
  await second.close()
  await rm(directory, { recursive: true })
})

test('an SQLSTATE is read only from a database error', () => {
  assert.deepEqual(
    [sqlState({ code: '23505' }), sqlState(new Error('x')), sqlState(null)],
    ['23505', undefined, undefined],
  )
})

test('a server that accepts the connection and never responds is reported in one sentence', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  await assert.rejects(openPostgres(`postgres://x:y@127.0.0.1:${port}/x`, { connectTimeoutMs: 50 }), {
    name: 'StartError',
    message: /^DATABASE_URL: the PostgreSQL server cannot be used/,
  })
  silent.close()
  await assert.rejects(openPostgres('postgres://[bad'), { name: 'StartError' })
})
