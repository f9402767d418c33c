import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import {
  type BudgetKind,
  budgets,
  type ClientBudgetKind,
  clientBudgets,
  hashBudgetKey,
  LONGEST_WINDOW,
  mailboxKey,
} from './budget.ts'
import * as store from './store.ts'

interface BudgetDeps {
  clock: Clock
}

/**
 * Counts a mail to this address, in the transaction that queues it, and says whether it may be sent. Two transactions for
 * one address wait for each other, so that what they count next is right as well.
 */
export function spendMail(
  tx: Transaction,
  deps: BudgetDeps,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<boolean> {
  return spend(tx, deps, organization, { kinds: ['mail_day', 'mail_hour'], key: mailboxKey(email) })
}

/** Counts a reschedule of this meeting by an attendee, in its transaction, and says whether it is allowed. */
export function spendReschedule(
  tx: Transaction,
  deps: BudgetDeps,
  organization: OrganizationId,
  { meeting }: { meeting: number },
): Promise<boolean> {
  return spend(tx, deps, organization, { kinds: ['reschedule_day'], key: String(meeting) })
}

async function spend(
  tx: Transaction,
  { clock }: BudgetDeps,
  organization: OrganizationId,
  { kinds, key }: { kinds: BudgetKind[]; key: string },
): Promise<boolean> {
  const [now, hash] = [clock.timestamp(), hashBudgetKey(key)]
  const uses = kinds.map((kind) => ({
    kind,
    key: hash,
    now,
    expired: toTimestamp(clock.now() - budgets[kind].window),
  }))
  const used = await store.countUses(tx, organization, uses)
  return used.every(({ kind, used }) => used <= budgets[kind as BudgetKind].limit)
}

/** Counts a request of a client; returns the seconds until the next one is allowed, 0 if this one is. */
export async function spendClient(
  { database, clock }: BudgetDeps & { database: Database },
  { kind, client }: { kind: ClientBudgetKind; client: string },
): Promise<number> {
  const { limit, window } = clientBudgets[kind]
  const use = { kind, key: hashBudgetKey(client), now: clock.timestamp(), expired: toTimestamp(clock.now() - window) }
  const { used, window_start } = await store.countClientUse(database.executor, use)
  return used <= limit ? 0 : Math.max(1, Math.ceil((Date.parse(window_start) + window - clock.now()) / 1000))
}

/** Deletes budgets whose windows have ended, at most `limit` of each table; returns the larger count. */
export async function deleteOldBudgets(
  { database, clock }: BudgetDeps & { database: Database },
  { limit }: { limit: number },
): Promise<number> {
  const old = { before: toTimestamp(clock.now() - LONGEST_WINDOW), limit }
  const [ofOrganizations, ofClients] = [
    await store.deleteOldBudgets(database.executor, old),
    await store.deleteOldClientBudgets(database.executor, old),
  ]
  return Math.max(ofOrganizations, ofClients)
}
