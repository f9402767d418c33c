import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { lockSettings } from '../settings/service.ts'
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
}

/** A meeting type found at its address, with the organization that the address belongs to. */
export type AddressedMeetingType = store.AddressedMeetingType

export async function listMeetingTypes(executor: Executor, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listMeetingTypes(executor, organization, page)
  return toPage(rows, page.limit, (row) => [row.id])
}

/** The meeting type, or undefined where the organization has none of this id (any more). */
export async function getMeetingType(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingType | undefined> {
  return store.findMeetingType(executor, organization, id)
}

/** The meeting type of a meeting that exists, deleted or not: its rules still hold for what was booked. A deleted one has no schedule. */
export async function getMeetingTypeOfMeeting(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingType | undefined> {
  return store.findMeetingTypeOfMeetings(executor, organization, id)
}

/** How many minutes before its start people are reminded of a meeting of this type, deleted or not. */
export async function getRemindersOfMeeting(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<number[]> {
  return (await store.findReminders(executor, organization, id)) ?? []
}

/** What stands at `/{page}/{type}`: public and hidden types, never disabled ones. */
export async function findPublicMeetingType(
  executor: Executor,
  pageSlug: string,
  typeSlug: string,
): Promise<AddressedMeetingType | undefined> {
  return store.findMeetingTypeAt(executor, pageSlug, typeSlug)
}

/** What people may see of a type before they book: no e-mail address, no room, no phone number. */
export async function showMeetingType(
  executor: Executor,
  organization: OrganizationId,
  type: MeetingType,
): Promise<PublicMeetingType> {
  return showPublicly(type, await store.listHostNames(executor, organization, [type.id]))
}

/** The types that a page shows, in its order: the public ones. */
export async function showMeetingTypesOfPage(
  executor: Executor,
  organization: OrganizationId,
  page: number,
): Promise<PublicMeetingType[]> {
  const types = await store.listMeetingTypesOfPage(executor, organization, page)
  const ids = types.map((type) => type.id)
  const hosts = await store.listHostNames(executor, organization, ids)
  return types.map((type) => showPublicly(type, hosts))
}

/** Those of `ids` that are meeting types of the organization. Within `lockSettings` they stay so until the commit. */
export async function listKnownMeetingTypes(
  executor: Executor,
  organization: OrganizationId,
  ids: number[],
): Promise<number[]> {
  return store.listKnownMeetingTypes(executor, organization, ids)
}

export async function createMeetingType(
  { database, clock }: MeetingTypesDeps,
  { organization, input }: { organization: OrganizationId; input: MeetingTypeInput },
): Promise<Outcome<{ meetingType: MeetingType }>> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const draft = draftMeetingType(input)
    const refusal = await refuseDraft(tx, organization, { draft, except: null })
    if (refusal) return refusal
    const id = await store.insertMeetingType(tx, organization, { draft, now: clock.timestamp() })
    await store.replaceHosts(tx, organization, { id, hosts: draft.hosts })
    return { ok: true, meetingType: (await store.findMeetingType(tx, organization, id))! }
  })
}

export interface ChangeMeetingType {
  organization: OrganizationId
  id: number
  patch: MeetingTypePatch
}

/** Changes what is given and leaves the rest. Meetings that were booked stay as they are. */
export async function changeMeetingType(
  { database }: Pick<MeetingTypesDeps, 'database'>,
  { organization, id, patch }: ChangeMeetingType,
): Promise<Outcome<{ meetingType: MeetingType }>> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await store.findMeetingType(tx, organization, id)
    if (!current) return refuseMissing(id)
    const { id: _id, created_at: _createdAt, ...before } = current
    const draft = patchMeetingType(before, patch)
    const refusal = await refuseDraft(tx, organization, { draft, except: id })
    if (refusal) return refusal
    await store.updateMeetingType(tx, organization, { id, draft })
    await store.replaceHosts(tx, organization, { id, hosts: draft.hosts })
    return { ok: true, meetingType: { ...current, ...draft } }
  })
}

/** Deletes a type. Where meetings were booked of it, they stay and can still be cancelled or moved. */
export async function deleteMeetingType(
  { database, clock }: MeetingTypesDeps,
  { organization, id }: { organization: OrganizationId; id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    if (!(await store.lockMeetingType(tx, organization, id))) return refuseMissing(id)
    if (await store.hasMeetings(tx, organization, id))
      await store.hideDeletedMeetingType(tx, organization, { id, now: clock.timestamp() })
    else await store.deleteMeetingType(tx, organization, id)
    return { ok: true }
  })
}

function refuseMissing(id: number): Refusal {
  return refuse('not_found', `There is no meeting type ${id}. GET /api/v1/meeting-types lists them.`)
}

interface StoredDraft {
  draft: MeetingTypeDraft
  /** The id of the type that is changed; null where it is new. */
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
      { path: 'slug', message: 'is in use by another meeting type; choose another' },
    ])
  return undefined
}

async function checkReferences(tx: Transaction, organization: OrganizationId, { hosts, schedule }: MeetingTypeDraft) {
  const known = await store.keepMembers(
    tx,
    organization,
    hosts.map((host) => host.member),
  )
  const wrong = hosts.flatMap(({ member }, index) =>
    known.includes(member)
      ? []
      : [{ path: `hosts.${index}`, message: `there is no member ${member}; GET /api/v1/members lists them` }],
  )
  if (schedule !== null && !(await store.keepSchedule(tx, organization, schedule)))
    wrong.push({ path: 'schedule', message: `there is no schedule ${schedule}; GET /api/v1/schedules lists them` })
  return wrong
}

/** Removes a member who is being deleted from the deleted meeting types that still name them as a host. */
export async function removeHost(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteHost(tx, organization, member)
}
