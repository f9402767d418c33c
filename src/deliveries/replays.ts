import type { OrganizationId } from '../access/gate.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { type Outcome, refuseField } from '../errors.ts'
import { toTimestamp } from '../platform/clock.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { DAY } from '../time/durations.ts'
import * as store from './replay-store.ts'
import { refuseDisabled } from './resending.ts'
import type { Replay, ReplayInput } from './schema.ts'
import { type DeliveriesDeps, notifyDispatchers } from './service.ts'

/** Returns the number of deliveries that a replay would enqueue now. */
export async function previewReplay(
  deps: DeliveriesDeps,
  organization: OrganizationId,
  { webhook, input }: { webhook: number; input: ReplayInput },
): Promise<Outcome<{ queued: number }>> {
  const { executor } = deps.database
  const found = await deps.targets.find(executor, organization, webhook)
  if (!found.ok) return found
  const selection = { ...input, webhook_id: webhook, until: input.until ?? deps.clock.timestamp() }
  const keptSince = findKeptSince(deps)
  return { ok: true, queued: await store.countReplay(executor, organization, { selection, keptSince }) }
}

/**
 * Enqueues a webhook's deliveries again, with all retries. The webhook's row is not locked, because a replay of many deliveries
 * may take a while. If the webhook is disabled in the meantime, they fail like its other pending deliveries.
 */
export async function replayDeliveries(
  deps: DeliveriesDeps,
  actor: AuditActor,
  { webhook, input }: { webhook: number; input: ReplayInput },
): Promise<Outcome<{ replay: Replay }>> {
  const { organization } = actor
  const { database, clock, targets } = deps
  const until = input.until ?? clock.timestamp()
  if (Date.parse(input.since) >= Date.parse(until)) return refuseField('since', `must be before until (${until})`)
  return database.transaction(async (tx) => {
    const target = await targets.find(tx, organization, webhook)
    if (!target.ok) return target
    if (target.disabled) return refuseDisabled(webhook)
    await store.lockReplays(tx, organization, webhook)
    const replay = await store.insertReplay(tx, organization, {
      webhook_id: webhook,
      since: input.since,
      until,
      only: input.only,
      created_at: clock.timestamp(),
    })
    const queued = await store.queueReplay(tx, organization, { replay, keptSince: findKeptSince(deps) })
    await notifyDispatchers(tx, organization, webhook)
    const { id, since, only } = replay
    const changes = Object.entries({ since, until, only, queued }).map(([field, after]) => ({ field, after }))
    const object = { type: 'webhook', id: webhook, label: `replay ${id}` } as const
    await recordAudit(tx, actor, { action: 'webhook.replayed', object, changes, clock })
    return { ok: true, replay: showReplay({ ...replay, queued, pending: queued, delivered: 0, failed: 0 }) }
  })
}

/** Lists a webhook's replays with their progress, newest first. */
export async function listReplays(
  { database: { executor }, targets }: DeliveriesDeps,
  organization: OrganizationId,
  { webhook, page }: { webhook: number; page: PageRequest },
): Promise<Outcome<{ page: { data: Replay[]; next_cursor: string | null } }>> {
  const found = await targets.find(executor, organization, webhook)
  if (!found.ok) return found
  const rows = await store.listReplays(executor, organization, { webhook, ...page })
  const { data, next_cursor } = toPage(rows, page.limit, (row) => [row.id])
  return { ok: true, page: { data: data.map(showReplay), next_cursor } }
}

/** Returns the time since which settled deliveries have been kept. */
function findKeptSince({ clock, retentionDays }: DeliveriesDeps): string {
  return toTimestamp(clock.now() - retentionDays * DAY)
}

function showReplay({ webhook_id: _, ...replay }: store.ReplayProgress): Replay {
  return replay
}
