import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor } from '../platform/database.ts'
import type { Row } from '../platform/tables.ts'
import type { DurationBucket } from './duration-buckets.ts'
import type { WebhookKey } from './targets.ts'

/** The dispatcher's SQL statements: find, claim, release, settle. */

/** A webhook that has pending deliveries. */
export type PendingWebhookRow = Pick<Row<'deliveries'>, 'organization_id' | 'webhook_id'> & {
  /** Whether the webhook is enabled. */
  deliverable: boolean
  disabled: boolean
  /** When its first delivery is due, including deliveries in flight. */
  due_at: string
}

/**
 * Lists the webhooks that have pending deliveries, and when the first is due. This takes one index lookup per webhook,
 * no matter how many deliveries it has. Fresh deliveries (never attempted, not a replay) are due by `now`.
 */
export async function listPendingWebhooks(executor: Executor, now: string): Promise<PendingWebhookRow[]> {
  const first = (fresh: boolean) => sql`(
    select ${fresh ? sql`least(due_at, ${now}::timestamptz)` : sql`due_at`} from deliveries d
    where d.organization_id = w.organization_id and d.webhook_id = w.id and d.status = 'pending' and d.fresh = ${sql.lit(fresh)}
    order by due_at limit 1)`
  const { rows } = await sql<Omit<PendingWebhookRow, 'due_at'> & { due_at: string | null }>`
    with recursive pending as (
      (select organization_id, webhook_id from deliveries where status = 'pending' order by organization_id, webhook_id limit 1)
      union all
      select next.* from pending cross join lateral (
        select d.organization_id, d.webhook_id from deliveries d
        where d.status = 'pending' and (d.organization_id, d.webhook_id) > (pending.organization_id, pending.webhook_id)
        order by d.organization_id, d.webhook_id limit 1
      ) next
    )
    select w.organization_id, w.id as webhook_id, w.state = 'enabled' as deliverable, w.state = 'disabled' as disabled,
      least(${first(true)}, ${first(false)}) as due_at
    from pending join webhooks w on w.organization_id = pending.organization_id and w.id = pending.webhook_id`.execute(
    executor,
  )
  return rows.flatMap(({ due_at, ...row }) => (due_at === null ? [] : [{ ...row, due_at }]))
}

/** How many deliveries to claim for a webhook. */
export interface Share extends WebhookKey {
  most: number
  /** How many of them are reserved for retries and replays, if there are any. */
  retries: number
}

/** A delivery that this process has claimed. */
export type ClaimedRow = Pick<
  Row<'deliveries'>,
  'organization_id' | 'id' | 'webhook_id' | 'activity_id' | 'action' | 'attempts'
> &
  Pick<Row<'webhooks'>, 'revision'> & {
    claim_id: number
    /** In epoch milliseconds. */
    created_ms: number
  }

/**
 * Claims due deliveries with a lease. Each webhook gets its share of retries first, then fresh deliveries, then more retries if
 * there is room. Deliveries held by another process are skipped. Leases use the database's clock, because the clocks of processes
 * may differ. For the same reason, fresh deliveries are due immediately, no matter which clock set their time. `offset 0`
 * prevents the planner from repeating a selection and its locks wherever it is referenced.
 */
