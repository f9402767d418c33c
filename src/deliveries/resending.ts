import { type AuditActor, recordAudit } from '../audit/service.ts'
import { because, type Outcome, type Refusal, refuse } from '../errors.ts'
import type { Transaction } from '../platform/database.ts'
import { refuseUnknown, showDetail } from './listing.ts'
import { findDelivery } from './listing-store.ts'
import type { DeliveryDetail } from './schema.ts'
import { type DeliveriesDeps, notifyDispatchers } from './service.ts'
import * as store from './store.ts'

/**
 * Sends a delivery immediately, with all retries, before all other pending deliveries. A settled delivery is sent as a new one.
 * If the webhook's breaker is open, the delivery is sent as its probe.
 */
export async function resendDelivery(
  deps: DeliveriesDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const { organization } = actor
  const { database, clock, targets } = deps
  return database.transaction(async (tx) => {
    const row = await findDelivery(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const { webhook_id: webhook, status } = row
    const target = await targets.lock(tx, organization, webhook)
    if (!target.ok) return target
    if (target.disabled) return refuseDisabled(webhook)
    const isPending = status === 'pending'
    const sent = isPending ? id : await store.repeatDelivery(tx, organization, { id, at: clock.timestamp() })
    return sendFirst(tx, deps, { actor, webhook, id: sent, named: id })
  })
}

/** Sends a webhook's next pending delivery immediately, regardless of the state of its breaker. */
export async function retryNow(
  deps: DeliveriesDeps,
  actor: AuditActor,
  { webhook }: { webhook: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const { organization } = actor
  return deps.database.transaction(async (tx) => {
    const target = await deps.targets.lock(tx, organization, webhook)
    if (!target.ok) return target
    if (target.disabled) return refuseDisabled(webhook)
    const id = await store.findNextPending(tx, organization, webhook)
    if (id === undefined)
      return refuse('conflict', `Webhook ${webhook} has no pending deliveries. Send a test, or replay deliveries.`)
    return sendFirst(tx, deps, { actor, webhook, id, named: id })
  })
}

/** `named` is the delivery that appears in the audit log. */
async function sendFirst(
  tx: Transaction,
  deps: DeliveriesDeps,
  { actor, webhook, id, named }: { actor: AuditActor; webhook: number; id: number; named: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const { organization } = actor
  const { clock, targets } = deps
  await store.expediteDelivery(tx, organization, id)
  await targets.requestProbe(tx, organization, webhook)
  await notifyDispatchers(tx, organization, webhook)
  const object = { type: 'delivery', id: named, label: `webhook ${webhook}` } as const
  await recordAudit(tx, actor, { action: 'delivery.resent', object, clock })
  return showDetail(tx, deps, { organization, id })
}

/** Returns the refusal to send to a disabled webhook. */
export function refuseDisabled(webhook: number): Refusal {
  return because(
    'webhook_disabled',
    refuse('conflict', `Webhook ${webhook} is disabled, so nothing can be sent to it. Enable or pause it first.`),
  )
}
