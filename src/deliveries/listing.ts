import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuseNotFound } from '../errors.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { HOUR } from '../time/durations.ts'
import type { AttemptView, DeliveriesQuery, Delivery, DeliveryDetail, HistoryHour } from './schema.ts'
import type { DeliveriesDeps } from './service.ts'
import * as store from './store.ts'
import { messageId, type ShownRequest } from './targets.ts'

/** The results of a webhook's attempts by hour; hours without attempts are left out. */
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

/** A delivery with its body and all of its attempts that are still kept. */
export async function getDelivery(
  deps: DeliveriesDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  return showDetail(deps.database.executor, deps, { organization, id })
}

/** Returns a delivery with its attempts, including changes of the open transaction. */
export async function showDetail(
  executor: Executor,
  { targets }: DeliveriesDeps,
  { organization, id }: { organization: OrganizationId; id: number },
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const row = await store.findDelivery(executor, organization, id)
  if (!row) return refuseUnknown(id)
  // Attempts that the delivery's row does not count were recorded after the row was read.
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

function showAttempt(row: store.AttemptRow, request: ShownRequest): AttemptView {
  const { error_kind, error_stage, error, ...attempt } = row
  const failure = row.error_kind === null ? null : { kind: row.error_kind, stage: row.error_stage, message: row.error }
  return { ...attempt, ...request, error: failure }
}

/** The refusal of a delivery that does not exist. */
export function refuseUnknown(id: number): Refusal {
  return refuseNotFound('delivery', id, 'GET /api/v1/webhooks/{id}/deliveries lists those of a webhook.')
}
