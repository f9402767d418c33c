import { randomUUID } from 'node:crypto'
import type { Actor, OrganizationId } from '../access/gate.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { because, type Outcome, type Refusal, refuse, refuseField, refuseNotFound } from '../errors.ts'
import type { Member } from '../members/schema.ts'
import {
  detachMembers,
  findAccountOfMember,
  findMember,
  findMemberOfUser,
  identityOf,
  joinMember,
  listMembersOfUser,
} from '../members/service.ts'
import { findBrand, notifyMember, notifyPerson } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Mailer } from '../platform/mailer.ts'
import type { Secrets } from '../platform/secrets.ts'
import { getSettings } from '../settings/service.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { hashUserPassword, isUserPassword } from './accounts.ts'
import { generateLinkToken, hashLinkToken, INVITATION_DAYS, RESET_MINUTES } from './invitation.ts'
import { refuseWeakPassword } from './password.ts'
import { auditPerson, type Place } from './person-audit.ts'
import type { AcceptedInvitation, Invitation, SentInvitation } from './schema.ts'
import * as store from './store.ts'

export interface AccountsDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  mailer: Pick<Mailer, 'kind'>
  /** The public URL, used by people and in emails. */
  url: string
}

export interface NewAccount {
  name: string
  email: string
  /** Null for a person who signs in only with a provider. */
  passwordHash: string | null
  /** Whether the person has used a link that only a reader of this address could know. */
  emailVerified?: boolean
  clock: Clock
}

/** Creates a person's account and returns its id. Refuses an email address that already has an account. */
export async function createUser(
  tx: Transaction,
  { clock, emailVerified = false, ...user }: NewAccount,
): Promise<Outcome<{ id: string }>> {
  if (await store.findUserByEmail(tx, user.email)) {
    return refuseField('email', `${user.email} already has an account; sign in, or use another address`, 'taken')
  }
  const id = randomUUID()
  await store.insertUser(tx, { id, ...user, emailVerified, now: clock.timestamp() })
  return { ok: true, id }
}

/**
 * Deletes the account of a member who is being deleted, with its sessions, unless the person is also a member elsewhere. The
 * account's row is locked first. If the last two memberships end at the same time, the second transaction therefore sees that the
 * first membership has ended.
 */
export async function endAccount(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  const account = await findAccountOfMember(tx, organization, { member })
  if (!account) return
  await store.lockUser(tx, account.user)
  const locked = await findAccountOfMember(tx, organization, { member })
  if (locked && !locked.hasOtherMembership) await store.deleteUser(tx, locked.user)
}

/**
 * Ends the memberships and invitations of an organization that is being deleted, and deletes the accounts of people who
 * are not members elsewhere.
 */
export async function endMemberships(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.deleteInvitations(tx, organization)
  await store.leaveOrganization(tx, organization)
  for (const user of await detachMembers(tx, organization)) {
    await store.lockUser(tx, user)
    if (!(await findMemberOfUser(tx, user))) await store.deleteUser(tx, user)
  }
}

/** Returns a person's account, without any secrets. */
export async function findAccount(
  executor: Executor,
  { user }: { user: string },
): Promise<Pick<store.UserRow, 'name' | 'email'> | undefined> {
  const found = await store.findUser(executor, user)
  return found && { name: found.name, email: found.email }
}

/**
 * Emails a member the link to join, which is valid only for this email address. An older link becomes invalid. Refuses
 * a member who has already joined.
 */
export async function inviteMember(
  deps: AccountsDeps,
  actor: Actor,
  { member: id }: { member: number },
): Promise<Outcome<{ invitation: SentInvitation }>> {
  const { organization } = actor
  const { database, mailer } = deps
  return database.transaction(async (tx) => {
    const member = await findMember(tx, organization, { id })
    if (!member) return refuseNotFound('member', id, 'GET /api/v1/members lists them.')
    if (member.joined) return because('already_joined', refuse('conflict', `${member.email} has already joined.`))
    const { link, ...invitation } = await sendInvitation(tx, deps, actor, { member, isProof: mailer.kind === 'smtp' })
    return { ok: true, invitation: { ...invitation, link: mailer.kind === 'smtp' ? null : link } }
  })
}

