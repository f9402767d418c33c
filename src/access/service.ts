import { type Outcome, refuseNotFound } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { generateApiKey, hashApiKey, hintOf } from './api-key.ts'
import type { Identity, OrganizationId } from './gate.ts'
import type { ApiKey, NewApiKey } from './schema.ts'
import * as store from './store.ts'

export interface AccessDeps {
  database: Database
  clock: Clock
}

/** Lists API keys, oldest first. */
export async function listApiKeys({ database }: AccessDeps, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listApiKeys(database.executor, organization, page)
  return toPage(rows.map(showApiKey), page.limit, (key) => [key.id])
}

/** Creates an API key. This is the only time that the key itself is returned. */
export async function createApiKey(
  { database, clock }: AccessDeps,
  organization: OrganizationId,
  { name }: { name: string },
): Promise<NewApiKey> {
  return database.transaction((tx) => addApiKey(tx, organization, { name, key: generateApiKey(), clock }))
}

/** Stores an API key with a known value, in the caller's transaction. */
export async function addApiKey(
  tx: Transaction,
  organization: OrganizationId,
  { name, key, clock }: { name: string; key: string; clock: Clock },
): Promise<NewApiKey> {
  const values = { name, hint: hintOf(key), hash: hashApiKey(key), now: clock.timestamp() }
  return { ...showApiKey(await store.insertApiKey(tx, organization, values)), key }
}

/** Deletes a key. The next request that uses it is refused. */
export async function deleteApiKey(
  { database }: AccessDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome> {
  const deleted = await database.transaction((tx) => store.deleteApiKey(tx, organization, id))
  return deleted ? { ok: true } : refuseNotFound('API key', id, 'GET /api/v1/api-keys lists them.')
}

/** Returns whom an API key belongs to, or undefined if the key does not exist. Records the use at most once a minute. */
export async function findActorOfKey({ database, clock }: AccessDeps, key: string): Promise<Identity | undefined> {
  const found = await store.findApiKey(database.executor, hashApiKey(key), toTimestamp(clock.now() - MINUTE))
  if (!found) return undefined
  const { organization_id: organization, api_key_id: apiKeyId, name, hint } = found
  if (found.stale) await store.touchApiKey(database.executor, organization, { id: apiKeyId, now: clock.timestamp() })
  return { kind: 'api_key', organization, apiKeyId, role: 'admin', name: `${name} (${hint})` }
}

/** Deletes up to `limit` expired Idempotency-Keys (older than a day), of all organizations; returns the count. */
export async function deleteExpiredKeys(
  { database, clock }: AccessDeps,
  { limit }: { limit: number },
): Promise<number> {
  return store.deleteExpiredKeys(database.executor, { dayAgo: toTimestamp(clock.now() - DAY), limit })
}

export { deleteResponsesWith, listResponsesWith } from './stored-responses.ts'

function showApiKey({ id, name, hint, created_at, last_used_at }: store.ApiKeyRow): ApiKey {
  return { id, name, hint, created_at, last_used_at }
}
