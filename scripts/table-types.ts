/**
 * Writes the types of the tables, src/platform/tables.ts, from a database that all migrations have run on. Run it after a new
 * migration: `node scripts/table-types.ts`. A test fails until then.
 */
import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { type Database, openPglite } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrations.ts'

const file = new URL('../src/platform/tables.ts', import.meta.url)

const introduction = `/**
 * The tables as the migrations make them, for Kysely. Written by \`node scripts/table-types.ts\`; do not edit.
 *
 * A select is typed by its columns, a statement in a template by the row that it returns:
 *
 *     tx.selectFrom('tags').select(['id', 'name']).where('organization_id', '=', organization).execute()
 *     sql<Pick<Row<'tags'>, 'id' | 'name'> & { meetings: number }>\`select id, name, (…) as meetings from tags …\`.execute(tx)
 *
 * An insert and an update take typed objects, so that a column that is added or renamed is a compile error:
 *
 *     tx.insertInto('tags').values({ organization_id: organization, name, created_at } satisfies NewRow<'tags'>)
 *     tx.updateTable('tags').set({ name } satisfies RowChange<'tags'>).where('organization_id', '=', organization)
 *
 * JSON columns are written as text (\`JSON.stringify\`) and read as \`unknown\`; give them their type with the row
 * (\`Row<'members'> & { limits: Limits }\`) or the select (\`.$narrowType<{ limits: Limits }>()\`). Column values are described in
 * column-parsers.ts.
 */
import type { ColumnType, Generated, GeneratedAlways, InsertType, Selectable, Updateable } from 'kysely'
import type { OrganizationId } from './organization-id.ts'

/** A row as a select returns it. */
export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>

/** A row for an insert. Every column without a default must be there, those that can be null as well. */
export type NewRow<Name extends keyof Tables> = {
  [Column in keyof Tables[Name] as RequiredColumn<Tables[Name], Column>]: InsertType<Tables[Name][Column]>
} & {
  [Column in keyof Tables[Name] as DefaultedColumn<Tables[Name], Column>]?: InsertType<Tables[Name][Column]>
}

/** Columns for an update. */
export type RowChange<Name extends keyof Tables> = Updateable<Tables[Name]>

type DefaultedColumn<Table, Column extends keyof Table> = undefined extends InsertType<Table[Column]> ? Column : never

type RequiredColumn<Table, Column extends keyof Table> = [InsertType<Table[Column]>] extends [never]
  ? never
  : Exclude<Column, DefaultedColumn<Table, Column>>

/** A JSON column: text to write, a parsed value to read. */
type Json = ColumnType<unknown, string, string>

/** A JSON column that can be null. */
type NullableJson = ColumnType<unknown, string | null, string | null>

/** A JSON column with a default. */
type GeneratedJson = ColumnType<unknown, string | undefined, string>

/** Every table with its columns. */
`

/** The TypeScript type of a column, by the name of its SQL type. See column-parsers.ts. */
const valueTypes: Record<string, string> = {
  bigint: 'number',
  boolean: 'boolean',
  bytea: 'Uint8Array',
  date: 'string',
  integer: 'number',
  json: 'Json',
  jsonb: 'Json',
  smallint: 'number',
  text: 'string',
  'text[]': 'string[]',
  'timestamp with time zone': 'string',
  tstzrange: 'string',
  uuid: 'string',
}

interface Column {
  table: string
  name: string
  type: string
  nullable: boolean
  defaulted: boolean
  identity: boolean
  /** The definitions of the check constraints on this column alone. */
  checks: string[]
}

/** The text of src/platform/tables.ts for this database. */
export async function renderTables(database: Database): Promise<string> {
  const tables = Map.groupBy(await listColumns(database), ({ table }) => table)
  const members = [...tables].map(
    ([table, columns]) => `  ${table}: {\n${columns.map((column) => `    ${renderColumn(column)}\n`).join('')}  }\n`,
  )
  return `${introduction}export interface Tables {\n${members.join('')}}\n`
}

async function listColumns(database: Database): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select class.relname as table, attribute.attname as name, format_type(attribute.atttypid, null) as type,
      not attribute.attnotnull as nullable, attribute.atthasdef as defaulted, attribute.attidentity = 'a' as identity,
      array(
        select pg_get_constraintdef(oid) from pg_constraint
        where conrelid = class.oid and contype = 'c' and conkey = array[attribute.attnum]
      ) as checks
    from pg_attribute attribute join pg_class class on class.oid = attribute.attrelid
    where class.relkind = 'r' and class.relnamespace = 'public'::regnamespace
      and attribute.attnum > 0 and not attribute.attisdropped
    order by class.relname, attribute.attnum`.execute(database.executor)
  return rows
}

function renderColumn(column: Column): string {
  const line = `${column.name}: ${wrap(column, valueTypeOf(column))}`
  if (line.length > 116) throw new Error(`The type of ${column.table}.${column.name} does not fit on one line.`)
  return line
}

function valueTypeOf({ table, name, type, checks }: Column): string {
  if (name === 'organization_id') return 'OrganizationId'
  const value = valueTypes[type]
  if (!value) throw new Error(`${table}.${name} is a ${type}: add it to the types of column values.`)
  return (
    checks
      .map(readValues)
      .find((values) => values.length > 0)
      ?.join(' | ') ?? value
  )
}

/** The values that a check allows: `CHECK ((role = ANY (ARRAY['host'::text, 'booker'::text])))`. */
function readValues(check: string): string[] {
  const list = /^CHECK \(\(\w+ = ANY \(ARRAY\[(.+)\]\)\)\)$/.exec(check.replaceAll('"', ''))?.[1] ?? ''
  return [...list.matchAll(/('[^']*')::text/g)].map(([, value = '']) => value)
}

function wrap({ identity, defaulted, nullable }: Column, value: string): string {
  if (value === 'Json') return nullable ? 'NullableJson' : defaulted ? 'GeneratedJson' : 'Json'
  const whole = nullable ? `${value} | null` : value
  if (identity) return `GeneratedAlways<${whole}>`
  return defaulted ? `Generated<${whole}>` : whole
}

if (import.meta.main) {
  const database = await openPglite(null)
  await migrate(database)
  writeFileSync(file, await renderTables(database))
  await database.close()
}
