import { type Actor, hasRole, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import { findMember, getMember } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { lockSettings } from '../settings/service.ts'
import type { ScheduleAnswer, ScheduleInput, SchedulePatch, TimeOffAnswer, TimeOffInput } from './schema.ts'
import * as store from './store.ts'
import { draftTimeOff } from './time-off.ts'

export interface SchedulesDeps {
  database: Database
  clock: Clock
}

/** The schedules that the actor may see: everybody's, or the actor's own and the shared ones. */
export async function listSchedules(executor: Executor, actor: Actor, page: PageRequest) {
  const rows = await store.listSchedules(executor, actor.organization, { ...page, limitedTo: limitedTo(actor) })
  return toPage(rows, page.limit, (row) => [row.id])
}

/** The schedule, where the actor may see it. */
export async function getSchedule(
  executor: Executor,
  actor: Actor,
  id: number,
): Promise<Outcome<{ schedule: ScheduleAnswer }>> {
  const schedule = await store.findSchedule(executor, actor.organization, id)
  const isSeen = schedule && (schedule.member === null || (limitedTo(actor) ?? schedule.member) === schedule.member)
  return isSeen ? { ok: true, schedule } : refuseMissing(id)
}

/** Makes a schedule. A member's first one is the default, and a new default takes the mark from the old one. */
export async function createSchedule(
  { database, clock }: SchedulesDeps,
  { actor, input }: { actor: Actor; input: ScheduleInput },
): Promise<Outcome<{ schedule: ScheduleAnswer }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const refusal = refuseActor(actor, input.member) ?? (await refuseOwner(tx, organization, input))
    if (refusal) return refusal
    const others = input.member === null ? [] : await store.listSchedulesOfMember(tx, organization, input.member)
    const isDefault = input.member !== null && (others.length === 0 || input.default === true)
    if (input.member !== null && isDefault) await store.clearDefault(tx, organization, input.member)
    const draft = { ...input, default: isDefault, created_at: clock.timestamp() }
    return { ok: true, schedule: await store.insertSchedule(tx, organization, draft) }
  })
}

async function refuseOwner(
  tx: Transaction,
  organization: OrganizationId,
  input: Pick<ScheduleInput, 'member' | 'default'>,
): Promise<Refusal | undefined> {
  if (input.member === null) {
    return input.default ? refuseField('default', 'must be false or absent where member is null') : undefined
  }
  if (await findMember(tx, organization, { id: input.member })) return undefined
  return refuseField('member', `there is no member ${input.member}; GET /api/v1/members lists them`)
}

export interface ChangeSchedule {
  actor: Actor
  id: number
  patch: SchedulePatch
}

/** Changes what is given and leaves the rest. Meetings that were booked stay as they are. */
export async function changeSchedule(
  { database }: Pick<SchedulesDeps, 'database'>,
  { actor, id, patch }: ChangeSchedule,
): Promise<Outcome<{ schedule: ScheduleAnswer }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await store.findSchedule(tx, organization, id)
    if (!current) return refuseMissing(id)
    const refusal = refuseActor(actor, current.member) ?? refuseDefault(current, patch.default)
    if (refusal) return refusal
    const changed = { ...current, ...patch }
    if (changed.member !== null && changed.default && !current.default) {
      await store.clearDefault(tx, organization, changed.member)
      await store.markDefault(tx, organization, id)
    }
    await store.updateSchedule(tx, organization, changed)
    return { ok: true, schedule: changed }
  })
}

function refuseDefault(current: ScheduleAnswer, wanted: boolean | undefined): Refusal | undefined {
  if (wanted === true && current.member === null) {
    return refuseField('default', 'must be false for a shared schedule; only schedules of a member can be the default')
  }
  if (wanted === false && current.default) {
    return refuseField('default', 'a member has one default; make another schedule the default instead')
  }
  return undefined
}

