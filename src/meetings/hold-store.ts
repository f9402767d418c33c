import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { BusyTime } from './life-cycle.ts'
import type { BookingInput } from './schema.ts'

export type HoldRow = Pick<
  Row<'holds'>,
  'id' | 'meeting_type_id' | 'page_slug' | 'starts_at' | 'ends_at' | 'external_id' | 'created_at' | 'expires_at'
> & { members: number[]; request: BookingInput | null }

const columns = [
  'id',
  'meeting_type_id',
  'page_slug',
  'starts_at',
  'ends_at',
  'members',
  'request',
  'external_id',
  'created_at',
  'expires_at',
] as const

/** A hold that has not been confirmed yet. */
export interface NewHold {
  meetingType: number
  page: string
  start: number
  end: number
  members: readonly number[]
  /** Both keys are hashes. */
  emailKey: string
  clientKey: string
  tokenHash: string
  request: BookingInput
  createdAt: string
  expiresAt: string
}

/** Stores a hold with its link and returns its id. Does not block its hosts' time. */
export async function insertHold(tx: Transaction, organization: OrganizationId, hold: NewHold): Promise<number> {
  const row = {
    organization_id: organization,
    meeting_type_id: hold.meetingType,
    page_slug: hold.page,
    starts_at: toInstantText(hold.start),
    ends_at: toInstantText(hold.end),
    members: JSON.stringify(hold.members),
    email_key: hold.emailKey,
    client_key: hold.clientKey,
    request: JSON.stringify(hold.request),
    external_id: null,
    created_at: hold.createdAt,
    expires_at: hold.expiresAt,
  } satisfies NewRow<'holds'>
  const { id } = await tx.insertInto('holds').values(row).returning('id').executeTakeFirstOrThrow()
  const link = { token_hash: hold.tokenHash, organization_id: organization, hold_id: id } satisfies NewRow<'hold_links'>
  await tx.insertInto('hold_links').values(link).execute()
  return id
}

/** Stores the hosts whose time a hold blocks. */
export async function updateMembers(
  tx: Transaction,
  organization: OrganizationId,
  { hold, members }: { hold: number; members: readonly number[] },
): Promise<void> {
  await tx
    .updateTable('holds')
    .set({ members: JSON.stringify(members) } satisfies RowChange<'holds'>)
    .where('organization_id', '=', organization)
    .where('id', '=', hold)
    .execute()
}

