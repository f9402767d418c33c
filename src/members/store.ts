import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { containing } from '../platform/like-pattern.ts'
import type { PageRequest } from '../platform/pagination.ts'
import { buildStatement, type ParameterOf } from '../platform/statement.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { Member, MemberLimits } from './schema.ts'

const columns = [
  'id',
  'email',
  'first_name',
  'last_name',
  'timezone',
  'locale',
  'role',
  'calendar_changes',
  'calendar_failure',
  'limits',
  'photo',
  'user_id',
  'created_at',
] as const

/** Columns whose values have a narrower type than the column. */
interface StoredValues {
  limits: Partial<MemberLimits>
  locale: Member['locale']
}

/** A member who is not deleted. `limits` contains only the limits that are set. */
export type MemberRow = Pick<Row<'members'>, (typeof columns)[number]> & StoredValues

function selectMembers(executor: Executor, organization: OrganizationId) {
  return executor
    .selectFrom('members')
    .select(columns)
    .$narrowType<StoredValues>()
    .where('organization_id', '=', organization)
    .where('deleted_at', 'is', null)
}

/** Which members to list. `limitedTo` is the only member that the actor may see. Null means all. */
export interface MemberFilter {
  limitedTo: number | null
  /** Part of the name or of the email address. */
  search?: string | undefined
  /** If set, only the hosts of this meeting type are listed. */
  meetingType?: number | undefined
  /** Only these. */
  ids?: readonly number[] | undefined
}

