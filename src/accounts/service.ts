import { randomUUID } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, refuse, refuseField } from '../errors.ts'
import { getMember, joinMember } from '../members/service.ts'
import { notifyMember } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { DAY } from '../time/durations.ts'
import { hashUserPassword, isUserPassword } from './accounts.ts'
import { generateInvitationToken, hashInvitationToken, INVITATION_DAYS } from './invitation.ts'
import type { Invitation } from './schema.ts'
import * as store from './store.ts'

export interface AccountsDeps {
  database: Database
  clock: Clock
  /** The address that people and mails use. */
  url: string
}

/** Creates the account of a person and returns its id. Refuses an e-mail address that has one. */
export async function createUser(
  tx: Transaction,
  { clock, ...user }: { name: string; email: string; passwordHash: string; clock: Clock },
): Promise<Outcome<{ id: string }>> {
  if (await store.findUserByEmail(tx, user.email)) {
    return refuseField('email', `${user.email} has an account already; sign in, or use another address`)
  }
  const id = randomUUID()
  await store.insertUser(tx, { id, ...user, now: clock.timestamp() })
  return { ok: true, id }
}

/** Mails a member the link by which they get an account. A repeat makes the older link void. */
export async function inviteMember(
  { database, clock, url }: AccountsDeps,
  { organization, member: id, invitedBy }: { organization: OrganizationId; member: number; invitedBy: string },
): Promise<Outcome<{ email: string; expiresAt: string }>> {
  return database.transaction(async (tx) => {
    const found = await getMember(tx, organization, id)
    if (!found) return refuse('not_found', `There is no member ${id} in this organization.`)
    if (found.joined) return refuse('conflict', `${found.email} has joined already.`)
    const token = generateInvitationToken()
    const expiresAt = toTimestamp(clock.now() + INVITATION_DAYS * DAY)
    const now = clock.timestamp()
    await store.putInvitation(tx, organization, { member: id, hash: hashInvitationToken(token), expiresAt, now })
    const { email, first_name, last_name, timezone } = found
    await notifyMember(
      tx,
      { clock },
      {
        organization,
        to: { name: `${first_name} ${last_name}`.trim(), address: email, timezone },
        notice: { about: 'invitation', link: `${url}/invitation/${token}`, invitedBy, validDays: INVITATION_DAYS },
      },
    )
    return { ok: true, email, expiresAt }
  })
}

/** What whoever holds the link is asked to accept. */
export async function showInvitation(
  { database, clock }: AccountsDeps,
  token: string,
): Promise<Outcome<{ invitation: Invitation }>> {
  const found = await store.findInvitation(database.executor, hashInvitationToken(token), clock.timestamp())
  if (!found) return refuseInvitation()
  const user = await store.findUserByEmail(database.executor, found.email)
  const { organization_name, email, first_name, expires_at } = found
  return { ok: true, invitation: { organization_name, email, first_name, has_account: user !== undefined, expires_at } }
}

/** Joins: whoever has an account on this server gives its password, anybody else chooses one. */
export async function acceptInvitation(
  { database, clock }: AccountsDeps,
  { token, password }: { token: string; password: string },
): Promise<Outcome<{ email: string }>> {
  const hash = hashInvitationToken(token)
  // Whoever holds no invitation is not worth the work of a password's hash.
  if (!(await store.findInvitation(database.executor, hash, clock.timestamp()))) return refuseInvitation()
  const passwordHash = await hashUserPassword(password)
  return database.transaction(async (tx) => {
    const found = (await store.lockInvitation(tx, hash)) && (await store.findInvitation(tx, hash, clock.timestamp()))
    if (!found) return refuseInvitation()
    const existing = await store.findUserByEmail(tx, found.email)
    if (existing && !(await isUserPassword(existing.password_hash ?? '', password).catch(() => false))) {
      return refuseField('password', `${found.email} has an account already, and this is not its password`)
    }
    const now = clock.timestamp()
    const user = existing?.id ?? (await insertInvited(tx, found, { passwordHash, now }))
    const { organization_id: organization, member_id: member } = found
    if (!(await joinMember(tx, organization, { id: member, user }))) return refuseInvitation()
    await store.expireInvitation(tx, organization, { member, now })
    return { ok: true, email: found.email }
  })
}

async function insertInvited(
  tx: Transaction,
  found: store.InvitationRow,
  made: { passwordHash: string; now: string },
): Promise<string> {
  const id = randomUUID()
  const { email, first_name, last_name } = found
  await store.insertUser(tx, { id, name: `${first_name} ${last_name}`.trim(), email, ...made })
  return id
}

/** Deletes the invitation of a member who is being deleted. */
export async function withdrawInvitation(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteInvitation(tx, organization, member)
}

/** The organization that made an invitation, whether it is still open or not. */
export async function findOrganizationOfInvitation(
  executor: Executor,
  token: string,
): Promise<OrganizationId | undefined> {
  return store.findOrganizationOfInvitation(executor, hashInvitationToken(token))
}

/** Mails the link by which a person chooses a new password. */
export async function mailResetLink(
  { database, clock }: Pick<AccountsDeps, 'database' | 'clock'>,
  { userId, link, validMinutes }: { userId: string; link: string; validMinutes: number },
): Promise<void> {
  await database.transaction(async (tx) => {
    const person = await store.findAddressee(tx, userId)
    if (!person) return
    const { organization_id: organization, name, email: address, timezone } = person
    await notifyMember(
      tx,
      { clock },
      { organization, to: { name, address, timezone }, notice: { about: 'password_reset', link, validMinutes } },
    )
  })
}

function refuseInvitation() {
  return refuse('gone', 'This invitation is used, withdrawn or too old. Ask an admin of the organization for another.')
}
