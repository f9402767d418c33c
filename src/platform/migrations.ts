import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { StartError } from '../errors.ts'
import type { Database, Executor, Transaction } from './database.ts'

const DIRECTORY = new URL('./migrations/', import.meta.url)
/** The number is arbitrary, but all processes of all versions must use the same one. */
const MIGRATION_LOCK = 7_206_514_403

interface Migration {
  number: number
  name: string
}

/** Returns the migrations of this program in order. Throws if a number is missing. */
export function listMigrations(): Migration[] {
  const names = readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name, index) => {
    const number = Number(name.slice(0, 4))
    if (number !== index + 1)
      throw new Error(`Migration ${name} should have the number ${index + 1}, because numbers have no gaps.`)
    return { number, name }
  })
}

/**
 * Migrates the database to this program's schema and returns the names of the migrations that were run. Safe if several processes
 * start at the same time. All migrations run in one transaction, so a process that is killed midway leaves the database
 * unchanged. Throws a StartError if the database is newer than the program.
 */
export async function migrate(database: Database): Promise<string[]> {
  return database.transaction((tx) => migrateInside(tx, database))
}

/** Migrates inside a transaction, only up to the number `upTo` if it is given. */
export async function migrateInside(
  tx: Transaction,
  database: Pick<Database, 'runScript'>,
  { upTo = Number.POSITIVE_INFINITY }: { upTo?: number } = {},
): Promise<string[]> {
  await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
  await sql`create table if not exists migrations (number integer primary key, name text not null, applied_at timestamptz not null default now())`.execute(
    tx,
  )
  const pending = (await pendingMigrations(tx)).filter(({ number }) => number <= upTo)
  for (const { number, name } of pending) {
    await database.runScript(tx, readFileSync(new URL(name, DIRECTORY), 'utf8'))
    await tx.insertInto('migrations').values({ number, name }).execute()
  }
  return pending.map(({ name }) => name)
}

/** Blocks migrations until the end of the transaction. Returns false if one is running. */
export async function holdMigrations(tx: Transaction): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock_shared(${MIGRATION_LOCK}) as held`.execute(tx)
  return rows[0]?.held === true
}

/** Returns whether the database has every migration of this program. */
export async function isMigrated(database: Database): Promise<boolean> {
  const { rows } = await sql<{ present: boolean }>`select to_regclass('migrations') is not null as present`.execute(
    database.executor,
  )
  return rows[0]?.present === true && (await pendingMigrations(database.executor)).length === 0
}

async function pendingMigrations(executor: Executor): Promise<Migration[]> {
  const known = listMigrations()
  const { rows } = await sql<{ latest: number }>`select coalesce(max(number), 0) as latest from migrations`.execute(
    executor,
  )
  const latest = rows[0]?.latest ?? 0
  if (latest > known.length) {
    throw new StartError(
      `The database has migration ${latest}, but this version of Bookbell only knows ${known.length}. Start the newer version that wrote it, or restore an earlier backup.`,
    )
  }
  return known.slice(latest)
}
