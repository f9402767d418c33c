import type { OrganizationId } from '../access/gate.ts'
import { sampleBody } from '../activities/sample.ts'
import type { Action } from '../activities/schema.ts'
import { DELIVERIES_CHANNEL } from '../deliveries/service.ts'
import { type Outcome, type Refusal, refuse, refuseField, StartError } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { HttpClient } from '../platform/http-client.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { judge, showOutcome } from './attempt.ts'
import { breakerState } from './breaker.ts'
import { type Headers, hideCredentials, keepHidden, normalizeHeaders } from './custom-headers.ts'
import {
  type Destination,
  type Message,
  messageId,
  nameHeaders,
  standingHeaders,
  writeHeaders,
  writeRequest,
} from './delivery.ts'
import { diagnoseTarget } from './diagnosis.ts'
import { summarize } from './health.ts'
import type {
  AttemptView,
  DeliveriesQuery,
  Delivery,
  DeliveryDetail,
  Diagnosis,
  Health,
  HistoryHour,
  Replay,
  ReplayInput,
  Webhook,
  WebhookInput,
  WebhookPatch,
} from './schema.ts'
import { generateSecret, parseSecret, publicKeyOf } from './signature.ts'
import * as store from './store.ts'
import { checkTarget } from './target-check.ts'
import { checkUrl, type TargetPolicy } from './target-guard.ts'

const HEALTH_HOURS = 24
const PENDING_COUNTED = 10_000
const ROTATION_OVERLAP = 24 * 3_600_000
const FAILED_AT_ONCE = 5_000

export interface WebhooksDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  policy: TargetPolicy
  resolve: Resolve
  client: HttpClient
  /** The address that people use: the links in samples. */
  url: string
  version: string
  retentionDays: number
}

type Found = { organization: OrganizationId; id: number }

/**
 * Whether a webhook may point there: the URL's form, and the addresses that its name has now. May wait for the name's
 * servers, so it is called before a transaction begins.
 */
export async function checkWebhookTarget(
  { policy, resolve }: Pick<WebhooksDeps, 'policy' | 'resolve'>,
  url: string,
): Promise<Outcome<{ url: string }>> {
  const checked = await checkTarget({ policy, resolve }, url)
  if (checked.ok) return { ok: true, url: checked.url.href }
  return refuseTarget(checked.refusal)
}

/** Makes a webhook; gives its secret, which is never shown again. */
export async function createWebhook(
  deps: WebhooksDeps,
  { organization, input }: { organization: OrganizationId; input: WebhookInput },
): Promise<Outcome<{ webhook: Webhook; secret: string }>> {
  const verdict = checkUrl(deps.policy, input.url)
  if (!verdict.ok) return refuseTarget(verdict.refusal)
  const { signing, headers, ...settings } = input
  const secret = generateSecret(signing)
  const at = deps.clock.timestamp()
  return deps.database.transaction(async (tx) => {
    const row = await store.insertWebhook(tx, organization, {
      ...settings,
      url: verdict.url.href,
      headers: sealHeaders(deps, normalizeHeaders(headers)),
      signing,
      secret: deps.secrets.encrypt(secret),
      public_key: publicKeyOf(secret),
      state_reason: input.state === 'disabled' ? 'by_admin' : null,
      state_changed_at: at,
      sending_changed_at: at,
      created_at: at,
    })
    const [webhook] = await showWebhooks(deps, tx, { organization, rows: [row] })
    return { ok: true, webhook: webhook as Webhook, secret }
  })
}

export async function listWebhooks(deps: WebhooksDeps, organization: OrganizationId, page: PageRequest) {
  const { executor } = deps.database
  const rows = await store.listWebhooks(executor, organization, page)
  const { data, next_cursor } = toPage(rows, page.limit, (row) => [row.id])
  return { data: await showWebhooks(deps, executor, { organization, rows: data }), next_cursor }
}

export async function getWebhook(
  deps: WebhooksDeps,
  { organization, id }: Found,
): Promise<Outcome<{ webhook: Webhook }>> {
  const row = await store.findWebhook(deps.database.executor, organization, id)
  if (!row) return refuseUnknown(id)
  const [webhook] = await showWebhooks(deps, deps.database.executor, { organization, rows: [row] })
  return { ok: true, webhook: webhook as Webhook }
}

