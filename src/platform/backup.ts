import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, gzip } from 'node:zlib'
import { sql } from 'kysely'
import { StartError } from '../errors.ts'
import { type Database, type Executor, sqlState, type Transaction } from './database.ts'
import { holdMigrations, listMigrations, migrateInside } from './migrations.ts'

/**
 * A backup is a snapshot of the whole database: a compressed file of JSON lines that can be restored into either kind of
 * database.
 *
 *     {"format": "bookbell backup", "migration": 7, …}        the first line
 *     {"table": "organizations", "rows": [{…}, …]}            tables, referenced tables first
 *     {"sequence": "activities_id", "last": 42, "used": true}
 *     {"rows": 1234, "tables": 33}                            the last line; without it, the file is incomplete
 *
 * This does not use pg_dump, which is not installed everywhere, refuses servers newer than itself, and cannot read the embedded
 * database. Constraints are checked during the restore, so inconsistent data is detected.
 */
export interface BackupHead {
  format: 'bookbell backup'
  version: 1
  /** The program version that wrote the backup. */
  program: string
  taken_at: string
  /** The number of the last migration applied to the database. */
  migration: number
}

/** The size of a backup. */
export interface BackupCount {
  rows: number
  tables: number
}

/** The head and size of a complete backup. */
export interface Backup {
  head: BackupHead
  count: BackupCount
}

const FORMAT = 'bookbell backup'
const BATCH = 100
const compress = promisify(gzip)

/**
 * Writes a backup to a new file, readable only by its owner. The backup is a consistent snapshot. On a server, other transactions
 * continue in the meantime. On the embedded database, they wait.
 */
export async function writeBackup(
  database: Database,
  path: string,
  { program, takenAt }: { program: string; takenAt: string },
): Promise<BackupCount> {
  const file = await open(path, 'ax', 0o600)
  try {
    // Compressed chunks can be concatenated (RFC 1952 §2.2).
    const write = async (...lines: string[]) => void (await file.write(await compress(`${lines.join('\n')}\n`)))
    const count = await database.transaction(async (tx) => {
      // The transaction may be retried, so start from an empty file.
      await file.truncate()
      await sql`set transaction isolation level repeatable read read only`.execute(tx)
      await speakPlainly(tx)
      if (!(await holdMigrations(tx)))
        throw new StartError('The database is being migrated. Take the backup after the migration.')
      const head = { format: FORMAT, version: 1, program, taken_at: takenAt, migration: await lastMigration(tx) }
      await write(JSON.stringify(head))
      const counted = await copyTables(tx, write)
      await copySequences(tx, write)
      return counted
    })
    await write(JSON.stringify(count))
    await file.sync()
    return count
  } finally {
    await file.close()
  }
}

/** Makes the text form of values independent of the server's settings. */
async function speakPlainly(tx: Transaction): Promise<void> {
  await sql`select set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true),
    set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '1', true)`.execute(tx)
}

