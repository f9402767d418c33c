import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { HOUR } from '../time/durations.ts'
import { DELIVERIES_CHANNEL } from './channel.ts'
import { type AttemptSummary, summarize } from './duration-buckets.ts'
import { FAIL_BATCH } from './limits.ts'
import { hasDeliveries, removeHistory } from './retention-store.ts'
import * as store from './store.ts'
import type { TargetDirectory } from './targets.ts'

/** The maximum number of pending deliveries counted per webhook. */
const PENDING_COUNTED = 10_000

/** How many deliveries one statement checks when a person is erased. */
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

/** When the transaction commits, notifies the dispatchers that a webhook's settings or queue have changed. */
export async function notifyDispatchers(tx: Transaction, organization: OrganizationId, webhook: number): Promise<void> {
  await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook })
}

/**
 * Makes the dispatchers release the deliveries that they have claimed but not sent. Runs in the transaction that erases people
 * from these meetings. It is only a hint, because each claim returns the webhook's revision, which invalidates cached bodies in
 * any case.
 */
export async function notifyOfErasure(
  tx: Transaction,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<void> {
  await store.notifyOfErasure(tx, organization, { meetings, channel: DELIVERIES_CHANNEL })
}

/**
 * Makes the dispatchers release the deliveries that they have claimed but not sent, because the organization is being deleted.
 */
export async function notifyOfDeletion(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.notifyOfDeletion(tx, organization, { channel: DELIVERIES_CHANNEL })
}

/**
 * Erases the responses that receivers returned for these meetings' deliveries, after the erasure of the activities is committed.
 * Requests in flight that contain the old body lose their claim. Their result is not recorded, and the erased body is sent again.
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

/** A delivery with its receiver's responses, for exporting a person's data. */
export type DeliveryRecord = store.DeliveryRecord

/** Lists these meetings' deliveries that are still stored, with the results of their attempts. */
export async function listDeliveriesOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<DeliveryRecord[]> {
  return store.listDeliveriesOfMeetings(executor, organization, meetings)
}

/** Fails a webhook's pending deliveries after it was disabled. A long queue is failed step by step in the background. */
export async function failPending(
  tx: Transaction,
  organization: OrganizationId,
  { webhook, at }: { webhook: number; at: string },
): Promise<void> {
  await store.failPending(tx, organization, { webhook, at, limit: FAIL_BATCH })
}

/** Sets whether a webhook's pending deliveries keep the order within their meeting. */
export async function setOrdered(
  tx: Transaction,
  organization: OrganizationId,
  change: { webhook: number; ordered: boolean },
): Promise<void> {
  await store.setOrdered(tx, organization, change)
}

/**
 * Summarizes webhooks' attempts in the last `hours`, and counts their pending deliveries (up to 10,000 each). `due_at` is when
 * the first pending delivery is due.
 */
export async function summarizeDeliveries(
  executor: Executor,
  organization: OrganizationId,
  { webhooks, hours, clock }: { webhooks: number[]; hours: number; clock: Clock },
): Promise<Map<number, AttemptSummary & { pending: number; due_at: string | null }>> {
  const since = toTimestamp(clock.now() - hours * HOUR)
  const buckets = await store.listBuckets(executor, organization, { webhooks, since })
  const counted = await store.countPending(executor, organization, { webhooks, limit: PENDING_COUNTED })
  return new Map(
    counted.map(({ webhook_id: webhook, ...queue }) => [
      webhook,
      { ...summarize(buckets.filter(({ webhook_id }) => webhook_id === webhook)), ...queue },
    ]),
  )
}

/** Removes a deleted webhook's hours and replays. While the webhook still has deliveries, removes nothing and returns false. */
export async function removeDeliveryHistory(
  tx: Transaction,
  organization: OrganizationId,
  webhook: number,
): Promise<boolean> {
  if (await hasDeliveries(tx, organization, webhook)) return false
  await removeHistory(tx, organization, webhook)
  return true
}
