import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { HealthChange, WebhookKey } from '../deliveries/targets.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { Webhook } from './schema.ts'

/** A webhook as it is stored. Secrets and headers are encrypted. Times are RFC 3339 text. */
export type WebhookRow = Omit<Row<'webhooks'>, keyof ParsedColumns> & ParsedColumns

/** Columns whose database type is less specific than the API format. */
type ParsedColumns = Pick<Webhook, 'actions' | 'filter' | 'state_reason'>

/** The columns of webhooks that are not settings: the key, secrets, health. */
type OtherColumn =
  | 'organization_id'
  | 'id'
  | 'signing'
  | 'secret'
  | 'public_key'
  | 'previous_secret'
  | 'previous_secret_until'
  | 'revision'
  | 'failing_since'
  | 'failing_attempts'
  | 'warned_at'
  | 'last_failure_at'
  | 'last_failure'
  | 'breaker_failures'
  | 'breaker_open_until'
  | 'breaker_pause_ms'
  | 'probe_requested_at'
  | 'last_failed_delivery'
  | 'created_at'
  | 'deleted_at'

/** The settings that an admin chooses. `sending_changed_at` is when the URL, the custom headers or the secret last changed. */
export type WebhookSettings = Omit<WebhookRow, OtherColumn>

/** The columns of a new webhook. */
export type NewWebhook = WebhookSettings & Pick<WebhookRow, 'signing' | 'secret' | 'public_key' | 'created_at'>

/** The health of a webhook without known failures. */
const noFailures = {
  failing_since: null,
  failing_attempts: 0,
  warned_at: null,
  breaker_failures: 0,
  breaker_open_until: null,
  breaker_pause_ms: 0,
} satisfies RowChange<'webhooks'>

const nextRevision = sql<number>`revision + 1`

export async function insertWebhook(
  tx: Transaction,
  organization: OrganizationId,
  webhook: NewWebhook,
): Promise<WebhookRow> {
  const values = {
    ...webhook,
    filter: writeFilter(webhook),
    organization_id: organization,
    previous_secret: null,
    previous_secret_until: null,
    failing_since: null,
    warned_at: null,
    last_failure_at: null,
    last_failure: null,
    breaker_open_until: null,
    probe_requested_at: null,
    last_failed_delivery: null,
    deleted_at: null,
  } satisfies NewRow<'webhooks'>
  return tx.insertInto('webhooks').values(values).returningAll().$narrowType<ParsedColumns>().executeTakeFirstOrThrow()
}

/** An empty filter is stored as null. */
function writeFilter({ filter }: Pick<WebhookSettings, 'filter'>): string | null {
  return filter && filter.length > 0 ? JSON.stringify(filter) : null
}

function selectWebhooks(executor: Executor, organization: OrganizationId) {
  return executor
    .selectFrom('webhooks')
    .selectAll()
    .$narrowType<ParsedColumns>()
    .where('organization_id', '=', organization)
    .where('deleted_at', 'is', null)
}