/** Changes what is given. Enabling a webhook that has been failing lets it start anew; disabling it fails what waits. */
export async function changeWebhook(
  deps: WebhooksDeps,
  { organization, id, patch }: Found & { patch: WebhookPatch },
): Promise<Outcome<{ webhook: Webhook }>> {
  const target = patch.url === undefined ? undefined : checkUrl(deps.policy, patch.url)
  if (target && !target.ok) return refuseTarget(target.refusal)
  return deps.database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const settings = patchSettings(deps, row, { ...patch, ...(target ? { url: target.url.href } : {}) })
    const healed = (row.state !== 'enabled' && settings.state === 'enabled') || settings.url !== row.url
    const changed = await store.updateWebhook(tx, organization, { id, settings, healed })
    await followChange(deps, tx, { before: row, after: changed })
    const [webhook] = await showWebhooks(deps, tx, { organization, rows: [changed] })
    return { ok: true, webhook: webhook as Webhook }
  })
}

export async function deleteWebhook({ database, clock }: WebhooksDeps, { organization, id }: Found): Promise<Outcome> {
  return database.transaction(async (tx) => {
    if (!(await store.markDeleted(tx, organization, { id, at: clock.timestamp() }))) return refuseUnknown(id)
    await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook: id })
    return { ok: true }
  })
}

/** Makes a new secret; the one before signs too for 24 hours. */
export async function rotateSecret(
  { database, clock, secrets }: WebhooksDeps,
  { organization, id }: Found,
): Promise<Outcome<{ secret: string; publicKey: string | null; previousUntil: string }>> {
  return database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row) return refuseUnknown(id)
    const secret = generateSecret(row.signing)
    const publicKey = publicKeyOf(secret)
    const at = clock.timestamp()
    const previousUntil = toTimestamp(Date.parse(at) + ROTATION_OVERLAP)
    const fresh = { id, secret: secrets.encrypt(secret), publicKey, previousUntil, at }
    await store.replaceSecret(tx, organization, fresh)
    await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook: id })
    return { ok: true, secret, publicKey, previousUntil }
  })
}

/** How a webhook's attempts went, hour by hour; hours without any are left out. */
export async function readHistory(
  { database: { executor }, clock }: WebhooksDeps,
  { organization, id, hours }: Found & { hours: number },
): Promise<Outcome<{ hours: HistoryHour[] }>> {
  if (!(await store.findWebhook(executor, organization, id))) return refuseUnknown(id)
  const since = toTimestamp(clock.now() - hours * HOUR)
  return { ok: true, hours: await store.listHours(executor, organization, { webhook: id, since }) }
}

export async function listDeliveries(
  { database: { executor } }: WebhooksDeps,
  {
    organization,
    webhook,
    query,
    page,
  }: { organization: OrganizationId; webhook: number; query: DeliveriesQuery; page: PageRequest },
): Promise<Outcome<{ page: { data: Delivery[]; next_cursor: string | null } }>> {
  if (!(await store.findWebhook(executor, organization, webhook))) return refuseUnknown(webhook)
  const { status, action, since } = query
  const rows = await store.listDeliveries(executor, organization, { webhook, status, action, since, ...page })
  const found = toPage(rows, page.limit, (row) => [row.id])
  return { ok: true, page: { data: found.data.map(showDelivery), next_cursor: found.next_cursor } }
}

/** A delivery with its body and every attempt that is still kept. */
export async function getDelivery(
  deps: WebhooksDeps,
  { organization, id }: Found,
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const { executor } = deps.database
  const row = await store.findDelivery(executor, organization, id)
  if (!row) return refuse('not_found', `There is no delivery ${id}.`)
  // Those that the row does not count yet came after it: what is shown is of one moment.
  const kept = await store.listAttempts(executor, organization, id)
  const rows = kept.filter(({ number }) => number <= row.attempts)
  const webhook = await store.findWebhook(executor, organization, row.webhook_id)
  const body = Buffer.from(row.body)
  const attempts = rows.map((attempt) =>
    showAttempt(attempt, requestOf(deps, { webhook, delivery: row, body }, attempt)),
  )
  const detail = { ...showDelivery(row), webhook_id_header: messageId(row.activity_id), body: row.body, attempts }
  return { ok: true, delivery: detail }
}