/** Lists members, oldest first. Returns up to one more than fits on the page. */
export async function listMembers(
  executor: Executor,
  organization: OrganizationId,
  { after, limit, limitedTo, search, meetingType, ids }: PageRequest & MemberFilter,
): Promise<MemberRow[]> {
  return selectMembers(executor, organization)
    .where('id', '>', after?.[0] ?? 0)
    .$if(limitedTo !== null, (query) => query.where('id', '=', limitedTo ?? 0))
    .$if(ids !== undefined, (query) => query.where('id', 'in', ids ?? []))
    .$if(search !== undefined, (query) => query.where(hasText(search ?? '')))
    .$if(meetingType !== undefined, (query) =>
      query.where('id', 'in', (inner) =>
        inner
          .selectFrom('meeting_type_hosts')
          .select('member_id')
          .where('organization_id', '=', organization)
          .where('meeting_type_id', '=', meetingType ?? 0),
      ),
    )
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

function hasText(text: string) {
  const pattern = containing(text)
  return sql<boolean>`(first_name || ' ' || last_name ilike ${pattern} or email ilike ${pattern})`
}

export async function listAdmins(executor: Executor, organization: OrganizationId): Promise<MemberRow[]> {
  return selectMembers(executor, organization).where('role', '=', 'admin').orderBy('id').execute()
}

export async function findMember(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MemberRow | undefined> {
  return selectMembers(executor, organization).where('id', '=', id).executeTakeFirst()
}

const contactColumns = ['id', 'email', 'first_name', 'last_name', 'timezone', 'locale'] as const

export type MemberContactRow = Pick<Row<'members'>, (typeof contactColumns)[number]>

/** Returns these members' current contact details. Omits deleted members. */
export async function listContacts(
  executor: Executor,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<MemberContactRow[]> {
  return executor
    .selectFrom('members')
    .select(contactColumns)
    .where('organization_id', '=', organization)
    .where('id', '=', sql<number>`any(${ids})`)
    .where('deleted_at', 'is', null)
    .execute()
}

/** Locks a member so that no meeting can be booked with them. Returns undefined if the member does not exist. */
export async function lockMember(
  tx: Transaction,
  organization: OrganizationId,
  id: number,
): Promise<MemberRow | undefined> {
  return selectMembers(tx, organization).where('id', '=', id).forUpdate().executeTakeFirst()
}

const hostColumns = ['id', 'email', 'first_name', 'last_name', 'timezone'] as const

export type LockedMemberRow = Pick<Row<'members'>, (typeof hostColumns)[number]>

const selectHostsForUpdate = buildStatement(
  (from, parameter: ParameterOf<{ organization: OrganizationId; ids: readonly number[] }>) =>
    from
      .selectFrom('members')
      .select(hostColumns)
      .where('organization_id', '=', parameter('organization'))
      .where('id', '=', sql<number>`any(${parameter('ids')})`)
      .where('deleted_at', 'is', null)
      .orderBy('id')
      .forNoKeyUpdate(),
)

/** Locks these members in the order of their ids. Omits members who do not exist. */
export async function lockMembers(
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<LockedMemberRow[]> {
  return selectHostsForUpdate(tx, { organization, ids })
}

export type MembershipRow = MemberRow & Pick<Row<'members'>, 'organization_id'>

/**
 * Lists the memberships of a person who has an account: the membership in the preferred organization first, if there is one, then
 * the oldest first.
 */
export async function listMemberships(
  executor: Executor,
  { user, preferred, limit }: { user: string; preferred: number | null; limit: number },
): Promise<MembershipRow[]> {
  return executor
    .selectFrom('members')
    .select([...columns, 'organization_id'])
    .$narrowType<StoredValues>()
    .where('user_id', '=', user)
    .where('deleted_at', 'is', null)
    .orderBy(sql`organization_id = ${preferred}`, (order) => order.desc().nullsLast())
    .orderBy('organization_id')
    .limit(limit)
    .execute()
}

/** Returns whether a member other than `except` has this email address, ignoring case. */
export async function hasMemberEmail(
  executor: Executor,
  organization: OrganizationId,
  { email, except }: { email: string; except: number | null },
): Promise<boolean> {
  const row = await executor
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organization)
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .where('deleted_at', 'is', null)
    .where('id', 'is distinct from', except)
    .executeTakeFirst()
  return row !== undefined
}

export async function hasOtherAdmin(executor: Executor, organization: OrganizationId, id: number): Promise<boolean> {
  const row = await executor
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organization)
    .where('id', '<>', id)
    .where('role', '=', 'admin')
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertMember(
  tx: Transaction,
  organization: OrganizationId,
  member: Omit<NewRow<'members'>, 'organization_id'>,
): Promise<MemberRow> {
  const values = { organization_id: organization, ...member } satisfies NewRow<'members'>
  return tx
    .insertInto('members')
    .values(values)
    .returning(columns)
    .$narrowType<StoredValues>()
    .executeTakeFirstOrThrow()
}

export type MemberChange = Pick<
  RowChange<'members'>,
  | 'email'
  | 'first_name'
  | 'last_name'
  | 'timezone'
  | 'locale'
  | 'role'
  | 'calendar_changes'
  | 'calendar_failure'
  | 'limits'
>

export async function updateMember(
  tx: Transaction,
  organization: OrganizationId,
  { id, ...change }: Required<MemberChange> & { id: number },
): Promise<void> {
  await tx.updateTable('members').set(change).where('organization_id', '=', organization).where('id', '=', id).execute()
}

/** Sets the hash of a member's photo. Null removes the photo. */
export async function setPhoto(
  tx: Transaction,
  organization: OrganizationId,
  { id, photo }: { id: number; photo: string | null },
): Promise<void> {
  await tx
    .updateTable('members')
    .set({ photo } satisfies RowChange<'members'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

const updateLastAssigned = buildStatement(
  (from, parameter: ParameterOf<{ organization: OrganizationId; member: number; at: string }>) =>
    from
      .updateTable('members')
      .set({ last_assigned_at: parameter('at') })
      .where('organization_id', '=', parameter('organization'))
      .where('id', '=', parameter('member')),
)

/** Records when round robin last assigned a meeting to a host. */
export async function setLastAssigned(
  tx: Transaction,
  organization: OrganizationId,
  { member, at }: { member: number; at: string },
): Promise<void> {
  await updateLastAssigned(tx, { organization, member, at })
}

/** Links a member to an account. Returns false if the member already has one. */
export async function setUser(
  tx: Transaction,
  organization: OrganizationId,
  { id, user }: { id: number; user: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('members')
    .set({ user_id: user })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('user_id', 'is', null)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export interface TiesRow {
  hosted: Row<'meeting_types'>['name'][]
  scheduled: Row<'meeting_types'>['name'][]
  upcoming: number
}

/**
 * Returns everything that currently prevents deleting the member: meeting types that they host or that use their schedule, and
 * upcoming meetings.
 */
export async function findTies(
  executor: Executor,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<TiesRow> {
  const { rows } = await sql<TiesRow>`
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
  const [ties] = rows
  if (!ties) throw new Error('A select without a from clause returned no row.')
  return ties
}

/** Returns whether a past or cancelled meeting still refers to the member. */
export async function hasHadMeetings(executor: Executor, organization: OrganizationId, id: number): Promise<boolean> {
  const row = await executor
    .selectFrom('attendees')
    .select('id')
    .where('organization_id', '=', organization)
    .where('member_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteMember(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx.deleteFrom('members').where('organization_id', '=', organization).where('id', '=', id).execute()
}

/** Keeps the row that meetings refer to, without account and role. The member data that meetings show is copied into them. */
export async function hideMember(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await tx
    .updateTable('members')
    .set({ deleted_at: now, user_id: null, role: 'member', photo: null } satisfies RowChange<'members'>)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** Detaches all of an organization's members from their accounts and returns the accounts. */
export async function detachMembers(tx: Transaction, organization: OrganizationId): Promise<string[]> {
  const { rows } = await sql<{ user: string }>`
    with joined as (
      select id, user_id from members where organization_id = ${organization} and user_id is not null for update
    )
    update members m set user_id = null from joined
    where m.organization_id = ${organization} and m.id = joined.id
    returning joined.user_id as user`.execute(tx)
  return rows.map(({ user }) => user)
}

export type MemberRecordRow = Pick<
  Row<'members'>,
  'id' | 'email' | 'first_name' | 'last_name' | 'timezone' | 'role' | 'photo' | 'user_id' | 'created_at' | 'deleted_at'
>

/** Lists current and former members with this email address, ignoring case. */
export async function listMembersByEmail(
  executor: Executor,
  organization: OrganizationId,
  email: string,
): Promise<MemberRecordRow[]> {
  return executor
    .selectFrom('members')
    .select([
      'id',
      'email',
      'first_name',
      'last_name',
      'timezone',
      'role',
      'photo',
      'user_id',
      'created_at',
      'deleted_at',
    ])
    .where('organization_id', '=', organization)
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .orderBy('id')
    .execute()
}

/** Overwrites the names and addresses of former members. */
export async function eraseFormerMembers(
  tx: Transaction,
  organization: OrganizationId,
  { email, firstName, lastName }: { email: string; firstName: string; lastName: string },
): Promise<void> {
  await sql`
    update members set email = 'erased-member-' || id || '@erased.invalid', first_name = ${firstName},
      last_name = ${lastName}, timezone = 'UTC', limits = '{}'
    where organization_id = ${organization} and lower(email) = lower(${email}) and deleted_at is not null`.execute(tx)
}

/** Returns a member's account, and whether any other member has the same account. */
export async function findAccountOfMember(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<{ user: string; hasOtherMembership: boolean } | undefined> {
  const { rows } = await sql<{ user: string; hasOtherMembership: boolean }>`
    select m.user_id as user, exists (
      select from members o
      where o.user_id = m.user_id and (o.organization_id, o.id) <> (m.organization_id, m.id)
    ) as "hasOtherMembership"
    from members m where m.organization_id = ${organization} and m.id = ${id} and m.user_id is not null`.execute(
    executor,
  )
  return rows[0]
}
