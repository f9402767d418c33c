import { sql } from 'kysely'
import type { MemberRole, OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { ApiKey } from './schema.ts'

/** Keeps two processes from creating the first organization at once. Held to the end of the transaction. */
export async function lockSetup(tx: Transaction): Promise<void> {
  await sql`lock table organizations in share row exclusive mode`.execute(tx)
}

export async function hasOrganization(executor: Executor): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (select from organizations) as found`.execute(executor)
  return rows[0]?.found === true
}

/** The organization that the setup has made, or undefined before. */
export async function findFirstOrganization(executor: Executor): Promise<OrganizationId | undefined> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    select organization_id from organizations order by organization_id limit 1`.execute(executor)
  return rows[0]?.organization_id
}

export async function insertOrganization(tx: Transaction, name: string, now: string): Promise<OrganizationId> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    with organization as (
      insert into organizations (name, created_at) values (${name}, ${now}) returning organization_id
    )
    insert into activity_counters (organization_id) select organization_id from organization
    returning organization_id`.execute(tx)
  return rows[0]!.organization_id
}

export async function findOrganization(executor: Executor, organization: OrganizationId) {
  const { rows } = await sql<{ id: number; name: string }>`
    select organization_id as id, name from organizations where organization_id = ${organization}`.execute(executor)
  return rows[0]
}

export interface NewOwner {
  userId: string
  email: string
  firstName: string
  lastName: string
  timezone: string
  now: string
}

export async function insertOwner(tx: Transaction, organization: OrganizationId, owner: NewOwner): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into members (organization_id, user_id, email, first_name, last_name, timezone, role, created_at)
    values (${organization}, ${owner.userId}, ${owner.email}, ${owner.firstName}, ${owner.lastName}, ${owner.timezone}, 'admin', ${owner.now})
    returning id`.execute(tx)
  return rows[0]!.id
}

export interface NewApiKey {
  name: string
  hint: string
  hash: Buffer
  now: string
}

export async function insertApiKey(tx: Transaction, organization: OrganizationId, key: NewApiKey): Promise<ApiKey> {
  const { rows } = await sql<ApiKey>`
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
): Promise<ApiKey[]> {
  const { rows } = await sql<ApiKey>`
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

/** Which key and organization a hash stands for, and whether its last use is due to be noted (once a minute). */
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
  id: number,
  now: string,
): Promise<void> {
  await sql`update api_keys set last_used_at = ${now} where organization_id = ${organization} and id = ${id}`.execute(
    executor,
  )
}

export interface MemberOfUser {
  organization_id: OrganizationId
  id: number
  role: MemberRole
}

/** The memberships of a signed-in person, the oldest first. */
export async function findMembersOfUser(executor: Executor, userId: string): Promise<MemberOfUser[]> {
  const { rows } = await sql<MemberOfUser>`
    select organization_id, id, role from members where user_id = ${userId} and deleted_at is null order by organization_id`.execute(
    executor,
  )
  return rows
}

export async function findActingMember(executor: Executor, organization: OrganizationId, id: number) {
  const { rows } = await sql<{ id: number; email: string; first_name: string; last_name: string; timezone: string }>`
    select id, email, first_name, last_name, timezone from members
    where organization_id = ${organization} and id = ${id}`.execute(executor)
  return rows[0]
}

export async function findOrganizationOfPage(executor: Executor, slug: string): Promise<OrganizationId | undefined> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    select organization_id from page_slugs where slug = ${slug}`.execute(executor)
  return rows[0]?.organization_id
}

/** The organization that an invitation was made in, used up or not. */
export async function findOrganizationOfInvitation(
  executor: Executor,
  hash: Buffer,
): Promise<OrganizationId | undefined> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    select organization_id from invitations where hash = ${hash}`.execute(executor)
  return rows[0]?.organization_id
}

export async function findOrganizationOfAttendee(
  executor: Executor,
  externalId: string,
): Promise<OrganizationId | undefined> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    select organization_id from attendee_links where external_id = ${externalId}`.execute(executor)
  return rows[0]?.organization_id
}

/** What names one use of an Idempotency-Key. */
export interface IdempotencyUse {
  organization: OrganizationId
  scope: string
  route: string
  key: string
}

export interface FirstAnswer {
  body_hash: string
  status: number | null
  answer: string | null
}

/**
 * Takes the key for this transaction; false where somebody has it. Waits for a transaction that is taking it now.
 * A key older than a day is free again.
 */
export async function takeIdempotencyKey(
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

/** The first answer to a key that is younger than a day. */
export async function findFirstAnswer(
  executor: Executor,
  use: IdempotencyUse,
  dayAgo: string,
): Promise<FirstAnswer | undefined> {
  const { rows } = await sql<FirstAnswer>`
    select body_hash, status, answer from idempotency_keys
    where organization_id = ${use.organization} and scope = ${use.scope} and route = ${use.route} and key = ${use.key}
      and created_at >= ${dayAgo}`.execute(executor)
  return rows[0]
}

export async function keepFirstAnswer(
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

/** Forgets at most `most` keys of all organizations that are older than a day; gives how many. */
export async function forgetIdempotencyKeys(executor: Executor, dayAgo: string, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys where (organization_id, scope, route, key) in (
      select organization_id, scope, route, key from idempotency_keys where created_at < ${dayAgo} limit ${most}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Keeps two processes from deciding the same setting at once. Held to the end of the transaction. */
export async function lockServerSettings(tx: Transaction): Promise<void> {
  await sql`lock table server_settings in share row exclusive mode`.execute(tx)
}

export async function readServerSetting(executor: Executor, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ value: string }>`select value from server_settings where name = ${name}`.execute(
    executor,
  )
  return rows[0]?.value
}

export async function writeServerSetting(executor: Executor, name: string, value: string): Promise<void> {
  await sql`
    insert into server_settings (name, value) values (${name}, ${value})
    on conflict (name) do update set value = excluded.value`.execute(executor)
}
