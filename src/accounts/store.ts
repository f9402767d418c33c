import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'

/** An account on this server. It belongs to a person, not to an organization. */
export type UserRow = Pick<Row<'user'>, 'id' | 'name' | 'email' | 'emailVerified' | 'twoFactorEnabled'> & {
  password_hash: string | null
}

function selectUsers(executor: Executor) {
  return executor
    .selectFrom('user as u')
    .leftJoin('account as a', (join) => join.onRef('a.userId', '=', 'u.id').on('a.providerId', '=', 'credential'))
    .select(['u.id', 'u.name', 'u.email', 'u.emailVerified', 'u.twoFactorEnabled', 'a.password as password_hash'])
}

export async function findUser(executor: Executor, id: string): Promise<UserRow | undefined> {
  return selectUsers(executor).where('u.id', '=', id).executeTakeFirst()
}

/** Returns the account with this email address, ignoring case. */
export async function findUserByEmail(executor: Executor, email: string): Promise<UserRow | undefined> {
  return selectUsers(executor).where('u.email', '=', inLowerCase(email)).executeTakeFirst()
}

/** Lower-casing is not left to the database, whose locale may support only ASCII letters. */
function inLowerCase(email: string): string {
  return email.toLowerCase()
}

export interface NewUser {
  id: string
  name: string
  email: string
  emailVerified: boolean
  /** Null for a person who signs in only with a provider. */
  passwordHash: string | null
  now: string
}

/** Inserts a person and their password in the tables where better-auth expects them. */
export async function insertUser(
  tx: Transaction,
  { id, name, email, emailVerified, passwordHash: password, now }: NewUser,
): Promise<void> {
  const times = { createdAt: now, updatedAt: now }
  await tx
    .insertInto('user')
    .values({ id, name, email: inLowerCase(email), emailVerified, ...times })
    .execute()
  if (password !== null) await insertPassword(tx, { user: id, password, now })
}

async function insertPassword(
  tx: Transaction,
  { user, password, now }: { user: string; password: string; now: string },
): Promise<void> {
  const times = { createdAt: now, updatedAt: now }
  await tx
    .insertInto('account')
    .values({ id: user, accountId: user, providerId: 'credential', userId: user, password, ...times })
    .execute()
}

/** Returns the person linked to this subject at a provider, if there is one. */
export async function findLinkedUser(
  executor: Executor,
  { provider, subject }: { provider: string; subject: string },
): Promise<string | undefined> {
  const row = await executor
    .selectFrom('account')
    .select('userId')
    .where('providerId', '=', provider)
    .where('accountId', '=', subject)
    .executeTakeFirst()
  return row?.userId
}

/** Lets a person sign in with a provider. */
export async function linkUser(
  tx: Transaction,
  { user, provider, subject, now }: { user: string; provider: string; subject: string; now: string },
): Promise<void> {
  const times = { createdAt: now, updatedAt: now }
  await tx
    .insertInto('account')
    .values({ id: randomUUID(), accountId: subject, providerId: provider, userId: user, ...times })
    .execute()
}

/** Returns whether a person can sign in with a provider. */
export async function isLinked(
  executor: Executor,
  { user, provider }: { user: string; provider: string },
): Promise<boolean> {
  const row = await executor
    .selectFrom('account')
    .select('id')
    .where('userId', '=', user)
    .where('providerId', '=', provider)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function setName(tx: Transaction, { user, name }: { user: string; name: string }): Promise<void> {
  await tx.updateTable('user').set({ name }).where('id', '=', user).execute()
}

/** Records that the person has used a link that was emailed to their address. */
export async function setEmailVerified(tx: Transaction, user: string): Promise<void> {
  await tx.updateTable('user').set({ emailVerified: true }).where('id', '=', user).execute()
}

export async function setPassword(
  tx: Transaction,
  { user, passwordHash, now }: { user: string; passwordHash: string; now: string },
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('account')
    .set({ password: passwordHash, updatedAt: now })
    .where('userId', '=', user)
    .where('providerId', '=', 'credential')
    .executeTakeFirst()
  if (numUpdatedRows === 0n) await insertPassword(tx, { user, password: passwordHash, now })
}

/** Ends all of a person's sessions, or all except one. */
export async function deleteSessions(
  tx: Transaction,
  { user, except }: { user: string; except: string | null },
): Promise<void> {
  const sessions = tx.deleteFrom('session').where('userId', '=', user)
  await (except === null ? sessions : sessions.where('id', '<>', except)).execute()
}

/** Stores the hash of a password reset link, replacing an older link. */
export async function putReset(tx: Transaction, { user_id, ...reset }: NewRow<'password_resets'>): Promise<void> {
  await tx
    .insertInto('password_resets')
    .values({ user_id, ...reset } satisfies NewRow<'password_resets'>)
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(reset satisfies RowChange<'password_resets'>))
    .execute()
}