export async function claimDeliveries(
  executor: Executor,
  { shares, now, leaseMs }: { shares: readonly Share[]; now: string; leaseMs: number },
): Promise<ClaimedRow[]> {
  const due = (fresh: boolean) => sql`
    select d.ctid from deliveries d
    where d.organization_id = w.organization_id and d.webhook_id = w.webhook_id and d.status = 'pending'
      and d.fresh = ${sql.lit(fresh)} ${fresh ? sql`` : sql`and d.due_at <= ${now}::timestamptz`} and (d.claimed_until is null or d.claimed_until <= now())
      and (not d.ordered or not exists (
        select 1 from deliveries e
        where e.organization_id = d.organization_id and e.webhook_id = d.webhook_id and e.meeting_id = d.meeting_id
          and e.status = 'pending' and e.ordered and (e.activity_id, e.id) < (d.activity_id, d.id)))`
  const { rows } = await sql<ClaimedRow>`
    with wanted as materialized (
      select * from unnest(${shares.map((share) => share.organization)}::bigint[], ${shares.map((share) => share.webhook)}::bigint[],
        ${shares.map((share) => share.most)}::integer[], ${shares.map((share) => share.retries)}::integer[])
        as w (organization_id, webhook_id, most, retries)
    ), claim as materialized (
      select nextval('delivery_claims') as id
    ), picked as materialized (
      select h.revision, found.ctid
      from wanted w
      join webhooks h on h.organization_id = w.organization_id and h.id = w.webhook_id and h.state = 'enabled'
      cross join lateral (
        select array(${due(false)} order by d.due_at, d.id limit w.retries for update skip locked) as ctids offset 0) waiting
      cross join lateral (
        select array(${due(true)} order by d.due_at, d.id limit w.most - cardinality(waiting.ctids) for update skip locked) as ctids offset 0) fresh
      cross join lateral (
        select array(${due(false)} and d.ctid <> all(waiting.ctids)
          order by d.due_at, d.id limit w.most - cardinality(waiting.ctids) - cardinality(fresh.ctids) for update skip locked) as ctids offset 0) more
      cross join lateral unnest(waiting.ctids || fresh.ctids || more.ctids) as found (ctid)
    )
    update deliveries d set claim_id = claim.id, claimed_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
    from picked, claim
    where d.ctid = picked.ctid
    returning d.organization_id, d.id, d.webhook_id, d.activity_id, d.action, d.attempts,
      extract(epoch from d.created_at)::float8 * 1000 as created_ms, d.claim_id, picked.revision`.execute(executor)
  return rows
}

/** Releases claimed deliveries that were not attempted. */
export async function releaseDeliveries(
  executor: Executor,
  claimed: readonly Pick<ClaimedRow, 'organization_id' | 'id' | 'claim_id'>[],
): Promise<void> {
  await sql`
    update deliveries d set claim_id = null, claimed_until = null
    from unnest(${claimed.map((row) => row.organization_id)}::bigint[], ${claimed.map((row) => row.id)}::bigint[],
      ${claimed.map((row) => row.claim_id)}::bigint[]) as c (organization_id, id, claim_id)
    cross join lateral (
      select k.ctid from deliveries k
      where k.organization_id = c.organization_id and k.id = c.id and k.claim_id = c.claim_id limit 1 for no key update) held
    where d.ctid = held.ctid`.execute(executor)
}

/** The bodies of activities. */
export async function listBodies(
  executor: Executor,
  activities: readonly { organization: OrganizationId; activity: number }[],
): Promise<Pick<Row<'activities'>, 'id' | 'body'>[]> {
  const { rows } = await sql<Pick<Row<'activities'>, 'id' | 'body'>>`
    select a.id, a.body from activities a
    join unnest(${activities.map((each) => each.organization)}::bigint[], ${activities.map((each) => each.activity)}::bigint[])
      as k (organization_id, id) on k.organization_id = a.organization_id and k.id = a.id`.execute(executor)
  return rows
}

/** The result of a claimed delivery's attempt, and what happens next. */
export interface SettledRow {
  organization_id: OrganizationId
  id: number
  claim_id: number
  outcome: 'pending' | 'delivered' | 'failed'
  failure_reason: string | null
  /** When the delivery is retried. Null if it is not retried. */
  due_at: string | null
  /** In epoch milliseconds. */
  started_ms: number
  duration_ms: number
  status: number | null
  response_headers: string | null
  response_body: string | null
  response_truncated: boolean
  error_kind: string | null
  error_stage: string | null
  error: string | null
}

/** The attempts for one webhook in one hour and one duration bucket. */
export interface HourRow extends DurationBucket {
  organization_id: OrganizationId
  webhook_id: number
  hour: string
}

/**
 * Records attempts and the new state of their deliveries, if the claim is still valid. Each delivery is looked up by its key,
 * which `limit 1` forces. A join would be planned from estimates of the queue's length and would read the whole queue each time.
 * If a webhook and all its rows have been removed in the meantime, its hours are dropped.
 */
