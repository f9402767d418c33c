import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

/** The hash of a token, and whose meetings the token opens. */
export interface FeedOwner {
  organization: OrganizationId
  member: number
}

/** Finds the owner of a feed. Tokens arrive without an organization. */
export async function findOwner(
  executor: Executor,
  hash: Buffer,
): Promise<(FeedOwner & { last_read_at: string | null }) | undefined> {
  return executor
    .selectFrom('calendar_feeds')
    .select(['organization_id as organization', 'member_id as member', 'last_read_at'])
    .where('token_hash', '=', hash)
    .executeTakeFirst()
}

/** Records when a feed was read. */
export async function updateReadTime(
  executor: Executor,
  { organization, member }: FeedOwner,
  now: string,
): Promise<void> {
  await executor
    .updateTable('calendar_feeds')
    .set({ last_read_at: now } satisfies RowChange<'calendar_feeds'>)
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .execute()
}

export type FeedRow = Pick<Row<'calendar_feeds'>, 'member_id' | 'created_at' | 'last_read_at'>

/** Lists the feeds of these members. */
export async function listFeeds(
  executor: Executor,
  organization: OrganizationId,
  members: readonly number[],
): Promise<FeedRow[]> {
  if (members.length === 0) return []
  return executor
    .selectFrom('calendar_feeds')
    .select(['member_id', 'created_at', 'last_read_at'])
    .where('organization_id', '=', organization)
    .where('member_id', 'in', members)
    .execute()
}

export async function insertFeed(
  tx: Transaction,
  organization: OrganizationId,
  feed: { token_hash: Buffer; member_id: number; created_at: string },
): Promise<void> {
  const values = { ...feed, organization_id: organization, last_read_at: null } satisfies NewRow<'calendar_feeds'>
  await tx.insertInto('calendar_feeds').values(values).execute()
}

/** Deletes a member's feed. Returns whether there was one. */
export async function deleteFeed(tx: Transaction, organization: OrganizationId, member: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('calendar_feeds')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Deletes all feeds of an organization. */
export async function deleteFeeds(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx.deleteFrom('calendar_feeds').where('organization_id', '=', organization).execute()
}
