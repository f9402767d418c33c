import type { Actor, OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseNotFound } from '../errors.ts'
import {
  getMeetingTypeAt,
  getPublicMeetingType,
  listExistingMeetingTypes,
  listPublicMeetingTypes,
} from '../meeting-types/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { getSettings, lockSettings } from '../settings/service.ts'
import { checkPage, type PageDraft } from './page.ts'
import {
  type BookingForm,
  MOST_TYPES,
  type Page,
  type PageInput,
  type PagePatch,
  type PageReference,
  type PublicPage,
} from './schema.ts'
import * as store from './store.ts'

export interface PagesDeps {
  database: Database
  clock: Clock
}

/** Lists pages, oldest first. */
export async function listPages(
  { database }: Pick<PagesDeps, 'database'>,
  organization: OrganizationId,
  page: PageRequest,
) {
  const rows = await store.listPages(database.executor, organization, page)
  return toPage(rows.map(showPage), page.limit, ({ id }) => [id])
}

export async function getPage(
  { database }: Pick<PagesDeps, 'database'>,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ page: Page }>> {
  const row = await store.findPage(database.executor, organization, id)
  return row ? { ok: true, page: showPage(row) } : refuseMissing(id)
}

/** Returns the data that visitors see at `/{slug}`. */
export async function getPublicPage(
  { database: { executor } }: Pick<PagesDeps, 'database'>,
  { slug }: { slug: string },
): Promise<Outcome<{ page: PublicPage }>> {
  const found = await store.findPageAt(executor, slug)
  if (!found) return refuse('not_found', 'There is no page at this address.')
  const { organization, row } = found
  const page = {
    name: row.name,
    slug: row.slug,
    description: row.description,
    organization: await getPublicOrganization(executor, organization),
    meeting_types: await listPublicMeetingTypes(executor, organization, { page: row.id }),
  }
  return { ok: true, page }
}

/** Returns the data that the booking form at `/{page}/{slug}` needs. Refuses a URL where nothing can be booked. */
export async function getBookingForm(
  { database: { executor } }: Pick<PagesDeps, 'database'>,
  address: { page: string; slug: string },
): Promise<Outcome<{ form: BookingForm }>> {
  const found = await getMeetingTypeAt(executor, address)
  if (!found.ok) return found
  const { organization, page, meetingType } = found
  const form = {
    ...(await getPublicMeetingType(executor, organization, { meetingType })),
    page: { name: page.name, slug: page.slug },
    organization: await getPublicOrganization(executor, organization),
  }
  return { ok: true, form }
}

/** Returns the organization of the page at `/{slug}`. Returns undefined if the page does not exist. */
export async function findOrganizationOfPage(executor: Executor, slug: string): Promise<OrganizationId | undefined> {
  return (await store.findPageAt(executor, slug))?.organization
}

/** Unpublishes all pages of an organization that is being deleted. */
export async function unpublishPages(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.deleteSlugs(tx, organization)
}

/** Returns the oldest page where a meeting type can be booked, or undefined. */
export async function findPageOfMeetingType(
  executor: Executor,
  organization: OrganizationId,
  meetingType: number,
): Promise<PageReference | undefined> {
  const row = await store.findPageOfMeetingType(executor, organization, meetingType)
  if (!row) return undefined
  const { slug, name, organization_name, brand_color, logo_url } = row
  return { slug, name, organization: { name: organization_name, brand_color, logo_url } }
}

export async function createPage(
  { database, clock }: PagesDeps,
  actor: Actor,
  input: PageInput,
): Promise<Outcome<{ page: Page }>> {
  return database.transaction((tx) => addPage(tx, actor, { input, clock }))
}

/** Creates a page in the caller's transaction. */
export async function addPage(
  tx: Transaction,
  actor: Actor,
  { input, clock }: { input: PageInput; clock: Clock },
): Promise<Outcome<{ page: Page }>> {
  const { organization } = actor
  await lockSettings(tx, organization)
  const refusal = (await refuseDraft(tx, organization, input)) ?? (await refuseTakenSlug(tx, input.slug))
  if (refusal) return refusal
  const { id, created_at } = await store.insertPage(tx, organization, { draft: input, now: clock.timestamp() })
  await store.insertSlug(tx, organization, { slug: input.slug, page: id })
  await store.replaceMeetingTypes(tx, organization, { page: id, meetingTypes: input.meeting_types })
  const page = { id, ...input, created_at }
  await recordAudit(tx, actor, { action: 'page.created', object: auditObject(page), clock })
  return { ok: true, page }
}

/** Changes the given fields. A new slug takes effect immediately, and the old URL becomes available. */
export async function changePage(
  deps: PagesDeps,
  actor: Actor,
  { id, patch }: { id: number; patch: PagePatch },
): Promise<Outcome<{ page: Page }>> {
  const { organization } = actor
  return deps.database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await store.findPage(tx, organization, id)
    return current ? writePage(tx, deps, { actor, current, patch }) : refuseMissing(id)
  })
}

