import { type RawBuilder, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { MeetingTypeDraft } from './meeting-type.ts'
import type { MeetingType, PublicMeetingType } from './schema.ts'

/** The columns of `meeting_types t` under the names of the wire, with the hosts in their order. */
const columns = sql`
  t.id, t.name, t.slug, t.description, t.kind, t.duration_minutes, t.location_type, t.location,
  coalesce((
    select jsonb_agg(jsonb_build_object('member', h.member_id, 'priority', h.priority) order by h.position)
    from meeting_type_hosts h where h.organization_id = t.organization_id and h.meeting_type_id = t.id
  ), '[]') as hosts,
  t.assignment, t.seats, t.approval, t.schedule_id as schedule, t.buffer_before_minutes, t.buffer_after_minutes,
  t.minimum_notice_minutes, t.booking_window_days, t.booking_from, t.booking_until, t.start_increment_minutes,
  t.daily_limit, t.fields, t.reminders, t.visibility, t.cancellation, t.rescheduling, t.redirect_url, t.created_at`

export async function listMeetingTypes(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<MeetingType[]> {
  const { rows } = await sql<MeetingType>`
    select ${columns} from meeting_types t
    where t.organization_id = ${organization} and t.deleted_at is null and t.id > ${page.after?.[0] ?? 0}
    order by t.id limit ${page.limit + 1}`.execute(executor)
  return rows
}

/** One that is not deleted, or undefined. */
export async function findMeetingType(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingType | undefined> {
  const { rows } = await sql<MeetingType>`
    select ${columns} from meeting_types t
    where t.organization_id = ${organization} and t.id = ${id} and t.deleted_at is null`.execute(executor)
  return rows[0]
}

/** One that may be deleted: for the meetings that were booked of it. */
export async function findMeetingTypeOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingType | undefined> {
  const { rows } = await sql<MeetingType>`
    select ${columns} from meeting_types t where t.organization_id = ${organization} and t.id = ${id}`.execute(executor)
  return rows[0]
}

/** The reminders alone, deleted types included: every booking asks for them. */
export async function findReminders(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<number[] | undefined> {
  const { rows } = await sql<{ reminders: number[] }>`
    select reminders from meeting_types where organization_id = ${organization} and id = ${id}`.execute(executor)
  return rows[0]?.reminders
}

/** A meeting type at its address. */
export interface AddressedMeetingType {
  organization: OrganizationId
  page: { id: number; name: string; slug: string }
  meetingType: MeetingType
}

/** The type at `/{page}/{type}` unless it is disabled: the lookup table finds the organization, all else is within it. */
export async function findMeetingTypeAt(
  executor: Executor,
  pageSlug: string,
  typeSlug: string,
): Promise<AddressedMeetingType | undefined> {
  interface Row extends MeetingType {
    organization_id: OrganizationId
    page: AddressedMeetingType['page']
  }
  const { rows } = await sql<Row>`
    select ${columns}, s.organization_id,
      jsonb_build_object('id', p.id, 'name', p.name, 'slug', p.slug) as page
    from page_slugs s
    join pages p on p.organization_id = s.organization_id and p.id = s.page_id
    join page_meeting_types pt on pt.organization_id = p.organization_id and pt.page_id = p.id
    join meeting_types t on t.organization_id = pt.organization_id and t.id = pt.meeting_type_id
    where s.slug = ${pageSlug} and t.slug = ${typeSlug} and t.deleted_at is null and t.visibility <> 'disabled'
    `.execute(executor)
  if (!rows[0]) return undefined
  const { organization_id: organization, page, ...meetingType } = rows[0]
  return { organization, page, meetingType }
}

/** The public types of a page, in its order. */
export async function listMeetingTypesOfPage(
  executor: Executor,
  organization: OrganizationId,
  page: number,
): Promise<MeetingType[]> {
  const { rows } = await sql<MeetingType>`
    select ${columns} from page_meeting_types pt
    join meeting_types t on t.organization_id = pt.organization_id and t.id = pt.meeting_type_id
    where pt.organization_id = ${organization} and pt.page_id = ${page}
      and t.deleted_at is null and t.visibility = 'public'
    order by pt.position`.execute(executor)
  return rows
}

/** What people may know of the hosts of these types. Any order. */
export async function listHostNames(
  executor: Executor,
  organization: OrganizationId,
  meetingTypes: number[],
): Promise<PublicMeetingType['hosts']> {
  const { rows } = await sql<PublicMeetingType['hosts'][number]>`
    select m.id, m.first_name, m.last_name from members m
    where m.organization_id = ${organization} and m.id in (
      select h.member_id from meeting_type_hosts h
      where h.organization_id = ${organization} and h.meeting_type_id = any(${meetingTypes})
    )`.execute(executor)
  return rows
}

export async function listKnownMeetingTypes(
  executor: Executor,
  organization: OrganizationId,
  ids: number[],
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from meeting_types
    where organization_id = ${organization} and id = any(${ids}) and deleted_at is null`.execute(executor)
  return rows.map((row) => row.id)
}

export async function hasMeetingTypeSlug(
  executor: Executor,
  organization: OrganizationId,
  { slug, except }: { slug: string; except: number | null },
): Promise<boolean> {
  const { rows } = await sql`
    select from meeting_types
    where organization_id = ${organization} and slug = ${slug} and deleted_at is null and id is distinct from ${except}`.execute(
    executor,
  )
  return rows.length > 0
}

/** Those of `members` that exist. They cannot go before the end of the transaction. */
export async function keepMembers(tx: Transaction, organization: OrganizationId, members: number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from members
    where organization_id = ${organization} and id = any(${members}) and deleted_at is null
    order by id for key share`.execute(tx)
  return rows.map((row) => row.id)
}

/** Whether the schedule exists. It cannot go before the end of the transaction. */
export async function keepSchedule(tx: Transaction, organization: OrganizationId, schedule: number): Promise<boolean> {
  const { rows } = await sql`
    select from schedules where organization_id = ${organization} and id = ${schedule} for key share`.execute(tx)
  return rows.length > 0
}

export async function insertMeetingType(
  tx: Transaction,
  organization: OrganizationId,
  { draft, now }: { draft: MeetingTypeDraft; now: string },
): Promise<number> {
  const values = columnsOf(draft)
  const names = values.map(([name]) => sql.ref(name))
  const { rows } = await sql<{ id: number }>`
    insert into meeting_types (organization_id, created_at, ${sql.join(names)})
    values (${organization}, ${now}, ${sql.join(values.map(([, value]) => value))})
    returning id`.execute(tx)
  return rows[0]!.id
}

export async function updateMeetingType(
  tx: Transaction,
  organization: OrganizationId,
  { id, draft }: { id: number; draft: MeetingTypeDraft },
): Promise<void> {
  const assignments = columnsOf(draft).map(([name, value]) => sql`${sql.ref(name)} = ${value}`)
  await sql`
    update meeting_types set ${sql.join(assignments)}
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Makes `hosts` the hosts of the type, in this order. */
export async function replaceHosts(
  tx: Transaction,
  organization: OrganizationId,
  { id, hosts }: { id: number; hosts: MeetingType['hosts'] },
): Promise<void> {
  await sql`
    with gone as (
      delete from meeting_type_hosts
      where organization_id = ${organization} and meeting_type_id = ${id} and member_id <> all(${hosts.map((host) => host.member)})
    )
    insert into meeting_type_hosts (organization_id, meeting_type_id, member_id, position, priority)
    select ${organization}, ${id}, (host.value->>'member')::bigint, host.position, (host.value->>'priority')::integer
    from jsonb_array_elements(${JSON.stringify(hosts)}::jsonb) with ordinality as host (value, position)
    on conflict (organization_id, meeting_type_id, member_id)
    do update set position = excluded.position, priority = excluded.priority`.execute(tx)
}

/** Locks a type that is not deleted, so that no meeting of it can be booked meanwhile; false where there is none. */
export async function lockMeetingType(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { rows } = await sql`
    select from meeting_types
    where organization_id = ${organization} and id = ${id} and deleted_at is null for update`.execute(tx)
  return rows.length > 0
}

export async function hasMeetings(executor: Executor, organization: OrganizationId, id: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
      select from meetings where organization_id = ${organization} and meeting_type_id = ${id}
    ) as found`.execute(executor)
  return rows[0]?.found === true
}

export async function deleteMeetingType(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from meeting_types where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Takes the type from every page and from everybody's sight; its meetings keep it. */
export async function hideDeletedMeetingType(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await sql`
    with off_pages as (
      delete from page_meeting_types where organization_id = ${organization} and meeting_type_id = ${id}
    )
    update meeting_types set deleted_at = ${now}, schedule_id = null
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}

function columnsOf(draft: MeetingTypeDraft): [string, RawBuilder<unknown>][] {
  const { hosts: _, schedule, fields, reminders, cancellation, rescheduling, ...plain } = draft
  return [
    ...Object.entries(plain).map(([name, value]): [string, RawBuilder<unknown>] => [name, sql`${value}`]),
    ['schedule_id', sql`${schedule}`],
    ...Object.entries({ fields, reminders, cancellation, rescheduling }).map(
      ([name, value]): [string, RawBuilder<unknown>] => [name, sql`${JSON.stringify(value)}::jsonb`],
    ),
  ]
}

export async function deleteHost(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await sql`delete from meeting_type_hosts where organization_id = ${organization} and member_id = ${member}`.execute(
    tx,
  )
}