export async function settleDeliveries(
  executor: Executor,
  { settled, hours, now }: { settled: readonly SettledRow[]; hours: readonly HourRow[]; now: string },
): Promise<void> {
  const column = <K extends keyof SettledRow>(name: K) => settled.map((row) => row[name])
  const hour = <K extends keyof HourRow>(name: K) => hours.map((row) => row[name])
  await sql`
    with outcome as (
      select * from unnest(
        ${column('organization_id')}::bigint[], ${column('id')}::bigint[], ${column('claim_id')}::bigint[],
        ${column('outcome')}::text[], ${column('failure_reason')}::text[], ${column('due_at')}::timestamptz[],
        ${column('started_ms')}::float8[], ${column('duration_ms')}::integer[], ${column('status')}::integer[],
        ${column('response_headers')}::text[], ${column('response_body')}::text[], ${column('response_truncated')}::boolean[],
        ${column('error_kind')}::text[], ${column('error_stage')}::text[], ${column('error')}::text[])
      as o (organization_id, id, claim_id, outcome, failure_reason, due_at, started_ms, duration_ms, status,
        response_headers, response_body, response_truncated, error_kind, error_stage, error)
    ), settled as (
      update deliveries d set status = o.outcome, failure_reason = o.failure_reason, attempts = d.attempts + 1, fresh = false,
        last_status = o.status, last_error_kind = o.error_kind,
        due_at = coalesce(o.due_at, d.due_at), claim_id = null, claimed_until = null,
        settled_at = case when o.outcome <> 'pending' then ${now}::timestamptz end
      from outcome o
      cross join lateral (
        select k.ctid from deliveries k
        where k.organization_id = o.organization_id and k.id = o.id and k.claim_id = o.claim_id limit 1 for no key update) held
      where d.ctid = held.ctid
      returning d.organization_id, d.id, d.attempts, to_timestamp(o.started_ms / 1000) as started_at, o.duration_ms, o.status, o.response_headers, o.response_body,
        o.response_truncated, o.error_kind, o.error_stage, o.error
    ), hours as (
      insert into webhook_hours as kept (organization_id, webhook_id, hour, bucket, succeeded, failed)
      select h.* from unnest(${hour('organization_id')}::bigint[], ${hour('webhook_id')}::bigint[], ${hour('hour')}::timestamptz[],
        ${hour('bucket')}::smallint[], ${hour('succeeded')}::integer[], ${hour('failed')}::integer[])
        as h (organization_id, webhook_id, hour, bucket, succeeded, failed)
      where exists (select 1 from webhooks w where w.organization_id = h.organization_id and w.id = h.webhook_id)
      on conflict (organization_id, webhook_id, hour, bucket) do update
      set succeeded = kept.succeeded + excluded.succeeded, failed = kept.failed + excluded.failed
    )
    insert into attempts (organization_id, delivery_id, number, started_at, duration_ms, status, response_headers, response_body,
      response_truncated, error_kind, error_stage, error)
    select organization_id, id, attempts, started_at, duration_ms, status, response_headers::json, response_body,
      response_truncated, error_kind, error_stage, error
    from settled`.execute(executor)
}

/**
 * Records that this dispatcher is alive, removes dispatchers without a heartbeat for `aliveMs`, and returns the remaining ones.
 */
export async function recordHeartbeat(executor: Executor, id: string, aliveMs: number): Promise<string[]> {
  const since = sql`now() - ${aliveMs}::float8 * interval '1 millisecond'`
  const { rows } = await sql<{ id: string }>`
    with gone as (delete from dispatchers where seen_at < ${since} and id <> ${id}),
    me as (insert into dispatchers (id, seen_at) values (${id}, now()) on conflict (id) do update set seen_at = now())
    select id from dispatchers where seen_at >= ${since}
    union select ${id}`.execute(executor)
  return rows.map((row) => row.id)
}

/** Removes a dispatcher that is stopping. */
export async function removeDispatcher(executor: Executor, id: string): Promise<void> {
  await sql`delete from dispatchers where id = ${id}`.execute(executor)
}

/** Returns the number of pending deliveries in the whole database, up to a limit, and when the oldest became due. */
export async function measureQueue(
  executor: Executor,
  { limit, now }: { limit: number; now: string },
): Promise<{ pending: number; oldest: string | null }> {
  const { rows } = await sql<{ pending: number; oldest: string | null }>`
    select count(*) as pending, min(greatest(due_at, created_at)) filter (where due_at <= ${now}::timestamptz) as oldest
    from (select due_at, created_at from deliveries where status = 'pending' limit ${limit}) waiting`.execute(executor)
  return rows[0] ?? { pending: 0, oldest: null }
}
