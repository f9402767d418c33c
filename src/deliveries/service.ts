import type { OrganizationId } from '../access/gate.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseNotFound } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { HOUR } from '../time/durations.ts'
import { type AttemptSummary, summarize } from './duration-buckets.ts'
import { FAIL_BATCH } from './limits.ts'
import { hasDeliveries, removeHistory } from './retention-store.ts'
import type { AttemptView, DeliveriesQuery, Delivery, DeliveryDetail, HistoryHour } from './schema.ts'
import * as store from './store.ts'
import { messageId, type ShownRequest, type TargetDirectory } from './targets.ts'

/**
 * NOTIFY channel of the dispatchers; payload: organization id, a colon, webhook ids; or `organization:all:erased` if a person was
 * erased. An empty payload means: search everything.
 */
export const DELIVERIES_CHANNEL = 'bookbell_deliveries'

/** How far the pending deliveries of a webhook are counted. */
const PENDING_COUNTED = 10_000

/** How many deliveries one statement looks at when a person is erased. */
const ERASED_STEP = 5_000

export interface DeliveriesDeps {
  database: Database
  clock: Clock
  targets: TargetDirectory
  /** How long attempts and settled deliveries are kept, in days. */
  retentionDays: number
}

/**
 * Enqueues the deliveries of new activities, in the transaction of the change, for every webhook that subscribes to them.
 * The activities must be rows of that transaction.
 */
export async function enqueueDeliveries(
  tx: Transaction,
  organization: OrganizationId,
  activities: readonly { id: number }[],
): Promise<void> {
  if (activities.length === 0) return
  await store.insertDeliveries(tx, organization, {
    activities: activities.map(({ id }) => id),
    channel: DELIVERIES_CHANNEL,
  })
}

/** Notifies the dispatchers, when the transaction commits, that the settings or the queue of a webhook have changed. */
export async function notifyDispatchers(tx: Transaction, organization: OrganizationId, webhook: number): Promise<void> {
  await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook })
}

/**
 * Makes the dispatchers release what they have claimed and not yet sent, in the transaction that erases people of these
 * meetings. A hint: the revision of the webhooks, which every claim returns, makes cached bodies invalid in any case.
 */