/** Sends a delivery again, with full retries: a settled one as a new delivery, a waiting one at once. */
export async function resendDelivery(
  deps: WebhooksDeps,
  { organization, id }: Found,
): Promise<Outcome<{ delivery: DeliveryDetail }>> {
  const { database, clock } = deps
  return database.transaction(async (tx) => {
    const row = await store.findDelivery(tx, organization, id)
    const webhook = row && (await store.lockWebhook(tx, organization, row.webhook_id))
    if (!row || !webhook) return refuse('not_found', `There is no delivery ${id} whose webhook still exists.`)
    if (webhook.state === 'disabled') return refuseDisabled(webhook.id)
    const at = clock.timestamp()
    if (row.status === 'pending') await store.hastenDelivery(tx, organization, { id, at })
    const sent = row.status === 'pending' ? id : await store.repeatDelivery(tx, organization, { id, at })
    await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook: webhook.id })
    return getDelivery(deps, { organization, id: sent })
  })
}

/** How many deliveries a replay would queue now. */
export async function previewReplay(
  { database: { executor }, clock, retentionDays }: WebhooksDeps,
  { organization, webhook, input }: { organization: OrganizationId; webhook: number; input: ReplayInput },
): Promise<Outcome<{ queued: number }>> {
  if (!(await store.findWebhook(executor, organization, webhook))) return refuseUnknown(webhook)
  const wish = { webhook_id: webhook, since: input.since, until: input.until ?? clock.timestamp(), only: input.only }
  const keptSince = toTimestamp(clock.now() - retentionDays * DAY)
  return { ok: true, queued: await store.countReplay(executor, organization, { wish, keptSince }) }
}

/**
 * Queues again what a webhook has missed, with full retries. The webhook's row stays free, since that may take a while
 * where much was missed: what is queued for one that is disabled meanwhile fails as all that waits does.
 */
export async function replayDeliveries(
  { database, clock, retentionDays }: WebhooksDeps,
  { organization, webhook, input }: { organization: OrganizationId; webhook: number; input: ReplayInput },
): Promise<Outcome<{ replay: Replay }>> {
  const until = input.until ?? clock.timestamp()
  if (Date.parse(input.since) >= Date.parse(until)) return refuseField('since', `must be before until (${until})`)
  return database.transaction(async (tx) => {
    const row = await store.findWebhook(tx, organization, webhook)
    if (!row) return refuseUnknown(webhook)
    if (row.state === 'disabled') return refuseDisabled(webhook)
    await store.lockReplays(tx, organization, webhook)
    const replay = await store.insertReplay(tx, organization, {
      webhook_id: webhook,
      since: input.since,
      until,
      only: input.only,
      created_at: clock.timestamp(),
    })
    const keptSince = toTimestamp(clock.now() - retentionDays * DAY)
    const queued = await store.queueReplay(tx, organization, { replay, keptSince })
    await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook })
    return { ok: true, replay: showReplay({ ...replay, queued, pending: queued, delivered: 0, failed: 0 }) }
  })
}

export async function listReplays(
  { database: { executor } }: WebhooksDeps,
  { organization, webhook, page }: { organization: OrganizationId; webhook: number; page: PageRequest },
): Promise<Outcome<{ page: { data: Replay[]; next_cursor: string | null } }>> {
  if (!(await store.findWebhook(executor, organization, webhook))) return refuseUnknown(webhook)
  const rows = await store.listReplays(executor, organization, { webhook, ...page })
  const found = toPage(rows, page.limit, (row) => [row.id])
  return { ok: true, page: { data: found.data.map(showReplay), next_cursor: found.next_cursor } }
}

export interface TestAnswer {
  delivered: boolean
  webhook_id_header: string
  body: string
  attempt: AttemptView
}

