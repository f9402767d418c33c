import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Subscription } from '../activities/subscription.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Row } from '../platform/tables.ts'
import type { DurationBucket } from './duration-buckets.ts'
import type { AttemptView, Delivery } from './schema.ts'

/** PostgreSQL rejects a NOTIFY payload of 8,000 bytes or more. */
const LONGEST_PAYLOAD = 7_900

/** For each webhook setting, whether activity `a` matches the setting of webhook `w`. Both are aliases in the statement. */
const subscriptionRules: { [Setting in keyof Subscription]: RawBuilder<SqlBool> } = {
  actions: sql`(w.actions is null or a.action = any(w.actions))`,
  filter: sql`(w.filter is null or a.conditions @> w.filter)`,
}

/** The subscription rule: whether webhook `w` subscribes to activity `a`. It is used wherever deliveries are created. */
export const isSubscribed = sql<SqlBool>`(${sql.join(Object.values(subscriptionRules), sql` and `)})`

/**
 * Inserts one delivery for each activity and each webhook that subscribes to it, and wakes the dispatchers on commit. The
 * activities must be rows of the same transaction. If the webhook ids do not fit into one NOTIFY, an empty payload makes the
 * dispatchers search for the webhooks.
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
      join webhooks w on w.organization_id = a.organization_id and w.state <> 'disabled' and ${isSubscribed}
      where a.organization_id = ${organization} and a.id = any(${activities}::bigint[])
      order by a.id, w.id
      returning webhook_id
    )
    select pg_notify(${channel}, case when length(webhooks) < ${LONGEST_PAYLOAD} then ${String(organization)} || ':' || webhooks else '' end)
    from (select string_agg(distinct webhook_id::text, ',') as webhooks from made having count(*) > 0) inserted`.execute(
    tx,
  )
}

/** When the transaction commits, notifies the dispatchers that a webhook or its queue has changed. */
export async function notifyDispatchers(
  tx: Transaction,
  organization: OrganizationId,
  { channel, webhook }: { channel: string; webhook: number },
): Promise<void> {
  await sql`select pg_notify(${channel}, ${`${organization}:${webhook}:changed`})`.execute(tx)
}

/** When the transaction commits, notifies the dispatchers of an erasure, if deliveries of these meetings are pending. */
export async function notifyOfErasure(
  tx: Transaction,
  organization: OrganizationId,
  { meetings, channel }: { meetings: readonly number[]; channel: string },
): Promise<void> {
  await sql`
    select pg_notify(${channel}, ${`${organization}:all:erased`})
    where exists (
      select from deliveries
      where organization_id = ${organization} and status = 'pending' and meeting_id = any(${meetings}::bigint[])
    )`.execute(tx)
}

/** When the transaction commits, makes the dispatchers release all of an organization's deliveries that they have claimed. */
export async function notifyOfDeletion(
  tx: Transaction,
  organization: OrganizationId,
  { channel }: { channel: string },
): Promise<void> {
  await sql`select pg_notify(${channel}, ${`${organization}:all:erased`})`.execute(tx)
}

/**
 * Removes the claims on these meetings' pending deliveries. Processes one step at a time through the organization's deliveries,
 * in the order of their ids. Returns the meetings' deliveries in this step and the id to continue after, which is null at the
 * end.
 */
export async function releaseDeliveriesOf(
  executor: Executor,
  organization: OrganizationId,
  { meetings, after, limit }: { meetings: readonly number[]; after: number; limit: number },
): Promise<{ deliveries: number[]; last: number | null }> {
  const { rows } = await sql<{ deliveries: number[]; last: number | null }>`
    with part as materialized (
      select id, meeting_id from deliveries
      where organization_id = ${organization} and id > ${after} order by id limit ${limit}
    ), found as materialized (
      select id from part where meeting_id = any(${meetings}::bigint[])
    ), released as (
      update deliveries d set claim_id = null, claimed_until = null from found
      where d.organization_id = ${organization} and d.id = found.id and d.status = 'pending' and d.claim_id is not null
    )
    select coalesce((select jsonb_agg(id) from found), '[]') as deliveries,
      (select max(id) from part having count(*) = ${limit}) as last`.execute(executor)
  return rows[0] ?? { deliveries: [], last: null }
}

