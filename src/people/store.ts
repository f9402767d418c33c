import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { elementAt } from '../platform/element-at.ts'

/** An erasure that is not complete. `email` is null if the retention period for meetings caused the erasure. */
export interface ErasureRow {
  organization: OrganizationId
  id: number
  email: string | null
  meetings: number[]
  external_ids: string[]
}

/** Starts an erasure and returns its id. If it was already started, returns the existing id. */
export async function insertErasure(
  tx: Transaction,
  organization: OrganizationId,
  { email, now }: { email: string | null; now: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into erasures as e (organization_id, email, started_at) values (${organization}, ${email}, ${now})
    on conflict (organization_id, lower(coalesce(email, ''))) do update set started_at = e.started_at
    returning id`.execute(tx)
  return elementAt(rows, 0).id
}

const columns = sql`organization_id as organization, id, email, meetings, external_ids`

/** Locks an erasure, so that two processes do not continue it at the same time. Returns undefined if it is complete. */
export async function lockErasure(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<ErasureRow | undefined> {
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasures where organization_id = ${organization} and id = ${id} for update`.execute(tx)
  return rows[0]
}

/** Returns the oldest erasure of any organization that was started before a given time. */
export async function findOldestErasure(executor: Executor, before: string): Promise<ErasureRow | undefined> {
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasures where started_at < ${before} order by started_at limit 1`.execute(executor)
  return rows[0]
}

/** Records what was erased, in the transaction that erased it. */
export async function addErased(
  tx: Transaction,
  organization: OrganizationId,
  { id, meetings, externalIds }: { id: number; meetings: readonly number[]; externalIds: readonly string[] },
): Promise<void> {
  await sql`
    update erasures set meetings = meetings || ${JSON.stringify(meetings)}::jsonb, external_ids = external_ids || ${JSON.stringify(externalIds)}::jsonb
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}

export async function deleteErasure(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from erasures where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/**
 * Locks and returns the progress of an organization's retention. If no meeting has been erased yet, returns a position before all
 * meetings.
 */
export async function lockRetention(
  tx: Transaction,
  organization: OrganizationId,
): Promise<{ start: string; id: number }> {
  const { rows } = await sql<{ start: string; id: number }>`
    insert into meeting_retention as r (organization_id, starts_at, meeting_id) values (${organization}, to_timestamp(0), 0)
    on conflict (organization_id) do update set starts_at = r.starts_at
    returning starts_at as start, meeting_id as id`.execute(tx)
  return elementAt(rows, 0)
}

/** Records the last erased meeting, in the order of the meetings' starts. */
export async function setRetention(
  tx: Transaction,
  organization: OrganizationId,
  { start, id }: { start: string; id: number },
): Promise<void> {
  await sql`
    update meeting_retention set starts_at = ${start}, meeting_id = ${id}
    where organization_id = ${organization}`.execute(tx)
}
