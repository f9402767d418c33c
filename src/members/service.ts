import { type Actor, type Identity, limitedTo, type OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { because, type Outcome, type Refusal, refuse, refuseNotFound } from '../errors.ts'
import { encodeImage } from '../images/encoding.ts'
import type { Image } from '../images/image.ts'
import { addImage, removeImage } from '../images/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { getSettings, lockSettings } from '../settings/service.ts'
import {
  draftMember,
  fieldsOf,
  type MemberDraft,
  patchMember,
  refuseChangeBy,
  refuseDeletion,
  showMember,
} from './member.ts'
import type { Member, MemberInput, MemberPatch } from './schema.ts'
import * as store from './store.ts'

export interface MembersDeps {
  database: Database
  clock: Clock
  cleanups: readonly MemberCleanup[]
  /** Invalidates the invitation that was emailed to the previous address. */
  withdrawInvitation: MemberCleanup
}

/** Deletes the data that another feature stores for a member, in the transaction that deletes the member. */
export type MemberCleanup = (
  tx: Transaction,
  organization: OrganizationId,
  deleted: { member: number },
) => Promise<void>

/**
 * Lists the members that the actor may see, oldest first. Managers and admins see all members, and other members see only
 * themselves.
 */
export async function listMembers(
  { database }: Pick<MembersDeps, 'database'>,
  actor: Actor,
  page: PageRequest & Omit<store.MemberFilter, 'limitedTo'>,
) {
  const rows = await store.listMembers(database.executor, actor.organization, { ...page, limitedTo: limitedTo(actor) })
  return toPage(rows.map(showMember), page.limit, (row) => [row.id])
}

/** Returns a member if the actor may see them. */
export async function getMember(
  executor: Executor,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ member: Member }>> {
  const member = (limitedTo(actor) ?? id) === id ? await findMember(executor, actor.organization, { id }) : undefined
  return member ? { ok: true, member } : refuseMissing(id)
}

/** Returns a member. Returns undefined if the organization does not have this member, or no longer does. */
export async function findMember(
  executor: Executor,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Member | undefined> {
  const row = await store.findMember(executor, organization, id)
  return row && showMember(row)
}

/** A member's current name, address, time zone and language. */
export type MemberContact = store.MemberContactRow

/** Returns these members' current contact details. Omits those who are no longer members. */
export async function listContacts(
  executor: Executor,
  organization: OrganizationId,
  { ids }: { ids: readonly number[] },
): Promise<MemberContact[]> {
  return ids.length === 0 ? [] : store.listContacts(executor, organization, ids)
}

/** Returns all admins, oldest first. They are notified about the organization itself. */
export async function listAdmins(executor: Executor, organization: OrganizationId): Promise<Member[]> {
  return (await store.listAdmins(executor, organization)).map(showMember)
}

/**
 * Returns the member that a signed-in person acts as: in the organization that they chose, otherwise in the oldest membership.
 */
export async function findActorOfUser(
  { database }: Pick<MembersDeps, 'database'>,
  { user, organization: preferred }: { user: string; organization: number | null },
): Promise<Identity | undefined> {
  const found = await findMemberOfUser(database.executor, user, preferred)
  return found && identityOf(found.organization, found.member)
}

/** A member as the audit log names them. */
export function identityOf(organization: OrganizationId, member: Member): Identity & { kind: 'member' } {
  const { id, role, first_name, last_name, email } = member
  const name = `${first_name} ${last_name}`.trim()
  return { kind: 'member', organization, memberId: id, role, name: `${name} <${email}>` }
}

/** A person in one of their organizations. */
export interface Membership {
  organization: OrganizationId
  member: Member
}

/** Returns one membership of a person who has an account: the one in the preferred organization, otherwise the oldest. */
export async function findMemberOfUser(
  executor: Executor,
  user: string,
  preferred: number | null = null,
): Promise<Membership | undefined> {
  const [row] = await store.listMemberships(executor, { user, preferred, limit: 1 })
  return row && showMembership(row)
}

/** Lists the organizations of a person who has an account, oldest first, with their role in each. */
export async function listMemberships(
  { database }: Pick<MembersDeps, 'database'>,
  user: string,
): Promise<{ organization: OrganizationId; role: Member['role'] }[]> {
  const rows = await store.listMemberships(database.executor, { user, preferred: null, limit: MOST_ORGANIZATIONS })
  return rows.map(({ organization_id: organization, role }) => ({ organization, role }))
}

/** Lists the memberships of a person who has an account, oldest first. */
export async function listMembersOfUser(executor: Executor, user: string): Promise<Membership[]> {
  const rows = await store.listMemberships(executor, { user, preferred: null, limit: MOST_ORGANIZATIONS })
  return rows.map(showMembership)
}

/** How many organizations to list per person. */
const MOST_ORGANIZATIONS = 100

function showMembership({ organization_id: organization, ...member }: store.MembershipRow): Membership {
  return { organization, member: showMember(member) }
}

/**
 * Returns a member's account, and whether another member on this server also has it. Returns undefined if the member has not
 * joined.
 */
export async function findAccountOfMember(
  executor: Executor,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<{ user: string; hasOtherMembership: boolean } | undefined> {
  return store.findAccountOfMember(executor, organization, member)
}

/** Detaches the members of an organization that is being deleted from their accounts. Returns the accounts in a fixed order. */
export async function detachMembers(tx: Transaction, organization: OrganizationId): Promise<string[]> {
  return (await store.detachMembers(tx, organization)).sort()
}

/** The stored data about a current or former member. */
export type MemberRecord = store.MemberRecordRow

/** Lists everyone who is or was a member with this email address, ignoring case. */
export async function listMembersByEmail(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<MemberRecord[]> {
  return store.listMembersByEmail(executor, organization, email)
}

/** Erases the names and addresses of former members, whose rows are kept for their past meetings. */
export async function eraseFormerMembers(
  tx: Transaction,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<void> {
  await store.eraseFormerMembers(tx, organization, { email, firstName: 'Erased', lastName: 'person' })
}

/** The host data that a meeting stores. */
export type LockedMember = store.LockedMemberRow

/**
 * Locks these members in the order of their ids until the end of the transaction. The transaction must do this before it takes
 * any other lock. The result omits members who do not exist.
 */
export async function lockMembers(
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<LockedMember[]> {
  return store.lockMembers(tx, organization, ids)
}

/** Records when round robin assigned a meeting to a host. */
export async function recordAssignment(
  tx: Transaction,
  organization: OrganizationId,
  { member, at }: { member: number; at: string },
): Promise<void> {
  await store.setLastAssigned(tx, organization, { member, at })
}

/** Creates a member. Refuses an email address that another member has. */
export async function createMember(
  { database, clock }: MembersDeps,
  actor: AuditActor,
  input: MemberInput,
): Promise<Outcome<{ member: Member }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const { default_timezone: timezone } = await getSettings(tx, organization)
    const draft = draftMember(input, { timezone })
    const refusal = await refuseTakenEmail(tx, organization, { email: draft.email, except: null })
    if (refusal) return refusal
    const member = await insertMember(tx, organization, { draft, user: null, clock })
    const changes = [{ field: 'role', before: null, after: member.role }]
    await recordAudit(tx, actor, {
      action: 'member.created',
      object: auditMember(organization, member),
      changes,
      clock,
    })
    return { ok: true, member }
  })
}

/** Creates the first member of an organization, who is an admin and either has an account or will be invited. */
export async function addOwner(
  tx: Transaction,
  organization: OrganizationId,
  {
    user,
    clock,
    ...owner
  }: Pick<Member, 'email' | 'first_name' | 'last_name' | 'timezone'> & { user: string | null; clock: Clock },
): Promise<Member> {
  const draft = draftMember({ ...owner, ...DEFAULTS, role: 'admin' }, owner)
  return insertMember(tx, organization, { draft, user, clock })
}

/** The settings of a new member. */
const DEFAULTS = { locale: null, calendar_changes: 'ask', calendar_failure: 'last_known', limits: {} } as const

async function insertMember(
  tx: Transaction,
  organization: OrganizationId,
  { draft, user, clock }: { draft: MemberDraft; user: string | null; clock: Clock },
): Promise<Member> {
  const row = await store.insertMember(tx, organization, {
    ...draft,
    limits: JSON.stringify(draft.limits),
    user_id: user,
    last_assigned_at: null,
    photo: null,
    created_at: clock.timestamp(),
    deleted_at: null,
  })
  return showMember(row)
}

/** Links a member to a person's account. Returns false if the member already has one. */
export async function joinMember(
  tx: Transaction,
  organization: OrganizationId,
  { id, user }: { id: number; user: string },
): Promise<boolean> {
  return store.setUser(tx, organization, { id, user })
}

/**
 * Changes the given fields of a member. Booked meetings keep the member's name and time zone from the time of booking. Emails
 * about them go to the member's new address, in the new time zone and language. Changing the email address invalidates an
 * invitation that was emailed to the previous one.
 */
export async function changeMember(
  { database, clock, withdrawInvitation }: Pick<MembersDeps, 'database' | 'clock' | 'withdrawInvitation'>,
  actor: Actor,
  { id, ...patch }: MemberPatch & { id: number },
): Promise<Outcome<{ member: Member }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await store.findMember(tx, organization, id)
    if (!current) return refuseMissing(id)
    const member = patchMember(showMember(current), patch)
    const refusal =
      refuseChangeBy(actor, id, fieldsOf(patch)) ??
      (await refuseTakenEmail(tx, organization, { email: member.email, except: id })) ??
      (member.role === 'admin' ? undefined : await refuseLastAdmin(tx, organization, current))
    if (refusal) return refusal
    await updateMember(tx, organization, member)
    await recordChange(tx, actor, { before: showMember(current), after: member, clock })
    if (member.email !== current.email) await withdrawInvitation(tx, organization, { member: id })
    return { ok: true, member }
  })
}

