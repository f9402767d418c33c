import { type RawBuilder, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { conditionsOf, hasStatus, type MeetingFilter } from './reading-store.ts'

/** The maximum count of a view. Counting further would read rows that no one needs. */
export const MOST_COUNTED = 1000

export interface MeetingCounts {
  upcoming: number
  pending: number
  past: number
  cancelled: number
  declined: number
}

/** Counts the meetings of each view, up to `MOST_COUNTED`. `now` separates upcoming from past meetings (epoch milliseconds). */
export async function countMeetings(
  executor: Executor,
  organization: OrganizationId,
  { filter, now }: { filter: Omit<MeetingFilter, 'status' | 'order'>; now: number },
): Promise<MeetingCounts> {
  const conditions = conditionsOf({ ...filter, status: undefined })
  const count = (...own: RawBuilder<unknown>[]) => sql`(
    select count(*)::int from (
      select from meetings m where m.organization_id = ${organization} and ${sql.join([...own, ...conditions], sql` and `)}
      limit ${MOST_COUNTED}
    ) as found)`
  const isUpcoming = sql`m.starts_at >= ${toInstantText(now)}`
  const { rows } = await sql<MeetingCounts>`
    select ${count(hasStatus.confirmed, isUpcoming)} as upcoming, ${count(hasStatus.requested, isUpcoming)} as pending,
      ${count(hasStatus.confirmed, sql`m.starts_at < ${toInstantText(now)}`)} as past,
      ${count(hasStatus.cancelled)} as cancelled, ${count(hasStatus.declined)} as declined`.execute(executor)
  return rows[0] ?? { upcoming: 0, pending: 0, past: 0, cancelled: 0, declined: 0 }
}