/**
 * Emails a member the link to join, in the caller's transaction. `isProof` means that only someone who receives the address's
 * email sees the link, so that using it proves ownership of the address.
 */
export async function sendInvitation(
  tx: Transaction,
  deps: Omit<AccountsDeps, 'database' | 'mailer'>,
  actor: AuditActor,
  { member, isProof }: { member: Member; isProof: boolean },
): Promise<{ email: string; expires_at: string; link: string }> {
  const { clock, url } = deps
  const { organization } = actor
  const { id, email } = member
  const token = generateLinkToken()
  const expires_at = toTimestamp(clock.now() + INVITATION_DAYS * DAY)
  const times = { expires_at, created_at: clock.timestamp() }
  await store.putInvitation(tx, organization, {
    member: id,
    hash: hashLinkToken(token),
    email,
    mailed: isProof,
    ...times,
  })
  const link = `${url}/invitation/${token}`
  await mailInvitation(tx, organization, { member, link, deps })
  const object = { type: 'member', id, label: email } as const
  await recordAudit(tx, actor, { action: 'invitation.sent', object, clock })
  return { email, expires_at, link }
}

async function mailInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member, link, deps }: { member: Member; link: string; deps: Omit<AccountsDeps, 'database' | 'mailer'> },
): Promise<void> {
  const { name: invitedBy } = await getSettings(tx, organization)
  const { email: address, timezone, locale } = member
  const to = { name: nameOf(member), address, timezone, locale }
  const notice = { about: 'invitation', link, invitedBy, validDays: INVITATION_DAYS } as const
  await notifyMember(tx, deps, organization, { to, notice })
}

/** Invalidates the invitation of a member who is being deleted, or whose email address changes. */
export async function withdrawInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteInvitation(tx, organization, member)
}

/** Finds the organization that created an invitation, whether or not it has expired. */
export async function findOrganizationOfInvitation(
  executor: Executor,
  token: string,
): Promise<OrganizationId | undefined> {
  return store.findOrganizationOfInvitation(executor, hashLinkToken(token))
}

/** Returns the invitation that a link leads to. `user` is the account that is signed in, if any. */
export async function showInvitation(
  { database, clock }: Pick<AccountsDeps, 'database' | 'clock'>,
  { token, user }: { token: string; user: string | undefined },
): Promise<Outcome<{ invitation: Invitation }>> {
  const { executor } = database
  const open = await findOpenInvitation(executor, { hash: hashLinkToken(token), clock })
  if (!open) return refuseInvitation()
  const { organization, member, expiresAt: expires_at } = open
  const { name: organization_name } = await getSettings(executor, organization)
  const { email, first_name } = member
  const account = await store.findUserByEmail(executor, email)
  const has_account = account !== undefined
  const signed_in = has_account && account.id === user
  return { ok: true, invitation: { organization_name, email, first_name, has_account, signed_in, expires_at } }
}

/** The data that someone sends to accept an invitation. */
export interface Acceptance {
  token: string
  /** The password chosen by a person without an account. */
  password: string | undefined
  /** The signed-in account. */
  user: string | undefined
  by: Place
}

/**
 * Joins an organization. A person who has an account on this server must be signed in to it. Anyone else chooses a password. An
 * existing account's password is not checked here, so it cannot be guessed.
 */
export async function acceptInvitation(
  { database, clock }: Pick<AccountsDeps, 'database' | 'clock'>,
  { token, password, user, by }: Acceptance,
): Promise<Outcome<AcceptedInvitation & { user: string }>> {
  const hash = hashLinkToken(token)
  // Hashing a password is expensive, so it is done only for people who have an invitation but no account.
  const invited = await findOpenInvitation(database.executor, { hash, clock })
  if (!invited) return refuseInvitation()
  const { email, first_name, last_name } = invited.member
  const isNew = (await store.findUserByEmail(database.executor, email)) === undefined
  const owner = { email, name: nameOf({ first_name, last_name }) }
  const weak = isNew && password !== undefined ? await refuseWeakPassword(password, owner) : undefined
  if (weak) return weak
  const passwordHash = isNew && password !== undefined ? await hashUserPassword(password) : undefined
  return database.transaction(async (tx) => {
    await store.lockInvitation(tx, hash)
    const open = await findOpenInvitation(tx, { hash, clock })
    if (!open) return refuseInvitation()
    const { organization, member, mailed } = open
    const account = await findOrCreateAccount(tx, member, { passwordHash, user, mailed, clock })
    if (!account.ok) return account
    if (!(await joinMember(tx, organization, { id: member.id, user: account.id }))) return refuseInvitation()
    await recordJoining(tx, organization, { member, by, clock })
    return { ok: true, email: member.email, user: account.id }
  })
}

