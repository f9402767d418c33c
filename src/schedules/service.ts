import { type Actor, hasRole, limitedTo, type OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { recordAudit } from '../audit/service.ts'
import { because, type Outcome, type Refusal, refuse, refuseField, refuseNotFound } from '../errors.ts'
import { findMember, getMember } from '../members/service.ts'
import { type Clock, toInstantText } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { lockSettings } from '../settings/service.ts'
import type { Schedule, ScheduleInput, SchedulePatch, TimeOff, TimeOffInput } from './schema.ts'
import * as store from './store.ts'
import { draftTimeOff } from './time-off.ts'

export interface SchedulesDeps {
  database: Database
  clock: Clock
}

/** Lists the schedules that the actor may see: all of them, or the actor's own and the shared ones. */
export async function listSchedules({ database }: Pick<SchedulesDeps, 'database'>, actor: Actor, page: PageRequest) {
  const rows = await store.listSchedules(database.executor, actor.organization, {
    ...page,
    limitedTo: limitedTo(actor),
  })
  return toPage(rows.map(showSchedule), page.limit, ({ id }) => [id])
}

/** Returns a schedule. Refuses a schedule that the actor may not see. */
export async function getSchedule(
  { database }: Pick<SchedulesDeps, 'database'>,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ schedule: Schedule }>> {
  const row = await store.findSchedule(database.executor, actor.organization, id)
  const isVisible = row && (row.member_id === null || (limitedTo(actor) ?? row.member_id) === row.member_id)
  return isVisible ? { ok: true, schedule: showSchedule(row) } : refuseMissing(id)
}

/** Creates a schedule. A member's first schedule becomes the default. A new default replaces the old one. */
export async function createSchedule(
  { database, clock }: SchedulesDeps,
  actor: Actor,
  input: ScheduleInput,
): Promise<Outcome<{ schedule: Schedule }>> {
  return database.transaction((tx) => addSchedule(tx, actor, { input, clock }))
}

/** Creates a schedule in the caller's transaction. */
export async function addSchedule(
  tx: Transaction,
  actor: Actor,
  { input, clock }: { input: ScheduleInput; clock: Clock },
): Promise<Outcome<{ schedule: Schedule }>> {
  const { organization } = actor
  const { member } = input
  await lockSettings(tx, organization)
  const refusal = refuseActor(actor, member) ?? (await refuseOwner(tx, organization, input))
  if (refusal) return refusal
  const others = member === null ? [] : await store.listSchedulesOfMember(tx, organization, member)
  const isDefault = member !== null && (others.length === 0 || input.default === true)
  if (isDefault) await store.clearDefault(tx, organization, member)
  const draft = { ...input, isDefault }
  const row = await store.insertSchedule(tx, organization, { draft, now: clock.timestamp() })
  await recordAudit(tx, actor, { action: 'schedule.created', object: auditObject(row), clock })
  return { ok: true, schedule: showSchedule(row) }
}

async function refuseOwner(
  tx: Transaction,
  organization: OrganizationId,
  input: Pick<ScheduleInput, 'member' | 'default'>,
): Promise<Refusal | undefined> {
  if (input.member === null) {
    return input.default ? refuseField('default', 'must be false or absent if member is null') : undefined
  }
  if (await findMember(tx, organization, { id: input.member })) return undefined
  return refuseField('member', `there is no member ${input.member}; GET /api/v1/members lists them`)
}

/** Changes the given fields. Existing meetings are not changed. */
export async function changeSchedule(
  { database, clock }: SchedulesDeps,
  actor: Actor,
  { id, patch }: { id: number; patch: SchedulePatch },
): Promise<Outcome<{ schedule: Schedule }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const row = await store.findSchedule(tx, organization, id)
    if (!row) return refuseMissing(id)
    const current = showSchedule(row)
    const refusal = refuseActor(actor, current.member) ?? refuseDefault(current, patch.default)
    if (refusal) return refusal
    const schedule = { ...current, ...patch }
    if (schedule.member !== null && schedule.default && !current.default) {
      await store.clearDefault(tx, organization, schedule.member)
      await store.markDefault(tx, organization, id)
    }
    await store.updateSchedule(tx, organization, { id, draft: schedule })
    const changes = changesBetween(current, schedule)
    const object = auditObject(schedule)
    if (changes.length > 0) await recordAudit(tx, actor, { action: 'schedule.changed', object, changes, clock })
    return { ok: true, schedule }
  })
}

function refuseDefault(current: Schedule, isDefault: boolean | undefined): Refusal | undefined {
  if (isDefault === true && current.member === null) {
    return refuseField(
      'default',
      "must be false for a shared schedule; only a member's own schedule can be the default",
    )
  }
  if (isDefault === false && current.default) {
    return refuseField(
      'default',
      'every member must have a default schedule; make another schedule the default instead',
    )
  }
  return undefined
}

