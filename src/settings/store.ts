import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

/**
 * Locks the whole table until the end of the transaction, so that two processes cannot create the first organization at the same
 * time.
 */
export async function lockOrganizations(tx: Transaction): Promise<void> {
  await sql`lock table organizations in share row exclusive mode`.execute(tx)
}

/** Returns the oldest organization on the server. */
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

/** Prevents others from changing the settings of this organization until the end of the transaction. Does not block bookings. */
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
  change: Required<Omit<RowChange<'organizations'>, 'organization_id' | 'created_at' | 'deleting_at'>>,
): Promise<void> {
  await tx.updateTable('organizations').set(change).where('organization_id', '=', organization).execute()
}

/** Marks an organization as being deleted. Returns false if it already is, or does not exist. */
export async function markDeleting(tx: Transaction, organization: OrganizationId, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('organizations')
    .set({ deleting_at: now } satisfies RowChange<'organizations'>)
    .where('organization_id', '=', organization)
    .where('deleting_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Returns the oldest organization whose rows are being deleted. */
export async function findDeleting(
  executor: Executor,
): Promise<{ organization: OrganizationId; deleting_at: string } | undefined> {
  return executor
    .selectFrom('organizations')
    .select(['organization_id as organization', 'deleting_at'])
    .where('deleting_at', 'is not', null)
    .$narrowType<{ deleting_at: string }>()
    .orderBy('deleting_at')
    .limit(1)
    .executeTakeFirst()
}

/** Locks an organization that is being deleted, so that rows can no longer be inserted for it. Returns false if it no longer exists. */
export async function lockDeleting(tx: Transaction, organization: OrganizationId): Promise<boolean> {
  const row = await tx
    .selectFrom('organizations')
    .select('organization_id')
    .where('organization_id', '=', organization)
    .where('deleting_at', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteOrganization(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx.deleteFrom('organizations').where('organization_id', '=', organization).execute()
}

/** Returns the organizations with this id or name that are not being deleted, the one with the id first. */
export async function findOrganizations(
  executor: Executor,
  { id, name }: { id: number | null; name: string },
): Promise<{ organization: OrganizationId; name: string }[]> {
  const { rows } = await sql<{ organization: OrganizationId; name: string }>`
    select organization_id as organization, name from organizations
    where deleting_at is null and (organization_id = ${id} or name = ${name})
    order by organization_id is distinct from ${id}, organization_id`.execute(executor)
  return rows
}

/** Lists the organizations that have a retention period for meetings. */
export async function listMeetingRetentions(
  executor: Executor,
): Promise<{ organization: OrganizationId; days: number }[]> {
  const rows = await executor
    .selectFrom('organizations')
    .select(['organization_id as organization', 'meeting_retention_days as days'])
    .where('meeting_retention_days', 'is not', null)
    .where('deleting_at', 'is', null)
    .$narrowType<{ days: number }>()
    .orderBy('organization_id')
    .execute()
  return rows
}
