import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { containing } from '../platform/like-pattern.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

const columns = ['id', 'name', 'created_at'] as const

export type TagRow = Pick<Row<'tags'>, (typeof columns)[number]>

/** Lists tags, oldest first. Returns up to one more than fits on the page. `search` is a part of the name. */
export async function listTags(
  executor: Executor,
  organization: OrganizationId,
  { search, ...page }: PageRequest & { search?: string | undefined },
): Promise<TagRow[]> {
  return executor
    .selectFrom('tags')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', page.after?.[0] ?? 0)
    .$if(search !== undefined, (query) => query.where('name', 'ilike', containing(search ?? '')))
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

export async function findTag(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<TagRow | undefined> {
  return executor
    .selectFrom('tags')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Locks a tag so that no meeting can start to use it. Returns undefined if it does not exist. */
export async function lockTag(tx: Transaction, organization: OrganizationId, id: number): Promise<TagRow | undefined> {
  return tx
    .selectFrom('tags')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Locks the tag with this name so that it cannot be renamed or deleted. Returns undefined if it does not exist. */
export async function lockTagName(
  tx: Transaction,
  organization: OrganizationId,
  name: string,
): Promise<TagRow | undefined> {
  return tx
    .selectFrom('tags')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('name', '=', name)
    .forShare()
    .executeTakeFirst()
}

/** Inserts a tag and returns it. Returns undefined if the name is in use. */
export async function insertTag(
  tx: Transaction,
  organization: OrganizationId,
  { name, now }: { name: string; now: string },
): Promise<TagRow | undefined> {
  return tx
    .insertInto('tags')
    .values({ organization_id: organization, name, created_at: now } satisfies NewRow<'tags'>)
    .onConflict((conflict) => conflict.columns(['organization_id', 'name']).doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export async function isTagInUse(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const use = await tx
    .selectFrom('meeting_tags')
    .select('tag_id')
    .where('organization_id', '=', organization)
    .where('tag_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  return use !== undefined
}

/**
 * Renames a tag and returns it. Returns undefined if another tag has the name. If two transactions choose the same name at the
 * same time, the second one fails (SQLSTATE 23505).
 */
export async function renameTag(
  tx: Transaction,
  organization: OrganizationId,
  { id, name }: { id: number; name: string },
): Promise<TagRow | undefined> {
  return tx
    .updateTable('tags')
    .set({ name } satisfies RowChange<'tags'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('tags as other')
            .select('other.id')
            .where('other.organization_id', '=', organization)
            .where('other.name', '=', name),
        ),
      ),
    )
    .returning(columns)
    .executeTakeFirst()
}

export async function deleteTag(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx.deleteFrom('tags').where('organization_id', '=', organization).where('id', '=', id).execute()
}