/** Uses up the invitation of a member who has joined, and records it in the audit log. */
async function recordJoining(
  tx: Transaction,
  organization: OrganizationId,
  { member, by, clock }: { member: OpenInvitation['member']; by: Place; clock: Clock },
): Promise<void> {
  await store.expireInvitation(tx, organization, { member: member.id, now: clock.timestamp() })
  const object = { type: 'member', id: member.id, label: member.email } as const
  const actor = { ...identityOf(organization, member), ...by }
  await recordAudit(tx, actor, { action: 'invitation.accepted', object, clock })
}

/**
 * Creates the account of a person who was invited to one or more organizations, and joins them. A provider has proven that the
 * address is theirs. Returns undefined if there is no invitation to the address.
 */
export async function joinByEmail(
  tx: Transaction,
  { email, by, clock }: { email: string; by: Place; clock: Clock },
): Promise<string | undefined> {
  let user: string | undefined
  for (const hash of await store.listInvitationsTo(tx, { email, now: clock.timestamp() })) {
    await store.lockInvitation(tx, hash)
    const open = await findOpenInvitation(tx, { hash, clock })
    if (!open) continue
    const { organization, member } = open
    if (user === undefined) {
      const account = { name: nameOf(member), email, passwordHash: null, emailVerified: true, clock }
      const created = await createUser(tx, account)
      if (!created.ok) return undefined
      user = created.id
    }
    if (await joinMember(tx, organization, { id: member.id, user }))
      await recordJoining(tx, organization, { member, by, clock })
  }
  return user
}

interface OpenInvitation {
  organization: OrganizationId
  member: Member
  mailed: boolean
  expiresAt: string
}

/**
 * Returns whether an invitation is invalid because its member has joined, or no longer has the email address that it was sent to.
 */
async function findOpenInvitation(
  executor: Executor,
  { hash, clock }: { hash: Buffer; clock: Clock },
): Promise<OpenInvitation | undefined> {
  const row = await store.findInvitation(executor, hash, clock.timestamp())
  if (!row) return undefined
  const { organization_id: organization, expires_at: expiresAt, mailed } = row
  const member = await findMember(executor, organization, { id: row.member_id })
  if (!member || member.joined || member.email.toLowerCase() !== row.email.toLowerCase()) return undefined
  return { organization, member, mailed, expiresAt }
}

async function findOrCreateAccount(
  tx: Transaction,
  member: Member,
  {
    passwordHash,
    user,
    mailed,
    clock,
  }: { passwordHash: string | undefined; user: string | undefined; mailed: boolean; clock: Clock },
): Promise<Outcome<{ id: string }>> {
  const { email } = member
  const existing = await store.findUserByEmail(tx, email)
  if (existing && existing.id !== user)
    return refuse('unauthenticated', `${email} already has an account on this server. Sign in as ${email} to accept.`)
  if (existing) {
    if (mailed) await store.setEmailVerified(tx, existing.id)
    return { ok: true, id: existing.id }
  }
  if (passwordHash === undefined) return refuseField('password', 'is missing; choose a password for your new account')
  return createUser(tx, { name: nameOf(member), email, passwordHash, emailVerified: mailed, clock })
}

type ResetDeps = Pick<AccountsDeps, 'database' | 'clock' | 'secrets' | 'url'>

/**
 * Emails a person the link to choose a new password. Older links become invalid. Does nothing if the address does not have an
 * account. Count the request first (`resetCounters`), and call this after the response has been sent, so that its duration does
 * not reveal anything.
 */
