import { sql } from 'kysely'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { OrganizationId } from './gate.ts'

/** Identifies one request with an Idempotency-Key. */
export type IdempotencyUse = Pick<Row<'idempotency_keys'>, 'scope' | 'route' | 'key'>

/** The response stored under a key. Its status and body are null until they are known. */
export type StoredResponse = Pick<Row<'idempotency_keys'>, 'body_hash' | 'status' | 'answer'>

/**
 * Claims the key for this transaction. Returns false if it was claimed before. Waits for a transaction that is currently claiming
 * it. A key older than a day has expired and can be claimed again.
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

/** Returns the response stored under a key that has not expired. */
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

/** Deletes up to `limit` keys older than a day, in all organizations. Returns the count. */
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

/** Lists stored responses in the order of their keys. */
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
