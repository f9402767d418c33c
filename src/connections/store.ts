import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

export type ConnectionRow = Pick<
  Row<'connections'>,
  'id' | 'member_id' | 'provider' | 'name' | 'state' | 'problem' | 'last_synced_at' | 'created_at'
>
const columns = ['id', 'member_id', 'provider', 'name', 'state', 'problem', 'last_synced_at', 'created_at'] as const

/** Lists connections, oldest first. Returns one more than fits on the page. */
export async function listConnections(
  executor: Executor,
  organization: OrganizationId,
  { limit, after, limitedTo }: PageRequest & { limitedTo: number | null },
): Promise<ConnectionRow[]> {
  return executor
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', after?.[0] ?? 0)
    .$if(limitedTo !== null, (query) => query.where('member_id', '=', limitedTo))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/** Lists all connections of these members. */
export async function listConnectionsOf(
  executor: Executor,
  organization: OrganizationId,
  members: readonly number[],
): Promise<ConnectionRow[]> {
  return executor
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('member_id', 'in', [...members, 0])
    .orderBy('id')
    .execute()
}

export async function findConnection(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<ConnectionRow | undefined> {
  return executor
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function countConnections(
  executor: Executor,
  organization: OrganizationId,
  member: number,
): Promise<number> {
  const { count } = await executor
    .selectFrom('connections')
    .select(sql<number>`count(*)`.as('count'))
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .executeTakeFirstOrThrow()
  return count
}

export async function insertConnection(
  tx: Transaction,
  organization: OrganizationId,
  row: Omit<NewRow<'connections'>, 'organization_id'>,
): Promise<ConnectionRow> {
  return tx
    .insertInto('connections')
    .values({ ...row, organization_id: organization })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Deletes a connection with its calendars. Returns whether it existed. */
export async function deleteConnection(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('connections')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Deletes all of a member's connections and calendars. */
export async function deleteOfMember(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  for (const table of ['connections', 'calendar_times'] as const) {
    await tx.deleteFrom(table).where('organization_id', '=', organization).where('member_id', '=', member).execute()
  }
}

export type CalendarRow = Omit<Row<'calendars'>, 'organization_id'>

export async function listCalendars(
  executor: Executor,
  organization: OrganizationId,
  connections: readonly number[],
): Promise<CalendarRow[]> {
  return executor
    .selectFrom('calendars')
    .selectAll()
    .where('organization_id', '=', organization)
    .where('connection_id', 'in', [...connections, 0])
    .orderBy('id')
    .execute()
}

export async function insertCalendar(
  tx: Transaction,
  organization: OrganizationId,
  row: Omit<NewRow<'calendars'>, 'organization_id'>,
): Promise<void> {
  await tx
    .insertInto('calendars')
    .values({ ...row, organization_id: organization })
    .execute()
}

export async function updateCalendar(
  executor: Executor,
  organization: OrganizationId,
  { id, ...change }: RowChange<'calendars'> & { id: number },
): Promise<void> {
  await executor
    .updateTable('calendars')
    .set(change)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** Makes a connection due, whatever its state. */
export async function makeDue(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ due_at: now })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** Lists encrypted credentials across all organizations, in a fixed order, starting after the given connection. */
export async function listCredentials(
  executor: Executor,
  after: { organization: number; id: number } | null,
  limit: number,
): Promise<{ organization_id: OrganizationId; id: number; credentials: Uint8Array }[]> {
  return executor
    .selectFrom('connections')
    .select(['organization_id', 'id', 'credentials'])
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(organization_id, id) > (${after?.organization}, ${after?.id})`),
    )
    .orderBy('organization_id')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Replaces credentials, unless they have changed in the meantime. */
export async function replaceCredentials(
  executor: Executor,
  organization: OrganizationId,
  { id, before, after }: { id: number; before: Uint8Array; after: Buffer },
): Promise<void> {
  await executor
    .updateTable('connections')
    .set({ credentials: after })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('credentials', '=', Buffer.from(before))
    .execute()
}