/** Sends a sample at once, in any state of the webhook; nothing of it is stored. */
export async function sendTest(
  deps: WebhooksDeps,
  { organization, id, action }: Found & { action: Action },
): Promise<Outcome<{ test: TestAnswer }>> {
  const row = await store.findWebhook(deps.database.executor, organization, id)
  if (!row) return refuseUnknown(id)
  const checked = checkUrl(deps.policy, row.url)
  if (!checked.ok) return refuseTarget(checked.refusal)
  const body = sampleBody(action, 'one_on_one', { id: 0, now: deps.clock.now(), url: deps.url })
  const name = `test_${crypto.randomUUID()}`
  const startedAt = deps.clock.timestamp()
  const message = { id: name, action, delivery: 0, attempt: 1, body: Buffer.from(body), test: true }
  const now = deps.clock.now()
  const outcome = judge(await deps.client.send(writeRequest(destinationOf(deps, row, checked), message, now)))
  const attempt = showOutcome(outcome, { number: 1, startedAt, ...shownRequest(deps, row, { message, now }) })
  return { ok: true, test: { delivered: outcome.succeeded, webhook_id_header: name, body, attempt } }
}

/** Checks a webhook's target step by step, ending with a test. */
export async function diagnoseWebhook(
  deps: WebhooksDeps,
  { organization, id }: Found,
): Promise<Outcome<{ diagnosis: Diagnosis }>> {
  const row = await store.findWebhook(deps.database.executor, organization, id)
  if (!row) return refuseUnknown(id)
  const test = async () => {
    const sent = await sendTest(deps, { organization, id, action: 'Meeting.scheduled' })
    if (!sent.ok) throw new Error(sent.detail)
    return sent.test.attempt
  }
  return { ok: true, diagnosis: await diagnoseTarget(deps, row.url, test) }
}

/** Where a webhook's requests go, with its secrets decrypted. For the dispatcher and for tests. */
export function destinationOf(
  { secrets, clock, version }: Pick<WebhooksDeps, 'secrets' | 'clock' | 'version'>,
  row: store.WebhookRow,
  { url, trust }: { url: URL; trust: Destination['trust'] },
): Destination {
  return {
    url,
    trust,
    headers: standingHeaders(version, openHeaders({ secrets }, row)),
    keys: signingKeys({ secrets }, row, clock.now()),
  }
}

/** With what a receiver at this address can verify: the secrets that sign now, or the public keys. For the inspector. */
export async function listVerifiers(
  { database, secrets, clock }: Pick<WebhooksDeps, 'database' | 'secrets' | 'clock'>,
  organization: OrganizationId,
  url: string,
): Promise<string[]> {
  const rows = await store.listWebhooksTo(database.executor, organization, url)
  return rows.flatMap((row) => signingSecrets(row, clock.now())).map((stored) => verifierOf(secrets.decrypt(stored)))
}

/**
 * Encrypts every webhook's secrets with the first value of BOOKBELL_SECRET where another one did, so that the others can
 * go. Called at start: throws a StartError where none of the values can read a secret.
 */
export async function renewSecrets(deps: Pick<WebhooksDeps, 'database' | 'secrets'>): Promise<void> {
  const isOld = (text: Uint8Array | null) => text !== null && !deps.secrets.isCurrent(text)
  let after: store.WebhookKey | null = null
  for (;;) {
    const rows: Awaited<ReturnType<typeof store.listSecrets>> = await store.listSecrets(
      deps.database.executor,
      after,
      100,
    )
    for (const { organization_id: organization, id, secret, previous_secret, headers } of rows) {
      if (isOld(secret) || isOld(previous_secret) || isOld(headers)) await renewSecretsOf(deps, { organization, id })
    }
    const last = rows.at(-1)
    if (!last) return
    after = { organization: last.organization_id, webhook: last.id }
  }
}

async function renewSecretsOf(
  { database, secrets }: Pick<WebhooksDeps, 'database' | 'secrets'>,
  { organization, id }: Found,
): Promise<void> {
  const renew = (text: Uint8Array) => secrets.encrypt(readStored(secrets, text, id))
  await database.transaction(async (tx) => {
    const row = await store.lockWebhook(tx, organization, id)
    if (!row) return
    await store.reencryptSecrets(tx, organization, {
      id,
      oldSecret: row.secret,
      secret: renew(row.secret),
      previous_secret: row.previous_secret && renew(row.previous_secret),
      headers: row.headers && renew(row.headers),
    })
  })
}

