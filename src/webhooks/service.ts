import type { OrganizationId } from '../access/gate.ts'
import { type Change, changesBetween } from '../audit/changes.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { type Breaker, breakerState, endPause } from '../deliveries/breaker.ts'
import {
  failPending,
  notifyDispatchers,
  notifyOfDeletion,
  notifyOfErasure,
  setOrdered,
  summarizeDeliveries,
} from '../deliveries/service.ts'
import { type Outcome, type Refusal, refuseNotFound } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { HttpClient } from '../platform/http-client.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import type { Secrets } from '../platform/secrets.ts'
import { hideCredentials, keepHidden, normalizeHeaders } from './custom-headers.ts'
import { decryptHeaders, encryptHeaders } from './destination.ts'
import type { Health, Webhook, WebhookInput, WebhookPatch } from './schema.ts'
import { generateSecret, publicKeyOf } from './signature.ts'
import * as store from './store.ts'
import { refuseTarget } from './target-check.ts'
import { checkUrl, type TargetPolicy } from './target-guard.ts'

/** How many hours a webhook's health summary covers. */
const HEALTH_HOURS = 24

export interface WebhooksDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  policy: TargetPolicy
  resolve: Resolve
  client: HttpClient
  /** The server's public URL, for the links in samples. */
  url: string
  version: string
}

/** Creates a webhook. Returns its secret. */
export async function createWebhook(
  deps: WebhooksDeps,
  actor: AuditActor,
  { input }: { input: WebhookInput },
): Promise<Outcome<{ webhook: Webhook; secret: string }>> {
  const { organization } = actor
  const checked = checkUrl(deps.policy, input.url)
  if (!checked.ok) return refuseTarget(checked.refusal)
  const { signing, headers, ...settings } = input
  const secret = generateSecret(signing)
  const at = deps.clock.timestamp()
  return deps.database.transaction(async (tx) => {
    const row = await store.insertWebhook(tx, organization, {
      ...settings,
      url: checked.url.href,
      headers: encryptHeaders(deps.secrets, normalizeHeaders(headers)),
      signing,
      secret: deps.secrets.encrypt(secret),
      public_key: publicKeyOf(secret),
      state_reason: input.state === 'disabled' ? 'by_admin' : null,
      state_changed_at: at,
      sending_changed_at: at,
      created_at: at,
    })
    const { clock } = deps
    const changes = [{ field: 'url', before: null, after: row.url }]
    await recordAudit(tx, actor, { action: 'webhook.created', object: auditObject(row), changes, clock })
    return { ok: true, webhook: await showWebhook(tx, deps, row), secret }
  })
}

/** Lists webhooks in the order of their creation. */
export async function listWebhooks(deps: WebhooksDeps, organization: OrganizationId, page: PageRequest) {
  const { executor } = deps.database
  const rows = await store.listWebhooks(executor, organization, page)
  const { data, next_cursor } = toPage(rows, page.limit, (row) => [row.id])
  return { data: await showWebhooks(executor, deps, { organization, rows: data }), next_cursor }
}

export async function getWebhook(
  deps: WebhooksDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ webhook: Webhook }>> {
  const { executor } = deps.database
  const row = await store.findWebhook(executor, organization, id)
  return row ? { ok: true, webhook: await showWebhook(executor, deps, row) } : refuseUnknown(id)
}

/** Changes the given fields. Enabling a failing webhook resets its health. Disabling a webhook fails its pending deliveries. */
export async function changeWebhook(
  deps: WebhooksDeps,
  actor: AuditActor,
  { id, patch }: { id: number; patch: WebhookPatch },
): Promise<Outcome<{ webhook: Webhook }>> {
  const { organization } = actor
  const checked = patch.url === undefined ? undefined : checkUrl(deps.policy, patch.url)
  if (checked && !checked.ok) return refuseTarget(checked.refusal)
  return deps.database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const settings = patchSettings(deps, row, checked ? { ...patch, url: checked.url.href } : patch)
    const forgetFailures = (row.state !== 'enabled' && settings.state === 'enabled') || settings.url !== row.url
    const changed = await store.updateWebhook(tx, organization, { id, settings, forgetFailures })
    await followChange(tx, deps, { before: row, after: changed })
    await recordChange(tx, deps, { actor, before: row, after: changed })
    return { ok: true, webhook: await showWebhook(tx, deps, changed) }
  })
}

