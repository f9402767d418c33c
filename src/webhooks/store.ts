import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Action } from '../activities/schema.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { DurationBucket } from './health.ts'

/** A webhook as it is stored; secrets and headers are encrypted. Instants are RFC 3339 text. */
export interface WebhookRow {
  organization_id: OrganizationId
  id: number
  url: string
  description: string | null
  actions: Action[] | null
  headers: Uint8Array | null
  ordering: 'none' | 'meeting'
  concurrency: number
  rate_limit_per_second: number | null
  signing: 'v1' | 'v1a'
  secret: Uint8Array
  public_key: string | null
  previous_secret: Uint8Array | null
  previous_secret_until: string | null
  state: 'enabled' | 'paused' | 'disabled'
  state_reason: 'by_admin' | 'gone' | 'failing' | null
  state_changed_at: string
  /** Since when its address, own headers and secret have been as they are. */
  sending_changed_at: string
  revision: number
  failing_since: string | null
  failing_attempts: number
  warned_at: string | null
  last_failure_at: string | null
  last_failure: string | null
  breaker_failures: number
  breaker_open_until: string | null
  breaker_pause_ms: number
  created_at: string
}

/** What an admin decides about a webhook. */
export type WebhookSettings = Pick<
  WebhookRow,
  | 'url'
  | 'description'
  | 'actions'
  | 'headers'
  | 'ordering'
  | 'concurrency'
  | 'rate_limit_per_second'
  | 'state'
  | 'state_reason'
  | 'state_changed_at'
  | 'sending_changed_at'
>

/** A webhook of some organization, for those who work for all of them. */
export interface WebhookKey {
  organization: OrganizationId
  webhook: number
}

export async function insertWebhook(
  tx: Transaction,
  organization: OrganizationId,
  webhook: WebhookSettings & Pick<WebhookRow, 'signing' | 'secret' | 'public_key' | 'created_at'>,
): Promise<WebhookRow> {
  const { rows } = await sql<WebhookRow>`
    insert into webhooks (organization_id, url, description, actions, headers, ordering, concurrency, rate_limit_per_second,
      signing, secret, public_key, state, state_reason, state_changed_at, sending_changed_at, created_at)
    values (${organization}, ${webhook.url}, ${webhook.description}, ${webhook.actions}, ${webhook.headers}, ${webhook.ordering},
      ${webhook.concurrency}, ${webhook.rate_limit_per_second}, ${webhook.signing}, ${webhook.secret}, ${webhook.public_key},
      ${webhook.state}, ${webhook.state_reason}, ${webhook.state_changed_at},
      ${webhook.sending_changed_at}, ${webhook.created_at})
    returning *`.execute(tx)
  return rows[0] as WebhookRow
}

export async function listWebhooks(
  executor: Executor,
  organization: OrganizationId,
  { limit, after }: PageRequest,
): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select * from webhooks
    where organization_id = ${organization} and id > ${after?.[0] ?? 0} and deleted_at is null
    order by id limit ${limit + 1}`.execute(executor)
  return rows
}

export async function findWebhook(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<WebhookRow | undefined> {
  const { rows } = await sql<WebhookRow>`
    select * from webhooks where organization_id = ${organization} and id = ${id} and deleted_at is null`.execute(
    executor,
  )
  return rows[0]
}

/** The webhooks that point to an address. */
export async function listWebhooksTo(
  executor: Executor,
  organization: OrganizationId,
  url: string,
): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select * from webhooks where organization_id = ${organization} and url = ${url} and deleted_at is null
    order by id`.execute(executor)
  return rows
}

