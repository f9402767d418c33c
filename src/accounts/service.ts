import { randomUUID } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse, refuseField, refuseNotFound } from '../errors.ts'
import type { Member } from '../members/schema.ts'
import { findMember, findMemberOfUser, joinMember } from '../members/service.ts'
import { notifyMember } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { getSettings } from '../settings/service.ts'
import { DAY } from '../time/durations.ts'
import { hashUserPassword, isUserPassword } from './accounts.ts'
import { generateInvitationToken, hashInvitationToken, INVITATION_DAYS } from './invitation.ts'
import type { AcceptedInvitation, Invitation, SentInvitation } from './schema.ts'
import * as store from './store.ts'

export interface AccountsDeps {
  database: Database
  clock: Clock
  /** The address that people and mails use. */
  url: string
}

/** Creates the account of a person and returns its id. Refuses an e-mail address that has an account. */
export async function createUser(
  tx: Transaction,
  { clock, ...user }: { name: string; email: string; passwordHash: string; clock: Clock },
): Promise<Outcome<{ id: string }>> {
  if (await store.findUserByEmail(tx, user.email)) {
    return refuseField('email', `${user.email} already has an account; sign in, or use another address`)
  }
  const id = randomUUID()
  await store.insertUser(tx, { id, ...user, now: clock.timestamp() })
  return { ok: true, id }
}

/** Mails a member the link to join. An older link becomes invalid. Refuses a member who has joined. */
export async function inviteMember(
  { database, clock, url }: AccountsDeps,
  organization: OrganizationId,
  { member: id }: { member: number },
): Promise<Outcome<{ invitation: SentInvitation }>> {
  return database.transaction(async (tx) => {
    const member = await findMember(tx, organization, { id })
    if (!member) return refuseNotFound('member', id, 'GET /api/v1/members lists them.')
    if (member.joined) return refuse('conflict', `${member.email} has already joined.`)
    const token = generateInvitationToken()
    const expiresAt = toTimestamp(clock.now() + INVITATION_DAYS * DAY)
    const invitation = { hash: hashInvitationToken(token), expires_at: expiresAt, created_at: clock.timestamp() }
    await store.putInvitation(tx, organization, { member: id, ...invitation })
    await mailInvitation(tx, organization, { member, link: `${url}/invitation/${token}`, clock })
    return { ok: true, invitation: { email: member.email, expires_at: expiresAt } }
  })
}

async function mailInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member, link, clock }: { member: Member; link: string; clock: Clock },
): Promise<void> {
  const { name: invitedBy } = await getSettings(tx, organization)
  const to = { name: nameOf(member), address: member.email, timezone: member.timezone }
  const notice = { about: 'invitation', link, invitedBy, validDays: INVITATION_DAYS } as const
  await notifyMember(tx, { clock }, { organization, to, notice })
}

/** Deletes the invitation of a member who is being deleted. */
export async function withdrawInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteInvitation(tx, organization, member)
}

/** Finds the organization that made an invitation, expired or not. */
export async function findOrganizationOfInvitation(
  executor: Executor,
  token: string,
): Promise<OrganizationId | undefined> {
  return store.findOrganizationOfInvitation(executor, hashInvitationToken(token))
}

/** Returns the invitation that a link leads to. */
export async function showInvitation(
  { database, clock }: AccountsDeps,
  { token }: { token: string },
): Promise<Outcome<{ invitation: Invitation }>> {
  const { executor } = database
  const open = await findOpenInvitation(executor, { hash: hashInvitationToken(token), clock })
  if (!open) return refuseInvitation()
  const { organization, member, expiresAt: expires_at } = open
  const { name: organization_name } = await getSettings(executor, organization)
  const { email, first_name } = member
  const has_account = (await store.findUserByEmail(executor, email)) !== undefined
  return { ok: true, invitation: { organization_name, email, first_name, has_account, expires_at } }
}

/** Joins an organization. A person who has an account on this server must send its password; anyone else chooses one. */
export async function acceptInvitation(
  { database, clock }: AccountsDeps,
  { token, password }: { token: string; password: string },
): Promise<Outcome<AcceptedInvitation>> {
  const hash = hashInvitationToken(token)
  // Hashing a password is expensive: do it only for people who have an invitation.
  if (!(await findOpenInvitation(database.executor, { hash, clock }))) return refuseInvitation()
  const passwordHash = await hashUserPassword(password)
  return database.transaction(async (tx) => {
    await store.lockInvitation(tx, hash)
    const open = await findOpenInvitation(tx, { hash, clock })
    if (!open) return refuseInvitation()
    const { organization, member } = open
    const user = await signUp(tx, member, { password, passwordHash, clock })
    if (!user.ok) return user
    if (!(await joinMember(tx, organization, { id: member.id, user: user.id }))) return refuseInvitation()
    await store.expireInvitation(tx, organization, { member: member.id, now: clock.timestamp() })
    return { ok: true, email: member.email }
  })
}

interface OpenInvitation {
  organization: OrganizationId
  member: Member
  expiresAt: string
}

async function findOpenInvitation(
  executor: Executor,
  { hash, clock }: { hash: Buffer; clock: Clock },
): Promise<OpenInvitation | undefined> {
  const row = await store.findInvitation(executor, hash, clock.timestamp())
  if (!row) return undefined
  const { organization_id: organization, expires_at: expiresAt } = row
  const member = await findMember(executor, organization, { id: row.member_id })
  return member && !member.joined ? { organization, member, expiresAt } : undefined
}

/** Finds the account with the member's e-mail address, or creates it. Refuses a wrong password. */
async function signUp(
  tx: Transaction,
  member: Member,
  { password, passwordHash, clock }: { password: string; passwordHash: string; clock: Clock },
): Promise<Outcome<{ id: string }>> {
  const { email } = member
  const existing = await store.findUserByEmail(tx, email)
  if (!existing) return createUser(tx, { name: nameOf(member), email, passwordHash, clock })
  if (await isUserPassword(existing.password_hash ?? '', password).catch(() => false))
    return { ok: true, id: existing.id }
  return refuseField('password', `${email} already has an account, and this is not its password`)
}

/** Mails a person the link to choose a new password. */
export async function mailResetLink(
  { database, clock }: Pick<AccountsDeps, 'database' | 'clock'>,
  { userId, link, validMinutes }: { userId: string; link: string; validMinutes: number },
): Promise<void> {
  await database.transaction(async (tx) => {
    const user = await store.findUser(tx, userId)
    const found = await findMemberOfUser(tx, userId)
    if (!user || !found) return
    const to = { name: user.name, address: user.email, timezone: found.member.timezone }
    const notice = { about: 'password_reset', link, validMinutes } as const
    await notifyMember(tx, { clock }, { organization: found.organization, to, notice })
  })
}

function nameOf({ first_name, last_name }: Pick<Member, 'first_name' | 'last_name'>): string {
  return `${first_name} ${last_name}`.trim()
}

function refuseInvitation(): Refusal {
  return refuse(
    'gone',
    'This invitation was used, withdrawn or has expired. Ask an admin of the organization for a new one.',
  )
}
