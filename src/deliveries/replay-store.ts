import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row } from '../platform/tables.ts'
import type { Delivery } from './schema.ts'
import { isSubscribed } from './store.ts'

/** A replay as it is stored. */
export type ReplayRow = Omit<Row<'replays'>, 'organization_id'>

const replayColumns = [
  'id',
  'webhook_id',
  'since',
  'until',
  'only',
  'queued',
  'created_at',
] as const satisfies (keyof ReplayRow)[]

/** Makes a webhook's replays wait for each other until the transaction ends. No other work waits. */
export async function lockReplays(tx: Transaction, organization: OrganizationId, webhook: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`replays of ${organization}:${webhook}`}, 0))`.execute(tx)
}

export async function insertReplay(
  tx: Transaction,
  organization: OrganizationId,
  replay: Omit<ReplayRow, 'id' | 'queued'>,
): Promise<ReplayRow> {
  const values = { ...replay, organization_id: organization } satisfies NewRow<'replays'>
  return tx.insertInto('replays').values(values).returning(replayColumns).executeTakeFirstOrThrow()
}

/** The deliveries that a replay selects. */
export type ReplaySelection = Pick<ReplayRow, 'webhook_id' | 'since' | 'until' | 'only'>

/**
 * The activities that a replay selects, joined with its webhook. `failed`: the last delivery of the activity to this
 * webhook failed. `missed`: the activity has no delivery, or its delivery was pending when the webhook was disabled.
 * Old deliveries are not kept, so activities between the webhook's creation and `keptSince` do not count as missed.
 */
function activitiesToReplay(organization: OrganizationId, selection: ReplaySelection, keptSince: string) {
  const last = sql`
    select distinct on (activity_id) activity_id, status, failure_reason from deliveries
    where organization_id = ${organization} and webhook_id = ${selection.webhook_id}
    order by activity_id, id desc`
  const wanted = {
    all: sql`true`,
    failed: sql`known.status = 'failed'`,
    missed: sql`(known.status is null and (a.created_at < w.created_at or a.created_at >= ${keptSince})
      or known.status = 'failed' and known.failure_reason = 'webhook_disabled')`,
  }[selection.only]
  return sql`
    activities a
    join webhooks w on w.organization_id = a.organization_id and w.id = ${selection.webhook_id}
      and ${isSubscribed}
    left join (${last}) known on known.activity_id = a.id
    where a.organization_id = ${organization} and a.created_at >= ${selection.since} and a.created_at < ${selection.until} and ${wanted}`
}

/** Counts the deliveries that a replay would enqueue. */
export async function countReplay(
  executor: Executor,
  organization: OrganizationId,
  { selection, keptSince }: { selection: ReplaySelection; keptSince: string },
): Promise<number> {
  const { rows } = await sql<{ queued: number }>`
    select count(*) as queued from ${activitiesToReplay(organization, selection, keptSince)}`.execute(executor)
  return rows[0]?.queued ?? 0
}

/** Enqueues the deliveries that a replay selects, in the order of the activities. Returns their number. */
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

/** A replay with the number of its deliveries in each state. */
export type ReplayProgress = ReplayRow & Record<Delivery['status'], number>

/** Lists a webhook's replays with their progress, newest first. */
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
