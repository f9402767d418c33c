import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { ScheduleAnswer, TimeOffAnswer } from './schema.ts'
import type { TimeOffDraft } from './time-off.ts'

const columns = sql`id, member_id as member, is_default as "default", name, timezone, weekly, overrides, created_at`

export async function listSchedules(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest & { limitedTo: number | null },
): Promise<ScheduleAnswer[]> {
  const { rows } = await sql<ScheduleAnswer>`
    select ${columns} from schedules
    where organization_id = ${organization} and id > ${page.after?.[0] ?? 0}
      and (${page.limitedTo}::bigint is null or member_id is null or member_id = ${page.limitedTo}::bigint)
    order by id limit ${page.limit + 1}`.execute(executor)
  return rows
}

export async function findSchedule(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<ScheduleAnswer | undefined> {
  const { rows } = await sql<ScheduleAnswer>`
    select ${columns} from schedules where organization_id = ${organization} and id = ${id}`.execute(executor)
  return rows[0]
}

/** The ids of a member's schedules, the default first, then the oldest. */
export async function listSchedulesOfMember(
  executor: Executor,
  organization: OrganizationId,
  member: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from schedules
    where organization_id = ${organization} and member_id = ${member} order by is_default desc, id`.execute(executor)
  return rows.map(({ id }) => id)
}

export type NewSchedule = Omit<ScheduleAnswer, 'id'>

export async function insertSchedule(
  tx: Transaction,
  organization: OrganizationId,
  schedule: NewSchedule,
): Promise<ScheduleAnswer> {
  const { member, name, timezone, weekly, overrides, created_at } = schedule
  const { rows } = await sql<ScheduleAnswer>`
    insert into schedules (organization_id, member_id, is_default, name, timezone, weekly, overrides, created_at)
    values (${organization}, ${member}, ${schedule.default}, ${name}, ${timezone},
      ${JSON.stringify(weekly)}::jsonb, ${JSON.stringify(overrides)}::jsonb, ${created_at})
    returning ${columns}`.execute(tx)
  return rows[0]!
}

export async function updateSchedule(
  tx: Transaction,
  organization: OrganizationId,
  { id, name, timezone, weekly, overrides }: ScheduleAnswer,
): Promise<void> {
  await sql`
    update schedules set name = ${name}, timezone = ${timezone},
      weekly = ${JSON.stringify(weekly)}::jsonb, overrides = ${JSON.stringify(overrides)}::jsonb
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Takes the mark of the default from a member's schedules. */
export async function clearDefault(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await sql`
    update schedules set is_default = false
    where organization_id = ${organization} and member_id = ${member} and is_default`.execute(tx)
}

/** Marks the default of a member who has none. */
export async function markDefault(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`update schedules set is_default = true where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** The names of the meeting types that keep to a schedule, the oldest first. */
export async function listUsers(executor: Executor, organization: OrganizationId, id: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from meeting_types
    where organization_id = ${organization} and schedule_id = ${id} order by id`.execute(executor)
  return rows.map(({ name }) => name)
}

export async function deleteSchedule(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from schedules where organization_id = ${organization} and id = ${id}`.execute(tx)
}

interface TimeOffRow {
  id: number
  from: number | string
  to: number | string
  reason: string | null
  created_at: string
}

const timeOffColumns = sql`
  id, coalesce(to_jsonb(starts_on), to_jsonb(floor(extract(epoch from starts_at) * 1000))) as "from",
  coalesce(to_jsonb(ends_on), to_jsonb(floor(extract(epoch from ends_at) * 1000))) as "to", reason, created_at`

export async function listTimeOff(
  executor: Executor,
  organization: OrganizationId,
  { member, page }: { member: number; page: PageRequest },
): Promise<TimeOffAnswer[]> {
  const { rows } = await sql<TimeOffRow>`
    select ${timeOffColumns} from time_off
    where organization_id = ${organization} and member_id = ${member} and id > ${page.after?.[0] ?? 0}
    order by id limit ${page.limit + 1}`.execute(executor)
  return rows.map(toTimeOff)
}

export async function insertTimeOff(
  tx: Transaction,
  organization: OrganizationId,
  { member, draft, now }: { member: number; draft: TimeOffDraft; now: string },
): Promise<TimeOffAnswer> {
  const isDates = draft.kind === 'dates'
  const { rows } = await sql<TimeOffRow>`
    insert into time_off (organization_id, member_id, starts_at, ends_at, starts_on, ends_on, reason, created_at)
    values (${organization}, ${member},
      to_timestamp(${isDates ? null : draft.from / 1000}::float8), to_timestamp(${isDates ? null : draft.to / 1000}::float8),
      ${isDates ? draft.from : null}::date, ${isDates ? draft.to : null}::date, ${draft.reason}, ${now})
    returning ${timeOffColumns}`.execute(tx)
  return toTimeOff(rows[0]!)
}

/** False where the member has no such time off. */
export async function deleteTimeOff(
  tx: Transaction,
  organization: OrganizationId,
  { member, id }: { member: number; id: number },
): Promise<boolean> {
  const { rows } = await sql`
    delete from time_off
    where organization_id = ${organization} and member_id = ${member} and id = ${id} returning id`.execute(tx)
  return rows.length > 0
}

function toTimeOff({ from, to, ...row }: TimeOffRow): TimeOffAnswer {
  const write = (end: number | string) => (typeof end === 'number' ? toInstantText(end) : end)
  return { ...row, from: write(from), to: write(to) }
}

export async function deleteTimeOffOfMember(
  tx: Transaction,
  organization: OrganizationId,
  member: number,
): Promise<void> {
  await sql`delete from time_off where organization_id = ${organization} and member_id = ${member}`.execute(tx)
}

export async function deleteSchedulesOfMember(
  tx: Transaction,
  organization: OrganizationId,
  member: number,
): Promise<void> {
  await sql`delete from schedules where organization_id = ${organization} and member_id = ${member}`.execute(tx)
}

/** Locks a schedule against deletion; false if it does not exist. */
export async function lockSchedule(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const found = await tx
    .selectFrom('schedules')
    .select('id')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst()
  return found !== undefined
}
