import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { containing } from '../platform/like-pattern.ts'
import type { PageRequest } from '../platform/pagination.ts'
import { buildStatement, type ParameterOf } from '../platform/statement.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { MeetingTypeDraft } from './meeting-type.ts'
import type { Host, MeetingType } from './schema.ts'

/** The columns that contain JSON, and the hosts in order. */
type Lists = Pick<MeetingType, 'fields' | 'reminders' | 'cancellation' | 'rescheduling' | 'hosts'>

/** A meeting type with its hosts. Every column except these two is selected. */
export type MeetingTypeRow = Omit<Row<'meeting_types'>, 'organization_id' | 'deleted_at' | keyof Lists> & Lists

const columns = [
  't.id',
  't.name',
  't.slug',
  't.description',
  't.kind',
  't.duration_minutes',
  't.location_type',
  't.location',
  't.locked_timezone',
  't.assignment',
  't.seats',
  't.approval',
  't.schedule_id',
  't.buffer_before_minutes',
  't.buffer_after_minutes',
  't.minimum_notice_minutes',
  't.booking_window_days',
  't.booking_from',
  't.booking_until',
  't.start_increment_minutes',
  't.daily_limit',
  't.upcoming_limit_per_attendee',
  't.confirm_email',
  't.fields',
  't.reminders',
  't.visibility',
  't.cancellation',
  't.rescheduling',
  't.redirect_url',
  't.created_at',
] as const

const hosts = sql<Host[]>`coalesce((
  select jsonb_agg(jsonb_build_object('member', h.member_id, 'priority', h.priority) order by h.position)
  from meeting_type_hosts h where h.organization_id = t.organization_id and h.meeting_type_id = t.id
), '[]')`.as('hosts')

