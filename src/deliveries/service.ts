import type { OrganizationId } from '../access/gate.ts'
import type { Transaction } from '../platform/database.ts'
import * as store from './store.ts'

/** NOTIFY channel of the dispatchers; payload: organization id, a colon, webhook ids. Empty: look at everything. */
export const DELIVERIES_CHANNEL = 'bookbell_deliveries'

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
