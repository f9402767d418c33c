import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { ScheduleHours } from './schema.ts'
import type { TimeOffDraft } from './time-off.ts'

/** The columns that contain JSON. */
type Lists = Pick<ScheduleHours, 'weekly' | 'overrides'>

/** A schedule. Every column except the organization is selected. */
export type ScheduleRow = Omit<Row<'schedules'>, 'organization_id' | keyof Lists> & Lists

const columns = ['id', 'member_id', 'is_default', 'name', 'timezone', 'weekly', 'overrides', 'created_at'] as const

/** Lists everyone's schedules, or the shared ones and those of the member `limitedTo`. */
export async function listSchedules(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest & { limitedTo: number | null },
): Promise<ScheduleRow[]> {
  const { limitedTo } = page
  return executor
    .selectFrom('schedules')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', page.after?.[0] ?? 0)
    .$if(limitedTo !== null, (query) =>
      query.where(({ eb, or }) => or([eb('member_id', 'is', null), eb('member_id', '=', limitedTo)])),
    )
    .orderBy('id')
    .limit(page.limit + 1)
    .$narrowType<Lists>()
    .execute()
}

export async function findSchedule(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<ScheduleRow | undefined> {
  return executor
    .selectFrom('schedules')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .$narrowType<Lists>()
    .executeTakeFirst()
}

/** Locks a schedule so that it cannot be deleted. Returns false if it does not exist. */
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

/** Lists the ids of a member's schedules, the default first, then the oldest first. */
export async function listSchedulesOfMember(
  executor: Executor,
  organization: OrganizationId,
  member: number,
): Promise<number[]> {
  const rows = await executor
    .selectFrom('schedules')
    .select('id')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** A schedule before it is stored. */
export interface ScheduleDraft extends ScheduleHours {
  member: number | null
  isDefault: boolean
  name: string
}

export async function insertSchedule(
  tx: Transaction,
  organization: OrganizationId,
  { draft, now }: { draft: ScheduleDraft; now: string },
): Promise<ScheduleRow> {
  const values: Required<NewRow<'schedules'>> = {
    ...toColumns(draft),
    organization_id: organization,
    member_id: draft.member,
    is_default: draft.isDefault,
    created_at: now,
  }
  return tx.insertInto('schedules').values(values).returning(columns).$narrowType<Lists>().executeTakeFirstOrThrow()
}

/** Updates the name and hours. `clearDefault` and `markDefault` change the default. */
export async function updateSchedule(
  tx: Transaction,
  organization: OrganizationId,
  { id, draft }: { id: number; draft: Omit<ScheduleDraft, 'member' | 'isDefault'> },
): Promise<void> {
  await tx
    .updateTable('schedules')
    .set(toColumns(draft))
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** The columns that a change to a schedule writes. These are all columns except the ones below. */
type DraftColumns = Required<
  Omit<RowChange<'schedules'>, 'organization_id' | 'id' | 'member_id' | 'is_default' | 'created_at'>
>

function toColumns({ name, timezone, weekly, overrides }: Omit<ScheduleDraft, 'member' | 'isDefault'>): DraftColumns {
  return { name, timezone, weekly: JSON.stringify(weekly), overrides: JSON.stringify(overrides) }
}

/** Leaves a member without a default schedule. */
export async function clearDefault(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await tx
    .updateTable('schedules')
    .set({ is_default: false } satisfies RowChange<'schedules'>)
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('is_default', '=', true)
    .execute()
}

/** Makes a schedule the default of a member who does not have one. */
export async function markDefault(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx
    .updateTable('schedules')
    .set({ is_default: true } satisfies RowChange<'schedules'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** Lists the names of the meeting types that use a schedule, oldest first. */
export async function listMeetingTypesOfSchedule(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<string[]> {
  const rows = await executor
    .selectFrom('meeting_types')
    .select('name')
    .where('organization_id', '=', organization)
    .where('schedule_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(({ name }) => name)
}

export async function deleteSchedule(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx.deleteFrom('schedules').where('organization_id', '=', organization).where('id', '=', id).execute()
}

export async function deleteSchedulesOfMember(
  tx: Transaction,
  organization: OrganizationId,
  member: number,
): Promise<void> {
  await tx.deleteFrom('schedules').where('organization_id', '=', organization).where('member_id', '=', member).execute()
}

/** Time off: a range of instants (`starts_at`, `ends_at`) or of dates (`starts_on`, `ends_on`). */
export type TimeOffRow = Omit<Row<'time_off'>, 'organization_id' | 'member_id'>

const timeOffColumns = ['id', 'starts_at', 'ends_at', 'starts_on', 'ends_on', 'reason', 'created_at'] as const

export async function listTimeOff(
  executor: Executor,
  organization: OrganizationId,
  { member, page }: { member: number; page: PageRequest },
): Promise<TimeOffRow[]> {
  return executor
    .selectFrom('time_off')
    .select(timeOffColumns)
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('id', '>', page.after?.[0] ?? 0)
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

export async function insertTimeOff(
  tx: Transaction,
  organization: OrganizationId,
  { member, draft, now }: { member: number; draft: TimeOffDraft; now: string },
): Promise<TimeOffRow> {
  const values: NewRow<'time_off'> = {
    ...rangeColumns(draft),
    organization_id: organization,
    member_id: member,
    reason: draft.reason,
    created_at: now,
  }
  return tx.insertInto('time_off').values(values).returning(timeOffColumns).executeTakeFirstOrThrow()
}

function rangeColumns(draft: TimeOffDraft) {
  if (draft.kind === 'dates') return { starts_at: null, ends_at: null, starts_on: draft.from, ends_on: draft.to }
  const [from, to] = [new Date(draft.from), new Date(draft.to)]
  return { starts_at: from.toISOString(), ends_at: to.toISOString(), starts_on: null, ends_on: null }
}

/** Deletes time off and returns it. Returns undefined if the member does not have this time off. */
export async function deleteTimeOff(
  tx: Transaction,
  organization: OrganizationId,
  { member, id }: { member: number; id: number },
): Promise<TimeOffRow | undefined> {
  return tx
    .deleteFrom('time_off')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('id', '=', id)
    .returning(timeOffColumns)
    .executeTakeFirst()
}

export async function deleteTimeOffOfMember(
  tx: Transaction,
  organization: OrganizationId,
  member: number,
): Promise<void> {
  await tx.deleteFrom('time_off').where('organization_id', '=', organization).where('member_id', '=', member).execute()
}
