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
 * Marks an invitation as used: it is expired from now on. The row is kept, so that a retry with the same Idempotency-Key is
 * recognized.
 */
export async function expireInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member, now }: { member: number; now: string },
) {
  await sql`
    update invitations set expires_at = ${now}
    where organization_id = ${organization} and member_id = ${member}`.execute(tx)
}

export async function deleteInvitation(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await sql`delete from invitations where organization_id = ${organization} and member_id = ${member}`.execute(tx)
}

/** The organization that made an invitation, whether it is still open or not. */
export async function findOrganizationOfInvitation(
  executor: Executor,
  hash: Buffer,
): Promise<OrganizationId | undefined> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    select organization_id from invitations where hash = ${hash}`.execute(executor)
  return rows[0]?.organization_id
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