/** Deletes a schedule that no meeting type keeps to. Where it was the default, the member's oldest other one becomes it. */
export async function deleteSchedule(
  { database }: Pick<SchedulesDeps, 'database'>,
  { actor, id }: { actor: Actor; id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const schedule = await store.findSchedule(tx, organization, id)
    if (!schedule) return refuseMissing(id)
    const refusal = refuseActor(actor, schedule.member) ?? refuseUsed(await store.listUsers(tx, organization, id))
    if (refusal) return refusal
    await store.deleteSchedule(tx, organization, id)
    if (schedule.member !== null && schedule.default) {
      const [next] = await store.listSchedulesOfMember(tx, organization, schedule.member)
      if (next !== undefined) await store.markDefault(tx, organization, next)
    }
    return { ok: true }
  })
}

function refuseUsed(users: string[]): Refusal | undefined {
  if (users.length === 0) return undefined
  const names = users
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ')
  const more = users.length > 3 ? ` and ${users.length - 3} more` : ''
  return refuse('conflict', `This schedule gives ${names}${more} their hours. Give these meeting types another first.`)
}

function refuseMissing(id: number): Refusal {
  return refuse('not_found', `There is no schedule ${id}. GET /api/v1/schedules lists them.`)
}

/** Managers and admins change everybody's hours and the shared ones, members their own. */
function refuseActor(actor: Actor, owner: number | null): Refusal | undefined {
  if (hasRole(actor.role, 'manager')) return undefined
  if (actor.kind === 'member' && actor.memberId === owner) return undefined
  return refuse(
    'forbidden',
    'Only managers and admins change the hours of others and shared schedules. Ask one of them.',
  )
}

/** The time off of a member; refuses a member who does not exist, or whose the actor may not see. */
export async function listTimeOff(
  executor: Executor,
  actor: Actor,
  { member, page }: { member: number; page: PageRequest },
): Promise<Outcome<{ list: { data: TimeOffAnswer[]; next_cursor: string | null } }>> {
  const found = await getMember(executor, actor, { id: member })
  if (!found.ok) return found
  const rows = await store.listTimeOff(executor, actor.organization, { member, page })
  return { ok: true, list: toPage(rows, page.limit, (row) => [row.id]) }
}

/** Takes a range of instants or dates off. Meetings in it stay; nothing new is offered there. */
export async function createTimeOff(
  { database, clock }: SchedulesDeps,
  { actor, member, input }: { actor: Actor; member: number; input: TimeOffInput },
): Promise<Outcome<{ timeOff: TimeOffAnswer }>> {
  const { organization } = actor
  const drafted = draftTimeOff(input)
  if (!drafted.ok) return drafted
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    if (!(await findMember(tx, organization, { id: member }))) return refuseMissingMember(member)
    const refusal = refuseActor(actor, member)
    if (refusal) return refusal
    const row = { member, draft: drafted.draft, now: clock.timestamp() }
    return { ok: true, timeOff: await store.insertTimeOff(tx, organization, row) }
  })
}

export async function deleteTimeOff(
  { database }: Pick<SchedulesDeps, 'database'>,
  { actor, member, id }: { actor: Actor; member: number; id: number },
): Promise<Outcome> {
  const refusal = refuseActor(actor, member)
  if (refusal) return refusal
  const isDeleted = await database.transaction((tx) => store.deleteTimeOff(tx, actor.organization, { member, id }))
  return isDeleted ? { ok: true } : refuse('not_found', `Member ${member} has no time off ${id}.`)
}

function refuseMissingMember(member: number): Refusal {
  return refuse('not_found', `There is no member ${member}. GET /api/v1/members lists them.`)
}

/** Deletes the schedules and time off of a member who is being deleted. No meeting type may use the schedules any more. */
export async function deleteSchedulesOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteTimeOffOfMember(tx, organization, member)
  await store.deleteSchedulesOfMember(tx, organization, member)
}

/** Locks a schedule so that it cannot be deleted before the transaction ends; false if it does not exist. */
export async function lockSchedule(
  tx: Transaction,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<boolean> {
  return store.lockSchedule(tx, organization, id)
}
