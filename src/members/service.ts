import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { lockSettings } from '../settings/service.ts'
import { draftMember, patchMember, refuseChangeBy, refuseDeletion } from './member.ts'
import type { Member, MemberInput, MemberPatch } from './schema.ts'
import * as store from './store.ts'

export interface MembersDeps {
  database: Database
  clock: Clock
}

/** The members in the order in which they came: the owner first. */
export async function listMembers(executor: Executor, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listMembers(executor, organization, { ...page, limitedTo: null })
  return toPage(rows, page.limit, (row) => [row.id])
}

/** The members whom the actor may see, with all that is known of them: everybody, or only the one who asks. */
export async function listMembersFor(executor: Executor, actor: Actor, page: PageRequest) {
  const rows = await store.listMembers(executor, actor.organization, { ...page, limitedTo: limitedTo(actor) })
  return toPage(rows, page.limit, (row) => [row.id])
}

/** The member, where the actor may see them. */
export async function getMemberFor(executor: Executor, actor: Actor, id: number): Promise<Outcome<{ member: Member }>> {
  if ((limitedTo(actor) ?? id) !== id) return refuseMissing(id)
  const member = await store.findMember(executor, actor.organization, id)
  return member ? { ok: true, member } : refuseMissing(id)
}

/** The member, or undefined where the organization has none of this id (any more). */
export async function getMember(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<Member | undefined> {
  return store.findMember(executor, organization, id)
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
    return { ok: true, member: await store.insertMember(tx, organization, { draft, now: clock.timestamp() }) }
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
    const member = patchMember(current, patch)
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
  { database, clock }: MembersDeps,
  { organization, id }: { organization: OrganizationId; id: number },
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
    await store.deleteTimeOff(tx, organization, id)
    await store.deleteSchedules(tx, organization, id)
    await store.deleteHosts(tx, organization, id)
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
  { id, role }: Member,
): Promise<Refusal | undefined> {
  if (role !== 'admin' || (await store.hasOtherAdmin(tx, organization, id))) return undefined
  return refuse('conflict', 'This is the last admin. Make another member an admin first.')
}