function readStored(secrets: Secrets, text: Uint8Array, webhook: number): string {
  try {
    return secrets.decrypt(text)
  } catch (cause) {
    throw new StartError(
      `BOOKBELL_SECRET cannot read the secrets of webhook ${webhook}, which were written with another value of it. Put that value after the present one, with a comma between them, and start again; they are then written anew.`,
      { cause },
    )
  }
}

/** What signs at a moment, ready to do so. */
function signingKeys(
  { secrets }: Pick<WebhooksDeps, 'secrets'>,
  row: store.WebhookRow,
  now: number,
): Destination['keys'] {
  return signingSecrets(row, now).map((secret) => parseSecret(secrets.decrypt(secret)))
}

/** The present secret, and the one before while it still signs; encrypted. */
function signingSecrets(row: store.WebhookRow, now: number): Uint8Array[] {
  const { secret, previous_secret: previous, previous_secret_until: until } = row
  return previous && until && Date.parse(until) > now ? [secret, previous] : [secret]
}

/** The secret itself for `v1`, the public half for `v1a`. */
function verifierOf(secret: string): string {
  return publicKeyOf(secret) ?? secret
}

function patchSettings(
  deps: WebhooksDeps,
  row: store.WebhookRow,
  { headers, ...patch }: WebhookPatch,
): store.WebhookSettings {
  const state = patch.state ?? row.state
  const stateChanged = state !== row.state
  const own = openHeaders(deps, row)
  const fresh = headers === undefined ? own : keepHidden(headers, own)
  const headersChanged = JSON.stringify(fresh) !== JSON.stringify(own)
  const sendingChanged = headersChanged || (patch.url ?? row.url) !== row.url
  return {
    ...row,
    ...patch,
    headers: headersChanged ? sealHeaders(deps, fresh) : row.headers,
    sending_changed_at: sendingChanged ? deps.clock.timestamp() : row.sending_changed_at,
    state,
    state_reason: stateChanged ? (state === 'disabled' ? 'by_admin' : null) : row.state_reason,
    state_changed_at: stateChanged ? deps.clock.timestamp() : row.state_changed_at,
  }
}

/** What a change means for what waits. The rest of a long queue fails in the background. */
async function followChange(
  { clock }: WebhooksDeps,
  tx: Transaction,
  { before, after }: { before: store.WebhookRow; after: store.WebhookRow },
): Promise<void> {
  const { organization_id: organization, id: webhook } = after
  if (after.state === 'disabled' && before.state !== 'disabled') {
    await store.failWaiting(tx, organization, { webhook, at: clock.timestamp(), limit: FAILED_AT_ONCE })
  }
  if (after.ordering !== before.ordering) {
    await store.setOrdered(tx, organization, { webhook, ordered: after.ordering === 'meeting' })
  }
  await store.notifyDispatchers(tx, organization, { channel: DELIVERIES_CHANNEL, webhook })
}

async function showWebhooks(
  deps: WebhooksDeps,
  executor: Executor,
  { organization, rows }: { organization: OrganizationId; rows: store.WebhookRow[] },
): Promise<Webhook[]> {
  const webhooks = rows.map(({ id }) => id)
  const since = toTimestamp(deps.clock.now() - HEALTH_HOURS * 3_600_000)
  const buckets = await store.listBuckets(executor, organization, { webhooks, since })
  const pending = await store.countPending(executor, organization, { webhooks, most: PENDING_COUNTED })
  return rows.map((row) => {
    const health: Health = {
      hours: HEALTH_HOURS,
      ...summarize(buckets.filter(({ webhook_id }) => webhook_id === row.id)),
      pending: pending.find(({ webhook_id }) => webhook_id === row.id)?.pending ?? 0,
      breaker: breakerState(breakerOf(row), deps.clock.now()),
      failing_since: row.failing_since,
      last_failure_at: row.last_failure_at,
      last_failure: row.last_failure,
    }
    return showWebhook(deps, row, health)
  })
}

