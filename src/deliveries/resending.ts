import { type AuditActor, recordAudit } from '../audit/service.ts'
import { because, type Outcome, type Refusal, refuse } from '../errors.ts'
import { refuseUnknown, showDetail } from './listing.ts'
import type { DeliveryDetail } from './schema.ts'
import { type DeliveriesDeps, notifyDispatchers } from './service.ts'
import * as store from './store.ts'

/** Sends a delivery again, with all retries. A settled delivery is repeated as a new one; a pending one becomes due at once. */
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
  return because(
    'webhook_disabled',
    refuse('conflict', `Webhook ${webhook} is disabled, so nothing can be sent to it. Enable or pause it first.`),
  )
}
