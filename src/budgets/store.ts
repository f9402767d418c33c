import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Row } from '../platform/tables.ts'

/** One use of a budget. A window that began at `expired` or before is over. */
export interface BudgetUse {
  kind: string
  /** A hash. */
  key: string
  now: string
  expired: string
}

/** What a budget has used since the start of its window. */
export type UsedBudget = Pick<Row<'budgets'>, 'kind' | 'window_start' | 'used'>

/** Counts uses of budgets, each in its window, and returns what they have used by now. */
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

/** When the window of the row's kind must have begun to be over. */
function expiredOf(uses: readonly BudgetUse[]) {
  return sql`(${JSON.stringify(Object.fromEntries(uses.map(({ kind, expired }) => [kind, expired])))}::jsonb ->> b.kind)::timestamptz`
}

/** The same for budgets that belong to no organization. */
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

/** Deletes up to `limit` budgets of all organizations whose windows began before a time; returns the count. */
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

/** Deletes up to `limit` budgets of clients whose windows began before a time; returns the count. */
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
