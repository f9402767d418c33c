import { sql } from 'kysely'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { OrganizationId } from './gate.ts'

const columns = ['id', 'name', 'hint', 'created_at', 'last_used_at'] as const

export type ApiKeyRow = Pick<Row<'api_keys'>, (typeof columns)[number]>

/** API keys, oldest first, one more than the page holds. */
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
    .execute()
}

/** Inserts an API key and the row that finds its organization by the key's hash. */
export async function insertApiKey(
  tx: Transaction,
  organization: OrganizationId,
  { name, hint, hash, now }: { name: string; hint: string; hash: Buffer; now: string },
): Promise<ApiKeyRow> {
  const key = { organization_id: organization, name, hint, created_at: now, last_used_at: null }
  const created = await tx
    .insertInto('api_keys')
    .values(key satisfies NewRow<'api_keys'>)
    .returning(columns)
    .executeTakeFirstOrThrow()
  const lookup = { hash, organization_id: organization, api_key_id: created.id }
  await tx
    .insertInto('api_key_lookup')
    .values(lookup satisfies NewRow<'api_key_lookup'>)
    .execute()
  return created
}

/** Deletes an API key; false if it does not exist. */
export async function deleteApiKey(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('api_keys')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

type FoundApiKey = Pick<Row<'api_key_lookup'>, 'organization_id' | 'api_key_id'> &
  Pick<Row<'api_keys'>, 'name' | 'hint'> & { stale: boolean }

/** The key with this hash, and whether its last use is more than a minute ago. */
export async function findApiKey(executor: Executor, hash: Buffer, minuteAgo: string) {
  const { rows } = await sql<FoundApiKey>`
    select k.organization_id, k.id as api_key_id, k.name, k.hint, coalesce(k.last_used_at < ${minuteAgo}, true) as stale
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

/** Identifies one use of an Idempotency-Key. */
export type IdempotencyUse = Pick<Row<'idempotency_keys'>, 'scope' | 'route' | 'key'>

/** The response that was stored under a key; status and answer are null until it is known. */
export type StoredResponse = Pick<Row<'idempotency_keys'>, 'body_hash' | 'status' | 'answer'>

/**
 * Claims the key for this transaction; false if it was claimed before. Waits for a transaction that is claiming it now.
 * A key older than a day has expired and can be claimed again.
 */
export async function claimIdempotencyKey(
  tx: Transaction,
  organization: OrganizationId,
  { dayAgo, ...claim }: IdempotencyUse & { body_hash: string; created_at: string; dayAgo: string },
): Promise<boolean> {
  const values = { organization_id: organization, ...claim, status: null, answer: null }
  const claimed = await tx
    .insertInto('idempotency_keys')
    .values(values satisfies NewRow<'idempotency_keys'>)
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'scope', 'route', 'key'])
        .doUpdateSet({
          body_hash: claim.body_hash,
          status: null,
          answer: null,
          created_at: claim.created_at,
        } satisfies RowChange<'idempotency_keys'>)
        .where('idempotency_keys.created_at', '<', dayAgo),
    )
    .returning('key')
    .executeTakeFirst()
  return claimed !== undefined
}

/** The response that is stored under a key that has not expired. */
export async function findStoredResponse(
  executor: Executor,
  organization: OrganizationId,
  { scope, route, key, dayAgo }: IdempotencyUse & { dayAgo: string },
): Promise<StoredResponse | undefined> {
  return executor
    .selectFrom('idempotency_keys')
    .select(['body_hash', 'status', 'answer'])
    .where('organization_id', '=', organization)
    .where('scope', '=', scope)
    .where('route', '=', route)
    .where('key', '=', key)
    .where('created_at', '>=', dayAgo)
    .executeTakeFirst()
}

/** Stores the response under a key that this transaction has claimed. */
export async function storeResponse(
  tx: Transaction,
  organization: OrganizationId,
  { scope, route, key, ...response }: IdempotencyUse & { status: number; answer: string },
): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set(response satisfies RowChange<'idempotency_keys'>)
    .where('organization_id', '=', organization)
    .where('scope', '=', scope)
    .where('route', '=', route)
    .where('key', '=', key)
    .execute()
}

/** Deletes up to `limit` keys of all organizations that are older than a day; returns the count. */
export async function deleteExpiredKeys(
  executor: Executor,
  { dayAgo, limit }: { dayAgo: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys where (organization_id, scope, route, key) in (
      select organization_id, scope, route, key from idempotency_keys where created_at < ${dayAgo} limit ${limit}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

export type ListedResponse = IdempotencyUse & Pick<Row<'idempotency_keys'>, 'answer' | 'created_at'>

/** Stored responses in the order of their keys. */
export async function listStoredResponses(
  executor: Executor,
  organization: OrganizationId,
  { after, limit }: { after: IdempotencyUse | undefined; limit: number },
): Promise<ListedResponse[]> {
  const { scope = '', route = '', key = '' } = after ?? {}
  const { rows } = await sql<ListedResponse>`
    select scope, route, key, answer, created_at from idempotency_keys
    where organization_id = ${organization} and (scope, route, key) > (${scope}, ${route}, ${key})
    order by scope, route, key limit ${limit}`.execute(executor)
  return rows
}

export async function deleteStoredResponse(
  executor: Executor,
  organization: OrganizationId,
  { scope, route, key }: IdempotencyUse,
): Promise<void> {
  await executor
    .deleteFrom('idempotency_keys')
    .where('organization_id', '=', organization)
    .where('scope', '=', scope)
    .where('route', '=', route)
    .where('key', '=', key)
    .execute()
}