/** Deletes a webhook. Its rows are removed in the background. */
export async function deleteWebhook(
  { database, clock }: WebhooksDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row || !(await store.markDeleted(tx, organization, { id, at: clock.timestamp() }))) return refuseUnknown(id)
    await notifyDispatchers(tx, organization, id)
    await recordAudit(tx, actor, { action: 'webhook.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

/** Deletes all webhooks of an organization that is being deleted, so that no more requests are sent to them. */
export async function deleteWebhooks(tx: Transaction, organization: OrganizationId, at: string): Promise<void> {
  await store.markAllDeleted(tx, organization, at)
  await notifyOfDeletion(tx, organization)
}

/** Returns a webhook as the audit log names it. */
export function auditObject({ id, url }: Pick<store.WebhookRow, 'id' | 'url'>) {
  return { type: 'webhook', id, label: url } as const
}

/** Returns the fields that people can set, for comparison in the audit log. The values of custom headers can be secrets. */
function auditedFields(row: store.WebhookRow) {
  const { description, actions, filter, ordering, concurrency, rate_limit_per_second, state } = row
  return { description, actions, filter, ordering, concurrency, rate_limit_per_second, state }
}

async function recordChange(
  tx: Transaction,
  { clock, secrets }: WebhooksDeps,
  { actor, before, after }: { actor: AuditActor; before: store.WebhookRow; after: store.WebhookRow },
): Promise<void> {
  const object = auditObject(after)
  const headers = [before, after].map((row) => JSON.stringify(decryptHeaders(secrets, row)))
  const changes: Change[] = changesBetween(auditedFields(before), auditedFields(after))
  if (headers[0] !== headers[1]) changes.push({ field: 'headers' })
  if (changes.length > 0) await recordAudit(tx, actor, { action: 'webhook.changed', object, changes, clock })
  if (before.url === after.url) return
  const target = [{ field: 'url', before: before.url, after: after.url }]
  await recordAudit(tx, actor, { action: 'webhook.target_changed', object, changes: target, clock })
}

/** Returns the last recorded state of a webhook's breaker. */
export function breakerOf(
  row: Pick<store.WebhookRow, 'breaker_failures' | 'breaker_open_until' | 'breaker_pause_ms' | 'probe_requested_at'>,
): Breaker {
  const openUntil = row.breaker_open_until === null ? null : Date.parse(row.breaker_open_until)
  const requestedAt = row.probe_requested_at === null ? null : Date.parse(row.probe_requested_at)
  return endPause({ failures: row.breaker_failures, openUntil, pause: row.breaker_pause_ms }, requestedAt)
}

/**
 * Returns when the next pending delivery is attempted. It must be due, and the breaker must allow it. The time is never in the
 * past.
 */
function nextAttemptAt(row: store.WebhookRow, due: string | null, now: number): string | null {
  if (row.state !== 'enabled' || due === null) return null
  return toTimestamp(Math.max(Date.parse(due), breakerOf(row).openUntil ?? 0, now))
}

/** Returns the refusal for an id that does not exist. */
export function refuseUnknown(id: number): Refusal {
  return refuseNotFound('webhook', id, 'GET /api/v1/webhooks lists them.')
}

function patchSettings(
  { secrets, clock }: WebhooksDeps,
  row: store.WebhookRow,
  patch: WebhookPatch,
): store.WebhookSettings {
  const {
    url = row.url,
    description = row.description,
    actions = row.actions,
    filter = row.filter,
    ordering = row.ordering,
    concurrency = row.concurrency,
    rate_limit_per_second = row.rate_limit_per_second,
    state = row.state,
  } = patch
  const storedHeaders = decryptHeaders(secrets, row)
  const headers = patch.headers === undefined ? storedHeaders : keepHidden(patch.headers, storedHeaders)
  const headersChanged = JSON.stringify(headers) !== JSON.stringify(storedHeaders)
  const stateChanged = state !== row.state
  return {
    url,
    description,
    actions,
    filter,
    headers: headersChanged ? encryptHeaders(secrets, headers) : row.headers,
    ordering,
    concurrency,
    rate_limit_per_second,
    sending_changed_at: headersChanged || url !== row.url ? clock.timestamp() : row.sending_changed_at,
    state,
    state_reason: stateChanged ? (state === 'disabled' ? 'by_admin' : null) : row.state_reason,
    state_changed_at: stateChanged ? clock.timestamp() : row.state_changed_at,
  }
}

/** Applies a change to the pending deliveries, and notifies the dispatchers. */
async function followChange(
  tx: Transaction,
  { clock }: WebhooksDeps,
  { before, after }: { before: store.WebhookRow; after: store.WebhookRow },
): Promise<void> {
  const { organization_id: organization, id: webhook } = after
  if (after.state === 'disabled' && before.state !== 'disabled') {
    await failPending(tx, organization, { webhook, at: clock.timestamp() })
  }
  if (after.ordering !== before.ordering) {
    await setOrdered(tx, organization, { webhook, ordered: after.ordering === 'meeting' })
  }
  await notifyDispatchers(tx, organization, webhook)
}

async function showWebhook(executor: Executor, deps: WebhooksDeps, row: store.WebhookRow): Promise<Webhook> {
  const [webhook] = await showWebhooks(executor, deps, { organization: row.organization_id, rows: [row] })
  if (!webhook) throw new Error(`Webhook ${row.id} cannot be shown.`)
  return webhook
}

async function showWebhooks(
  executor: Executor,
  { clock, secrets }: WebhooksDeps,
  { organization, rows }: { organization: OrganizationId; rows: store.WebhookRow[] },
): Promise<Webhook[]> {
  const webhooks = rows.map(({ id }) => id)
  const summaries = await summarizeDeliveries(executor, organization, { webhooks, hours: HEALTH_HOURS, clock })
  return rows.flatMap((row) => {
    const found = summaries.get(row.id)
    if (!found) return []
    const { due_at: due, ...summary } = found
    const now = clock.now()
    const health: Health = {
      hours: HEALTH_HOURS,
      ...summary,
      next_attempt_at: nextAttemptAt(row, due, now),
      breaker: breakerState(breakerOf(row), now),
      failing_since: row.failing_since,
      last_failure_at: row.last_failure_at,
      last_failure: row.last_failure,
      last_failed_delivery: row.last_failed_delivery,
    }
    return [showRow(secrets, row, health)]
  })
}

function showRow(secrets: Secrets, row: store.WebhookRow, health: Health): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    actions: row.actions,
    filter: row.filter,
    headers: hideCredentials(decryptHeaders(secrets, row)),
    ordering: row.ordering,
    concurrency: row.concurrency,
    rate_limit_per_second: row.rate_limit_per_second,
    signing: row.signing,
    public_key: row.public_key,
    state: row.state,
    state_reason: row.state_reason,
    state_changed_at: row.state_changed_at,
    created_at: row.created_at,
    health,
  }
}

/** Makes every dispatcher reload activity bodies. Runs in the transaction that erases people from these meetings. */
export async function announceErasure(
  tx: Transaction,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<void> {
  await store.raiseRevisions(tx, organization)
  await notifyOfErasure(tx, organization, { meetings })
}

/** Replaces an erased host's address in filters. Removing the condition would let more activities through. */
const ERASED_FILTER = 'erased@erased.invalid'

/** Erases an email address from webhook filters. A condition with that address then does not match any activity. */
export async function eraseFromFilters(
  tx: Transaction,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<void> {
  await store.eraseFromFilters(tx, organization, { email: email.toLowerCase(), placeholder: ERASED_FILTER })
}
