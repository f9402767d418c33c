import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Row } from '../platform/tables.ts'

/** One request that counts against a budget. A window that began at `expired` or earlier is over. */
export interface BudgetUse {
  kind: string
  /** The key's hash. */
  key: string
  now: string
  expired: string
}

/** How much of a budget has been used since its window began. */
export type UsedBudget = Pick<Row<'budgets'>, 'kind' | 'window_start' | 'used'>

/** Counts requests against budgets, each in its window, and returns how much of each has been used so far. */
export async function countUses(
  tx: Transaction,
  organization: OrganizationId,
  uses: readonly BudgetUse[],
): Promise<UsedBudget[]> {
  const { rows } = await sql<UsedBudget>`
    insert into budgets as b (organization_id, kind, key, window_start, used)
    select ${organization}, kind, key, now, 1
    from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as use (kind text, key text, now timestamptz)
    order by kind
    on conflict (organization_id, kind, key) do update set
      window_start = case when b.window_start <= ${expiredOf(uses)} then excluded.window_start else b.window_start end,
      used = case when b.window_start <= ${expiredOf(uses)} then 1 else b.used + 1 end
    returning kind, window_start, used`.execute(tx)
  return rows
}

/** A window of the row's kind is over if it began at this time or earlier. */
function expiredOf(uses: readonly BudgetUse[]) {
  return sql`(${JSON.stringify(Object.fromEntries(uses.map(({ kind, expired }) => [kind, expired])))}::jsonb ->> b.kind)::timestamptz`
}

/** Does the same for budgets that do not belong to an organization. */
export async function countClientUses(executor: Executor, uses: readonly BudgetUse[]): Promise<UsedBudget[]> {
  const { rows } = await sql<UsedBudget>`
    insert into client_budgets as b (kind, key, window_start, used)
    select kind, key, now, 1
    from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as use (kind text, key text, now timestamptz)
    order by kind
    on conflict (kind, key) do update set
      window_start = case when b.window_start <= ${expiredOf(uses)} then excluded.window_start else b.window_start end,
      used = case when b.window_start <= ${expiredOf(uses)} then 1 else b.used + 1 end
    returning kind, window_start, used`.execute(executor)
  return rows
}

/** Deletes up to `limit` budgets whose windows began before a given time, in all organizations. Returns the number deleted. */
export async function deleteOldBudgets(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from budgets where (organization_id, kind, key) in (
      select organization_id, kind, key from budgets where window_start < ${before} limit ${limit}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}

/** Deletes up to `limit` client budgets whose windows began before a given time. Returns the number deleted. */
export async function deleteOldClientBudgets(
  executor: Executor,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from client_budgets where (kind, key) in (
      select kind, key from client_budgets where window_start < ${before} limit ${limit}
    )`.execute(executor)
  return Number(numAffectedRows ?? 0n)
}