/** The webhook, locked against other changes until the transaction ends. Deliveries can still be made for it. */
export async function lockWebhook(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<WebhookRow | undefined> {
  const { rows } = await sql<WebhookRow>`
    select * from webhooks where organization_id = ${organization} and id = ${id} and deleted_at is null
    for no key update`.execute(tx)
  return rows[0]
}

/** Saves what an admin decided. `healed`: what is known of its failures is forgotten, as it starts anew. */
export async function updateWebhook(
  tx: Transaction,
  organization: OrganizationId,
  { id, settings, healed }: { id: number; settings: WebhookSettings; healed: boolean },
): Promise<WebhookRow> {
  const { rows } = await sql<WebhookRow>`
    update webhooks set url = ${settings.url}, description = ${settings.description}, actions = ${settings.actions},
      headers = ${settings.headers}, ordering = ${settings.ordering}, concurrency = ${settings.concurrency},
      rate_limit_per_second = ${settings.rate_limit_per_second}, state = ${settings.state},
      state_reason = ${settings.state_reason}, state_changed_at = ${settings.state_changed_at},
      sending_changed_at = ${settings.sending_changed_at}, revision = revision + 1
      ${healed ? sql`, failing_since = null, failing_attempts = 0, warned_at = null, breaker_failures = 0, breaker_open_until = null, breaker_pause_ms = 0` : sql``}
    where organization_id = ${organization} and id = ${id}
    returning *`.execute(tx)
  return rows[0] as WebhookRow
}

/** Puts a new secret first; the one before signs too until the given moment. */
export async function replaceSecret(
  tx: Transaction,
  organization: OrganizationId,
  {
    id,
    secret,
    publicKey,
    previousUntil,
    at,
  }: { id: number; secret: Uint8Array; publicKey: string | null; previousUntil: string; at: string },
): Promise<void> {
  await sql`
    update webhooks set previous_secret = secret, previous_secret_until = ${previousUntil}, secret = ${secret},
      public_key = ${publicKey}, sending_changed_at = ${at}, revision = revision + 1
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Webhooks whose secrets are to be encrypted again, some at a time in the order of their keys. */
export async function listSecrets(
  executor: Executor,
  after: WebhookKey | null,
  limit: number,
): Promise<Pick<WebhookRow, 'organization_id' | 'id' | 'secret' | 'previous_secret' | 'headers'>[]> {
  const { rows } = await sql<Pick<WebhookRow, 'organization_id' | 'id' | 'secret' | 'previous_secret' | 'headers'>>`
    select organization_id, id, secret, previous_secret, headers from webhooks
    where (organization_id, id) > (${after?.organization ?? 0}, ${after?.webhook ?? 0})
    order by organization_id, id limit ${limit}`.execute(executor)
  return rows
}

/** Replaces ciphertexts, unless the secret has been rotated in between. */
export async function reencryptSecrets(
  tx: Transaction,
  organization: OrganizationId,
  row: { id: number; oldSecret: Uint8Array } & Pick<WebhookRow, 'secret' | 'previous_secret' | 'headers'>,
): Promise<void> {
  await sql`
    update webhooks set secret = ${row.secret}, previous_secret = ${row.previous_secret}, headers = ${row.headers}
    where organization_id = ${organization} and id = ${row.id} and secret = ${row.oldSecret}`.execute(tx)
}

/** Marks a webhook as deleted: its rows go in the background. */
export async function markDeleted(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update webhooks set deleted_at = ${at}, state = 'disabled', state_changed_at = ${at}, revision = revision + 1
    where organization_id = ${organization} and id = ${id} and deleted_at is null`.execute(tx)
  return numAffectedRows === 1n
}

/**
 * Fails what waits for a webhook that is disabled or deleted, at most so many rows; gives how many. What a dispatcher
 * holds is left to it: what is under way is recorded as it ends, and the rest comes back.
 */
export async function failWaiting(
  executor: Executor,
  organization: OrganizationId,
  { webhook, at, limit }: { webhook: number; at: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update deliveries set status = 'failed', failure_reason = 'webhook_disabled', settled_at = ${at}, claim_id = null, claimed_until = null
    where organization_id = ${organization} and id in (
      select id from deliveries
      where organization_id = ${organization} and webhook_id = ${webhook} and status = 'pending'
        and (claimed_until is null or claimed_until <= now())
      order by id limit ${limit} for update skip locked)`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Lets what waits keep the order of its meeting, or no longer. */
export async function setOrdered(
  tx: Transaction,
  organization: OrganizationId,
  { webhook, ordered }: { webhook: number; ordered: boolean },
): Promise<void> {
  await sql`
    update deliveries set ordered = ${ordered}
    where organization_id = ${organization} and webhook_id = ${webhook} and status = 'pending'`.execute(tx)
}

/** Tells the dispatchers that a webhook or its queue has changed, when the transaction commits. */
export async function notifyDispatchers(
  executor: Executor,
  organization: OrganizationId,
  { channel, webhook }: { channel: string; webhook: number },
): Promise<void> {
  await sql`select pg_notify(${channel}, ${`${organization}:${webhook}:changed`})`.execute(executor)
}

/** A delivery as it is stored. */
export interface DeliveryRow {
  id: number
  webhook_id: number
  activity_id: number
  meeting_id: number
  replay_id: number | null
  action: Action
  status: 'pending' | 'delivered' | 'failed'
  failure_reason: 'attempts_used_up' | 'too_old' | 'gone' | 'webhook_disabled' | null
  attempts: number
  due_at: string
  created_at: string
  settled_at: string | null
}

const deliveryColumns = sql.raw(
  'id, webhook_id, activity_id, meeting_id, replay_id, action, status, failure_reason, attempts, due_at, created_at, settled_at',
)

export interface DeliveryFilter {
  webhook: number
  status: DeliveryRow['status'] | undefined
  action: Action | undefined
  since: string | undefined
}

/** The deliveries of a webhook, the newest first. */
export async function listDeliveries(
  executor: Executor,
  organization: OrganizationId,
  { webhook, status, action, since, limit, after }: DeliveryFilter & PageRequest,
): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    select ${deliveryColumns} from deliveries
    where organization_id = ${organization} and webhook_id = ${webhook}
      and id < ${after?.[0] ?? Number.MAX_SAFE_INTEGER}
      ${status ? sql`and status = ${sql.lit(status)}` : sql``}
      ${action ? sql`and action = ${action}` : sql``}
      ${since ? sql`and created_at >= ${since}` : sql``}
    order by id desc limit ${limit + 1}`.execute(executor)
  return rows
}

export async function findDelivery(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<(DeliveryRow & { body: string }) | undefined> {
  const { rows } = await sql<DeliveryRow & { body: string }>`
    select d.*, a.body from deliveries d
    join activities a on a.organization_id = d.organization_id and a.id = d.activity_id
    where d.organization_id = ${organization} and d.id = ${id}`.execute(executor)
  return rows[0]
}

/** An attempt as it is stored. */
export interface AttemptRow {
  number: number
  started_at: string
  duration_ms: number
  status: number | null
  response_headers: Record<string, string | string[]> | null
  response_body: string | null
  response_truncated: boolean
  error_kind: string | null
  error_stage: string | null
  error: string | null
}

export async function listAttempts(
  executor: Executor,
  organization: OrganizationId,
  delivery: number,
): Promise<AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select number, started_at, duration_ms, status, response_headers, response_body, response_truncated, error_kind, error_stage, error
    from attempts where organization_id = ${organization} and delivery_id = ${delivery} order by number`.execute(
    executor,
  )
  return rows
}

/** Makes a waiting delivery due at once. */
export async function hastenDelivery(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<void> {
  await sql`
    update deliveries set due_at = least(due_at, ${at}::timestamptz)
    where organization_id = ${organization} and id = ${id} and status = 'pending'`.execute(tx)
}

/** Makes a new delivery of the same activity to the same webhook; gives its id. */
export async function repeatDelivery(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into deliveries (organization_id, webhook_id, activity_id, meeting_id, action, fresh, ordered, due_at, created_at)
    select d.organization_id, d.webhook_id, d.activity_id, d.meeting_id, d.action, false, w.ordering = 'meeting', ${at}, ${at}
    from deliveries d join webhooks w on w.organization_id = d.organization_id and w.id = d.webhook_id
    where d.organization_id = ${organization} and d.id = ${id}
    returning id`.execute(tx)
  return rows[0]?.id ?? 0
}

export interface ReplayRow {
  id: number
  webhook_id: number
  since: string
  until: string
  only: 'failed' | 'missed' | 'all'
  queued: number
  created_at: string
}

/** Lets one replay of a webhook be queued after the other, until the transaction ends. It holds up nothing else. */
export async function lockReplays(tx: Transaction, organization: OrganizationId, webhook: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`replays of ${organization}:${webhook}`}, 0))`.execute(tx)
}

export async function insertReplay(
  tx: Transaction,
  organization: OrganizationId,
  replay: Omit<ReplayRow, 'id' | 'queued'>,
): Promise<ReplayRow> {
  const { rows } = await sql<ReplayRow>`
    insert into replays (organization_id, webhook_id, since, until, "only", created_at)
    values (${organization}, ${replay.webhook_id}, ${replay.since}, ${replay.until}, ${replay.only}, ${replay.created_at})
    returning id, webhook_id, since, until, "only", queued, created_at`.execute(tx)
  return rows[0] as ReplayRow
}

/** What a replay asks for. */
export type ReplayWish = Pick<ReplayRow, 'webhook_id' | 'since' | 'until' | 'only'>

/**
 * The activities that a replay asks for, each beside its webhook.
 * failed: the last delivery of the activity to this webhook has failed. missed: it has none at all, or it waited when
 * the webhook was disabled. Since old deliveries are not kept, nothing counts as missed that happened before
 * `keptSince` and after the webhook was made.
 */
function activitiesToReplay(organization: OrganizationId, wish: ReplayWish, keptSince: string) {
  const last = sql`
    select distinct on (activity_id) activity_id, status, failure_reason from deliveries
    where organization_id = ${organization} and webhook_id = ${wish.webhook_id}
    order by activity_id, id desc`
  const wanted = {
    all: sql`true`,
    failed: sql`known.status = 'failed'`,
    missed: sql`(known.status is null and (a.created_at < w.created_at or a.created_at >= ${keptSince})
      or known.status = 'failed' and known.failure_reason = 'webhook_disabled')`,
  }[wish.only]
  return sql`
    activities a
    join webhooks w on w.organization_id = a.organization_id and w.id = ${wish.webhook_id}
      and (w.actions is null or a.action = any(w.actions))
    left join (${last}) known on known.activity_id = a.id
    where a.organization_id = ${organization} and a.created_at >= ${wish.since} and a.created_at < ${wish.until} and ${wanted}`
}

/** How many deliveries a replay would queue. */
export async function countReplay(
  executor: Executor,
  organization: OrganizationId,
  { wish, keptSince }: { wish: ReplayWish; keptSince: string },
): Promise<number> {
  const { rows } = await sql<{ queued: number }>`
    select count(*) as queued from ${activitiesToReplay(organization, wish, keptSince)}`.execute(executor)
  return rows[0]?.queued ?? 0
}

/** Queues what a replay asks for, in the order of the activities; gives how many deliveries that are. */
export async function queueReplay(
  tx: Transaction,
  organization: OrganizationId,
  { replay, keptSince }: { replay: ReplayRow; keptSince: string },
): Promise<number> {
  const { rows } = await sql<{ queued: number }>`
    with queued as (
      insert into deliveries (organization_id, webhook_id, activity_id, meeting_id, action, replay_id, fresh, ordered, due_at, created_at)
      select w.organization_id, w.id, a.id, a.meeting_id, a.action, ${replay.id}, false, w.ordering = 'meeting', ${replay.created_at}, ${replay.created_at}
      from ${activitiesToReplay(organization, replay, keptSince)}
      order by a.id
      returning 1
    )
    update replays set queued = (select count(*) from queued)
    where organization_id = ${organization} and id = ${replay.id}
    returning queued`.execute(tx)
  return rows[0]?.queued ?? 0
}

export type ReplayProgress = ReplayRow & Record<DeliveryRow['status'], number>

/** The replays of a webhook, the newest first, with how far each has come. */
export async function listReplays(
  executor: Executor,
  organization: OrganizationId,
  { webhook, limit, after }: { webhook: number } & PageRequest,
): Promise<ReplayProgress[]> {
  const { rows } = await sql<ReplayProgress>`
    select r.id, r.webhook_id, r.since, r.until, r."only", r.queued, r.created_at, counted.* from replays r
    cross join lateral (
      select count(*) filter (where status = 'pending') as pending, count(*) filter (where status = 'delivered') as delivered,
        count(*) filter (where status = 'failed') as failed
      from deliveries d where d.organization_id = r.organization_id and d.replay_id = r.id
    ) counted
    where r.organization_id = ${organization} and r.webhook_id = ${webhook} and r.id < ${after?.[0] ?? Number.MAX_SAFE_INTEGER}
    order by r.id desc limit ${limit + 1}`.execute(executor)
  return rows
}

/** Attempts of some webhooks since an hour, by duration. */
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

/** Attempts of a webhook in each hour since `since` that had any, the oldest hour first. */
export async function listHours(
  executor: Executor,
  organization: OrganizationId,
  { webhook, since }: { webhook: number; since: string },
): Promise<{ hour: string; succeeded: number; failed: number }[]> {
  const { rows } = await sql<{ hour: string; succeeded: number; failed: number }>`
    select hour, sum(succeeded) as succeeded, sum(failed) as failed from webhook_hours
    where organization_id = ${organization} and webhook_id = ${webhook} and hour >= ${since}
    group by hour order by hour`.execute(executor)
  return rows
}

/** How many deliveries wait for each webhook, counted up to a bound. */
export async function countPending(
  executor: Executor,
  organization: OrganizationId,
  { webhooks, most }: { webhooks: number[]; most: number },
): Promise<{ webhook_id: number; pending: number }[]> {
  const { rows } = await sql<{ webhook_id: number; pending: number }>`
    select w.id as webhook_id, counted.pending from unnest(${webhooks}::bigint[]) as w (id)
    cross join lateral (
      select count(*) as pending from (
        select 1 from deliveries d
        where d.organization_id = ${organization} and d.webhook_id = w.id and d.status = 'pending' limit ${most}) found
    ) counted`.execute(executor)
  return rows
}

/** Which dispatchers live: writes that this one does, forgets those unseen for so long, and gives the rest. */
export async function beat(executor: Executor, id: string, aliveMs: number): Promise<string[]> {
  const since = sql`now() - ${aliveMs}::float8 * interval '1 millisecond'`
  const { rows } = await sql<{ id: string }>`
    with gone as (delete from dispatchers where seen_at < ${since} and id <> ${id}),
    me as (insert into dispatchers (id, seen_at) values (${id}, now()) on conflict (id) do update set seen_at = now())
    select id from dispatchers where seen_at >= ${since}
    union select ${id}`.execute(executor)
  return rows.map((row) => row.id)
}

export async function leave(executor: Executor, id: string): Promise<void> {
  await sql`delete from dispatchers where id = ${id}`.execute(executor)
}

/** A webhook for which something waits. */
export interface WaitingRow {
  organization_id: OrganizationId
  webhook_id: number
  deliverable: boolean
  disabled: boolean
  breaker_open_until: string | null
  /** When the first of it is due; what is under way counts too. */
  due_at: string
}

/**
 * The webhooks for which something waits, and when it is due: one probe of the index for each of them, however many
 * deliveries each has. What is fresh is due by `now`.
 */
export async function listWaiting(executor: Executor, now: string): Promise<WaitingRow[]> {
  const first = (fresh: boolean) => sql`(
    select ${fresh ? sql`least(due_at, ${now}::timestamptz)` : sql`due_at`} from deliveries d
    where d.organization_id = w.organization_id and d.webhook_id = w.id and d.status = 'pending' and d.fresh = ${sql.lit(fresh)}
    order by due_at limit 1)`
  const { rows } = await sql<WaitingRow>`
    with recursive waiting as (
      (select organization_id, webhook_id from deliveries where status = 'pending' order by organization_id, webhook_id limit 1)
      union all
      select next.* from waiting cross join lateral (
        select d.organization_id, d.webhook_id from deliveries d
        where d.status = 'pending' and (d.organization_id, d.webhook_id) > (waiting.organization_id, waiting.webhook_id)
        order by d.organization_id, d.webhook_id limit 1
      ) next
    )
    select w.organization_id, w.id as webhook_id, w.state = 'enabled' as deliverable, w.state = 'disabled' as disabled,
      w.breaker_open_until, least(${first(true)}, ${first(false)}) as due_at
    from waiting join webhooks w on w.organization_id = waiting.organization_id and w.id = waiting.webhook_id`.execute(
    executor,
  )
  return rows.filter(({ due_at }) => due_at !== null)
}

export async function loadWebhooks(executor: Executor, keys: readonly WebhookKey[]): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select w.* from webhooks w
    join unnest(${keys.map((key) => key.organization)}::bigint[], ${keys.map((key) => key.webhook)}::bigint[]) as k (organization_id, id)
      on k.organization_id = w.organization_id and k.id = w.id`.execute(executor)
  return rows
}

