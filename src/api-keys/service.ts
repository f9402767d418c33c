import type { Actor, Identity, OrganizationId } from '../access/gate.ts'
import { hintOf } from '../access/hint.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, refuse, refuseField, refuseNotFound } from '../errors.ts'
import { lockMembers } from '../members/service.ts'
import { isInRanges } from '../platform/client-address.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { MINUTE } from '../time/durations.ts'
import { generateApiKey, hashApiKey } from './api-key.ts'
import type { ApiKey, ApiKeyInput, NewApiKey } from './schema.ts'
import * as store from './store.ts'

export interface ApiKeysDeps {
  database: Database
  clock: Clock
}

/** Lists API keys, oldest first. */
export async function listApiKeys({ database }: ApiKeysDeps, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listApiKeys(database.executor, organization, page)
  return toPage(rows.map(showApiKey), page.limit, (key) => [key.id])
}

/** Creates an API key. The key itself is returned only this once. Refuses an expiry in the past and an unknown member. */
export async function createApiKey(
  { database, clock }: ApiKeysDeps,
  actor: Actor,
  input: ApiKeyInput,
): Promise<Outcome<{ apiKey: NewApiKey }>> {
  const { organization } = actor
  if (input.expires_at !== null && Date.parse(input.expires_at) <= clock.now())
    return refuseField('expires_at', 'must be in the future')
  return database.transaction(async (tx) => {
    // Locked, so that the member is not deleted with their keys at the same time.
    if (input.member !== null && (await lockMembers(tx, organization, [input.member])).length === 0)
      return refuseField('member', `must be a member of this organization; ${input.member} is not`)
    const apiKey = await addApiKey(tx, organization, { ...input, key: generateApiKey(), clock })
    const { key: _, name, id, ...shown } = apiKey
    const { role, member, expires_at, allowed_networks } = shown
    const changes = Object.entries({ role, member, expires_at, allowed_networks })
      .filter(([, value]) => value !== null)
      .map(([field, value]) => ({ field, before: null, after: value }))
    await recordAudit(tx, actor, { action: 'api_key.created', object: auditObject(apiKey), changes, clock })
    return { ok: true, apiKey }
  })
}

/** Stores an API key with a known value, in the caller's transaction. */
export async function addApiKey(
  tx: Transaction,
  organization: OrganizationId,
  { key, clock, ...input }: ApiKeyInput & { key: string; clock: Clock },
): Promise<NewApiKey> {
  const { name, role, member, expires_at, allowed_networks } = input
  const row = await store.insertApiKey(tx, organization, {
    name,
    role,
    member_id: member,
    expires_at,
    allowed_networks: allowed_networks && JSON.stringify(allowed_networks),
    hint: hintOf(key),
    hash: hashApiKey(key),
    created_at: clock.timestamp(),
  })
  return { ...showApiKey(row), key }
}

/** The settings of an organization's first key. It may do everything, from anywhere, and does not expire. */
export const unlimitedKey = { role: 'admin', member: null, expires_at: null, allowed_networks: null } as const

/** Deletes a key. The next request that uses it is refused. */
export async function deleteApiKey(
  { database, clock }: ApiKeysDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    const deleted = await store.deleteApiKey(tx, actor.organization, id)
    if (!deleted) return refuseNotFound('API key', id, 'GET /api/v1/api-keys lists them.')
    await recordAudit(tx, actor, { action: 'api_key.deleted', object: auditObject(deleted), clock })
    return { ok: true }
  })
}

/** Deletes the keys that act as a member, in the transaction that deletes the member. */
export async function deleteKeysOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteKeysOfMember(tx, organization, member)
}

/** Deletes all keys of an organization that is being deleted. */
export async function deleteApiKeys(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.deleteApiKeys(tx, organization)
}

/**
 * Returns the actor that an API key belongs to. Refuses a key that does not exist, has expired or may not be used from the
 * address. Records its last use at most once a minute.
 */
export async function findActorOfKey(
  { database, clock }: ApiKeysDeps,
  { key, address }: { key: string; address: string },
): Promise<Outcome<{ identity: Identity }>> {
  const found = await store.findApiKey(database.executor, hashApiKey(key), toTimestamp(clock.now() - MINUTE))
  if (!found)
    return refuse(
      'unauthenticated',
      'This API key does not exist. Send a valid key of this organization: Authorization: Bearer bb_…. Create keys at /admin.',
    )
  if (found.expires_at !== null && Date.parse(found.expires_at) <= clock.now())
    return refuse('api_key_expired', `This API key expired at ${found.expires_at}. Create another one at /admin.`)
  if (found.allowed_networks && !isInRanges(address, found.allowed_networks))
    return refuse(
      'network_not_allowed',
      `This API key may not be used from ${address}. Send the request from an allowed network, or create a key that allows this one.`,
    )
  const { organization_id: organization, id } = found
  if (found.stale) await store.touchApiKey(database.executor, organization, { id, now: clock.timestamp() })
  return { ok: true, identity: identityOf(organization, found) }
}

function identityOf(organization: OrganizationId, { id, name, hint, role, member_id }: store.ApiKeyRow): Identity {
  const key = { kind: 'api_key', organization, apiKeyId: id, name: `${name} (${hint})` } as const
  if (role !== 'member') return { ...key, role, memberId: null }
  if (member_id === null) throw new Error(`API key ${id} has the role member but no member.`)
  return { ...key, role, memberId: member_id }
}

function auditObject({ id, name, hint }: Pick<ApiKey, 'id' | 'name' | 'hint'>) {
  return { type: 'api_key', id, label: `${name} (${hint})` } as const
}

function showApiKey({ member_id: member, ...row }: store.ApiKeyRow): ApiKey {
  return { ...row, member }
}