/** Stores an uploaded image as a member's photo. Refuses a file that is not an image. Admins can do this for everyone. */
export async function setPhoto(
  deps: PhotoDeps,
  actor: Actor,
  { id, bytes }: { id: number; bytes: Buffer },
): Promise<Outcome<{ member: Member }>> {
  // Check this first, because decoding an image takes time.
  const refusal = await refusePhoto(deps.database.executor, actor, id)
  if (refusal) return refusal
  const encoded = await encodeImage(bytes, 'photo')
  return encoded.ok ? changePhoto(deps, actor, { id, image: encoded.image }) : encoded
}

/** Removes a member's photo. */
export async function removePhoto(
  deps: PhotoDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ member: Member }>> {
  return changePhoto(deps, actor, { id, image: null })
}

type PhotoDeps = Pick<MembersDeps, 'database' | 'clock'>

async function changePhoto(
  { database, clock }: PhotoDeps,
  actor: Actor,
  { id, image }: { id: number; image: Image | null },
): Promise<Outcome<{ member: Member }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const refusal = await refusePhoto(tx, actor, id)
    const current = await store.findMember(tx, organization, id)
    if (refusal || !current) return refusal ?? refuseMissing(id)
    const photo = image && (await addImage(tx, organization, { image, use: 'photo', member: id, clock }))
    await store.setPhoto(tx, organization, { id, photo })
    if (current.photo && current.photo !== photo) await removeImage(tx, organization, current.photo)
    const [before, after] = [showMember(current), showMember({ ...current, photo })]
    await recordChange(tx, actor, { before, after, clock })
    return { ok: true, member: after }
  })
}

