import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { StartError } from '../errors.ts'
import type { Database, Transaction } from './database.ts'

const DIRECTORY = new URL('./migrations/', import.meta.url)
/** Any number will do, as long as every process of every version takes the same. */
const MIGRATION_LOCK = 7_206_514_403

interface Migration {
  number: number
  name: string
}

/** The migrations of this program in order. Throws where the numbers have a gap. */
export function listMigrations(): Migration[] {
  const names = readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name, index) => {
    const number = Number(name.slice(0, 4))
    if (number !== index + 1)
      throw new Error(`Migration ${name} should have the number ${index + 1}: numbers have no gaps.`)
    return { number, name }
  })
}

/**
 * Brings the database to this program's schema, or only up to the migration of a number; gives the names of the migrations
 * that it ran. Safe when several processes start at once.
 * All of them run in one transaction: a process killed on the way leaves the database as it was.
 * Throws a StartError where the database is newer than the program.
 */
export async function migrate(
  database: Database,
  { upTo = Number.POSITIVE_INFINITY }: { upTo?: number } = {},
): Promise<string[]> {
  return database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
    await sql`create table if not exists migrations (number integer primary key, name text not null, applied_at timestamptz not null default now())`.execute(
      tx,
    )
    const pending = (await pendingMigrations(tx)).filter(({ number }) => number <= upTo)
    for (const migration of pending) await apply(tx, migration)
    return pending.map((migration) => migration.name)
  })
}

/** Lets nobody migrate before the end of the transaction; false where somebody does so now. */
export async function holdMigrations(tx: Transaction): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock_shared(${MIGRATION_LOCK}) as held`.execute(tx)
  return rows[0]?.held === true
}

/** Whether the database has every migration of this program. */
export async function isMigrated(database: Database): Promise<boolean> {
  const { rows } = await sql<{ present: boolean }>`select to_regclass('migrations') is not null as present`.execute(
    database.executor,
  )
  return rows[0]?.present === true && (await pendingMigrations(database.executor as Transaction)).length === 0
}

async function pendingMigrations(tx: Transaction): Promise<Migration[]> {
  const known = listMigrations()
  const { rows } = await sql<{ latest: number }>`select coalesce(max(number), 0) as latest from migrations`.execute(tx)
  const latest = rows[0]?.latest ?? 0
  if (latest > known.length) {
    throw new StartError(
      `The database has migration ${latest}, this version of Bookbell knows ${known.length}. Start the newer version that wrote it, or restore a backup from before.`,
    )
  }
  return known.slice(latest)
}

async function apply(tx: Transaction, { number, name }: Migration): Promise<void> {
  for (const statement of splitStatements(readFileSync(new URL(name, DIRECTORY), 'utf8')))
    await sql.raw(statement).execute(tx)
  await sql`insert into migrations (number, name) values (${number}, ${name})`.execute(tx)
}

/** The statements of a migration: each ends with a semicolon at the end of a line; lines of comment are left out. */
function splitStatements(text: string): string[] {
  const withoutComments = text.replace(/^\s*--.*$/gm, '')
  return withoutComments
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
