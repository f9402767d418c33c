import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { epochOf } from '../platform/epoch-column.ts'
import type { Interval } from '../time/intervals.ts'

/** Lists a calendar's busy times, in order. */
export async function listBusy(
  executor: Executor,
  organization: OrganizationId,
  calendar: number,
): Promise<Interval[]> {
  return executor
    .selectFrom('calendar_busy')
    .select([epochOf('starts_at').as('from'), epochOf('ends_at').as('to')])
    .where('organization_id', '=', organization)
    .where('calendar_id', '=', calendar)
    .orderBy('starts_at')
    .execute()
}

/** Lists the busy times from all of a member's calendars that are read, in any order. */
export async function listBusyOfMember(
  executor: Executor,
  organization: OrganizationId,
  member: number,
): Promise<Interval[]> {
  return executor
    .selectFrom('calendars as c')
    .innerJoin('calendar_busy as b', (join) =>
      join.onRef('b.organization_id', '=', 'c.organization_id').onRef('b.calendar_id', '=', 'c.id'),
    )
    .select([epochOf('b.starts_at').as('from'), epochOf('b.ends_at').as('to')])
    .where('c.organization_id', '=', organization)
    .where('c.member_id', '=', member)
    .where('c.reads', '=', true)
    .orderBy('b.starts_at')
    .execute()
}

/** Lists the busy times that a member's slots take into account, in order. */
export async function listTimes(executor: Executor, organization: OrganizationId, member: number): Promise<Interval[]> {
  return executor
    .selectFrom('calendar_times')
    .select([epochOf('starts_at').as('from'), epochOf('ends_at').as('to')])
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .orderBy('starts_at')
    .execute()
}

/** The rows to delete first, and the rows to add afterwards. */
export interface Difference {
  removed: readonly Interval[]
  added: readonly Interval[]
}

export async function changeBusy(
  tx: Transaction,
  organization: OrganizationId,
  { calendar, removed, added }: Difference & { calendar: number },
): Promise<void> {
  if (removed.length > 0)
    await sql`
      delete from calendar_busy where organization_id = ${organization} and calendar_id = ${calendar}
        and starts_at = any(${texts(removed, 'from')}::timestamptz[])`.execute(tx)
  if (added.length > 0)
    await sql`
      insert into calendar_busy (organization_id, calendar_id, starts_at, ends_at)
      select ${organization}, ${calendar}, *
      from unnest(${texts(added, 'from')}::timestamptz[], ${texts(added, 'to')}::timestamptz[])`.execute(tx)
}

export async function changeTimes(
  tx: Transaction,
  organization: OrganizationId,
  { member, removed, added }: Difference & { member: number },
): Promise<void> {
  if (removed.length > 0)
    await sql`
      delete from calendar_times where organization_id = ${organization} and member_id = ${member}
        and starts_at = any(${texts(removed, 'from')}::timestamptz[])`.execute(tx)
  if (added.length > 0)
    await sql`
      insert into calendar_times (organization_id, member_id, starts_at, ends_at)
      select ${organization}, ${member}, *
      from unnest(${texts(added, 'from')}::timestamptz[], ${texts(added, 'to')}::timestamptz[])`.execute(tx)
}

function texts(intervals: readonly Interval[], end: 'from' | 'to'): string[] {
  return intervals.map((interval) => toTimestamp(interval[end]))
}