interface PageChange {
  actor: Actor
  current: store.PageRow
  patch: PagePatch
}

/** Checks and stores a change to a page that was read under `lockSettings`. */
async function writePage(
  tx: Transaction,
  { clock }: Pick<PagesDeps, 'clock'>,
  { actor, current, patch }: PageChange,
): Promise<Outcome<{ page: Page }>> {
  const { organization } = actor
  const page = { ...showPage(current), ...patch }
  const hasNewSlug = page.slug !== current.slug
  const refusal =
    (await refuseDraft(tx, organization, page)) ?? (hasNewSlug ? await refuseTakenSlug(tx, page.slug) : undefined)
  if (refusal) return refusal
  await store.updatePage(tx, organization, { id: page.id, draft: page })
  if (hasNewSlug) await store.updateSlug(tx, organization, { slug: page.slug, page: page.id })
  await store.replaceMeetingTypes(tx, organization, { page: page.id, meetingTypes: page.meeting_types })
  const changes = changesBetween(showPage(current), page)
  const object = auditObject(page)
  if (changes.length > 0) await recordAudit(tx, actor, { action: 'page.changed', object, changes, clock })
  return { ok: true, page }
}

/** Adds a meeting type to the end of a page, or removes it. Does nothing if the page is already in the requested state. */
export async function setMeetingTypeOfPage(
  deps: PagesDeps,
  actor: Actor,
  { id, meetingType, listed }: { id: number; meetingType: number; listed: boolean },
): Promise<Outcome<{ page: Page }>> {
  return deps.database.transaction(async (tx) => {
    await lockSettings(tx, actor.organization)
    const row = await store.findPage(tx, actor.organization, id)
    if (!row) return refuseMissing(id)
    if (!(await listExistingMeetingTypes(tx, actor.organization, { ids: [meetingType] })).length)
      return refuseNotFound('meeting type', meetingType, 'GET /api/v1/meeting-types lists them.')
    const others = row.meeting_types.filter((known) => known !== meetingType)
    if (listed === row.meeting_types.includes(meetingType)) return { ok: true, page: showPage(row) }
    if (listed && others.length >= MOST_TYPES) return refuseFull(id)
    return writePage(tx, deps, {
      actor,
      current: row,
      patch: { meeting_types: listed ? [...others, meetingType] : others },
    })
  })
}

/** Deletes a page. Its meeting types and their meetings remain. */
export async function deletePage(
  { database, clock }: PagesDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const row = await store.findPage(tx, organization, id)
    if (!row || !(await store.deletePage(tx, organization, id))) return refuseMissing(id)
    await recordAudit(tx, actor, { action: 'page.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

function auditObject({ id, name }: Pick<Page, 'id' | 'name'>) {
  return { type: 'page', id, label: name } as const
}

/** Removes a meeting type that is being deleted from all pages. */
export async function removeFromPages(
  tx: Transaction,
  organization: OrganizationId,
  { meetingType }: { meetingType: number },
): Promise<void> {
  await store.deleteMeetingTypeFromPages(tx, organization, meetingType)
}

function showPage({ id, name, slug, description, meeting_types, created_at }: store.PageRow): Page {
  return { id, name, slug, description, meeting_types, created_at }
}

async function getPublicOrganization(
  executor: Executor,
  organization: OrganizationId,
): Promise<PublicPage['organization']> {
  const { name, brand_color, logo_url } = await getSettings(executor, organization)
  return { name, brand_color, logo_url }
}

function refuseMissing(id: number): Refusal {
  return refuseNotFound('page', id, 'GET /api/v1/pages lists them.')
}

function refuseFull(id: number): Refusal {
  return refuse('conflict', `Page ${id} has ${MOST_TYPES} meeting types, which is the limit. Use another page.`)
}

async function refuseDraft(
  tx: Transaction,
  organization: OrganizationId,
  draft: PageDraft,
): Promise<Refusal | undefined> {
  const existing = await listExistingMeetingTypes(tx, organization, { ids: draft.meeting_types })
  const wrong = checkPage(draft, existing)
  if (!wrong[0]) return undefined
  const detail = wrong.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return refuse('invalid_input', `The page is not valid. ${detail}.`, wrong)
}

/** Page slugs are unique across the server, so this refusal reveals that another organization has the page. Its URL is public anyway. */
async function refuseTakenSlug(tx: Transaction, slug: string): Promise<Refusal | undefined> {
  await store.lockSlug(tx, slug)
  if (!(await store.isSlugTaken(tx, slug))) return undefined
  return refuse('slug_taken', `Another page on this server has the slug "${slug}". Choose another.`, [
    { path: 'slug', message: 'is in use by another page on this server; choose another', code: 'taken' },
  ])
}