export async function requestPasswordReset(
  deps: ResetDeps,
  { email, by }: { email: string; by: Place },
): Promise<void> {
  const { database, clock, url } = deps
  await database.transaction(async (tx) => {
    const user = await store.findUserByEmail(tx, email)
    if (!user) return
    const token = generateLinkToken()
    const expires_at = toTimestamp(clock.now() + RESET_MINUTES * MINUTE)
    await store.putReset(tx, {
      user_id: user.id,
      hash: hashLinkToken(token),
      expires_at,
      created_at: clock.timestamp(),
    })
    const link = `${url}/reset-password/${token}`
    const notice = { about: 'password_reset', link, validMinutes: RESET_MINUTES } as const
    await notifyPerson(tx, deps, { user: user.id, to: await findAddressee(tx, user), notice })
    await auditPerson(tx, { user: user.id, action: 'password_reset.requested', by, isStranger: true, clock })
  })
}

/** Sets a new password with an emailed link. Invalidates all of the person's links, ends all of their sessions, and emails them. */
export async function resetPassword(
  deps: ResetDeps,
  { token, password, by }: { token: string; password: string; by: Place },
): Promise<Outcome<{ user: string }>> {
  const { database, clock } = deps
  const hash = hashLinkToken(token)
  const owner = await store.findReset(database.executor, { hash, now: clock.timestamp() })
  if (!owner) return refuseReset()
  const weak = await refuseWeakPassword(password, owner, 'newPassword')
  if (weak) return weak
  const passwordHash = await hashUserPassword(password)
  return database.transaction(async (tx) => {
    const user = await store.takeReset(tx, { hash, now: clock.timestamp() })
    if (!user) return refuseReset()
    await setPassword(tx, deps, { user, passwordHash, by, keepSession: null })
    await auditPerson(tx, { user: user.id, action: 'password_reset.used', by, clock })
    return { ok: true, user: user.id }
  })
}

/** Changes the password of a signed-in person. Ends all other sessions, invalidates emailed links, and emails the person. */
export async function changePassword(
  deps: ResetDeps,
  change: { user: string; session: string; current: string; password: string; by: Place },
): Promise<Outcome> {
  const { database } = deps
  const user = await store.findUser(database.executor, change.user)
  const matches = await isUserPassword(user?.password_hash ?? '', change.current).catch(() => false)
  if (!user || !matches) return refuseField('current_password', 'is not your current password', 'wrong')
  const weak = await refuseWeakPassword(change.password, user, 'new_password')
  if (weak) return weak
  const passwordHash = await hashUserPassword(change.password)
  return database.transaction(async (tx) => {
    const { by, session: keepSession } = change
    await setPassword(tx, deps, { user, passwordHash, by, keepSession })
    await auditPerson(tx, { user: user.id, action: 'password.changed', by, clock: deps.clock })
    return { ok: true }
  })
}

async function setPassword(
  tx: Transaction,
  deps: ResetDeps,
  {
    user,
    passwordHash,
    by: { address },
    keepSession,
  }: { user: store.UserRow; passwordHash: string; by: Place; keepSession: string | null },
): Promise<void> {
  const { clock } = deps
  await store.setPassword(tx, { user: user.id, passwordHash, now: clock.timestamp() })
  await store.deleteReset(tx, user.id)
  await store.deleteSessions(tx, { user: user.id, except: keepSession })
  const notice = { about: 'password_changed', at: clock.now(), address } as const
  await notifyPerson(tx, deps, { user: user.id, to: await findAddressee(tx, user), notice })
}

/**
 * Returns the name, address, time zone and language used to email a person. The email has their organization's branding, unless
 * they are in several organizations.
 */
export async function findAddressee(tx: Transaction, { id, name, email: address }: store.UserRow) {
  const [membership, ...others] = await listMembersOfUser(tx, id)
  if (!membership) return { name, address, timezone: 'UTC', locale: null, brand: null }
  const { timezone, locale } = membership.member
  const brand = await findBrand(tx, membership.organization)
  return { name, address, timezone, locale: locale ?? brand.language, brand: others.length === 0 ? brand : null }
}

function refuseReset(): Refusal {
  return refuse('gone', 'This link was already used, was replaced by a newer one, or has expired. Request a new link.')
}

function nameOf({ first_name, last_name }: Pick<Member, 'first_name' | 'last_name'>): string {
  return `${first_name} ${last_name}`.trim()
}

function refuseInvitation(): Refusal {
  return refuse(
    'gone',
    'This invitation was already used, was withdrawn, or has expired. Ask an admin of the organization for a new one.',
  )
}
