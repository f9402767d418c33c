import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { columnMentions } from '../platform/mentions.ts'
import type { NewRow, Row } from '../platform/tables.ts'
import type { Change } from './changes.ts'
import type { AuditFilter } from './schema.ts'

export type AuditRow = Row<'audit_entries'> & { changes: Change[] }

export async function insertEntry(
  tx: Transaction,
  organization: OrganizationId,
  entry: Omit<NewRow<'audit_entries'>, 'organization_id'>,
): Promise<void> {
  await tx
    .insertInto('audit_entries')
    .values({ organization_id: organization, ...entry } satisfies NewRow<'audit_entries'>)
    .execute()
}

/** Lists the entries that match the filter, newest first. Returns up to `limit` entries before the id `before`. */
export async function listEntries(
  executor: Executor,
  organization: OrganizationId,
  { filter, before, limit }: { filter: AuditFilter; before: number | undefined; limit: number },
): Promise<AuditRow[]> {
  const { actor, action, object, from, to } = filter
  let query = executor.selectFrom('audit_entries').selectAll().where('organization_id', '=', organization)
  if (before !== undefined) query = query.where('id', '<', before)
  if (actor) query = query.where('actor_kind', '=', actor.type)
  if (actor?.id !== undefined) query = query.where('actor_id', '=', actor.id)
  if (action) query = query.where('action', '=', action)
  if (object) query = query.where('object_type', '=', object.type)
  if (object?.id !== undefined) query = query.where('object_id', '=', object.id)
  if (from) query = query.where('created_at', '>=', from)
  if (to) query = query.where('created_at', '<', to)
  return query.orderBy('id', 'desc').limit(limit).$narrowType<{ changes: Change[] }>().execute()
}

/** Lists entries that contain one of the texts, oldest first. */
export async function findEntries(
  executor: Executor,
  organization: OrganizationId,
  texts: readonly string[],
): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select * from audit_entries where organization_id = ${organization} and ${contains(texts)} order by id`.execute(
    executor,
  )
  return rows
}

function contains(texts: readonly string[]) {
  const columns = [sql`actor_name`, sql`object_label`, sql`changes::text`]
  return sql`(${sql.join(
    columns.map((column) => columnMentions(column, texts)),
    sql` or `,
  )})`
}

/** Deletes up to `limit` entries older than `before`, in all organizations. Returns the number deleted. */
export async function deleteOldEntries(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from audit_entries where (organization_id, id) in (
      select organization_id, id from audit_entries where created_at < ${before} order by created_at limit ${limit}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/**
 * Erases a person from entries that contain one of the texts, ignoring case, or that are by or about one of the members. Only the
 * field names of changes are kept.
 */
export async function eraseEntries(
  tx: Transaction,
  organization: OrganizationId,
  { texts, members, name }: { texts: readonly string[]; members: readonly number[]; name: string },
): Promise<void> {
  const has = (column: string) => columnMentions(sql`${sql.ref(column)}::text`, texts)
  const isActor = sql`(actor_kind = 'member' and actor_id = any(${members}::bigint[]))`
  const isObject = sql`(object_type = 'member' and object_id = any(${members}::bigint[]))`
  await sql`
    update audit_entries set
      actor_name = case when ${isActor} or ${has('actor_name')} then ${name} else actor_name end,
      address = case when ${isActor} then null else address end,
      object_label = case when ${isObject} or ${has('object_label')} then ${name} else object_label end,
      changes = case when ${isObject} or ${has('changes')}
        then (select coalesce(json_agg(json_build_object('field', change -> 'field')), '[]') from json_array_elements(changes) change)
        else changes end
    where organization_id = ${organization}
      and (${isActor} or ${isObject} or ${has('actor_name')} or ${has('object_label')} or ${has('changes')})`.execute(
    tx,
  )
}
