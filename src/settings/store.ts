import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

/** Locks the whole table until the end of the transaction, so that two processes cannot create the first organization at once. */
export async function lockOrganizations(tx: Transaction): Promise<void> {
  await sql`lock table organizations in share row exclusive mode`.execute(tx)
}

/** The oldest organization of the server. */
export async function findFirstOrganization(executor: Executor): Promise<OrganizationId | undefined> {
  const row = await executor
    .selectFrom('organizations')
    .select('organization_id')
    .orderBy('organization_id')
    .limit(1)
    .executeTakeFirst()
  return row?.organization_id
}

export async function insertOrganization(tx: Transaction, values: NewRow<'organizations'>): Promise<OrganizationId> {
  const row = await tx.insertInto('organizations').values(values).returning('organization_id').executeTakeFirstOrThrow()
  return row.organization_id
}

/** Lets no one else change the settings of this organization until the end of the transaction. Does not block bookings. */
export async function lockOrganization(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx
    .selectFrom('organizations')
    .select('organization_id')
    .where('organization_id', '=', organization)
    .forNoKeyUpdate()
    .execute()
}

export async function findOrganization(
  executor: Executor,
  organization: OrganizationId,
): Promise<Row<'organizations'> | undefined> {
  return executor.selectFrom('organizations').selectAll().where('organization_id', '=', organization).executeTakeFirst()
}

export async function updateOrganization(
  tx: Transaction,
  organization: OrganizationId,
  change: Required<Pick<RowChange<'organizations'>, 'name' | 'brand_color' | 'logo_url' | 'meeting_retention_days'>>,
): Promise<void> {
  await tx.updateTable('organizations').set(change).where('organization_id', '=', organization).execute()
}

/** The organizations that have a retention of meetings. */
export async function listMeetingRetentions(
  executor: Executor,
): Promise<{ organization: OrganizationId; days: number }[]> {
  const rows = await executor
    .selectFrom('organizations')
    .select(['organization_id as organization', 'meeting_retention_days as days'])
    .where('meeting_retention_days', 'is not', null)
    .$narrowType<{ days: number }>()
    .orderBy('organization_id')
    .execute()
  return rows
}