function showWebhook(deps: WebhooksDeps, row: store.WebhookRow, health: Health): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    actions: row.actions,
    headers: hideCredentials(openHeaders(deps, row)),
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

/** The breaker as it was when it last changed. */
export function breakerOf(row: Pick<store.WebhookRow, 'breaker_failures' | 'breaker_open_until' | 'breaker_pause_ms'>) {
  const openUntil = row.breaker_open_until === null ? null : Date.parse(row.breaker_open_until)
  return { failures: row.breaker_failures, openUntil, pause: row.breaker_pause_ms }
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

function showAttempt(
  { error_kind: kind, error_stage: stage, error, ...row }: store.AttemptRow,
  request: ShownRequest,
): AttemptView {
  return { ...row, ...request, error: kind === null ? null : ({ kind, stage, message: error } as AttemptView['error']) }
}

type ShownRequest = Pick<AttemptView, 'request_url' | 'request_headers'>
type Sent = { webhook: store.WebhookRow | undefined; delivery: store.DeliveryRow; body: Buffer }

/**
 * What an attempt has sent, made once more from what it was made of: keeping it would double what an attempt costs the
 * database. Where the webhook's address, headers or secret have been changed since, or cannot be read, only what does not depend
 * on them is known.
 */
function requestOf(
  deps: Pick<WebhooksDeps, 'secrets' | 'version'>,
  { webhook, delivery, body }: Sent,
  { number, started_at }: store.AttemptRow,
): ShownRequest {
  const { id, action, activity_id: activity } = delivery
  const message = { id: messageId(activity), action, delivery: id, attempt: number, body }
  const now = Date.parse(started_at)
  const isSame = webhook && now >= Date.parse(webhook.sending_changed_at)
  if (isSame && canRead(deps, webhook, now)) return shownRequest(deps, webhook, { message, now })
  const headers = writeHeaders({ headers: standingHeaders(deps.version, {}), keys: [] }, message, now)
  return { request_url: null, request_headers: nameHeaders(headers) }
}

/** Whether this process was told the BOOKBELL_SECRET that the webhook's secrets and headers were written with: another may know a newer one. */
function canRead({ secrets }: Pick<WebhooksDeps, 'secrets'>, webhook: store.WebhookRow, now: number): boolean {
  try {
    signingKeys({ secrets }, webhook, now)
    openHeaders({ secrets }, webhook)
    return true
  } catch {
    return false
  }
}

/** A request as it may be shown: whole, but for credentials among the webhook's own headers. */
function shownRequest(
  { secrets, version }: Pick<WebhooksDeps, 'secrets' | 'version'>,
  webhook: store.WebhookRow,
  { message, now }: { message: Message; now: number },
): ShownRequest {
  const own = hideCredentials(openHeaders({ secrets }, webhook))
  const keys = signingKeys({ secrets }, webhook, now)
  const headers = writeHeaders({ headers: standingHeaders(version, own), keys }, message, now)
  return { request_url: webhook.url, request_headers: nameHeaders(headers) }
}

function showReplay({ webhook_id: _, ...replay }: store.ReplayProgress): Replay {
  return replay
}

function sealHeaders({ secrets }: Pick<WebhooksDeps, 'secrets'>, headers: Headers): Buffer | null {
  return Object.keys(headers).length === 0 ? null : secrets.encrypt(JSON.stringify(headers))
}

function openHeaders(
  { secrets }: Pick<WebhooksDeps, 'secrets'>,
  { headers }: Pick<store.WebhookRow, 'headers'>,
): Headers {
  return headers === null ? {} : JSON.parse(secrets.decrypt(headers))
}

function refuseUnknown(id: number): Refusal {
  return refuse('not_found', `There is no webhook ${id}.`)
}

function refuseDisabled(id: number): Refusal {
  return refuse('conflict', `Webhook ${id} is disabled, so nothing can be sent to it. Enable or pause it first.`)
}

function refuseTarget({ reason, remedy }: { reason: string; remedy: string }): Refusal {
  const detail = `${reason}. ${remedy}`
  return refuse('target_refused', detail, [{ path: 'url', message: detail }])
}
