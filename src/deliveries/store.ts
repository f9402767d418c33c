import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Transaction } from '../platform/database.ts'

/** PostgreSQL refuses a NOTIFY payload of 8,000 bytes or more. */
const LONGEST_PAYLOAD = 7_900

/**
 * Inserts one delivery for each activity and each webhook that subscribes to it, and wakes the dispatchers at the commit.
 * The activities are rows of the same transaction. If the ids of the webhooks do not fit into one NOTIFY, an empty payload
 * makes the dispatchers look for themselves.
 */
export async function insertDeliveries(
  tx: Transaction,
  organization: OrganizationId,
  { activities, channel }: { activities: number[]; channel: string },
): Promise<void> {
  await sql`
    with made as (
      insert into deliveries (organization_id, webhook_id, activity_id, meeting_id, action, ordered, due_at, created_at)
      select w.organization_id, w.id, a.id, a.meeting_id, a.action, w.ordering = 'meeting', a.created_at, a.created_at
      from activities a
      join webhooks w on w.organization_id = a.organization_id and w.state <> 'disabled'
        and (w.actions is null or a.action = any(w.actions))
      where a.organization_id = ${organization} and a.id = any(${activities}::bigint[])
      order by a.id, w.id
      returning webhook_id
    )
    select pg_notify(${channel}, case when length(webhooks) < ${LONGEST_PAYLOAD} then ${String(organization)} || ':' || webhooks else '' end)
    from (select string_agg(distinct webhook_id::text, ',') as webhooks from made having count(*) > 0) inserted`.execute(
    tx,
  )
}
