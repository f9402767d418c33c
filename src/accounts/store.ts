import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'

export interface UserRow {
  id: string
  password_hash: string | null
}

/** Whoever has an account with this address, on the whole server: an account belongs to a person. */
export async function findUserByEmail(executor: Executor, email: string): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`
    select u."id", a."password" as password_hash from "user" u
    left join "account" a on a."userId" = u."id" and a."providerId" = 'credential'
    where u."email" = lower(${email})`.execute(executor)
  return rows[0]
}

export interface NewUser {
  id: string
  name: string
  email: string
  passwordHash: string
  now: string
}

/** Writes a person and their password where better-auth looks for them. */
export async function insertUser(tx: Transaction, user: NewUser): Promise<void> {
  await sql`
    with person as (
      insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
      values (${user.id}, ${user.name}, lower(${user.email}), true, ${user.now}, ${user.now}) returning "id"
    )
    insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
    select "id", "id", 'credential', "id", ${user.passwordHash}, ${user.now}, ${user.now} from person`.execute(tx)
}

/** The invited member, with the organization that invites. */
export interface InvitationRow {
  organization_id: OrganizationId
  organization_name: string
  member_id: number
  email: string
  first_name: string
  last_name: string
  expires_at: string
}

/** Locks the invitation, so that of two who accept it at once the second finds it used up; false where there is none. */
export async function lockInvitation(tx: Transaction, hash: Buffer): Promise<boolean> {
  const { rows } = await sql`select 1 from invitations where hash = ${hash} for update`.execute(tx)
  return rows.length > 0
}

/** The open invitation that a token's hash stands for. */
export async function findInvitation(
  executor: Executor,
  hash: Buffer,
  now: string,
): Promise<InvitationRow | undefined> {
  const { rows } = await sql<InvitationRow>`
    select i.organization_id, o.name as organization_name, i.member_id, m.email, m.first_name, m.last_name, i.expires_at
    from invitations i
    join members m on m.organization_id = i.organization_id and m.id = i.member_id
    join organizations o on o.organization_id = i.organization_id
    where i.hash = ${hash} and i.expires_at > ${now} and m.user_id is null and m.deleted_at is null`.execute(executor)
  return rows[0]
}

/** Writes a member's invitation; an older one is void from then on. */
export async function putInvitation(
  tx: Transaction,
  organization: OrganizationId,
  invitation: { member: number; hash: Buffer; expiresAt: string; now: string },
): Promise<void> {
  const { member, hash, expiresAt, now } = invitation
  await sql`
    insert into invitations (organization_id, member_id, hash, expires_at, created_at)
    values (${organization}, ${member}, ${hash}, ${expiresAt}, ${now})
    on conflict (organization_id, member_id) do update
      set hash = excluded.hash, expires_at = excluded.expires_at, created_at = excluded.created_at`.execute(tx)
}

/**
 * Gives the member to the person, and the invitation is used up: out of date from now on. It stays, so that a repeat with the
 * same Idempotency-Key is recognised. False where somebody was quicker.
 */
export async function joinMember(
  tx: Transaction,
  organization: OrganizationId,
  { member, user, now }: { member: number; user: string; now: string },
): Promise<boolean> {
  const { rows } = await sql`
    with used as (
      update invitations set expires_at = ${now}
      where organization_id = ${organization} and member_id = ${member} returning 1
    )
    update members set user_id = ${user}
    where organization_id = ${organization} and id = ${member} and user_id is null and exists (select from used)
    returning 1`.execute(tx)
  return rows.length === 1
}

/** Whether a member has an account already. */
export async function hasAccount(executor: Executor, organization: OrganizationId, member: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select user_id is not null as found from members
    where organization_id = ${organization} and id = ${member}`.execute(executor)
  return rows[0]?.found === true
}

export interface AddresseeRow {
  organization_id: OrganizationId
  email: string
  name: string
  timezone: string
}

/** Where a person is written to: the sign-in address, by way of their oldest membership. */
export async function findAddressee(executor: Executor, userId: string): Promise<AddresseeRow | undefined> {
  const { rows } = await sql<AddresseeRow>`
    select m.organization_id, u."email" as email, u."name" as name, m.timezone
    from members m join "user" u on u."id" = m.user_id
    where m.user_id = ${userId} and m.deleted_at is null
    order by m.organization_id limit 1`.execute(executor)
  return rows[0]
}