async function refusePhoto(executor: Executor, actor: Actor, id: number): Promise<Refusal | undefined> {
  if (!(await store.findMember(executor, actor.organization, id))) return refuseMissing(id)
  return refuseChangeBy(actor, id, ['photo'])
}

/** A member as the audit log names them. */
export function auditMember(organization: OrganizationId, member: Member) {
  return { type: 'member', id: member.id, label: identityOf(organization, member).name } as const
}

/** A role change gets its own entry, so that it is easy to search for. */
async function recordChange(
  tx: Transaction,
  actor: AuditActor,
  { before, after, clock }: { before: Member; after: Member; clock: Clock },
): Promise<void> {
  const object = auditMember(actor.organization, after)
  const all = changesBetween(before, after)
  for (const [action, changes] of [
    ['member.role_changed', all.filter(({ field }) => field === 'role')],
    ['member.changed', all.filter(({ field }) => field !== 'role')],
  ] as const)
    if (changes.length > 0) await recordAudit(tx, actor, { action, object, changes, clock })
}

async function updateMember(tx: Transaction, organization: OrganizationId, member: Member): Promise<void> {
  const { id, email, first_name, last_name, timezone, locale, role, calendar_changes, calendar_failure } = member
  const limits = JSON.stringify(member.limits)
  const person = { email, first_name, last_name, timezone, locale, role }
  await store.updateMember(tx, organization, { id, ...person, calendar_changes, calendar_failure, limits })
}

/**
 * Deletes a member and the data that other features store for them. Refuses a member who hosts a meeting type, whose schedule is
 * in use, who has upcoming meetings, or who is the last admin. Past meetings stay unchanged.
 */
export async function deleteMember(
  { database, clock, cleanups }: MembersDeps,
  actor: AuditActor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const now = clock.timestamp()
    await lockSettings(tx, organization)
    const current = await store.lockMember(tx, organization, id)
    const member = current && (await findMember(tx, organization, { id }))
    if (!current || !member) return refuseMissing(id)
    const refusal =
      (await refuseLastAdmin(tx, organization, current)) ??
      refuseDeletion(await store.findTies(tx, organization, { id, now }))
    if (refusal) return refusal
    for (const cleanUp of cleanups) await cleanUp(tx, organization, { member: id })
    if (await store.hasHadMeetings(tx, organization, id)) await store.hideMember(tx, organization, { id, now })
    else await store.deleteMember(tx, organization, id)
    if (current.photo) await removeImage(tx, organization, current.photo)
    await recordAudit(tx, actor, { action: 'member.deleted', object: auditMember(organization, member), clock })
    return { ok: true }
  })
}

function refuseMissing(id: number): Refusal {
  return refuseNotFound('member', id, 'GET /api/v1/members lists them.')
}

async function refuseTakenEmail(
  tx: Transaction,
  organization: OrganizationId,
  use: { email: string; except: number | null },
): Promise<Refusal | undefined> {
  if (!(await store.hasMemberEmail(tx, organization, use))) return undefined
  return refuse('conflict', `Another member has the email address ${use.email}.`, [
    { path: 'email', message: 'is used by another member; use another address, or change that member', code: 'taken' },
  ])
}

async function refuseLastAdmin(
  tx: Transaction,
  organization: OrganizationId,
  { id, role }: Pick<Member, 'id' | 'role'>,
): Promise<Refusal | undefined> {
  if (role !== 'admin' || (await store.hasOtherAdmin(tx, organization, id))) return undefined
  return because('last_admin', refuse('conflict', 'This is the last admin. Make another member an admin first.'))
}
