import type { Actor, OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseField, refuseNotFound } from '../errors.ts'
import { pathOfImage } from '../images/image.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Mailer } from '../platform/mailer.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { lockSchedule } from '../schedules/service.ts'
import { getSettings, lockSettings } from '../settings/service.ts'
import {
  checkMeetingType,
  draftMeetingType,
  type MeetingTypeDraft,
  patchMeetingType,
  showPublicly,
} from './meeting-type.ts'
import type { MeetingType, MeetingTypeInput, MeetingTypePatch, PublicMeetingType } from './schema.ts'
import * as store from './store.ts'

export interface MeetingTypesDeps {
  database: Database
  clock: Clock
  mailer: Pick<Mailer, 'kind'>
  cleanups: readonly MeetingTypeCleanup[]
}

/** Deletes the data that another feature stores for a meeting type, in the transaction that deletes the type. */
export type MeetingTypeCleanup = (
  tx: Transaction,
  organization: OrganizationId,
  deleted: { meetingType: number },
) => Promise<void>

/** A meeting type found by its URL on a page, with the organization that the URL belongs to. */
export interface AddressedMeetingType {
  organization: OrganizationId
  page: { id: number; name: string; slug: string }
  meetingType: MeetingType
}

/** Lists meeting types that are not deleted, oldest first. */
export async function listMeetingTypes(
  { database }: Pick<MeetingTypesDeps, 'database'>,
  organization: OrganizationId,
  page: PageRequest & { search?: string | undefined; host?: number | undefined },
) {
  const rows = await store.listMeetingTypes(database.executor, organization, page)
  return toPage(rows.map(showMeetingType), page.limit, ({ id }) => [id])
}

/** Returns a meeting type. Refuses one that does not exist or is deleted. */
export async function getMeetingType(
  executor: Executor,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ meetingType: MeetingType }>> {
  const row = await store.findMeetingType(executor, organization, id)
  return row ? { ok: true, meetingType: showMeetingType(row) } : refuseMissing(id)
}

/**
 * Returns an existing meeting's type, deleted or not, because its rules still apply to booked meetings. A deleted type does not
 * have a schedule.
 */
export async function getMeetingTypeOfMeeting(
  executor: Executor,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<MeetingType | undefined> {
  const row = await store.findMeetingTypeOfMeetings(executor, organization, id)
  return row && showMeetingType(row)
}

/** Returns a type's reminders, even if the type is deleted, in minutes before the start. */
export async function getRemindersOfMeeting(
  executor: Executor,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<number[]> {
  return (await store.findReminders(executor, organization, id)) ?? []
}

/** Returns the meeting type at `/{page}/{slug}`, public or hidden. Refuses a disabled one. */
export async function getMeetingTypeAt(
  executor: Executor,
  address: { page: string; slug: string },
): Promise<Outcome<AddressedMeetingType>> {
  const found = await store.findMeetingTypeAt(executor, address)
  if (!found) return refuse('not_found', 'Nothing can be booked at this address.')
  const { organization, page, row } = found
  if (row.visibility === 'disabled')
    return refuse('meeting_type_disabled', 'This cannot be booked at the moment. Its hosts can enable it again.')
  return { ok: true, organization, page, meetingType: showMeetingType(row) }
}

/** Returns a type as visitors see it, without an email address, room or phone number. */
export async function getPublicMeetingType(
  executor: Executor,
  organization: OrganizationId,
  { meetingType }: { meetingType: MeetingType },
): Promise<PublicMeetingType> {
  return showPublicly(meetingType, await listPublicHosts(executor, organization, [meetingType.id]))
}

/** Lists a page's public types, in the order of the page. */
export async function listPublicMeetingTypes(
  executor: Executor,
  organization: OrganizationId,
  { page }: { page: number },
): Promise<PublicMeetingType[]> {
  const rows = await store.listMeetingTypesOfPage(executor, organization, page)
  const ids = rows.map(({ id }) => id)
  const hosts = await listPublicHosts(executor, organization, ids)
  return rows.map((row) => showPublicly(showMeetingType(row), hosts))
}

async function listPublicHosts(executor: Executor, organization: OrganizationId, meetingTypes: number[]) {
  const rows = await store.listHostNames(executor, organization, meetingTypes)
  return rows.map(({ photo, ...name }) => ({ ...name, photo_url: photo && pathOfImage(photo) }))
}

/** Returns those `ids` that exist. Under `lockSettings`, they continue to exist until the commit. */
export async function listExistingMeetingTypes(
  executor: Executor,
  organization: OrganizationId,
  { ids }: { ids: number[] },
): Promise<number[]> {
  return store.listExistingIds(executor, organization, ids)
}

export async function createMeetingType(
  { database, clock, mailer }: Pick<MeetingTypesDeps, 'database' | 'clock' | 'mailer'>,
  actor: Actor,
  input: MeetingTypeInput,
): Promise<Outcome<{ meetingType: MeetingType }>> {
  return database.transaction((tx) => addMeetingType(tx, actor, { input, clock, mailer }))
}

/** Creates a meeting type in the caller's transaction. Without `mailer`, it cannot ask for confirmation by email. */
export async function addMeetingType(
  tx: Transaction,
  actor: Actor,
  {
    input,
    clock,
    mailer = { kind: 'mailbox' },
  }: { input: MeetingTypeInput; clock: Clock; mailer?: Pick<Mailer, 'kind'> },
): Promise<Outcome<{ meetingType: MeetingType }>> {
  const { organization } = actor
  await lockSettings(tx, organization)
  const { confirm_email_default } = await getSettings(tx, organization)
  const draft = draftMeetingType(input, { confirmEmail: confirm_email_default && mailer.kind === 'smtp' })
  const refusal = refuseWithoutMail(mailer, draft) ?? (await refuseDraft(tx, organization, { draft, except: null }))
  if (refusal) return refusal
  const now = clock.timestamp()
  const { id, created_at } = await store.insertMeetingType(tx, organization, { draft, now })
  await store.replaceHosts(tx, organization, { id, hosts: draft.hosts, now })
  const meetingType = { id, ...draft, created_at }
  await recordAudit(tx, actor, { action: 'meeting_type.created', object: auditObject(meetingType), clock })
  return { ok: true, meetingType }
}

/** Changes the given fields. Existing meetings are not changed. */
export async function changeMeetingType(
  { database, clock, mailer }: Pick<MeetingTypesDeps, 'database' | 'clock' | 'mailer'>,
  actor: Actor,
  { id, patch }: { id: number; patch: MeetingTypePatch },
): Promise<Outcome<{ meetingType: MeetingType }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const row = await store.findMeetingType(tx, organization, id)
    if (!row) return refuseMissing(id)
    const { id: _, created_at, ...current } = showMeetingType(row)
    const draft = patchMeetingType(current, patch)
    const unmailed = current.confirm_email ? undefined : refuseWithoutMail(mailer, draft)
    const refusal = unmailed ?? (await refuseDraft(tx, organization, { draft, except: id }))
    if (refusal) return refusal
    await store.updateMeetingType(tx, organization, { id, draft })
    await store.replaceHosts(tx, organization, { id, hosts: draft.hosts, now: clock.timestamp() })
    const meetingType = { id, ...draft, created_at }
    const changes = changesBetween(current, draft)
    const object = auditObject(meetingType)
    if (changes.length > 0) await recordAudit(tx, actor, { action: 'meeting_type.changed', object, changes, clock })
    return { ok: true, meetingType }
  })
}

