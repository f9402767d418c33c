import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openPostgres } from '../../src/platform/database.ts'
import { migrate } from '../../src/platform/migrations.ts'
import { digestMigrations } from './migrations-digest.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

/** A database for one test. `drop` closes open connections. */
export type TestDatabase = { url: string; drop: () => Promise<void> }

/** The key of the lock that one process holds to create the template while the others wait. Any number works. */
const templateLock = 'select pg_advisory_lock(7206514404)'

let server: Promise<PostgresServer> | undefined

/** Creates a migrated database by copying a template. */
export function createTestDatabase(): Promise<TestDatabase> {
  return withServer(async (admin) => createDatabase(admin, await prepareTemplate(admin)))
}

/** Creates a database without tables. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return withServer((admin) => createDatabase(admin, 'template0'))
}

/**
 * The PostgreSQL server in this run: the server in `TEST_DATABASE_URL` (as superuser; `npm test` starts one), or a server that
 * this process starts and stops.
 */
export async function findServer(): Promise<string> {
  if (process.env.TEST_DATABASE_URL) return process.env.TEST_DATABASE_URL
  server ??= startPostgres({ binaries: process.env.TEST_POSTGRES_BINARIES })
  return (await server).url
}

async function withServer<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: await findServer() })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

async function createDatabase(admin: pg.Client, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await admin.query(`create database ${name} template ${template}`)
  return {
    url: await addressOf(name),
    drop: () => withServer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  }
}

/** The migrated database that all others are copied from. The first process that needs it creates it. */
async function prepareTemplate(admin: pg.Client): Promise<string> {
  const name = `template_${digestMigrations()}`
  if (await exists(admin, name)) return name
  await admin.query(templateLock)
  if (await exists(admin, name)) return name
  const unfinished = `${name}_unfinished`
  await admin.query(`drop database if exists ${unfinished} with (force)`)
  await admin.query(`create database ${unfinished} template template0`)
  const database = await openPostgres(await addressOf(unfinished), { poolSize: 1 })
  await migrate(database)
  await database.close()
  // Only the finished template gets the name. The lock is released with the admin's connection.
  await admin.query(`alter database ${unfinished} rename to ${name}`)
  return name
}

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  const found = await admin.query('select 1 from pg_database where datname = $1', [name])
  return found.rowCount === 1
}

async function addressOf(database: string): Promise<string> {
  const url = new URL(await findServer())
  url.pathname = `/${database}`
  return url.href
}