async function lastMigration(tx: Transaction): Promise<number> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass('migrations') is not null as found`.execute(tx)
  if (!rows[0]?.found)
    throw new StartError('There is nothing to back up, because Bookbell has never used this database.')
  const latest = await sql<{ latest: number }>`select coalesce(max(number), 0) as latest from migrations`.execute(tx)
  const number = latest.rows[0]?.latest ?? 0
  if (number <= listMigrations().length) return number
  throw new StartError(
    `The database was written by a newer Bookbell (migration ${number}). Use that version or a newer one.`,
  )
}

async function copyTables(tx: Transaction, write: (line: string) => Promise<void>): Promise<BackupCount> {
  const tables = await listTables(tx)
  let count = 0
  for (const table of tables) {
    await sql`declare backup no scroll cursor for select to_json(copied)::text as row from ${sql.table(table)} copied`.execute(
      tx,
    )
    for (;;) {
      const { rows } = await sql<{ row: string }>`fetch ${sql.raw(String(BATCH))} from backup`.execute(tx)
      if (rows.length === 0) break
      count += rows.length
      // Stored JSON may contain line breaks between tokens, but never inside strings.
      const list = rows.map(({ row }) => row.replaceAll('\n', ' ')).join(',')
      await write(`{"table":${JSON.stringify(table)},"rows":[${list}]}`)
    }
    await sql`close backup`.execute(tx)
  }
  return { rows: count, tables: tables.length }
}

/**
 * Lists the tables. Each table comes after the tables that it references. The migrations table is omitted, because a restore runs
 * the migrations.
 */
export async function listTables(executor: Executor): Promise<string[]> {
  const { rows } = await sql<{ name: string; refers_to: string[] }>`
    select class.relname as name, coalesce(array_agg(target.relname::text) filter (where target.oid is not null), '{}') as refers_to
    from pg_class class
    left join pg_constraint reference on reference.conrelid = class.oid and reference.contype = 'f'
    left join pg_class target on target.oid = reference.confrelid and target.oid <> class.oid
    where class.relnamespace = current_schema()::regnamespace and class.relkind in ('r', 'p') and class.relname <> 'migrations'
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = class.oid and deptype = 'e')
    group by class.relname
    order by class.relname`.execute(executor)
  return sortByReference(new Map(rows.map((row) => [row.name, row.refers_to])))
}

function sortByReference(references: ReadonlyMap<string, string[]>): string[] {
  const sorted = new Set<string>()
  const visit = (name: string) => {
    for (const target of references.get(name) ?? []) if (!sorted.has(target)) visit(target)
    sorted.add(name)
  }
  for (const name of references.keys()) visit(name)
  return [...sorted]
}

/** Sequences are not transactional. They are read after the snapshot was taken, so they are never behind its rows. */
async function copySequences(tx: Transaction, write: (line: string) => Promise<void>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'S' and relnamespace = current_schema()::regnamespace order by relname`.execute(tx)
  for (const { name } of rows) {
    const state = await sql<{ last: number; used: boolean }>`
      select last_value as last, is_called as used from ${sql.table(name)}`.execute(tx)
    await write(JSON.stringify({ sequence: name, ...state.rows[0] }))
  }
}

/**
 * Reads a backup to the end and returns its head and size. Throws a StartError if the file is not a backup, is
 * incomplete, or needs a newer version of the program.
 */
export async function readBackup(path: string): Promise<Backup> {
  let head: BackupHead | undefined
  let end: BackupCount | undefined
  await readLines(path, async (line, number) => {
    if (number === 1) head = parseHead(path, line)
    else if (line.startsWith('{"rows":')) end = JSON.parse(line)
  })
  if (!head || !end) throw notWhole(path, 'its end is missing')
  return { head, count: end }
}

function parseHead(path: string, line: string): BackupHead {
  const head: Partial<BackupHead> = line.startsWith('{') ? JSON.parse(line) : {}
  if (head.format !== FORMAT) throw notWhole(path, 'its first line is not valid')
  const known = listMigrations().length
  if (head.version !== 1 || (head.migration ?? Number.POSITIVE_INFINITY) > known) {
    throw new StartError(
      `${path} was written by a newer Bookbell (${head.program}). Restore it with that version or a newer one.`,
    )
  }
  return head as BackupHead
}

export interface RestoreOptions {
  /** How many numbers to skip in each sequence. */
  leaveOut: Record<string, number>
}

/**
 * Restores a backup into an empty database in one transaction, and migrates it to this program's schema. Throws a StartError if
 * the database is not empty or the file is damaged. The database then stays unchanged.
 */
export async function restoreBackup(database: Database, path: string, options: RestoreOptions): Promise<BackupCount> {
  const { head, count } = await readBackup(path)
  const { migration } = head
  await database.transaction(async (tx) => {
    // Triggers check changes, but a restore only repeats a former state.
    await sql`select set_config('bookbell.restoring', 'on', true)`.execute(tx)
    // Rows are inserted into the schema of the backup's version. Later migrations then change both the schema and the rows.
    await migrateInside(tx, database, { upTo: migration })
    const tables = await checkEmpty(tx, migration)
    const rows = await fill(tx, path, { ...options, tables })
    if (rows !== count.rows) throw notWhole(path, `it has ${rows} rows instead of ${count.rows}`)
    await migrateInside(tx, database)
  })
  // The planner does not have statistics for the new rows yet.
  await sql`analyze`.execute(database.executor)
  return count
}