export async function notifyOfErasure(
  tx: Transaction,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<void> {
  await store.notifyOfErasure(tx, organization, { meetings, channel: DELIVERIES_CHANNEL })
}

/** Makes the dispatchers release what they have claimed and not yet sent: the organization is being deleted. */
export async function notifyOfDeletion(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.notifyOfDeletion(tx, organization, { channel: DELIVERIES_CHANNEL })
}

/**
 * Erases what receivers returned to the deliveries of these meetings, after the activities were erased and committed. Requests
 * in flight that carry the old body lose their claim: their result is not recorded, and the erased body is sent again.
 */
export async function eraseResponses(
  executor: Executor,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<void> {
  for (let after: number | null = 0; after !== null; ) {
    const part = await store.releaseDeliveriesOf(executor, organization, { meetings, after, limit: ERASED_STEP })
    if (part.deliveries.length > 0) await store.eraseResponses(executor, organization, part.deliveries)
    after = part.last
  }
}

/** A delivery with what its receiver returned, for the export of a person's data. */
export type DeliveryRecord = store.DeliveryRecord

/** The deliveries of these meetings that are still kept, with the results of their attempts. */
export async function listDeliveriesOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<DeliveryRecord[]> {
  return store.listDeliveriesOfMeetings(executor, organization, meetings)
}

/** Fails pending deliveries of a webhook that was just disabled. A long queue is failed step by step in the background. */
export async function failPending(
  tx: Transaction,
  organization: OrganizationId,
  { webhook, at }: { webhook: number; at: string },
): Promise<void> {
  await store.failPending(tx, organization, { webhook, at, limit: FAIL_BATCH })
}

/** Makes the pending deliveries of a webhook keep the order of their meeting, or allows any order. */
export async function setOrdered(
  tx: Transaction,
  organization: OrganizationId,
  change: { webhook: number; ordered: boolean },
): Promise<void> {
  await store.setOrdered(tx, organization, change)
}

/** Summarizes the attempts of webhooks in the last `hours`, and counts their pending deliveries (up to 10,000 each). */
export async function summarizeDeliveries(
  executor: Executor,
  organization: OrganizationId,
  { webhooks, hours, clock }: { webhooks: number[]; hours: number; clock: Clock },
): Promise<Map<number, AttemptSummary & { pending: number }>> {
  const since = toTimestamp(clock.now() - hours * HOUR)
  const buckets = await store.listBuckets(executor, organization, { webhooks, since })
  const counted = await store.countPending(executor, organization, { webhooks, limit: PENDING_COUNTED })
  return new Map(
    counted.map(({ webhook_id: webhook, pending }) => [
      webhook,
      { ...summarize(buckets.filter(({ webhook_id }) => webhook_id === webhook)), pending },
    ]),
  )
}

/** Removes the hours and replays of a deleted webhook. Returns false, and removes nothing, while it has deliveries. */
export async function removeDeliveryHistory(
  tx: Transaction,
  organization: OrganizationId,
  webhook: number,
): Promise<boolean> {
  if (await hasDeliveries(tx, organization, webhook)) return false
  await removeHistory(tx, organization, webhook)
  return true
}

/** The results of a webhook's attempts, hour by hour; hours without attempts are left out. */
export async function readHistory(
  { database: { executor }, clock, targets }: DeliveriesDeps,
  organization: OrganizationId,
  { webhook, hours }: { webhook: number; hours: number },
): Promise<Outcome<{ hours: HistoryHour[] }>> {
  const found = await targets.find(executor, organization, webhook)
  if (!found.ok) return found
  const since = toTimestamp(clock.now() - hours * HOUR)
  return { ok: true, hours: await store.listHours(executor, organization, { webhook, since }) }
}

/** The deliveries of a webhook, newest first. */
export async function listDeliveries(
  { database: { executor }, targets }: DeliveriesDeps,
  organization: OrganizationId,
  { webhook, query, page }: { webhook: number; query: DeliveriesQuery; page: PageRequest },
): Promise<Outcome<{ page: { data: Delivery[]; next_cursor: string | null } }>> {
  const found = await targets.find(executor, organization, webhook)
  if (!found.ok) return found
  const { status, action, since } = query
  const rows = await store.listDeliveries(executor, organization, { webhook, status, action, since, ...page })
  const { data, next_cursor } = toPage(rows, page.limit, (row) => [row.id])
  return { ok: true, page: { data: data.map(showDelivery), next_cursor } }
}

/** A delivery with its body and every attempt that is still kept. */
export async function getDelivery(
  deps: DeliveriesDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  return showDetail(deps.database.executor, deps, { organization, id })
}

/** Sends a delivery again, with all retries: a settled one as a new delivery, a pending one at once. */
export async function resendDelivery(
  deps: DeliveriesDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const { organization } = actor
  const { database, clock, targets } = deps
  return database.transaction(async (tx) => {
    const row = await store.findDelivery(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const { webhook_id: webhook, status } = row
    const target = await targets.lock(tx, organization, webhook)
    if (!target.ok) return target
    if (target.disabled) return refuseDisabled(webhook)
    const at = clock.timestamp()
    if (status === 'pending') await store.expediteDelivery(tx, organization, { id, at })
    const sent = status === 'pending' ? id : await store.repeatDelivery(tx, organization, { id, at })
    await notifyDispatchers(tx, organization, webhook)
    const object = { type: 'delivery', id, label: `webhook ${webhook}` } as const
    await recordAudit(tx, actor, { action: 'delivery.resent', object, clock })
    return showDetail(tx, deps, { organization, id: sent })
  })
}

/** The refusal to send to a disabled webhook. */
export function refuseDisabled(webhook: number): Refusal {
  return refuse('conflict', `Webhook ${webhook} is disabled, so nothing can be sent to it. Enable or pause it first.`)
}

async function showDetail(
  executor: Executor,
  { targets }: DeliveriesDeps,
  { organization, id }: { organization: OrganizationId; id: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const row = await store.findDelivery(executor, organization, id)
  if (!row) return refuseUnknown(id)
  // Attempts that the row does not count yet were recorded after it was read.
  const kept = await store.listAttempts(executor, organization, id)
  const rows = kept.filter(({ number }) => number <= row.attempts)
  const reconstruct = await targets.reconstructRequests(executor, organization, row.webhook_id)
  const message = { id: messageId(row.activity_id), action: row.action, delivery: id, body: Buffer.from(row.body) }
  const attempts = rows.map((attempt) => {
    const request = reconstruct({ ...message, attempt: attempt.number }, Date.parse(attempt.started_at))
    return showAttempt(attempt, request)
  })
  return { ok: true, delivery: { ...showDelivery(row), webhook_id_header: message.id, body: row.body, attempts } }
}

function showDelivery(row: store.DeliveryRow): Delivery {
  return {
    id: row.id,
    webhook: row.webhook_id,
    activity: row.activity_id,
    meeting: row.meeting_id,
    action: row.action,
    status: row.status,
    failure_reason: row.failure_reason,
    attempts: row.attempts,
    next_attempt_at: row.status === 'pending' ? row.due_at : null,
    replay: row.replay_id,
    created_at: row.created_at,
    settled_at: row.settled_at,
  }
}

function showAttempt({ error_kind: kind, error_stage: stage, error, ...row }: store.AttemptRow, request: ShownRequest) {
  return { ...row, ...request, error: kind === null ? null : ({ kind, stage, message: error } as AttemptView['error']) }
}

function refuseUnknown(id: number): Refusal {
  return refuseNotFound('delivery', id, 'GET /api/v1/webhooks/{id}/deliveries lists those of a webhook.')
}