export async function listMeetingTypes(
  executor: Executor,
  organization: OrganizationId,
  { search, host, ...page }: PageRequest & { search?: string | undefined; host?: number | undefined },
): Promise<MeetingTypeRow[]> {
  return executor
    .selectFrom('meeting_types as t')
    .select(columns)
    .select(hosts)
    .where('t.organization_id', '=', organization)
    .where('t.deleted_at', 'is', null)
    .where('t.id', '>', page.after?.[0] ?? 0)
    .$if(search !== undefined, (query) => query.where('t.name', 'ilike', containing(search ?? '')))
    .$if(host !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (
          select from meeting_type_hosts h
          where h.organization_id = t.organization_id and h.meeting_type_id = t.id and h.member_id = ${host ?? 0})`,
      ),
    )
    .orderBy('t.id')
    .limit(page.limit + 1)
    .$narrowType<Lists>()
    .execute()
}

/** Returns a meeting type that is not deleted, or undefined. */
export async function findMeetingType(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingTypeRow | undefined> {
  return executor
    .selectFrom('meeting_types as t')
    .select(columns)
    .select(hosts)
    .where('t.organization_id', '=', organization)
    .where('t.id', '=', id)
    .where('t.deleted_at', 'is', null)
    .$narrowType<Lists>()
    .executeTakeFirst()
}

/** Returns a meeting type, deleted or not, for its existing meetings. */
export async function findMeetingTypeOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingTypeRow | undefined> {
  return executor
    .selectFrom('meeting_types as t')
    .select(columns)
    .select(hosts)
    .where('t.organization_id', '=', organization)
    .where('t.id', '=', id)
    .$narrowType<Lists>()
    .executeTakeFirst()
}

/** Returns only a type's reminders. The type may be deleted. Every booking needs them. */
export async function findReminders(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<number[] | undefined> {
  const row = await executor
    .selectFrom('meeting_types')
    .select('reminders')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .$narrowType<Pick<Lists, 'reminders'>>()
    .executeTakeFirst()
  return row?.reminders
}

/** A meeting type, with the page whose URL leads to it. */
export interface AddressedRow {
  organization: OrganizationId
  page: Pick<Row<'pages'>, 'id' | 'name' | 'slug'>
  row: MeetingTypeRow
}

const selectMeetingTypeAt = buildStatement((from, parameter: ParameterOf<{ page: string; slug: string }>) =>
  from
    .selectFrom('page_slugs as s')
    .innerJoin('pages as p', (join) =>
      join.onRef('p.organization_id', '=', 's.organization_id').onRef('p.id', '=', 's.page_id'),
    )
    .innerJoin('page_meeting_types as pt', (join) =>
      join.onRef('pt.organization_id', '=', 'p.organization_id').onRef('pt.page_id', '=', 'p.id'),
    )
    .innerJoin('meeting_types as t', (join) =>
      join.onRef('t.organization_id', '=', 'pt.organization_id').onRef('t.id', '=', 'pt.meeting_type_id'),
    )
    .select(columns)
    .select(hosts)
    .select(['s.organization_id', 'p.id as page_id', 'p.name as page_name', 'p.slug as page_slug'])
    .where('s.slug', '=', parameter('page'))
    .where('t.slug', '=', parameter('slug'))
    .where('t.deleted_at', 'is', null)
    .$narrowType<Lists>(),
)

/**
 * Returns the type at `/{page}/{type}` unless it is disabled. The lookup table finds the organization. All other data is looked
 * up within it.
 */
export async function findMeetingTypeAt(
  executor: Executor,
  address: { page: string; slug: string },
): Promise<AddressedRow | undefined> {
  const [found] = await selectMeetingTypeAt(executor, address)
  if (!found) return undefined
  const { organization_id: organization, page_id, page_name, page_slug, ...row } = found
  return { organization, page: { id: page_id, name: page_name, slug: page_slug }, row }
}

/** Lists a page's public types, in the order of the page. */
export async function listMeetingTypesOfPage(
  executor: Executor,
  organization: OrganizationId,
  page: number,
): Promise<MeetingTypeRow[]> {
  return executor
    .selectFrom('page_meeting_types as pt')
    .innerJoin('meeting_types as t', (join) =>
      join.onRef('t.organization_id', '=', 'pt.organization_id').onRef('t.id', '=', 'pt.meeting_type_id'),
    )
    .select(columns)
    .select(hosts)
    .where('pt.organization_id', '=', organization)
    .where('pt.page_id', '=', page)
    .where('t.deleted_at', 'is', null)
    .where('t.visibility', '=', 'public')
    .orderBy('pt.position')
    .$narrowType<Lists>()
    .execute()
}

export type HostNameRow = Pick<Row<'members'>, 'id' | 'first_name' | 'last_name' | 'photo'>

/** Returns the names and photos of these types' hosts, in any order. */
export async function listHostNames(
  executor: Executor,
  organization: OrganizationId,
  meetingTypes: number[],
): Promise<HostNameRow[]> {
  return executor
    .selectFrom('members as m')
    .select(['m.id', 'm.first_name', 'm.last_name', 'm.photo'])
    .where('m.organization_id', '=', organization)
    .where('m.id', 'in', ({ selectFrom }) =>
      selectFrom('meeting_type_hosts as h')
        .select('h.member_id')
        .where('h.organization_id', '=', organization)
        .where('h.meeting_type_id', '=', sql<number>`any(${meetingTypes})`),
    )
    .execute()
}

/** Returns those `ids` that are meeting types and not deleted. */
export async function listExistingIds(
  executor: Executor,
  organization: OrganizationId,
  ids: number[],
): Promise<number[]> {
  const rows = await executor
    .selectFrom('meeting_types')
    .select('id')
    .where('organization_id', '=', organization)
    .where('id', '=', sql<number>`any(${ids})`)
    .where('deleted_at', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** Returns whether another type (not `except`) has this slug. Deleted types do not count. */
export async function hasMeetingTypeSlug(
  executor: Executor,
  organization: OrganizationId,
  { slug, except }: { slug: string; except: number | null },
): Promise<boolean> {
  const found = await executor
    .selectFrom('meeting_types')
    .select('id')
    .where('organization_id', '=', organization)
    .where('slug', '=', slug)
    .where('deleted_at', 'is', null)
    .where('id', 'is distinct from', except)
    .executeTakeFirst()
  return found !== undefined
}

/** Locks those `members` that exist, so that they cannot be deleted before the transaction ends. Returns their ids. */
export async function lockMembers(tx: Transaction, organization: OrganizationId, members: number[]): Promise<number[]> {
  const rows = await tx
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organization)
    .where('id', '=', sql<number>`any(${members})`)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .forKeyShare()
    .execute()
  return rows.map(({ id }) => id)
}

/** Inserts a meeting type without hosts. */
export async function insertMeetingType(
  tx: Transaction,
  organization: OrganizationId,
  { draft, now }: { draft: MeetingTypeDraft; now: string },
): Promise<Pick<MeetingTypeRow, 'id' | 'created_at'>> {
  return tx
    .insertInto('meeting_types')
    .values({
      ...toColumns(draft),
      organization_id: organization,
      created_at: now,
      deleted_at: null,
    } satisfies NewRow<'meeting_types'>)
    .returning(['id', 'created_at'])
    .executeTakeFirstOrThrow()
}

export async function updateMeetingType(
  tx: Transaction,
  organization: OrganizationId,
  { id, draft }: { id: number; draft: MeetingTypeDraft },
): Promise<void> {
  await tx
    .updateTable('meeting_types')
    .set(toColumns(draft))
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** The columns that people can set in a meeting type. All of them must be listed, including those with a default. */
type DraftColumns = Required<Omit<RowChange<'meeting_types'>, 'organization_id' | 'id' | 'created_at' | 'deleted_at'>>

function toColumns(draft: MeetingTypeDraft): DraftColumns {
  const { hosts: _, schedule, fields, reminders, cancellation, rescheduling, ...plain } = draft
  return {
    ...plain,
    schedule_id: schedule,
    fields: JSON.stringify(fields),
    reminders: JSON.stringify(reminders),
    cancellation: JSON.stringify(cancellation),
    rescheduling: JSON.stringify(rescheduling),
  }
}

/**
 * Replaces a type's hosts with these, in this order. A host's share counts from `now` if the host is new or gets another
 * priority.
 */
export async function replaceHosts(
  tx: Transaction,
  organization: OrganizationId,
  { id, hosts, now }: { id: number; hosts: Host[]; now: string },
): Promise<void> {
  const members = hosts.map(({ member }) => member)
  await tx
    .deleteFrom('meeting_type_hosts')
    .where('organization_id', '=', organization)
    .where('meeting_type_id', '=', id)
    .where('member_id', 'not in', members)
    .execute()
  const rows = hosts.map(
    ({ member, priority }, index): Required<NewRow<'meeting_type_hosts'>> => ({
      organization_id: organization,
      meeting_type_id: id,
      member_id: member,
      position: index + 1,
      priority,
      shares_from: now,
    }),
  )
  await tx
    .insertInto('meeting_type_hosts')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'meeting_type_id', 'member_id']).doUpdateSet(({ ref }) => ({
        position: ref('excluded.position'),
        priority: ref('excluded.priority'),
        shares_from: sql<string>`case when meeting_type_hosts.priority = excluded.priority
            then meeting_type_hosts.shares_from else excluded.shares_from end`,
      })),
    )
    .execute()
}

/**
 * Locks a type that is not deleted, so that no meeting with it can be booked at the same time. Returns false if it does not
 * exist.
 */
export async function lockMeetingType(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const found = await tx
    .selectFrom('meeting_types')
    .select('id')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return found !== undefined
}

export async function hasMeetings(executor: Executor, organization: OrganizationId, id: number): Promise<boolean> {
  const found = await executor
    .selectFrom('meetings')
    .select('id')
    .where('organization_id', '=', organization)
    .where('meeting_type_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

export async function deleteMeetingType(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx.deleteFrom('meeting_types').where('organization_id', '=', organization).where('id', '=', id).execute()
}

/** Marks a type as deleted. Its meetings still refer to it. */
export async function hideDeletedMeetingType(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await tx
    .updateTable('meeting_types')
    .set({ deleted_at: now, schedule_id: null } satisfies RowChange<'meeting_types'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

export async function deleteHost(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await tx
    .deleteFrom('meeting_type_hosts')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .execute()
}