/** Deletes a type. Its existing meetings remain and can still be cancelled or rescheduled. */
export async function deleteMeetingType(
  { database, clock, cleanups }: MeetingTypesDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const row = await store.findMeetingType(tx, organization, id)
    if (!row || !(await store.lockMeetingType(tx, organization, id))) return refuseMissing(id)
    for (const cleanUp of cleanups) await cleanUp(tx, organization, { meetingType: id })
    if (await store.hasMeetings(tx, organization, id))
      await store.hideDeletedMeetingType(tx, organization, { id, now: clock.timestamp() })
    else await store.deleteMeetingType(tx, organization, id)
    await recordAudit(tx, actor, { action: 'meeting_type.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

function auditObject({ id, name }: Pick<MeetingType, 'id' | 'name'>) {
  return { type: 'meeting_type', id, label: name } as const
}

/** Removes a member who is being deleted from the deleted meeting types that still list them as a host. */
export async function removeHost(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteHost(tx, organization, member)
}

function showMeetingType({ schedule_id: schedule, ...row }: store.MeetingTypeRow): MeetingType {
  return { ...row, schedule }
}

function refuseWithoutMail(
  { kind }: Pick<Mailer, 'kind'>,
  { confirm_email }: Pick<MeetingTypeDraft, 'confirm_email'>,
): Refusal | undefined {
  if (!confirm_email || kind === 'smtp') return undefined
  return refuseField(
    'confirm_email',
    'requires a mail server, which sends the confirmation link; set SMTP_URL first',
    'needs_mail_server',
  )
}

function refuseMissing(id: number): Refusal {
  return refuseNotFound('meeting type', id, 'GET /api/v1/meeting-types lists them.')
}

interface StoredDraft {
  draft: MeetingTypeDraft
  /** The id of the type being changed. Null for a new one. */
  except: number | null
}

async function refuseDraft(
  tx: Transaction,
  organization: OrganizationId,
  { draft, except }: StoredDraft,
): Promise<Refusal | undefined> {
  const wrong = [...checkMeetingType(draft), ...(await checkReferences(tx, organization, draft))]
  if (wrong[0]) {
    const detail = wrong.map(({ path, message }) => `${path}: ${message}`).join('; ')
    return refuse('invalid_input', `The meeting type is not valid. ${detail}.`, wrong)
  }
  if (await store.hasMeetingTypeSlug(tx, organization, { slug: draft.slug, except }))
    return refuse('slug_taken', `Another meeting type has the slug "${draft.slug}". Choose another.`, [
      { path: 'slug', message: 'is in use by another meeting type; choose another', code: 'taken' },
    ])
  return undefined
}

async function checkReferences(tx: Transaction, organization: OrganizationId, { hosts, schedule }: MeetingTypeDraft) {
  const known = await store.lockMembers(
    tx,
    organization,
    hosts.map((host) => host.member),
  )
  const wrong = hosts.flatMap(({ member }, index) =>
    known.includes(member)
      ? []
      : [{ path: `hosts.${index}`, message: `there is no member ${member}; GET /api/v1/members lists them` }],
  )
  if (schedule !== null && !(await lockSchedule(tx, organization, { id: schedule })))
    wrong.push({ path: 'schedule', message: `there is no schedule ${schedule}; GET /api/v1/schedules lists them` })
  return wrong
}
