import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { NewRow, Row } from '../platform/tables.ts'

/** The job that revokes access at providers. */
export const REVOCATION_JOB = 'calendar-revocations'

export type AuthorizationRow = Omit<Row<'connection_authorizations'>, 'id' | 'state_hash'>
const columns = ['organization_id', 'member_id', 'provider', 'connection_id', 'verifier', 'expires_at'] as const

/** Stores a sign-in that has started, and deletes those of the organization that have expired. */
export async function insertAuthorization(
  tx: Transaction,
  organization: OrganizationId,
  { now, ...row }: Omit<NewRow<'connection_authorizations'>, 'organization_id'> & { now: string },
): Promise<void> {
  await tx
    .deleteFrom('connection_authorizations')
    .where('organization_id', '=', organization)
    .where('expires_at', '<=', now)
    .execute()
  await tx
    .insertInto('connection_authorizations')
    .values({ ...row, organization_id: organization })
    .execute()
}

/** Finds a sign-in by its state, across all organizations. */
export async function findAuthorization(executor: Executor, stateHash: Buffer): Promise<AuthorizationRow | undefined> {
  return executor
    .selectFrom('connection_authorizations')
    .select(columns)
    .where('state_hash', '=', stateHash)
    .executeTakeFirst()
}

/** Deletes a sign-in. Returns whether it existed: of two returns with the same state, only one is processed. */
export async function takeAuthorization(
  executor: Executor,
  organization: OrganizationId,
  stateHash: Buffer,
): Promise<boolean> {
  const { numDeletedRows } = await executor
    .deleteFrom('connection_authorizations')
    .where('organization_id', '=', organization)
    .where('state_hash', '=', stateHash)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Claims the access token of a connection. Returns its credentials, or undefined if another process has claimed it. */
export async function claimToken(
  executor: Executor,
  organization: OrganizationId,
  { id, claim, now, until }: { id: number; claim: string; now: string; until: string },
): Promise<Uint8Array | undefined> {
  const row = await executor
    .updateTable('connections')
    .set({ token_claim: claim, token_claimed_until: until })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where((where) => where.or([where('token_claimed_until', 'is', null), where('token_claimed_until', '<=', now)]))
    .returning('credentials')
    .executeTakeFirst()
  return row?.credentials
}

/** Ends a claim, and stores the new credentials, if there are any. Does nothing if another process has the claim. */
export async function settleToken(
  executor: Executor,
  organization: OrganizationId,
  { id, claim, credentials }: { id: number; claim: string; credentials: Buffer | null },
): Promise<void> {
  await executor
    .updateTable('connections')
    .set({ token_claim: null, token_claimed_until: null, ...(credentials ? { credentials } : {}) })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('token_claim', '=', claim)
    .execute()
}

/**
 * Enqueues the revocation of access, for one connection or all connections of a member, which are about to be deleted. Google revokes
 * the access to an account as a whole. As another connection of the member may be to the same account, nothing is revoked then.
 */
export async function enqueueRevocations(
  tx: Transaction,
  organization: OrganizationId,
  of: { member: number } | { connection: number },
): Promise<void> {
  const which =
    'member' in of
      ? sql`c.member_id = ${of.member}`
      : sql`c.id = ${of.connection} and not exists (
          select from connections o where o.organization_id = c.organization_id and o.member_id = c.member_id
            and o.provider = c.provider and o.id <> c.id)`
  await sql`
    with revoked as (
      insert into token_revocations (organization_id, provider, credentials, due_at)
      select c.organization_id, c.provider, c.credentials, to_timestamp(0) from connections c
      where c.organization_id = ${organization} and ${which} and c.provider = 'google'
      returning 1
    )
    select ${wakingJob(REVOCATION_JOB)} from revoked limit 1`.execute(tx)
}

export type ClaimedRevocation = Pick<
  Row<'token_revocations'>,
  'organization_id' | 'id' | 'provider' | 'credentials' | 'attempts'
>

/** Claims due revocations: they are due again at `until`, unless they are deleted. */
export async function claimRevocations(
  executor: Executor,
  { now, until, limit }: { now: string; until: string; limit: number },
): Promise<ClaimedRevocation[]> {
  const { rows } = await sql<ClaimedRevocation>`
    with due as materialized (
      select organization_id, id from token_revocations where due_at <= ${now} order by due_at limit ${limit}
      for update skip locked
    )
    update token_revocations r set due_at = ${until}, attempts = r.attempts + 1
    from due where r.organization_id = due.organization_id and r.id = due.id
    returning r.organization_id, r.id, r.provider, r.credentials, r.attempts`.execute(executor)
  return rows
}

export async function deleteRevocation(executor: Executor, organization: OrganizationId, id: number): Promise<void> {
  await executor
    .deleteFrom('token_revocations')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}
