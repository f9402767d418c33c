import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'

export interface TagRow {
  id: number
  name: string
  created_at: string
}

/** Tags in the order in which they were created, one more than the page holds. */
export async function listTags(executor: Executor, organization: OrganizationId, page: PageRequest): Promise<TagRow[]> {
  const { rows } = await sql<TagRow>`
    select id, name, created_at from tags
    where organization_id = ${organization} and id > ${page.after?.[0] ?? 0}
    order by id limit ${page.limit + 1}`.execute(executor)
  return rows
}

export async function findTag(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<TagRow | undefined> {
  const { rows } = await sql<TagRow>`
    select id, name, created_at from tags where organization_id = ${organization} and id = ${id}`.execute(executor)
  return rows[0]
}

/** Locks a tag so that no meeting can start to use it; undefined if it does not exist. */
export async function lockTag(tx: Transaction, organization: OrganizationId, id: number): Promise<TagRow | undefined> {
  const { rows } = await sql<TagRow>`
    select id, name, created_at from tags
    where organization_id = ${organization} and id = ${id} for update`.execute(tx)
  return rows[0]
}

/** Locks the tag with this name so that it cannot be renamed or deleted; undefined if it does not exist. */
export async function lockTagName(
  tx: Transaction,
  organization: OrganizationId,
  name: string,
): Promise<TagRow | undefined> {
  const { rows } = await sql<TagRow>`
    select id, name, created_at from tags
    where organization_id = ${organization} and name = ${name} for share`.execute(tx)
  return rows[0]
}

/** Inserts a tag and returns it; undefined if the name is in use. */
export async function insertTag(
  tx: Transaction,
  organization: OrganizationId,
  { name, now }: { name: string; now: string },
): Promise<TagRow | undefined> {
  const { rows } = await sql<TagRow>`
    insert into tags (organization_id, name, created_at) values (${organization}, ${name}, ${now})
    on conflict (organization_id, name) do nothing returning id, name, created_at`.execute(tx)
  return rows[0]
}

export async function isTagInUse(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { rows } = await sql`
    select from meeting_tags where organization_id = ${organization} and tag_id = ${id} limit 1`.execute(tx)
  return rows.length > 0
}

/**
 * Renames a tag and returns it; undefined if another tag has the name. Of two transactions that choose the same name at
 * once, the second fails (SQLSTATE 23505).
 */
export async function renameTag(
  tx: Transaction,
  organization: OrganizationId,
  { id, name }: { id: number; name: string },
): Promise<TagRow | undefined> {
  const { rows } = await sql<TagRow>`
    update tags set name = ${name}
    where organization_id = ${organization} and id = ${id}
      and not exists (select from tags other where other.organization_id = ${organization} and other.name = ${name})
    returning id, name, created_at`.execute(tx)
  return rows[0]
}

export async function deleteTag(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from tags where organization_id = ${organization} and id = ${id}`.execute(tx)
}