/** Blocks these hosts' time for a hold. Returns false if part of it is already taken. The caller must then release the rest. */
export async function takeTime(
  tx: Transaction,
  organization: OrganizationId,
  { hold, members, busy, until }: { hold: number; members: readonly number[]; busy: BusyTime; until: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into busy (organization_id, member_id, hold_id, held_until, during)
    select ${organization}, member, ${hold}, ${until}, tstzrange(${toInstantText(busy.from)}, ${toInstantText(busy.to)})
    from unnest(${members}::bigint[]) member
    on conflict do nothing returning member_id`.execute(tx)
  return rows.length === members.length
}

/** Releases the time that a hold blocks. */
export async function releaseTime(tx: Transaction, organization: OrganizationId, hold: number): Promise<void> {
  await tx.deleteFrom('busy').where('organization_id', '=', organization).where('hold_id', '=', hold).execute()
}

/**
 * Extends the time that a hold blocks. Other holds for the same group meeting share the first hold's time, which is extended for
 * them.
 */
export async function extendTime(
  tx: Transaction,
  organization: OrganizationId,
  { hold, until }: { hold: number; until: string },
): Promise<void> {
  await sql`
    update busy set held_until = greatest(held_until, ${until}::timestamptz)
    where organization_id = ${organization} and hold_id = ${hold}`.execute(tx)
}

/** Releases the time that expired holds still block for these hosts, who must be locked. */
export async function releaseExpiredTime(
  tx: Transaction,
  organization: OrganizationId,
  { members, now }: { members: readonly number[]; now: string },
): Promise<void> {
  await sql`
    delete from busy
    where organization_id = ${organization} and member_id = any(${members}::bigint[]) and held_until <= ${now}`.execute(
    tx,
  )
}

/** Finds the target of a link. The link alone identifies the organization. */
export async function findHoldLink(
  executor: Executor,
  tokenHash: string,
): Promise<{ organization: OrganizationId; hold: number } | undefined> {
  return executor
    .selectFrom('hold_links')
    .innerJoin('organizations', 'organizations.organization_id', 'hold_links.organization_id')
    .select(['hold_links.organization_id as organization', 'hold_links.hold_id as hold'])
    .where('hold_links.token_hash', '=', tokenHash)
    .where('organizations.deleting_at', 'is', null)
    .executeTakeFirst()
}

export async function findHold(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<HoldRow | undefined> {
  return executor
    .selectFrom('holds')
    .select(columns)
    .$narrowType<Pick<HoldRow, 'members' | 'request'>>()
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Finds the target of a link and locks the hold until the end of the transaction. Lock its hosts first. */
export async function lockHold(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<HoldRow | undefined> {
  return tx
    .selectFrom('holds')
    .select(columns)
    .$narrowType<Pick<HoldRow, 'members' | 'request'>>()
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/**
 * Returns whether there are other unconfirmed holds for the same group meeting. They share the time that was blocked for the
 * first one.
 */
export async function hasSharers(
  tx: Transaction,
  organization: OrganizationId,
  { hold, now }: { hold: HoldRow; now: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from holds
    where organization_id = ${organization} and meeting_type_id = ${hold.meeting_type_id} and starts_at = ${hold.starts_at}
      and members = ${JSON.stringify(hold.members)}::jsonb and id <> ${hold.id}
      and external_id is null and expires_at > ${now}
    limit 1`.execute(tx)
  return rows.length > 0
}

/** Marks a hold as confirmed by the attendee with this external id, and deletes the data that the visitor entered. */
export async function markConfirmed(
  tx: Transaction,
  organization: OrganizationId,
  { hold, externalId }: { hold: number; externalId: string },
): Promise<void> {
  await tx
    .updateTable('holds')
    .set({ external_id: externalId, request: null } satisfies RowChange<'holds'>)
    .where('organization_id', '=', organization)
    .where('id', '=', hold)
    .execute()
}

/** Counts this address's and this client's unconfirmed holds. */
export async function countWaiting(
  tx: Transaction,
  organization: OrganizationId,
  { emailKey, clientKey, now }: { emailKey: string; clientKey: string; now: string },
): Promise<{ ofEmail: number; ofClient: number }> {
  const { rows } = await sql<{ ofEmail: number; ofClient: number }>`
    select count(*) filter (where email_key = ${emailKey}) as "ofEmail",
      count(*) filter (where client_key = ${clientKey}) as "ofClient"
    from holds
    where expires_at > ${now} and organization_id = ${organization} and external_id is null
      and (email_key = ${emailKey} or client_key = ${clientKey})`.execute(tx)
  return rows[0] ?? { ofEmail: 0, ofClient: 0 }
}

/** Deletes this address's holds. The address is given as a hash. */
export async function deleteHoldsOf(
  executor: Executor,
  organization: OrganizationId,
  emailKey: string,
): Promise<number> {
  const { numDeletedRows } = await executor
    .deleteFrom('holds')
    .where('organization_id', '=', organization)
    .where('email_key', '=', emailKey)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Data that a visitor has entered but not confirmed yet. */
export type HoldRecord = Pick<Row<'holds'>, 'id' | 'starts_at' | 'request' | 'created_at' | 'expires_at'>

/** Lists an email address's holds, oldest first. */
export async function listHoldsOf(
  executor: Executor,
  organization: OrganizationId,
  emailKey: string,
): Promise<HoldRecord[]> {
  return executor
    .selectFrom('holds')
    .select(['id', 'starts_at', 'request', 'created_at', 'expires_at'])
    .where('organization_id', '=', organization)
    .where('email_key', '=', emailKey)
    .orderBy('id')
    .execute()
}

/** Releases the time that holds block for a member who is being deleted. */
export async function releaseTimeOfMember(
  tx: Transaction,
  organization: OrganizationId,
  member: number,
): Promise<void> {
  await tx
    .deleteFrom('busy')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('hold_id', 'is not', null)
    .execute()
}

/** Releases the time that expired holds block, in all organizations, up to `limit` rows. Returns the number of rows. */
export async function deleteExpiredTime(executor: Executor, { now, limit }: { now: string; limit: number }) {
  const { numAffectedRows } = await sql`
    with expired as materialized (
      select organization_id, hold_id, member_id from busy where held_until <= ${now}
      limit ${limit} for update skip locked
    )
    delete from busy b using expired e
    where b.organization_id = e.organization_id and b.hold_id = e.hold_id and b.member_id = e.member_id
      and b.held_until <= ${now}`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Deletes the data entered in expired holds, in all organizations, up to `limit`. Returns the number of holds. */
export async function forgetExpiredRequests(executor: Executor, { now, limit }: { now: string; limit: number }) {
  const { numAffectedRows } = await sql`
    with expired as materialized (
      select organization_id, id from holds where expires_at <= ${now} and request is not null
      order by expires_at limit ${limit} for update skip locked
    )
    update holds h set request = null from expired e
    where h.organization_id = e.organization_id and h.id = e.id`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/**
 * Deletes holds that expired before a given time and no longer block any time, in all organizations. Returns the number deleted.
 */
export async function deleteOldHolds(executor: Executor, { before, limit }: { before: string; limit: number }) {
  const { numAffectedRows } = await sql`
    with old as materialized (
      select h.organization_id, h.id from holds h
      where h.expires_at <= ${before}
        and not exists (select from busy b where b.organization_id = h.organization_id and b.hold_id = h.id)
      order by h.expires_at limit ${limit} for update skip locked
    )
    delete from holds h using old where h.organization_id = old.organization_id and h.id = old.id`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}
