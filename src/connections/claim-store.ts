import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { epochOf } from '../platform/epoch-column.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { Row, RowChange } from '../platform/tables.ts'

/** The job that reads calendars. */
export const SYNC_JOB = 'calendar-sync'

/** A connection that this process may read until its claim expires. */
export interface ClaimedConnection {
  organization: OrganizationId
  id: number
  member: number
  provider: Row<'connections'>['provider']
  name: string
  credentials: Uint8Array
  failures: number
  /** Epoch milliseconds. */
  failingSince: number | null
  notifiedAt: number | null
  listedAt: number | null
  disconnectingAt: number | null
  /** When it became due, in the database's notation. */
  dueAt: string
  claim: string
}

export interface Claiming {
  claim: string
  now: string
  until: string
}

const claimed = sql`c.organization_id as organization, c.id, c.member_id as member, c.provider, c.name, c.credentials, c.failures,
  ${epochOf('c.failing_since')} as "failingSince", ${epochOf('c.notified_at')} as "notifiedAt", ${epochOf('c.listed_at')} as "listedAt",
  ${epochOf('c.disconnecting_at')} as "disconnectingAt", c.due_at as "dueAt", c.claim`

/** Claims due connections, starting with those due longest. Skips connections that another process has claimed. */
export async function claimDue(
  executor: Executor,
  { claim, now, until, limit }: Claiming & { limit: number },
): Promise<ClaimedConnection[]> {
  const { rows } = await sql<ClaimedConnection>`
    with due as materialized (
      select organization_id, id from connections
      where state <> 'revoked' and due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
      order by due_at limit ${limit} for update skip locked
    )
    update connections c set claim = ${claim}, claimed_until = ${until}
    from due where c.organization_id = due.organization_id and c.id = due.id
    returning ${claimed}`.execute(executor)
  return rows
}

/** Claims one connection, whether or not it is due. Returns undefined if another process has claimed it. */
export async function claimOne(
  executor: Executor,
  organization: OrganizationId,
  { id, claim, now, until }: Claiming & { id: number },
): Promise<ClaimedConnection | undefined> {
  const { rows } = await sql<ClaimedConnection>`
    update connections c set claim = ${claim}, claimed_until = ${until}
    where organization_id = ${organization} and id = ${id} and (claimed_until is null or claimed_until <= ${now})
    returning ${claimed}`.execute(executor)
  return rows[0]
}

/** Locks a claimed connection's row. Returns whether the claim is still valid. */
export async function lockClaim(
  tx: Transaction,
  { organization, id, claim }: Pick<ClaimedConnection, 'organization' | 'id' | 'claim'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from connections where organization_id = ${organization} and id = ${id} and claim = ${claim} for update`.execute(
    tx,
  )
  return rows.length > 0
}

/** Stores the result of a read and ends the claim. Does nothing and returns false if the claim has expired. */
export async function settle(
  executor: Executor,
  { organization, id, claim, dueAt }: Pick<ClaimedConnection, 'organization' | 'id' | 'claim' | 'dueAt'>,
  { due_at: due, ...change }: RowChange<'connections'> & { due_at: string },
): Promise<boolean> {
  // Someone may have made it due again since the claim.
  const next = sql<string>`case when due_at = ${dueAt} then ${due}::timestamptz else least(due_at, ${due}::timestamptz) end`
  const { numUpdatedRows } = await executor
    .updateTable('connections')
    .set({ ...change, due_at: next, claim: null, claimed_until: null })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('claim', '=', claim)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Returns when someone last viewed the member's page, in epoch milliseconds. */
export async function findLookedAt(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select round(date_part('epoch', looked_at) * 1000) as at from connections
    where organization_id = ${organization} and id = ${id}`.execute(executor)
  return rows[0]?.at ?? null
}

/**
 * Records that the members' page was viewed. Makes their connections due if the last read was before `readBefore`, and wakes the
 * job. Failing connections keep waiting for their next try.
 */
export async function wakeConnections(
  executor: Executor,
  organization: OrganizationId,
  { members, now, readBefore }: { members: readonly number[]; now: string; readBefore: string },
): Promise<void> {
  await sql`
    with woken as (
      update connections set looked_at = ${now},
        due_at = case when state = 'connected' and (last_synced_at is null or last_synced_at < ${readBefore})
          then least(due_at, ${now}) else due_at end
      where organization_id = ${organization} and member_id = any(${members})
      returning due_at
    )
    select ${wakingJob(SYNC_JOB)} from woken where due_at <= ${now} limit 1`.execute(executor)
}

/** Lists these members' connections that were last read before `readBefore`. */
export async function listStale(
  executor: Executor,
  organization: OrganizationId,
  { members, readBefore }: { members: readonly number[]; readBefore: string },
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from connections
    where organization_id = ${organization} and member_id = any(${members}) and state in ('connecting', 'connected')
      and (last_synced_at is null or last_synced_at < ${readBefore})`.execute(executor)
  return rows.map(({ id }) => id)
}

/** Wakes the job when the transaction commits. */
export async function wakeSync(tx: Transaction): Promise<void> {
  await tx.selectNoFrom(wakingJob(SYNC_JOB).as('woken')).execute()
}