/** How much to claim for one webhook. */
export interface Share extends WebhookKey {
  most: number
  /** How many of those belong to what is not fresh, if there is so much. */
  retries: number
}

/** A delivery that this process has claimed. */
export interface ClaimedRow {
  organization_id: OrganizationId
  id: number
  webhook_id: number
  activity_id: number
  action: Action
  attempts: number
  /** Epoch milliseconds. */
  created_ms: number
  claim_id: number
  revision: number
}

/**
 * Claims what is due: for each webhook its share of retries, then fresh ones, then more retries where room is left.
 * What another process holds is passed over. Lease times are the database's, so that clocks may differ; for the same
 * reason what is fresh is due at once, whatever the clock said where it happened.
 * `offset 0` keeps the planner from evaluating a choice, and its locks, once more wherever it is referred to.
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

/** Gives claimed deliveries back untried. */
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

export async function listBodies(
  executor: Executor,
  activities: readonly { organization: OrganizationId; activity: number }[],
): Promise<{ id: number; body: string }[]> {
  const { rows } = await sql<{ id: number; body: string }>`
    select a.id, a.body from activities a
    join unnest(${activities.map((each) => each.organization)}::bigint[], ${activities.map((each) => each.activity)}::bigint[])
      as k (organization_id, id) on k.organization_id = a.organization_id and k.id = a.id`.execute(executor)
  return rows
}

