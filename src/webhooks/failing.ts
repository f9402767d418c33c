import type { OrganizationId } from '../organizations/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { disablesAt, judgeFailing } from './health.ts'
import * as store from './store.ts'

/** What the admins of an organization are told about a webhook. */
export interface WebhookNotice {
  /** failing: half of the time until it is disabled has passed. disabled: it has been. */
  kind: 'failing' | 'disabled'
  reason: 'gone' | 'failing'
  webhook: { id: number; url: string; description: string | null }
  /** RFC 3339, when nothing has succeeded since; null where the receiver answered 410. */
  failingSince: string | null
  /** The last failure in plain words. */
  lastFailure: string | null
  /** RFC 3339, when it will be disabled if nothing succeeds; null where it has been. */
  disablesAt: string | null
}

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
    const row = await store.disableFailing(tx, organization, { id, reason, at })
    if (!row) return
    await store.failWaiting(tx, organization, { webhook: id, at, limit: FAILED_AT_ONCE })
    await notifyAdmins(tx, organization, { ...describe(row), kind: 'disabled', reason, disablesAt: null })
  })
}

async function warn({ database, clock, notifyAdmins }: Deps, organization: OrganizationId, id: number): Promise<void> {
  await database.transaction(async (tx) => {
    const row = await store.markWarned(tx, organization, { id, at: clock.timestamp() })
    if (!row?.failing_since) return
    const at = toTimestamp(disablesAt(Date.parse(row.failing_since)))
    await notifyAdmins(tx, organization, { ...describe(row), kind: 'failing', reason: 'failing', disablesAt: at })
  })
}

function describe(row: store.WebhookRow): Pick<WebhookNotice, 'webhook' | 'failingSince' | 'lastFailure'> {
  const { id, url, description, failing_since: failingSince, last_failure: lastFailure } = row
  return { webhook: { id, url, description }, failingSince, lastFailure }
}