async function checkEmpty(tx: Transaction, migration: number): Promise<Set<string>> {
  const tables = await listTables(tx)
  for (const table of tables) {
    const { rows } = await sql<{ used: boolean }>`select exists (select from ${sql.table(table)}) as used`.execute(tx)
    if (rows[0]?.used) {
      throw new StartError(
        `The database is not empty: the table ${table} has rows. A backup can only be restored into an empty database. Set DATABASE_URL to an empty database, or BOOKBELL_DATA to an empty directory.`,
      )
    }
  }
  if ((await lastMigration(tx)) !== migration) {
    throw new StartError(
      `The database has newer tables than the backup. Set DATABASE_URL or BOOKBELL_DATA to a database that has no tables yet.`,
    )
  }
  return new Set(tables)
}

/** Returns the number of rows inserted. */
async function fill(
  tx: Transaction,
  path: string,
  { tables, leaveOut }: RestoreOptions & { tables: ReadonlySet<string> },
): Promise<number> {
  let rows = 0
  await readLines(path, async (line) => {
    // Rows are not parsed here, because numbers above 2^53 would lose digits.
    const table = /^\{"table":("[^"]+"),/.exec(line)?.[1]
    if (table) {
      rows += await insertRows(tx, path, { table: JSON.parse(table), line, tables })
    } else if (line.startsWith('{"sequence":')) {
      const { sequence, last, used } = JSON.parse(line)
      await setSequence(tx, sequence, { last: last + (leaveOut[sequence] ?? 0), used })
    }
  })
  return rows
}

async function insertRows(
  tx: Transaction,
  path: string,
  { table, line, tables }: { table: string; line: string; tables: ReadonlySet<string> },
): Promise<number> {
  if (!tables.has(table)) throw notWhole(path, `it has a table ${table} that Bookbell does not have`)
  const name = sql.table(table)
  const { numAffectedRows } = await sql`
    insert into ${name} overriding system value
    select copied.* from json_populate_recordset(null::${name}, ${line}::json -> 'rows') copied`
    .execute(tx)
    .catch((error) => {
      // SQLSTATE classes 22 and 23: invalid values and values that contradict each other.
      if (!/^2[23]/.test(sqlState(error) ?? '')) throw error
      throw notWhole(path, `the table ${table} rejects its rows: ${error.message}`)
    })
  return Number(numAffectedRows ?? 0)
}

async function setSequence(
  tx: Transaction,
  name: string,
  { last, used }: { last: number; used: boolean },
): Promise<void> {
  await sql`select setval(to_regclass(quote_ident(${name})), ${last}::bigint, ${used})`.execute(tx)
}

/** Calls `take` with each line in order. Lines are numbered from 1. */
async function readLines(path: string, take: (line: string, number: number) => Promise<void>): Promise<void> {
  await stat(path).catch((cause) => {
    throw new StartError(`There is no backup at ${path} (${cause.code}). Check the path.`, { cause })
  })
  await pipeline(createReadStream(path), createGunzip(), async (chunks) => {
    const decoder = new TextDecoder()
    let text = ''
    let number = 0
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      const lines = (text + decoder.decode(chunk, { stream: true })).split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) await take(line, ++number)
    }
  }).catch((error) => {
    throw /^Z_|^ERR_BUFFER/.test(error.code ?? '') || error instanceof SyntaxError
      ? notWhole(path, error.message)
      : error
  })
}

function notWhole(path: string, why: string): StartError {
  return new StartError(`${path} is not a complete Bookbell backup (${why}). Take another copy, or an earlier one.`)
}
