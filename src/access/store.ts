import { sql } from 'kysely'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { OrganizationId } from './gate.ts'

export interface ApiKeyRow {
  id: number
  name: string
  hint: string
  created_at: string
  last_used_at: string | null
}

export interface NewApiKeyRow {
  name: string
  hint: string
  hash: Buffer
  now: string
}

export async function insertApiKey(
  tx: Transaction,
  organization: OrganizationId,
  key: NewApiKeyRow,
): Promise<ApiKeyRow> {
  const { rows } = await sql<ApiKeyRow>`
    insert into api_keys (organization_id, name, hint, created_at) values (${organization}, ${key.name}, ${key.hint}, ${key.now})
    returning id, name, hint, created_at, last_used_at`.execute(tx)
  const created = rows[0]!
  await sql`
    insert into api_key_lookup (hash, organization_id, api_key_id) values (${key.hash}, ${organization}, ${created.id})`.execute(
    tx,
  )
  return created
}

export async function listApiKeys(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    select id, name, hint, created_at, last_used_at from api_keys
    where organization_id = ${organization} and id > ${page.after?.[0] ?? 0}
    order by id limit ${page.limit + 1}`.execute(executor)
  return rows
}

export async function deleteApiKey(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { numAffectedRows } =
    await sql`delete from api_keys where organization_id = ${organization} and id = ${id}`.execute(tx)
  return numAffectedRows === 1n
}

/** The key and organization that a hash stands for, and whether its last use is more than a minute old. */
export async function findApiKey(executor: Executor, hash: Buffer, minuteAgo: string) {
  const { rows } = await sql<{ organization_id: OrganizationId; api_key_id: number; stale: boolean }>`
    select k.organization_id, k.id as api_key_id, coalesce(k.last_used_at < ${minuteAgo}, true) as stale
    from api_key_lookup l
    join api_keys k on k.organization_id = l.organization_id and k.id = l.api_key_id
    where l.hash = ${hash}`.execute(executor)
  return rows[0]
}

export async function touchApiKey(
  executor: Executor,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await sql`update api_keys set last_used_at = ${now} where organization_id = ${organization} and id = ${id}`.execute(
    executor,
  )
}

/** Identifies one use of an Idempotency-Key. */
export interface IdempotencyUse {
  organization: OrganizationId
  scope: string
  route: string
  key: string
}

export interface StoredResponse {
  body_hash: string
  status: number | null
  answer: string | null
}

/**
 * Claims the key for this transaction; false if it was claimed before. Waits for a transaction that is claiming it now.
 * A key older than a day has expired and can be claimed again.
 */
export async function claimIdempotencyKey(
  tx: Transaction,
  use: IdempotencyUse,
  bodyHash: string,
  times: { now: string; dayAgo: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into idempotency_keys as k (organization_id, scope, route, key, body_hash, created_at)
    values (${use.organization}, ${use.scope}, ${use.route}, ${use.key}, ${bodyHash}, ${times.now})
    on conflict (organization_id, scope, route, key) do update
      set body_hash = excluded.body_hash, status = null, answer = null, created_at = excluded.created_at
      where k.created_at < ${times.dayAgo}
    returning 1`.execute(tx)
  return rows.length === 1
}

/** The response that is stored under a key that has not expired. */
export async function findStoredResponse(
  executor: Executor,
  use: IdempotencyUse,
  dayAgo: string,
): Promise<StoredResponse | undefined> {
  const { rows } = await sql<StoredResponse>`
    select body_hash, status, answer from idempotency_keys
    where organization_id = ${use.organization} and scope = ${use.scope} and route = ${use.route} and key = ${use.key}
      and created_at >= ${dayAgo}`.execute(executor)
  return rows[0]
}

export async function storeResponse(
  tx: Transaction,
  use: IdempotencyUse,
  status: number,
  answer: string,
): Promise<void> {
  await sql`
    update idempotency_keys set status = ${status}, answer = ${answer}
    where organization_id = ${use.organization} and scope = ${use.scope} and route = ${use.route} and key = ${use.key}`.execute(
    tx,
  )
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
