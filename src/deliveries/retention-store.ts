import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'

/** Removes up to `limit` attempts that began before `before`. Returns the count. */
export async function removeAttempts(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from attempts where ctid = any(array(
      select ctid from attempts where started_at < ${before} limit ${limit} for update skip locked))`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Removes up to `limit` deliveries that were created and settled before `before`. Returns the count. */
export async function removeDeliveries(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from deliveries where ctid = any(array(
      select ctid from deliveries where created_at < ${before} and settled_at < ${before} limit ${limit} for update skip locked))`.execute(
    executor,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Removes up to `limit` hours before `before`. Returns the count. */
export async function removeHours(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_hours where ctid = any(array(
      select ctid from webhook_hours where hour < ${before} limit ${limit} for update skip locked))`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Removes up to `limit` deliveries of a deleted webhook with their attempts. Returns the count. */
export async function removeDeliveriesOf(
  executor: Executor,
  organization: OrganizationId,
  { webhook, limit }: { webhook: number; limit: number },
): Promise<number> {
  const { rows } = await sql`
    with gone as (
      delete from deliveries where organization_id = ${organization} and id in (
        select id from deliveries where organization_id = ${organization} and webhook_id = ${webhook} order by created_at, id limit ${limit} for update skip locked)
      returning id
    ), attempted as (
      delete from attempts where organization_id = ${organization} and delivery_id in (select id from gone)
    )
    select 1 from gone`.execute(executor)
  return rows.length
}

/** Returns whether a webhook has any deliveries left. */
export async function hasDeliveries(tx: Transaction, organization: OrganizationId, webhook: number): Promise<boolean> {
  const found = await tx
    .selectFrom('deliveries')
    .select('id')
    .where('organization_id', '=', organization)
    .where('webhook_id', '=', webhook)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Removes a webhook's hours and replays. */
export async function removeHistory(tx: Transaction, organization: OrganizationId, webhook: number): Promise<void> {
  for (const table of ['webhook_hours', 'replays'] as const) {
    await tx.deleteFrom(table).where('organization_id', '=', organization).where('webhook_id', '=', webhook).execute()
  }
}
