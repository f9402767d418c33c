import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { lockSettings } from '../settings/service.ts'
import { draftMember, patchMember, refuseChangeBy, refuseDeletion, showMember } from './member.ts'
import type { Member, MemberInput, MemberPatch } from './schema.ts'
import * as store from './store.ts'

export interface MembersDeps {
  database: Database
  clock: Clock
  cleanups: readonly MemberCleanup[]
}

/** Deletes what another room stores for a member, in the transaction that deletes the member. */
export type MemberCleanup = (
  tx: Transaction,
  organization: OrganizationId,
  deleted: { member: number },
) => Promise<void>

/** The members in the order in which they came: the owner first. */
export async function listMembers(executor: Executor, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listMembers(executor, organization, { ...page, limitedTo: null })
  return toPage(rows.map(showMember), page.limit, (row) => [row.id])
}

/** The members whom the actor may see, with all that is known of them: everybody, or only the one who asks. */
export async function listMembersFor(executor: Executor, actor: Actor, page: PageRequest) {
  const rows = await store.listMembers(executor, actor.organization, { ...page, limitedTo: limitedTo(actor) })
  return toPage(rows.map(showMember), page.limit, (row) => [row.id])
}

/** The member, where the actor may see them. */
export async function getMemberFor(executor: Executor, actor: Actor, id: number): Promise<Outcome<{ member: Member }>> {
  if ((limitedTo(actor) ?? id) !== id) return refuseMissing(id)
  const row = await store.findMember(executor, actor.organization, id)
  return row ? { ok: true, member: showMember(row) } : refuseMissing(id)
}

/** The member, or undefined where the organization has none of this id (any more). */
export async function getMember(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<Member | undefined> {
  const row = await store.findMember(executor, organization, id)
  return row && showMember(row)
}

/** All admins, oldest first: the people who are notified about the organization itself. */
export async function listAdmins(executor: Executor, organization: OrganizationId): Promise<Member[]> {
  return (await store.listAdmins(executor, organization)).map(showMember)
}

/** What a meeting stores of its host. */
export type LockedMember = store.LockedMemberRow

/**
 * Locks these members in the order of their ids until the end of the transaction, which must do this before it takes any
 * other lock. The result leaves out members who do not exist.
 */
export async function lockMembers(
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<LockedMember[]> {
  return store.lockMembers(tx, organization, ids)
}

/** Records when a host was assigned a meeting by round robin. */
export async function recordAssignment(
  tx: Transaction,
  organization: OrganizationId,
  { member, at }: { member: number; at: string },
): Promise<void> {
  await store.setLastAssigned(tx, organization, { member, at })
}

/** The member that a signed-in person acts as: their oldest membership. */
export async function findActorOfUser(
  { database }: Pick<MembersDeps, 'database'>,
  user: string,
): Promise<Actor | undefined> {
  const found = await store.findMembership(database.executor, user)
  return found && { kind: 'member', organization: found.organization_id, memberId: found.id, role: found.role }
}

export interface NewOwner extends Omit<store.NewOwner, 'now'> {
  clock: Clock
}

/** Stores the first member of a new organization, an admin who has joined; returns their id. */
export async function addOwner(
  tx: Transaction,
  organization: OrganizationId,
  { clock, ...owner }: NewOwner,
): Promise<number> {
  return store.insertOwner(tx, organization, { ...owner, now: clock.timestamp() })
}

/** Links a member to the account of a person; false if someone has joined as this member already. */
export async function joinMember(
  tx: Transaction,
  organization: OrganizationId,
  { id, user }: { id: number; user: string },
): Promise<boolean> {
  return store.setUser(tx, organization, { id, user })
}

export async function createMember(
  { database, clock }: MembersDeps,
  { organization, input }: { organization: OrganizationId; input: MemberInput },
): Promise<Outcome<{ member: Member }>> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const draft = draftMember(input)
    const refusal = await refuseTakenEmail(tx, organization, { email: draft.email, except: null })
    if (refusal) return refusal
    const row = await store.insertMember(tx, organization, { draft, now: clock.timestamp() })
    return { ok: true, member: showMember(row) }
  })
}

export interface ChangeMember {
  actor: Actor
  id: number
  patch: MemberPatch
}

/** Changes what is given and leaves the rest. Meetings that were booked keep the name and zone that they were booked with. */
export async function changeMember(
  { database }: Pick<MembersDeps, 'database'>,
  { actor, id, patch }: ChangeMember,
): Promise<Outcome<{ member: Member }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await store.findMember(tx, organization, id)
    if (!current) return refuseMissing(id)
    const member = patchMember(showMember(current), patch)
    const refusal =
      refuseChangeBy(actor, id, patch) ??
      (await refuseTakenEmail(tx, organization, { email: member.email, except: id })) ??
      (member.role === 'admin' ? undefined : await refuseLastAdmin(tx, organization, current))
    if (refusal) return refusal
    await store.updateMember(tx, organization, member)
    return { ok: true, member }
  })
}

/**
 * Deletes a member with their schedules and time off, unless they host a meeting type, have an upcoming meeting or are the last admin.
 * Their past meetings stay as they are.
 */
export async function deleteMember(
  { database, clock, cleanups }: MembersDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    const now = clock.timestamp()
    await lockSettings(tx, organization)
    const current = await store.lockMember(tx, organization, id)
    if (!current) return refuseMissing(id)
    const refusal =
      (await refuseLastAdmin(tx, organization, current)) ??
      refuseDeletion(await store.findTies(tx, organization, { id, now }))
    if (refusal) return refusal
    for (const cleanUp of cleanups) await cleanUp(tx, organization, { member: id })
    if (await store.hasHadMeetings(tx, organization, id)) await store.hideDeletedMember(tx, organization, { id, now })
    else await store.deleteMember(tx, organization, id)
    return { ok: true }
  })
}

function refuseMissing(id: number): Refusal {
  return refuse('not_found', `There is no member ${id}. GET /api/v1/members lists them.`)
}

async function refuseTakenEmail(
  tx: Transaction,
  organization: OrganizationId,
  use: { email: string; except: number | null },
): Promise<Refusal | undefined> {
  if (!(await store.hasMemberEmail(tx, organization, use))) return undefined
  return refuse('conflict', `Another member has the e-mail address ${use.email}.`, [
    { path: 'email', message: 'belongs to another member; give another, or change that member' },
  ])
}

async function refuseLastAdmin(
  tx: Transaction,
  organization: OrganizationId,
  { id, role }: Pick<Member, 'id' | 'role'>,
): Promise<Refusal | undefined> {
  if (role !== 'admin' || (await store.hasOtherAdmin(tx, organization, id))) return undefined
  return refuse('conflict', 'This is the last admin. Make another member an admin first.')
}
