import { sql } from 'kysely'
import type { MemberRole, OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { MemberDraft, Ties } from './member.ts'
import type { Member, MemberLimits } from './schema.ts'

/** A member who is not deleted. */
export interface MemberRow {
  id: number
  email: string
  first_name: string
  last_name: string
  timezone: string
  role: MemberRole
  limits: Partial<MemberLimits>
  joined: boolean
  created_at: string
}

const columns = sql`
  id, email, first_name, last_name, timezone, role, limits, user_id is not null as joined, created_at`

export async function listMembers(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest & { limitedTo: number | null },
): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
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
): Promise<MemberRow | undefined> {
  const { rows } = await sql<MemberRow>`
    select ${columns} from members
    where organization_id = ${organization} and id = ${id} and deleted_at is null`.execute(executor)
  return rows[0]
}

/** Locks the member against bookings until the end of the transaction; undefined where there is none. */
export async function lockMember(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<MemberRow | undefined> {
  const { rows } = await sql<MemberRow>`
    select ${columns} from members
    where organization_id = ${organization} and id = ${id} and deleted_at is null for update`.execute(tx)
  return rows[0]
}

export async function listAdmins(executor: Executor, organization: OrganizationId): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select ${columns} from members
    where organization_id = ${organization} and role = 'admin' and deleted_at is null
    order by id`.execute(executor)
  return rows
}

/** What a meeting stores of its host. */
export interface LockedMemberRow {
  id: number
  email: string
  first_name: string
  last_name: string
  timezone: string
}

/** Locks these members in the order of their ids until the end of the transaction; leaves out deleted ones. */
export async function lockMembers(
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<LockedMemberRow[]> {
  const { rows } = await sql<LockedMemberRow>`
    select id, email, first_name, last_name, timezone from members
    where organization_id = ${organization} and id = any(${ids}) and deleted_at is null
    order by id for no key update`.execute(tx)
  return rows
}

/** Records when a host was last assigned a meeting by round robin. */
export async function setLastAssigned(
  tx: Transaction,
  organization: OrganizationId,
  { member, at }: { member: number; at: string },
): Promise<void> {
  await sql`
    update members set last_assigned_at = ${at}
    where organization_id = ${organization} and id = ${member}`.execute(tx)
}

export interface MembershipRow {
  organization_id: OrganizationId
  id: number
  role: MemberRole
}

/** The oldest membership of a person who has an account. */
export async function findMembership(executor: Executor, user: string): Promise<MembershipRow | undefined> {
  const { rows } = await sql<MembershipRow>`
    select organization_id, id, role from members
    where user_id = ${user} and deleted_at is null
    order by organization_id limit 1`.execute(executor)
  return rows[0]
}

/** Gives the member to a person; false if someone has joined as this member already. */
export async function setUser(
  tx: Transaction,
  organization: OrganizationId,
  { id, user }: { id: number; user: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update members set user_id = ${user}
    where organization_id = ${organization} and id = ${id} and user_id is null and deleted_at is null`.execute(tx)
  return numAffectedRows === 1n
}

export interface NewOwner {
  userId: string
  email: string
  firstName: string
  lastName: string
  timezone: string
  now: string
}

export async function insertOwner(tx: Transaction, organization: OrganizationId, owner: NewOwner): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into members (organization_id, user_id, email, first_name, last_name, timezone, role, created_at)
    values (${organization}, ${owner.userId}, ${owner.email}, ${owner.firstName}, ${owner.lastName}, ${owner.timezone}, 'admin', ${owner.now})
    returning id`.execute(tx)
  return rows[0]!.id
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
): Promise<MemberRow> {
  const { rows } = await sql<MemberRow>`
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

export async function deleteMember(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from members where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Keeps the row that meetings point to, without account and role. What meetings show of the member is copied into them. */
export async function hideDeletedMember(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await sql`
    update members set deleted_at = ${now}, user_id = null, role = 'member'
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}