/** Returns whether a password reset link is valid. */
export async function findReset(
  executor: Executor,
  { hash, now }: { hash: Buffer; now: string },
): Promise<UserRow | undefined> {
  return selectUsers(executor)
    .innerJoin('password_resets as r', 'r.user_id', 'u.id')
    .where('r.hash', '=', hash)
    .where('r.expires_at', '>', now)
    .executeTakeFirst()
}

/** Uses up a password reset link. Returns its person if the link is valid. */
export async function takeReset(
  tx: Transaction,
  { hash, now }: { hash: Buffer; now: string },
): Promise<UserRow | undefined> {
  const taken = await tx
    .deleteFrom('password_resets')
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .returning('user_id')
    .executeTakeFirst()
  return taken && findUser(tx, taken.user_id)
}

/** Invalidates the password reset link. */
export async function deleteReset(tx: Transaction, user: string): Promise<void> {
  await tx.deleteFrom('password_resets').where('user_id', '=', user).execute()
}

export type InvitationRow = Pick<
  Row<'invitations'>,
  'organization_id' | 'member_id' | 'email' | 'mailed' | 'expires_at'
>

/** Returns the invitation with this token hash if it has not expired. */
export async function findInvitation(
  executor: Executor,
  hash: Buffer,
  now: string,
): Promise<InvitationRow | undefined> {
  return executor
    .selectFrom('invitations')
    .select(['organization_id', 'member_id', 'email', 'mailed', 'expires_at'])
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

/** Returns the token hashes of an address's invitations that have not expired, oldest first. */
export async function listInvitationsTo(
  executor: Executor,
  { email, now }: { email: string; now: string },
): Promise<Buffer[]> {
  const rows = await executor
    .selectFrom('invitations')
    .select('hash')
    .where('expires_at', '>', now)
    .where(sql<boolean>`(email = ${email} or lower(email) = ${inLowerCase(email)})`)
    .orderBy('created_at')
    .execute()
  return rows.map(({ hash }) => Buffer.from(hash))
}

/** Locks an invitation, so that if two people accept it at the same time, the second one finds it expired. */
export async function lockInvitation(tx: Transaction, hash: Buffer): Promise<void> {
  await tx.selectFrom('invitations').select('member_id').where('hash', '=', hash).forUpdate().execute()
}

/** Stores a member's invitation. It replaces an older invitation, which becomes invalid. */
export async function putInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member, ...invitation }: { member: number } & Omit<NewRow<'invitations'>, 'organization_id' | 'member_id'>,
): Promise<void> {
  const values = { organization_id: organization, member_id: member, ...invitation }
  await tx
    .insertInto('invitations')
    .values(values satisfies NewRow<'invitations'>)
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'member_id']).doUpdateSet(invitation satisfies RowChange<'invitations'>),
    )
    .execute()
}

/**
 * Marks an invitation as used by letting it expire now. The row is kept, so that a retry with the same Idempotency-Key
 * is recognized.
 */
export async function expireInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member, now }: { member: number; now: string },
): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ expires_at: now } satisfies RowChange<'invitations'>)
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .execute()
}

export async function deleteInvitation(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await tx
    .deleteFrom('invitations')
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .execute()
}

export async function deleteInvitations(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx.deleteFrom('invitations').where('organization_id', '=', organization).execute()
}

/** Makes sessions that act in this organization act in the person's oldest organization. */
export async function leaveOrganization(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx
    .updateTable('session')
    .set({ activeOrganization: null } satisfies RowChange<'session'>)
    .where('activeOrganization', '=', organization)
    .execute()
}

/** Returns the organization that created an invitation, whether or not it has expired. */
export async function findOrganizationOfInvitation(
  executor: Executor,
  hash: Buffer,
): Promise<OrganizationId | undefined> {
  const row = await executor
    .selectFrom('invitations')
    .select('organization_id')
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.organization_id
}

export async function lockUser(tx: Transaction, user: string): Promise<void> {
  await tx.selectFrom('user').select('id').where('id', '=', user).forUpdate().execute()
}

/** Deletes an account with its passwords, sessions and emails. */
export async function deleteUser(tx: Transaction, user: string): Promise<void> {
  await tx.deleteFrom('user').where('id', '=', user).execute()
}
