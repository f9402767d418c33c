import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import {
  type Budget,
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
 * Counts an email to this address, in the transaction that enqueues it, and says whether it may be sent. The count
 * covers all organizations, because they share one mail server. Two transactions for the same address wait for each
 * other, so anything they count afterwards is also correct.
 */
export async function spendMail(
  tx: Transaction,
  { clock }: BudgetDeps,
  { email }: { email: string },
): Promise<boolean> {
  const kinds = ['mail_day', 'mail_hour'] as const
  const used = await store.countClientUses(tx, usesOf(clock, clientBudgets, { kinds, key: mailboxKey(email) }))
  return used.every(({ kind, used }) => used <= clientBudgets[kind as ClientBudgetKind].limit)
}

/** Counts an attendee's reschedule of this meeting, in its transaction, and says whether it is allowed. */
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
  const uses = usesOf(clock, budgets, { kinds, key })
  const used = await store.countUses(tx, organization, uses)
  return used.every(({ kind, used }) => used <= budgets[kind as BudgetKind].limit)
}

/** Counts a request of a client. Returns the seconds until the next one is allowed, or 0 if this one is allowed. */
export async function spendClient(
  { database, clock }: BudgetDeps & { database: Database },
  { kind, client }: { kind: ClientBudgetKind; client: string },
): Promise<number> {
  const { limit, window } = clientBudgets[kind]
  const uses = usesOf(clock, clientBudgets, { kinds: [kind], key: client })
  const [counted] = await store.countClientUses(database.executor, uses)
  if (!counted) throw new Error('An upsert returned no row.')
  const { used, window_start } = counted
  return used <= limit ? 0 : Math.max(1, Math.ceil((Date.parse(window_start) + window - clock.now()) / 1000))
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
