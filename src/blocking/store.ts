import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row } from '../platform/tables.ts'

const columns = ['id', 'kind', 'value', 'created_at'] as const

export type BlockedRow = Pick<Row<'blocked_attendees'>, (typeof columns)[number]>

/** Lists blocked addresses and domains, oldest first. Returns up to one more than fits on the page. */
export async function listBlocked(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<BlockedRow[]> {
  return executor
    .selectFrom('blocked_attendees')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', page.after?.[0] ?? 0)
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

/** Inserts an address or a domain and returns it. Returns undefined if it is already blocked. */
export async function insertBlocked(
  tx: Transaction,
  organization: OrganizationId,
  { kind, value, now }: { kind: BlockedRow['kind']; value: string; now: string },
): Promise<BlockedRow | undefined> {
  return tx
    .insertInto('blocked_attendees')
    .values({ organization_id: organization, kind, value, created_at: now } satisfies NewRow<'blocked_attendees'>)
    .onConflict((conflict) => conflict.columns(['organization_id', 'kind', 'value']).doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export async function findBlocked(
  executor: Executor,
  organization: OrganizationId,
  { kind, value }: { kind: BlockedRow['kind']; value: string },
): Promise<BlockedRow | undefined> {
  return executor
    .selectFrom('blocked_attendees')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('kind', '=', kind)
    .where('value', '=', value)
    .executeTakeFirst()
}

/** Deletes an entry and returns it. Returns undefined if it does not exist. */
export async function deleteBlocked(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<BlockedRow | undefined> {
  return tx
    .deleteFrom('blocked_attendees')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

/** Deletes an address's entry. The address is in its stored form. */
export async function deleteBlockedAddress(
  tx: Transaction,
  organization: OrganizationId,
  value: string,
): Promise<void> {
  await tx
    .deleteFrom('blocked_attendees')
    .where('organization_id', '=', organization)
    .where('kind', '=', 'address')
    .where('value', '=', value)
    .execute()
}

/** Returns whether one of these addresses or domains is blocked. */
export async function isBlocked(
  executor: Executor,
  organization: OrganizationId,
  { address, domains }: { address: string; domains: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql`
    select from blocked_attendees
    where organization_id = ${organization}
      and ((kind = 'address' and value = ${address}) or (kind = 'domain' and value = any(${domains})))
    limit 1`.execute(executor)
  return rows.length > 0
}