export async function listWebhooks(
  executor: Executor,
  organization: OrganizationId,
  { limit, after }: PageRequest,
): Promise<WebhookRow[]> {
  return selectWebhooks(executor, organization)
    .where('id', '>', after?.[0] ?? 0)
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function findWebhook(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<WebhookRow | undefined> {
  return selectWebhooks(executor, organization).where('id', '=', id).executeTakeFirst()
}

/** Lists the webhooks that point to a URL. */
export async function listWebhooksTo(
  executor: Executor,
  organization: OrganizationId,
  url: string,
): Promise<WebhookRow[]> {
  return selectWebhooks(executor, organization).where('url', '=', url).orderBy('id').execute()
}

/** Returns the webhook and locks it against other changes until the transaction ends. Deliveries can still be enqueued for it. */
export async function lockWebhook(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<WebhookRow | undefined> {
  return selectWebhooks(tx, organization).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

/** Saves the settings. `forgetFailures` resets the health, for a webhook that starts over. */
export async function updateWebhook(
  tx: Transaction,
  organization: OrganizationId,
  { id, settings, forgetFailures }: { id: number; settings: WebhookSettings; forgetFailures: boolean },
): Promise<WebhookRow> {
  return tx
    .updateTable('webhooks')
    .set({ ...settings, filter: writeFilter(settings), ...(forgetFailures ? noFailures : {}), revision: nextRevision })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .returningAll()
    .$narrowType<ParsedColumns>()
    .executeTakeFirstOrThrow()
}

/** Sets a new secret. The previous one continues to sign until the given time. */
export async function replaceSecret(
  tx: Transaction,
  organization: OrganizationId,
  {
    id,
    secret,
    publicKey,
    previousUntil,
    at,
  }: { id: number; secret: Uint8Array; publicKey: string | null; previousUntil: string; at: string },
): Promise<void> {
  await tx
    .updateTable('webhooks')
    .set(({ ref }) => ({
      previous_secret: ref('secret'),
      previous_secret_until: previousUntil,
      secret,
      public_key: publicKey,
      sending_changed_at: at,
      revision: nextRevision,
    }))
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** A webhook's encrypted columns. */
export type CiphertextRow = Pick<WebhookRow, 'organization_id' | 'id' | 'secret' | 'previous_secret' | 'headers'>

/** Lists the encrypted columns of webhooks in all organizations, in the order of their keys. */
export async function listCiphertexts(
  executor: Executor,
  after: WebhookKey | null,
  limit: number,
): Promise<CiphertextRow[]> {
  const { rows } = await sql<CiphertextRow>`
    select organization_id, id, secret, previous_secret, headers from webhooks
    where (organization_id, id) > (${after?.organization ?? 0}, ${after?.webhook ?? 0})
    order by organization_id, id limit ${limit}`.execute(executor)
  return rows
}

/** Replaces the encrypted columns, unless the secret has been rotated in the meantime. */
export async function replaceCiphertexts(
  tx: Transaction,
  organization: OrganizationId,
  {
    id,
    oldSecret,
    ...ciphertexts
  }: { id: number; oldSecret: Uint8Array } & Pick<WebhookRow, 'secret' | 'previous_secret' | 'headers'>,
): Promise<void> {
  await tx
    .updateTable('webhooks')
    .set(ciphertexts)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('secret', '=', oldSecret)
    .execute()
}

/** Marks all of an organization's webhooks as deleted. */
export async function markAllDeleted(tx: Transaction, organization: OrganizationId, at: string): Promise<void> {
  await tx
    .updateTable('webhooks')
    .set({ deleted_at: at, state: 'disabled', state_changed_at: at, revision: nextRevision })
    .where('organization_id', '=', organization)
    .where('deleted_at', 'is', null)
    .execute()
}

/** Marks a webhook as deleted. Returns whether it existed. Its rows are removed in the background. */
export async function markDeleted(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhooks')
    .set({ deleted_at: at, state: 'disabled', state_changed_at: at, revision: nextRevision })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Loads webhooks in all organizations by their keys, including deleted webhooks. */
export async function loadWebhooks(executor: Executor, keys: readonly WebhookKey[]): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select w.* from webhooks w
    join unnest(${keys.map((key) => key.organization)}::bigint[], ${keys.map((key) => key.webhook)}::bigint[]) as k (organization_id, id)
      on k.organization_id = w.organization_id and k.id = w.id`.execute(executor)
  return rows
}

/** Records webhooks' results in the order of the changes, and returns the webhooks in their new state. */
export async function recordHealth(
  executor: Executor,
  { changes, now }: { changes: readonly HealthChange[]; now: string },
): Promise<WebhookRow[]> {
  const column = <K extends keyof HealthChange>(name: K) => changes.map((change) => change[name])
  const openUntil = changes.map(({ breaker }) => (breaker.openUntil === null ? null : toTimestamp(breaker.openUntil)))
  const { rows } = await sql<WebhookRow>`
    update webhooks w set
      failing_since = case when c.recovered then c.failing_since else coalesce(w.failing_since, c.failing_since) end,
      failing_attempts = case when c.recovered then c.failures else w.failing_attempts + c.failures end,
      warned_at = case when c.recovered then null else w.warned_at end,
      last_failure_at = case when c.failures > 0 then ${now}::timestamptz else w.last_failure_at end,
      last_failure = coalesce(c.last_failure, w.last_failure),
      last_failed_delivery = coalesce(c.last_failed_delivery, w.last_failed_delivery), breaker_failures = c.breaker_failures,
      breaker_open_until = c.breaker_open_until, breaker_pause_ms = c.breaker_pause_ms
    from unnest(${column('organization')}::bigint[], ${column('webhook')}::bigint[], ${column('recovered')}::boolean[],
      ${column('failures')}::integer[], ${column('failingSince')}::timestamptz[], ${column('lastFailure')}::text[],
      ${column('lastFailedDelivery')}::bigint[],
      ${changes.map(({ breaker }) => breaker.failures)}::integer[], ${openUntil}::timestamptz[],
      ${changes.map(({ breaker }) => breaker.pause)}::integer[])
      as c (organization_id, id, recovered, failures, failing_since, last_failure, last_failed_delivery, breaker_failures, breaker_open_until, breaker_pause_ms)
    where w.organization_id = c.organization_id and w.id = c.id
    returning w.*`.execute(executor)
  return rows
}

/**
 * Disables a webhook. Returns undefined if it is already disabled, or started failing at `failingBefore` or later. webhook_hours
 * may contain a success that is missing from the webhook's row.
 */
export async function disableFailing(
  tx: Transaction,
  organization: OrganizationId,
  { id, reason, at, failingBefore }: { id: number; reason: 'gone' | 'failing'; at: string; failingBefore: string },
): Promise<WebhookRow | undefined> {
  const { rows } = await sql<WebhookRow>`
    update webhooks w set state = 'disabled', state_reason = ${reason}, state_changed_at = ${at}, revision = revision + 1
    where organization_id = ${organization} and id = ${id} and state <> 'disabled'
      and (${reason} = 'gone' or w.failing_since <= ${failingBefore} and not exists (
        select 1 from webhook_hours h
        where h.organization_id = ${organization} and h.webhook_id = ${id} and h.hour > w.failing_since and h.succeeded > 0))
    returning *`.execute(tx)
  return rows[0]
}

/** Records that the admins are being warned. Returns undefined if they were warned before, or if the webhook is no longer failing. */
export async function markWarned(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<WebhookRow | undefined> {
  return tx
    .updateTable('webhooks')
    .set({ warned_at: at })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('warned_at', 'is', null)
    .where('failing_since', 'is not', null)
    .returningAll()
    .$narrowType<ParsedColumns>()
    .executeTakeFirst()
}

/** Records that someone requested an immediate attempt. */
export async function requestProbe(
  tx: Transaction,
  organization: OrganizationId,
  { id, at }: { id: number; at: string },
): Promise<void> {
  await tx
    .updateTable('webhooks')
    .set({ probe_requested_at: at })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/**
 * Closes the breaker of a webhook whose receiver has just accepted a request. Returns whether the breaker had counted failures.
 */
export async function closeBreaker(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { breaker_failures, breaker_open_until, breaker_pause_ms } = noFailures
  const { numUpdatedRows } = await tx
    .updateTable('webhooks')
    .set({ breaker_failures, breaker_open_until, breaker_pause_ms })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('breaker_failures', '>', 0)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Lists some webhooks that are marked as deleted. */
export async function listDeleted(executor: Executor): Promise<WebhookKey[]> {
  return executor
    .selectFrom('webhooks')
    .select(['organization_id as organization', 'id as webhook'])
    .where('deleted_at', 'is not', null)
    .orderBy('organization_id')
    .orderBy('id')
    .limit(100)
    .execute()
}

/** Removes a webhook that is marked as deleted. */
export async function removeWebhook(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx
    .deleteFrom('webhooks')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .execute()
}

/** Increases the revision of every webhook in an organization. */
export async function raiseRevisions(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx
    .updateTable('webhooks')
    .set({ revision: nextRevision })
    .where('organization_id', '=', organization)
    .where('deleted_at', 'is', null)
    .execute()
}

/** Replaces an email address in webhook filters, including those of deleted webhooks. */
export async function eraseFromFilters(
  tx: Transaction,
  organization: OrganizationId,
  { email, placeholder }: { email: string; placeholder: string },
): Promise<void> {
  const condition = (equals: string) => JSON.stringify({ path: 'host.email', equals })
  await sql`
    update webhooks set revision = revision + 1, filter = (
      select jsonb_agg(case when part.condition = ${condition(email)}::jsonb then ${condition(placeholder)}::jsonb else part.condition end order by part.number)
      from jsonb_array_elements(filter) with ordinality part (condition, number))
    where organization_id = ${organization} and filter @> ${`[${condition(email)}]`}::jsonb`.execute(tx)
}
