import type { OrganizationId } from '../access/gate.ts'
import { failPending } from '../deliveries/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { disablesAt, failingBefore, judgeFailing } from './health.ts'
import * as store from './store.ts'

/** A notice about a webhook for its organization's admins. Times are epoch milliseconds. */
export type WebhookNotice = {
  webhook: { id: number; url: string; description: string | null }
  /** When the webhook started failing. No attempt has succeeded since then. */
  since: number
  /** The last failure in plain words. */
  problem: string
} & ({ about: 'webhook_failing'; disabledAt: number } | { about: 'webhook_disabled'; reason: 'gone' | 'failing' })

/** Notifies the admins, in the same transaction as the change. */
export type NotifyAdmins = (tx: Transaction, organization: OrganizationId, notice: WebhookNotice) => Promise<void>

export interface FailingDeps {
  database: Database
  clock: Clock
  notifyAdmins: NotifyAdmins
}

/**
 * Warns about webhooks that have been failing for a long time, or disables them. `rows` are the webhooks after a
 * failure was recorded.
 */
export async function actOnFailing(deps: FailingDeps, rows: readonly store.WebhookRow[]): Promise<void> {
  for (const row of rows) {
    if (row.failing_since === null || row.state === 'disabled') continue
    const failing = {
      since: Date.parse(row.failing_since),
      attempts: row.failing_attempts,
      warned: row.warned_at !== null,
    }
    const verdict = judgeFailing(failing, deps.clock.now())
    if (verdict === 'disable') await disableWebhook(deps, row.organization_id, { id: row.id, reason: 'failing' })
    if (verdict === 'warn') await warn(deps, row.organization_id, row.id)
  }
}

/** Disables a webhook whose receiver returned 410 Gone or that has been failing for too long, and notifies the admins. */
export async function disableWebhook(
  { database, clock, notifyAdmins }: FailingDeps,
  organization: OrganizationId,
  { id, reason }: { id: number; reason: 'gone' | 'failing' },
): Promise<void> {
  await database.transaction(async (tx) => {
    const at = clock.timestamp()
    const before = toTimestamp(failingBefore(clock.now()))
    const row = await store.disableFailing(tx, organization, { id, reason, at, failingBefore: before })
    if (!row) return
    await failPending(tx, organization, { webhook: id, at })
    await notifyAdmins(tx, organization, { about: 'webhook_disabled', reason, ...describe(row, clock.now()) })
  })
}

async function warn(
  { database, clock, notifyAdmins }: FailingDeps,
  organization: OrganizationId,
  id: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    const row = await store.markWarned(tx, organization, { id, at: clock.timestamp() })
    if (!row) return
    const notice = describe(row, clock.now())
    await notifyAdmins(tx, organization, { about: 'webhook_failing', disabledAt: disablesAt(notice.since), ...notice })
  })
}

function describe(row: store.WebhookRow, now: number): Pick<WebhookNotice, 'webhook' | 'since' | 'problem'> {
  const { id, url, description } = row
  const since = row.failing_since === null ? now : Date.parse(row.failing_since)
  return { webhook: { id, url, description }, since, problem: row.last_failure ?? '' }
}
