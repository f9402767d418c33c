import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { SECOND } from '../time/durations.ts'
import {
  type Budget,
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
 * Counts an email to this address, in the transaction that enqueues it. Returns 0 if this email may be sent, otherwise the number
 * of seconds to wait. The count covers all organizations, because they share one mail server. Transactions for the same address
 * run one after another, so later counts in the transaction are also correct.
 */
export async function spendMail(tx: Transaction, { clock }: BudgetDeps, { email }: { email: string }): Promise<number> {
  const kinds = ['mail_day', 'mail_hour'] as const
  const used = await store.countClientUses(tx, usesOf(clock, clientBudgets, { kinds, key: mailboxKey(email) }))
  return secondsToWait(clock, clientBudgets, used)
}

/**
 * Counts an attendee's reschedule of this meeting, in the same transaction. Returns 0 if it is allowed, otherwise the number of
 * seconds to wait.
 */
export async function spendReschedule(
  tx: Transaction,
  { clock }: BudgetDeps,
  organization: OrganizationId,
  { meeting }: { meeting: number },
): Promise<number> {
  const uses = usesOf(clock, budgets, { kinds: ['reschedule_day'], key: String(meeting) })
  return secondsToWait(clock, budgets, await store.countUses(tx, organization, uses))
}

/** Counts a client's request. Returns 0 if it is allowed, otherwise the number of seconds to wait. */
export async function spendClient(
  { database, clock }: BudgetDeps & { database: Database },
  { kind, client }: { kind: ClientBudgetKind; client: string },
): Promise<number> {
  const uses = usesOf(clock, clientBudgets, { kinds: [kind], key: client })
  return secondsToWait(clock, clientBudgets, await store.countClientUses(database.executor, uses))
}

/** Returns the seconds until all exhausted budgets begin again, or 0 if none is exhausted. */
function secondsToWait(clock: Clock, of: Readonly<Record<string, Budget>>, used: readonly store.UsedBudget[]): number {
  const waits = used.map(({ kind, used, window_start }) => {
    const budget = of[kind]
    if (!budget || used <= budget.limit) return 0
    return Math.max(1, Math.ceil((Date.parse(window_start) + budget.window - clock.now()) / SECOND))
  })
  return Math.max(0, ...waits)
}

/** Counts each of these budgets once, now. */
function usesOf<Kind extends string>(
  clock: Clock,
  of: Record<Kind, Budget>,
  { kinds, key }: { kinds: readonly Kind[]; key: string },
): store.BudgetUse[] {
  const [now, hash] = [clock.timestamp(), hashBudgetKey(key)]
  return kinds.map((kind) => ({ kind, key: hash, now, expired: toTimestamp(clock.now() - of[kind].window) }))
}

/** Deletes budgets whose windows have ended, up to `limit` from each table. Returns the larger count. */
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
