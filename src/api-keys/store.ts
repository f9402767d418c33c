import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { ApiKeyRole } from './schema.ts'

const columns = [
  'id',
  'name',
  'hint',
  'role',
  'member_id',
  'expires_at',
  'allowed_networks',
  'created_at',
  'last_used_at',
] as const

/** The columns that contain JSON, or text with only a few possible values, as this feature writes them. */
interface Narrowed {
  role: ApiKeyRole
  allowed_networks: string[] | null
}

export type ApiKeyRow = Omit<Pick<Row<'api_keys'>, (typeof columns)[number]>, keyof Narrowed> & Narrowed

/** Lists API keys, oldest first. Returns up to one more than fits on the page. */
export async function listApiKeys(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<ApiKeyRow[]> {
  return executor
    .selectFrom('api_keys')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', page.after?.[0] ?? 0)
    .orderBy('id')
    .limit(page.limit + 1)
    .$narrowType<Narrowed>()
    .execute()
}

/** Inserts an API key, and the row through which the key's hash leads to its organization. */
export async function insertApiKey(
  tx: Transaction,
  organization: OrganizationId,
  { hash, ...values }: Omit<NewRow<'api_keys'>, 'organization_id' | 'last_used_at'> & { hash: Buffer },
): Promise<ApiKeyRow> {
  const created = await tx
    .insertInto('api_keys')
    .values({ organization_id: organization, ...values, last_used_at: null } satisfies NewRow<'api_keys'>)
    .returning(columns)
    .$narrowType<Narrowed>()
    .executeTakeFirstOrThrow()
  const lookup = { hash, organization_id: organization, api_key_id: created.id }
  await tx
    .insertInto('api_key_lookup')
    .values(lookup satisfies NewRow<'api_key_lookup'>)
    .execute()
  return created
}

/** Deletes an API key and returns it. Returns undefined if it does not exist. */
export async function deleteApiKey(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<ApiKeyRow | undefined> {
  return tx
    .deleteFrom('api_keys')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .returning(columns)
    .$narrowType<Narrowed>()
    .executeTakeFirst()
}

/** Deletes the keys that act as a member. */
export async function deleteKeysOfMember(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await tx.deleteFrom('api_keys').where('organization_id', '=', organization).where('member_id', '=', member).execute()
}

/** Deletes all of an organization's API keys. */
export async function deleteApiKeys(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx.deleteFrom('api_keys').where('organization_id', '=', organization).execute()
}

type FoundApiKey = ApiKeyRow & Pick<Row<'api_key_lookup'>, 'organization_id'> & { stale: boolean }

/** Returns the key with this hash, and whether its last use was more than a minute ago. */
export async function findApiKey(executor: Executor, hash: Buffer, minuteAgo: string) {
  const { rows } = await sql<FoundApiKey>`
    select k.organization_id, ${sql.join(columns.map((column) => sql.ref(`k.${column}`)))},
      coalesce(k.last_used_at < ${minuteAgo}, true) as stale
    from api_key_lookup l
    join api_keys k on k.organization_id = l.organization_id and k.id = l.api_key_id
    where l.hash = ${hash}`.execute(executor)
  return rows[0]
}

/** Records the last use of an API key. */
export async function touchApiKey(
  executor: Executor,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await executor
    .updateTable('api_keys')
    .set({ last_used_at: now } satisfies RowChange<'api_keys'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}