/** What became of a claimed delivery: the attempt, and what follows. */
export interface SettledRow {
  organization_id: OrganizationId
  id: number
  claim_id: number
  outcome: 'pending' | 'delivered' | 'failed'
  failure_reason: string | null
  /** When it is tried again; null where it is not. */
  due_at: string | null
  /** Epoch milliseconds. */
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

/** Attempts of one webhook in one hour and of one duration class. */
export interface HourRow extends DurationBucket {
  organization_id: OrganizationId
  webhook_id: number
  hour: string
}

/**
 * Records attempts and what follows for their deliveries, where the claim still holds.
 * Each delivery is looked up by its key (`limit 1` sees to that): a join would be planned by guesses about how much
 * waits, and read all of it each time. A webhook may have been removed meanwhile, rows and all: its hours are nobody's.
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

/** How a webhook has done in one batch: what changes for its health. */
export interface HealthChange extends WebhookKey {
  /** Whether something succeeded, which ends what was failing before. */
  recovered: boolean
  /** Failures after the last success, and when the first of them was. */
  failures: number
  failingSince: string | null
  lastFailure: string | null
  breakerFailures: number
  breakerOpenUntil: string | null
  breakerPauseMs: number
}

/** Updates what is known of failing webhooks, in the order of their keys; gives them as they are then. */
export async function recordHealth(
  executor: Executor,
  { changes, now }: { changes: readonly HealthChange[]; now: string },
): Promise<WebhookRow[]> {
  const column = <K extends keyof HealthChange>(name: K) => changes.map((change) => change[name])
  const { rows } = await sql<WebhookRow>`
    update webhooks w set
      failing_since = case when c.recovered then c.failing_since else coalesce(w.failing_since, c.failing_since) end,
      failing_attempts = case when c.recovered then c.failures else w.failing_attempts + c.failures end,
      warned_at = case when c.recovered then null else w.warned_at end,
      last_failure_at = case when c.failures > 0 then ${now}::timestamptz else w.last_failure_at end,
      last_failure = coalesce(c.last_failure, w.last_failure), breaker_failures = c.breaker_failures,
      breaker_open_until = c.breaker_open_until, breaker_pause_ms = c.breaker_pause_ms
    from unnest(${column('organization')}::bigint[], ${column('webhook')}::bigint[], ${column('recovered')}::boolean[],
      ${column('failures')}::integer[], ${column('failingSince')}::timestamptz[], ${column('lastFailure')}::text[],
      ${column('breakerFailures')}::integer[], ${column('breakerOpenUntil')}::timestamptz[], ${column('breakerPauseMs')}::integer[])
      as c (organization_id, id, recovered, failures, failing_since, last_failure, breaker_failures, breaker_open_until, breaker_pause_ms)
    where w.organization_id = c.organization_id and w.id = c.id
    returning w.*`.execute(executor)
  return rows
}

/**
 * Disables a webhook that is not disabled yet; undefined where it is, or where it has not been failing since
 * `failingBefore` any more. The hours tell of a success that the webhook's row has missed.
 */
export async function disableFailing(
  tx: Transaction,
  organization: OrganizationId,
  { id, reason, at, failingBefore }: { id: number; reason: 'gone' | 'failing'; at: string; failingBefore: string },
): Promise<WebhookRow | undefined> {
  const { rows } = await sql<WebhookRow>`
    update webhooks w set state = 'disabled', state_reason = ${reason}, state_changed_at = ${at}, revision = revision + 1
    where organization_id = ${organization} and id = ${id} and state <> 'disabled'
      and (${reason} = 'gone' or w.failing_since <= ${failingBefore} and not exists (
        select 1 from webhook_hours h
        where h.organization_id = ${organization} and h.webhook_id = ${id} and h.hour > w.failing_since and h.succeeded > 0))
    returning *`.execute(tx)
  return rows[0]
}

/** Notes that the admins are being told half-way; undefined where they have been. */
export async function markWarned(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<WebhookRow | undefined> {
  const { rows } = await sql<WebhookRow>`
    update webhooks set warned_at = ${at}
    where organization_id = ${organization} and id = ${id} and warned_at is null and failing_since is not null
    returning *`.execute(tx)
  return rows[0]
}

/** What waits in the whole database, counted up to a bound, and since when the oldest is due. */
export async function measureQueue(
  executor: Executor,
  { most, now }: { most: number; now: string },
): Promise<{ pending: number; oldest: string | null }> {
  const { rows } = await sql<{ pending: number; oldest: string | null }>`
    select count(*) as pending, min(due_at) filter (where due_at <= ${now}::timestamptz) as oldest
    from (select due_at from deliveries where status = 'pending' limit ${most}) waiting`.execute(executor)
  return rows[0] ?? { pending: 0, oldest: null }
}

/** Removes some attempts that began before `before`; gives how many. */
export async function removeAttempts(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from attempts where ctid = any(array(
      select ctid from attempts where started_at < ${before} limit ${limit} for update skip locked))`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Removes some settled deliveries that were made and settled before `before`; gives how many. */
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

/** Removes what hours and replays are older than `before`. */
export async function removeHours(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_hours where ctid = any(array(
      select ctid from webhook_hours where hour < ${before} limit ${limit} for update skip locked))`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Webhooks that have been deleted and still have rows. */
export async function listDeleted(executor: Executor): Promise<WebhookKey[]> {
  const { rows } = await sql<WebhookKey>`
    select organization_id as organization, id as webhook from webhooks where deleted_at is not null
    order by organization_id, id limit 100`.execute(executor)
  return rows
}

/** Removes some deliveries of a deleted webhook with their attempts; gives how many. */
export async function removeDeliveriesOf(
  executor: Executor,
  organization: OrganizationId,
  { webhook, limit }: { webhook: number; limit: number },
): Promise<number> {
  const { rows } = await sql`
    with gone as (
      delete from deliveries where organization_id = ${organization} and id in (
        select id from deliveries where organization_id = ${organization} and webhook_id = ${webhook} order by id limit ${limit} for update skip locked)
      returning id
    ), attempted as (
      delete from attempts where organization_id = ${organization} and delivery_id in (select id from gone)
    )
    select 1 from gone`.execute(executor)
  return rows.length
}

/**
 * Removes a deleted webhook that has no deliveries any more. One that still has some waits for the next time: what the
 * dispatcher was failing was passed over.
 */
export async function removeWebhook(executor: Executor, organization: OrganizationId, id: number): Promise<void> {
  await sql`
    with bare as (
      select from webhooks w
      where w.organization_id = ${organization} and w.id = ${id} and w.deleted_at is not null and not exists (
        select from deliveries d where d.organization_id = w.organization_id and d.webhook_id = w.id)
    ),
    hours as (delete from webhook_hours where organization_id = ${organization} and webhook_id = ${id} and exists (select from bare)),
    asked as (delete from replays where organization_id = ${organization} and webhook_id = ${id} and exists (select from bare))
    delete from webhooks where organization_id = ${organization} and id = ${id} and exists (select from bare)`.execute(
    executor,
  )
}