/** Erases the receivers' responses to these deliveries. */
export async function eraseResponses(
  executor: Executor,
  organization: OrganizationId,
  deliveries: readonly number[],
): Promise<void> {
  await sql`
    update attempts set response_headers = null, response_body = null
    where organization_id = ${organization} and delivery_id = any(${deliveries}::bigint[])
      and (response_headers is not null or response_body is not null)`.execute(executor)
}

export interface DeliveryRecord {
  id: number
  webhook: number
  activity: number
  meeting: number
  action: string
  status: string
  created_at: string
  attempts: { number: number; started_at: string; status: number | null; response_body: string | null }[]
}

/** Lists the deliveries of some meetings with their attempts, oldest first. */
export async function listDeliveriesOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  meetings: readonly number[],
): Promise<DeliveryRecord[]> {
  const { rows } = await sql<DeliveryRecord>`
    select d.id, d.webhook_id as webhook, d.activity_id as activity, d.meeting_id as meeting, d.action, d.status, d.created_at,
      coalesce((
        select jsonb_agg(jsonb_build_object('number', t.number, 'started_at', t.started_at, 'status', t.status,
          'response_body', t.response_body) order by t.number)
        from attempts t where t.organization_id = d.organization_id and t.delivery_id = d.id
      ), '[]') as attempts
    from deliveries d
    where d.organization_id = ${organization} and d.meeting_id = any(${meetings}::bigint[])
    order by d.id`.execute(executor)
  return rows
}

/**
 * Fails up to `limit` pending deliveries of a disabled or deleted webhook and returns the count. Claimed deliveries are left to
 * their dispatcher, which records attempts in flight when they end and releases the other deliveries.
 */
export async function failPending(
  executor: Executor,
  organization: OrganizationId,
  { webhook, at, limit }: { webhook: number; at: string; limit: number },
): Promise<number> {
  const { numUpdatedRows } = await executor
    .updateTable('deliveries')
    .set({
      status: 'failed',
      failure_reason: 'webhook_disabled' satisfies Delivery['failure_reason'],
      settled_at: at,
      claim_id: null,
      claimed_until: null,
    })
    .where('organization_id', '=', organization)
    .where(({ eb, selectFrom }) =>
      eb(
        'id',
        'in',
        selectFrom('deliveries')
          .select('id')
          .where('organization_id', '=', organization)
          .where('webhook_id', '=', webhook)
          .where('status', '=', sql.lit('pending'))
          .where(sql<SqlBool>`(claimed_until is null or claimed_until <= now())`)
          .orderBy('id')
          .limit(limit)
          .forUpdate()
          .skipLocked(),
      ),
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Sets whether a webhook's pending deliveries keep the order within their meeting. */
export async function setOrdered(
  tx: Transaction,
  organization: OrganizationId,
  { webhook, ordered }: { webhook: number; ordered: boolean },
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ ordered })
    .where('organization_id', '=', organization)
    .where('webhook_id', '=', webhook)
    .where('status', '=', sql.lit('pending'))
    .execute()
}

type AttemptError = NonNullable<AttemptView['error']>

/** Why an attempt failed. All fields are null if the receiver accepted it. */
type AttemptErrorColumns =
  | { error_kind: null; error_stage: null; error: null }
  | { error_kind: AttemptError['kind']; error_stage: AttemptError['stage']; error: AttemptError['message'] }

/** An attempt as it is stored. */
export type AttemptRow = Omit<
  Row<'attempts'>,
  'organization_id' | 'delivery_id' | 'response_headers' | keyof AttemptErrorColumns
> &
  Pick<AttemptView, 'response_headers'> &
  AttemptErrorColumns

const attemptColumns = [
  'number',
  'started_at',
  'duration_ms',
  'status',
  'response_headers',
  'response_body',
  'response_truncated',
  'error_kind',
  'error_stage',
  'error',
] as const satisfies (keyof AttemptRow)[]

export async function listAttempts(
  executor: Executor,
  organization: OrganizationId,
  delivery: number,
): Promise<AttemptRow[]> {
  return executor
    .selectFrom('attempts')
    .select(attemptColumns)
    .where('organization_id', '=', organization)
    .where('delivery_id', '=', delivery)
    .orderBy('number')
    .$narrowType<Pick<AttemptRow, 'response_headers'> & AttemptErrorColumns>()
    .execute()
}

