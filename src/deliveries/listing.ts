import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuseField, refuseNotFound } from '../errors.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { HOUR } from '../time/durations.ts'
import * as lists from './listing-store.ts'
import type { AttemptView, DeliveriesQuery, Delivery, DeliveryDetail, HistoryHour } from './schema.ts'
import type { DeliveriesDeps } from './service.ts'
import * as store from './store.ts'
import { messageId, type ShownRequest } from './targets.ts'

/** Returns the results of a webhook's attempts by hour. Hours without attempts are omitted. */
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

/** Lists a webhook's deliveries, newest first. */
export async function listDeliveries(
  { database: { executor }, targets }: DeliveriesDeps,
  organization: OrganizationId,
  { webhook, query, page }: { webhook: number; query: DeliveriesQuery; page: PageRequest },
): Promise<Outcome<{ page: { data: Delivery[]; next_cursor: string | null } }>> {
  const found = await targets.find(executor, organization, webhook)
  if (!found.ok) return found
  const chosen = await chooseMeetings(executor, organization, query)
  if (!chosen.ok) return chosen
  const { status, status_code: statusCode, error_kind: errorKind, action, since, until } = query
  const filter = { webhook, status, statusCode, errorKind, action, since, until, meetings: chosen.meetings }
  const rows = await lists.listDeliveries(executor, organization, { ...filter, ...page })
  const { data, next_cursor } = toPage(rows, page.limit, lists.sortKeyOf)
  return { ok: true, page: { data: data.map(showDelivery), next_cursor } }
}

/** The maximum number of meetings that a search for an attendee may find. */
const MOST_MEETINGS = 10_000

/** Returns the meetings that a query selects, or undefined for all meetings. */
async function chooseMeetings(
  executor: Executor,
  organization: OrganizationId,
  { meeting, attendee }: DeliveriesQuery,
): Promise<Outcome<{ meetings: number[] | undefined }>> {
  if (attendee === undefined) return { ok: true, meetings: meeting === undefined ? undefined : [meeting] }
  const found = await lists.listMeetingsOf(executor, organization, { attendee, limit: MOST_MEETINGS + 1 })
  if (found.length > MOST_MEETINGS)
    return refuseField('attendee', `matches people in more than ${MOST_MEETINGS} meetings; enter more characters`)
  return { ok: true, meetings: meeting === undefined ? found : found.filter((id) => id === meeting) }
}

/** Returns a delivery with its body and every attempt that is still stored. */
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
  const row = await lists.findDelivery(executor, organization, id)
  if (!row) return refuseUnknown(id)
  // Attempts that are not in the row's count were recorded after the row was read.
  const kept = await store.listAttempts(executor, organization, id)
  const rows = kept.filter(({ number }) => number <= row.attempts)
  const reconstruct = await targets.reconstructRequests(executor, organization, row.webhook_id)
  const message = { id: messageId(row.activity_id), action: row.action, delivery: id, body: Buffer.from(row.body) }
  const attempts = rows.map((attempt) => {
    const request = reconstruct({ ...message, attempt: attempt.number }, Date.parse(attempt.started_at))
    return showAttempt(attempt, request)
  })
  const { body, claimed: sending } = row
  return { ok: true, delivery: { ...showDelivery(row), sending, webhook_id_header: message.id, body, attempts } }
}

function showDelivery(row: lists.ListedRow): Delivery {
  const { first_name, last_name, email } = row
  return {
    id: row.id,
    webhook: row.webhook_id,
    activity: row.activity_id,
    meeting: row.meeting_id,
    meeting_name: row.meeting_name,
    attendee: email === null ? null : { first_name: first_name ?? '', last_name: last_name ?? '', email },
    action: row.action,
    status: row.status,
    last_status: row.last_status,
    last_error_kind: row.last_error_kind,
    failure_reason: row.failure_reason,
    attempts: row.attempts,
    // A delivery that someone sends now has an artificial due time before all others. Its creation time is shown instead.
    next_attempt_at: row.status !== 'pending' ? null : row.due_at > row.created_at ? row.due_at : row.created_at,
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

/** Returns the refusal for a delivery that does not exist. */
export function refuseUnknown(id: number): Refusal {
  return refuseNotFound('delivery', id, 'GET /api/v1/webhooks/{id}/deliveries lists them.')
}
