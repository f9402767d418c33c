import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { MemberDraft, Ties } from './member.ts'
import type { Member } from './schema.ts'

const columns = sql`
  id, email, first_name, last_name, timezone, role,
  jsonb_build_object('meetings_per_day', null, 'meetings_per_week', null, 'minutes_per_day', null, 'minutes_per_week', null)
    || limits as limits,
  user_id is not null as joined, created_at`

export async function listMembers(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest & { limitedTo: number | null },
): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select ${columns} from members
    where organization_id = ${organization} and deleted_at is null and id > ${page.after?.[0] ?? 0}
      and id = coalesce(${page.limitedTo}::bigint, id)
    order by id limit ${page.limit + 1}`.execute(executor)
  return rows
}

export async function findMember(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<Member | undefined> {
  const { rows } = await sql<Member>`
    select ${columns} from members
    where organization_id = ${organization} and id = ${id} and deleted_at is null`.execute(executor)
  return rows[0]
}

/** Locks the member against bookings until the end of the transaction; undefined where there is none. */
export async function lockMember(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<Member | undefined> {
  const { rows } = await sql<Member>`
    select ${columns} from members
    where organization_id = ${organization} and id = ${id} and deleted_at is null for update`.execute(tx)
  return rows[0]
}

export async function hasMemberEmail(
  executor: Executor,
  organization: OrganizationId,
  { email, except }: { email: string; except: number | null },
): Promise<boolean> {
  const { rows } = await sql`
    select from members
    where organization_id = ${organization} and lower(email) = lower(${email}) and deleted_at is null
      and id is distinct from ${except}`.execute(executor)
  return rows.length > 0
}

export async function hasOtherAdmin(executor: Executor, organization: OrganizationId, id: number): Promise<boolean> {
  const { rows } = await sql`
    select from members
    where organization_id = ${organization} and id <> ${id} and role = 'admin' and deleted_at is null
    limit 1`.execute(executor)
  return rows.length > 0
}

export async function insertMember(
  tx: Transaction,
  organization: OrganizationId,
  { draft, now }: { draft: MemberDraft; now: string },
): Promise<Member> {
  const { rows } = await sql<Member>`
    insert into members (organization_id, email, first_name, last_name, timezone, role, limits, created_at)
    values (
      ${organization}, ${draft.email}, ${draft.first_name}, ${draft.last_name}, ${draft.timezone}, ${draft.role},
      ${JSON.stringify(draft.limits)}::jsonb, ${now}
    )
    returning ${columns}`.execute(tx)
  return rows[0]!
}

export async function updateMember(tx: Transaction, organization: OrganizationId, member: Member): Promise<void> {
  await sql`
    update members set email = ${member.email}, first_name = ${member.first_name}, last_name = ${member.last_name},
      timezone = ${member.timezone}, role = ${member.role}, limits = ${JSON.stringify(member.limits)}::jsonb
    where organization_id = ${organization} and id = ${member.id}`.execute(tx)
}

/** What stands against the member's going at this time. */
export async function findTies(
  executor: Executor,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<Ties> {
  const { rows } = await sql<Ties>`
    select
      array(
        select t.name from meeting_type_hosts h
        join meeting_types t on t.organization_id = h.organization_id and t.id = h.meeting_type_id
        where h.organization_id = ${organization} and h.member_id = ${id} and t.deleted_at is null order by t.id
      ) as hosted,
      array(
        select t.name from schedules s
        join meeting_types t on t.organization_id = s.organization_id and t.schedule_id = s.id
        where s.organization_id = ${organization} and s.member_id = ${id} and t.deleted_at is null order by t.id
      ) as scheduled,
      (
        select count(*) from attendees a
        join meetings m on m.organization_id = a.organization_id and m.id = a.meeting_id
        where a.organization_id = ${organization} and a.member_id = ${id} and m.active and m.ends_at > ${now}
      ) as upcoming`.execute(executor)
  return rows[0]!
}

/** Whether a meeting of the past or a cancelled one still names the member. */
export async function hasHadMeetings(executor: Executor, organization: OrganizationId, id: number): Promise<boolean> {
  const { rows } = await sql`
    select from attendees where organization_id = ${organization} and member_id = ${id} limit 1`.execute(executor)
  return rows.length > 0
}

export async function deleteTimeOff(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await sql`delete from time_off where organization_id = ${organization} and member_id = ${member}`.execute(tx)
}

export async function deleteSchedules(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await sql`delete from schedules where organization_id = ${organization} and member_id = ${member}`.execute(tx)
}

/** Takes the member from the deleted meeting types that still name them. */
export async function deleteHosts(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await sql`delete from meeting_type_hosts where organization_id = ${organization} and member_id = ${member}`.execute(
    tx,
  )
}

export async function deleteMember(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from members where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Keeps the row that meetings point to, without account, invitation and role. What meetings show of the member is copied into them. */
export async function hideDeletedMember(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await sql`
    with uninvited as (
      delete from invitations where organization_id = ${organization} and member_id = ${id}
    )
    update members set deleted_at = ${now}, user_id = null, role = 'member'
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}
