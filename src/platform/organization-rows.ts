import { sql } from 'kysely'
import { listTables } from './backup.ts'
import type { Executor, Transaction } from './database.ts'
import type { OrganizationId } from './organization-id.ts'

/**
 * A table with rows that belong to organizations. `order` lists the columns of an index that begins with the organization. It is
 * empty if there is no such index.
 */
export interface OrganizationTable {
  name: string
  order: string[]
}

/**
 * Lists all tables that have a column `organization_id`, except `organizations` itself. A table comes before the tables that it
 * references. Tables without references come last. The list is read from the schema, so that a new table cannot be forgotten.
 */
export async function listOrganizationTables(executor: Executor): Promise<OrganizationTable[]> {
  const { rows } = await sql<OrganizationTable & { refers: boolean }>`
    select class.relname as name,
      exists (select from pg_constraint where conrelid = class.oid and contype = 'f') as refers,
      coalesce((
        select array(
          select attname::text from unnest(index.indkey::smallint[]) with ordinality as part (number, place)
          join pg_attribute on attrelid = class.oid and attnum = part.number order by part.place)
        from pg_index index
        where index.indrelid = class.oid and index.indpred is null and index.indexprs is null
          and index.indkey[0] = own.attnum
        order by index.indisprimary desc limit 1), '{}') as order
    from pg_class class
    join pg_attribute own on own.attrelid = class.oid and own.attname = 'organization_id' and not own.attisdropped
    where class.relnamespace = current_schema()::regnamespace and class.relkind in ('r', 'p') and class.relname <> 'organizations'`.execute(
    executor,
  )
  const found = new Map(rows.map(({ refers, ...table }) => [table.name, { refers, table }]))
  const sorted = (await listTables(executor)).reverse().flatMap((name) => found.get(name) ?? [])
  return [...sorted.filter(({ refers }) => refers), ...sorted.filter(({ refers }) => !refers)].map(({ table }) => table)
}

/**
 * Deletes up to `limit` of an organization's rows from a table and returns the number of deleted rows. Skips rows that other
 * transactions have locked.
 */
export async function deleteSomeRows(
  executor: Executor,
  organization: OrganizationId,
  { table, limit }: { table: OrganizationTable; limit: number },
): Promise<number> {
  const name = sql.table(table.name)
  // The order makes the planner use the index. Deleted rows remain in the table for a while.
  const order = table.order.length > 0 ? sql`order by ${sql.join(table.order.map((column) => sql.ref(column)))}` : sql``
  const { numAffectedRows } = await sql`
    delete from ${name} where ctid = any(array(
      select ctid from ${name} where organization_id = ${organization} ${order} limit ${limit} for update skip locked))`.execute(
    executor,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Deletes all of an organization's remaining rows from a table. */
export async function deleteRows(tx: Transaction, organization: OrganizationId, table: OrganizationTable) {
  await sql`delete from ${sql.table(table.name)} where organization_id = ${organization}`.execute(tx)
}
