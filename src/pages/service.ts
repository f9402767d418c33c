import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import {
  findPublicMeetingType,
  listKnownMeetingTypes,
  showMeetingType,
  showMeetingTypesOfPage,
} from '../meeting-types/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { getSettings, lockSettings } from '../settings/service.ts'
import { checkPage, type PageDraft } from './page.ts'
import type { BookingForm, Page, PageInput, PagePatch, PublicPage } from './schema.ts'
import * as store from './store.ts'

export interface PagesDeps {
  database: Database
  clock: Clock
}

export async function listPages(executor: Executor, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listPages(executor, organization, page)
  return toPage(rows, page.limit, (row) => [row.id])
}

export async function getPage(executor: Executor, organization: OrganizationId, id: number): Promise<Page | undefined> {
  return store.findPage(executor, organization, id)
}

/** What everybody sees at `/{slug}`, or undefined where there is no such page. */
export async function showPage(executor: Executor, slug: string): Promise<PublicPage | undefined> {
  const found = await store.findPageAt(executor, slug)
  if (!found) return undefined
  const { organization, page } = found
  return {
    name: page.name,
    slug: page.slug,
    description: page.description,
    organization: await showOrganization(executor, organization),
    meeting_types: await showMeetingTypesOfPage(executor, organization, page.id),
  }
}

/** What the booking form at `/{page}/{type}` needs, or undefined where nothing can be booked there. */
export async function showBookingForm(
  executor: Executor,
  pageSlug: string,
  typeSlug: string,
): Promise<BookingForm | undefined> {
  const found = await findPublicMeetingType(executor, pageSlug, typeSlug)
  if (!found) return undefined
  const { organization, page, meetingType } = found
  return {
    ...(await showMeetingType(executor, organization, meetingType)),
    page: { name: page.name, slug: page.slug },
    organization: await showOrganization(executor, organization),
  }
}

/** The organization of the page at `/{slug}`; undefined if there is no such page. */
export async function findOrganizationOfPage(executor: Executor, slug: string): Promise<OrganizationId | undefined> {
  return (await store.findPageAt(executor, slug))?.organization
}

export async function createPage(
  { database, clock }: PagesDeps,
  { organization, input }: { organization: OrganizationId; input: PageInput },
): Promise<Outcome<{ page: Page }>> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const refusal = (await refuseDraft(tx, organization, input)) ?? (await refuseTakenSlug(tx, input.slug))
    if (refusal) return refusal
    const id = await store.insertPage(tx, organization, { draft: input, now: clock.timestamp() })
    await store.insertSlug(tx, organization, { slug: input.slug, page: id })
    await store.replaceMeetingTypes(tx, organization, { page: id, meetingTypes: input.meeting_types })
    return { ok: true, page: (await store.findPage(tx, organization, id))! }
  })
}

export interface ChangePage {
  organization: OrganizationId
  id: number
  patch: PagePatch
}

/** Changes what is given and leaves the rest. A new slug takes effect at once; the old address is free. */
export async function changePage(
  { database }: Pick<PagesDeps, 'database'>,
  { organization, id, patch }: ChangePage,
): Promise<Outcome<{ page: Page }>> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const current = await store.findPage(tx, organization, id)
    if (!current) return refuseMissing(id)
    const page = { ...current, ...patch }
    const moved = page.slug !== current.slug
    const refusal =
      (await refuseDraft(tx, organization, page)) ?? (moved ? await refuseTakenSlug(tx, page.slug) : undefined)
    if (refusal) return refusal
    await store.updatePage(tx, organization, { id, draft: page })
    if (moved) await store.replaceSlug(tx, organization, { slug: page.slug, page: id })
    await store.replaceMeetingTypes(tx, organization, { page: id, meetingTypes: page.meeting_types })
    return { ok: true, page }
  })
}

/** Deletes a page; its meeting types and their meetings stay. */
export async function deletePage(
  { database }: Pick<PagesDeps, 'database'>,
  { organization, id }: { organization: OrganizationId; id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    return (await store.deletePage(tx, organization, id)) ? { ok: true } : refuseMissing(id)
  })
}

async function showOrganization(executor: Executor, organization: OrganizationId): Promise<PublicPage['organization']> {
  const { name, brand_color, logo_url } = await getSettings(executor, organization)
  return { name, brand_color, logo_url }
}

function refuseMissing(id: number): Refusal {
  return refuse('not_found', `There is no page ${id}. GET /api/v1/pages lists them.`)
}

async function refuseDraft(
  tx: Transaction,
  organization: OrganizationId,
  draft: PageDraft,
): Promise<Refusal | undefined> {
  const wrong = checkPage(draft, await listKnownMeetingTypes(tx, organization, draft.meeting_types))
  if (!wrong[0]) return undefined
  const detail = wrong.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return refuse('invalid_input', `The page is not valid. ${detail}.`, wrong)
}

/** Slugs of pages are unique on the server, so this answer tells of other organizations' pages; their addresses are public anyway. */
async function refuseTakenSlug(tx: Transaction, slug: string): Promise<Refusal | undefined> {
  await store.lockSlug(tx, slug)
  if (!(await store.isSlugTaken(tx, slug))) return undefined
  return refuse('slug_taken', `Another page of this server has the slug "${slug}". Choose another.`, [
    { path: 'slug', message: 'is in use by another page of this server; choose another' },
  ])
}
