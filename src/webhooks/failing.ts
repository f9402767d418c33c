import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { disablesAt, failingBefore, judgeFailing } from './health.ts'
import * as store from './store.ts'

/** What the admins of an organization are told about a webhook. Instants are epoch milliseconds. */
export type WebhookNotice = {
  webhook: { id: number; url: string; description: string | null }
  /** Since when nothing has succeeded. */
  since: number
  /** The last failure in plain words. */
  problem: string
} & ({ about: 'webhook_failing'; disabledAt: number } | { about: 'webhook_disabled'; reason: 'gone' | 'failing' })

/** Tells the admins, in the transaction of what it tells about. */
export type NotifyAdmins = (tx: Transaction, organization: OrganizationId, notice: WebhookNotice) => Promise<void>

interface Deps {
  database: Database
  clock: Clock
  notifyAdmins: NotifyAdmins
}

const FAILED_AT_ONCE = 5_000

/** Warns about or disables what has been failing for long. `rows`: webhooks as they are after a failure. */
export async function actOnFailing(deps: Deps, rows: readonly store.WebhookRow[]): Promise<void> {
  for (const row of rows) {
    if (row.failing_since === null || row.state === 'disabled') continue
    const failing = {
      since: Date.parse(row.failing_since),
      attempts: row.failing_attempts,
      warned: row.warned_at !== null,
    }
    const verdict = judgeFailing(failing, deps.clock.now())
    if (verdict === 'disable') await disable(deps, row.organization_id, { id: row.id, reason: 'failing' })
    if (verdict === 'warn') await warn(deps, row.organization_id, row.id)
  }
}

/** Disables a webhook whose receiver wants nothing more, or that has failed for too long, and tells the admins. */
export async function disable(
  { database, clock, notifyAdmins }: Deps,
  organization: OrganizationId,
  { id, reason }: { id: number; reason: 'gone' | 'failing' },
): Promise<void> {
  await database.transaction(async (tx) => {
    const at = clock.timestamp()
    const before = toTimestamp(failingBefore(clock.now()))
    const row = await store.disableFailing(tx, organization, { id, reason, at, failingBefore: before })
    if (!row) return
    await store.failWaiting(tx, organization, { webhook: id, at, limit: FAILED_AT_ONCE })
    await notifyAdmins(tx, organization, { about: 'webhook_disabled', reason, ...describe(row, clock.now()) })
  })
}

async function warn({ database, clock, notifyAdmins }: Deps, organization: OrganizationId, id: number): Promise<void> {
  await database.transaction(async (tx) => {
    const row = await store.markWarned(tx, organization, { id, at: clock.timestamp() })
    if (!row) return
    const facts = describe(row, clock.now())
    await notifyAdmins(tx, organization, { about: 'webhook_failing', disabledAt: disablesAt(facts.since), ...facts })
  })
}

function describe(row: store.WebhookRow, now: number): Pick<WebhookNotice, 'webhook' | 'since' | 'problem'> {
  const { id, url, description } = row
  const since = row.failing_since === null ? now : Date.parse(row.failing_since)
  return { webhook: { id, url, description }, since, problem: row.last_failure ?? '' }
}