/** A due time before all others, so that this delivery is claimed next. Lists show its creation time instead. */
const FIRST_OF_ALL = '1970-01-01T00:00:00Z'

/** Makes a pending delivery the next one of its webhook. */
export async function expediteDelivery(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`
    update deliveries set due_at = ${FIRST_OF_ALL}, fresh = true
    where organization_id = ${organization} and id = ${id} and status = 'pending'`.execute(tx)
}

/** Inserts a new delivery of the same activity to the same webhook, which is sent next. Returns its id. */
export async function repeatDelivery(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<number> {
  const { rows } = await sql<Pick<Row<'deliveries'>, 'id'>>`
    insert into deliveries (organization_id, webhook_id, activity_id, meeting_id, action, ordered, due_at, created_at)
    select d.organization_id, d.webhook_id, d.activity_id, d.meeting_id, d.action, w.ordering = 'meeting', ${FIRST_OF_ALL}, ${at}
    from deliveries d join webhooks w on w.organization_id = d.organization_id and w.id = d.webhook_id
    where d.organization_id = ${organization} and d.id = ${id}
    returning id`.execute(tx)
  return rows[0]?.id ?? 0
}

/** Finds a webhook's pending delivery that is due first. */
export async function findNextPending(
  tx: Transaction,
  organization: OrganizationId,
  webhook: number,
): Promise<number | undefined> {
  const first = (fresh: boolean) => sql`(
    select id, due_at from deliveries
    where organization_id = ${organization} and webhook_id = ${webhook} and status = 'pending' and fresh = ${sql.lit(fresh)}
    order by due_at, id limit 1)`
  const { rows } = await sql<Pick<Row<'deliveries'>, 'id'>>`
    select id from (${first(true)} union all ${first(false)}) found order by due_at, id limit 1`.execute(tx)
  return rows[0]?.id
}

/** Counts these webhooks' attempts since the given hour, by duration. */
export async function listBuckets(
  executor: Executor,
  organization: OrganizationId,
  { webhooks, since }: { webhooks: number[]; since: string },
): Promise<(DurationBucket & { webhook_id: number })[]> {
  const { rows } = await sql<DurationBucket & { webhook_id: number }>`
    select webhook_id, bucket, sum(succeeded) as succeeded, sum(failed) as failed from webhook_hours
    where organization_id = ${organization} and webhook_id = any(${webhooks}::bigint[]) and hour >= ${since}
    group by webhook_id, bucket`.execute(executor)
  return rows
}

/** Counts a webhook's attempts by hour since `since`, oldest hour first. Hours without attempts are omitted. */
export async function listHours(
  executor: Executor,
  organization: OrganizationId,
  { webhook, since }: { webhook: number; since: string },
): Promise<Pick<Row<'webhook_hours'>, 'hour' | 'succeeded' | 'failed'>[]> {
  const { rows } = await sql<Pick<Row<'webhook_hours'>, 'hour' | 'succeeded' | 'failed'>>`
    select hour, sum(succeeded) as succeeded, sum(failed) as failed from webhook_hours
    where organization_id = ${organization} and webhook_id = ${webhook} and hour >= ${since}
    group by hour order by hour`.execute(executor)
  return rows
}

/** Returns each webhook's number of pending deliveries, up to a limit, and when the first of them is due. */
export async function countPending(
  executor: Executor,
  organization: OrganizationId,
  { webhooks, limit }: { webhooks: number[]; limit: number },
): Promise<{ webhook_id: number; pending: number; due_at: string | null }[]> {
  const first = (fresh: boolean) => sql`(
    select due_at from deliveries d
    where d.organization_id = ${organization} and d.webhook_id = w.id and d.status = 'pending' and d.fresh = ${sql.lit(fresh)}
    order by due_at limit 1)`
  const { rows } = await sql<{ webhook_id: number; pending: number; due_at: string | null }>`
    select w.id as webhook_id, counted.pending, least(${first(true)}, ${first(false)}) as due_at
    from unnest(${webhooks}::bigint[]) as w (id)
    cross join lateral (
      select count(*) as pending from (
        select 1 from deliveries d
        where d.organization_id = ${organization} and d.webhook_id = w.id and d.status = 'pending' limit ${limit}) found
    ) counted`.execute(executor)
  return rows
}