/** Deletes a schedule that no meeting type uses. If it was the default, the member's oldest other one becomes the default. */
export async function deleteSchedule(
  { database, clock }: SchedulesDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const row = await store.findSchedule(tx, organization, id)
    if (!row) return refuseMissing(id)
    const refusal =
      refuseActor(actor, row.member_id) ?? refuseUsed(await store.listMeetingTypesOfSchedule(tx, organization, id))
    if (refusal) return refusal
    await store.deleteSchedule(tx, organization, id)
    if (row.member_id !== null && row.is_default) {
      const [next] = await store.listSchedulesOfMember(tx, organization, row.member_id)
      if (next !== undefined) await store.markDefault(tx, organization, next)
    }
    await recordAudit(tx, actor, { action: 'schedule.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

function auditObject({ id, name }: Pick<Schedule, 'id' | 'name'>) {
  return { type: 'schedule', id, label: name } as const
}

/** Deletes the schedules and time off of a member who is being deleted. No meeting type may still use the schedules. */
export async function deleteSchedulesOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteTimeOffOfMember(tx, organization, member)
  await store.deleteSchedulesOfMember(tx, organization, member)
}

/** Locks a schedule so that it cannot be deleted before the transaction ends. Returns false if it does not exist. */
export async function lockSchedule(
  tx: Transaction,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<boolean> {
  return store.lockSchedule(tx, organization, id)
}

/** Lists a member's time off. Refuses a member who does not exist or whom the actor may not see. */
export async function listTimeOff(
  { database }: Pick<SchedulesDeps, 'database'>,
  actor: Actor,
  { member, page }: { member: number; page: PageRequest },
): Promise<Outcome<{ list: { data: TimeOff[]; next_cursor: string | null } }>> {
  const found = await getMember(database.executor, actor, { id: member })
  if (!found.ok) return found
  const rows = await store.listTimeOff(database.executor, actor.organization, { member, page })
  return { ok: true, list: toPage(rows.map(showTimeOff), page.limit, ({ id }) => [id]) }
}

/** Adds time off for a member: a range of instants or of dates. Existing meetings remain, but no new slots are offered. */
export async function createTimeOff(
  { database, clock }: SchedulesDeps,
  actor: Actor,
  { member, input }: { member: number; input: TimeOffInput },
): Promise<Outcome<{ timeOff: TimeOff }>> {
  const { organization } = actor
  const drafted = draftTimeOff(input)
  if (!drafted.ok) return drafted
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    if (!(await findMember(tx, organization, { id: member })))
      return refuseNotFound('member', member, 'GET /api/v1/members lists them.')
    const refusal = refuseActor(actor, member)
    if (refusal) return refusal
    const row = await store.insertTimeOff(tx, organization, { member, draft: drafted.draft, now: clock.timestamp() })
    const timeOff = showTimeOff(row)
    await recordAudit(tx, actor, { action: 'time_off.created', object: timeOffObject(timeOff, member), clock })
    return { ok: true, timeOff }
  })
}

export async function deleteTimeOff(
  { database, clock }: SchedulesDeps,
  actor: Actor,
  { member, id }: { member: number; id: number },
): Promise<Outcome> {
  const refusal = refuseActor(actor, member)
  if (refusal) return refusal
  return database.transaction(async (tx) => {
    const row = await store.deleteTimeOff(tx, actor.organization, { member, id })
    if (!row) return refuse('not_found', `Member ${member} has no time off ${id}.`)
    const object = timeOffObject(showTimeOff(row), member)
    await recordAudit(tx, actor, { action: 'time_off.deleted', object, clock })
    return { ok: true }
  })
}

/** The reason is omitted, because it can be about the member's health. */
function timeOffObject({ id, from, to }: TimeOff, member: number) {
  return { type: 'time_off', id, label: `member ${member}: ${from} to ${to}` } as const
}

function showSchedule({ member_id: member, is_default, ...row }: store.ScheduleRow): Schedule {
  return { ...row, member, default: is_default }
}

/** Instants are shown without a fraction. */
function showTimeOff({ id, starts_at, ends_at, starts_on, ends_on, reason, created_at }: store.TimeOffRow): TimeOff {
  const write = (instant: string | null) => (instant === null ? '' : toInstantText(Date.parse(instant)))
  return { id, from: starts_on ?? write(starts_at), to: ends_on ?? write(ends_at), reason, created_at }
}

/** Managers and admins may change all schedules, members only their own. */
function refuseActor(actor: Actor, owner: number | null): Refusal | undefined {
  if (hasRole(actor.role, 'manager')) return undefined
  if (actor.memberId !== null && actor.memberId === owner) return undefined
  return refuse(
    'forbidden',
    'Only managers and admins can change shared schedules and the hours of others. Ask one of them.',
  )
}

function refuseUsed(meetingTypes: string[]): Refusal | undefined {
  if (meetingTypes.length === 0) return undefined
  const names = meetingTypes
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ')
  const more = meetingTypes.length > 3 ? ` and ${meetingTypes.length - 3} more` : ''
  return because(
    'schedule_in_use',
    refuse(
      'conflict',
      `This schedule is used by ${names}${more}. Choose another schedule for these meeting types first.`,
    ),
  )
}

function refuseMissing(id: number): Refusal {
  return refuseNotFound('schedule', id, 'GET /api/v1/schedules lists them.')
}
