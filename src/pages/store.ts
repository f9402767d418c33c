import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import { buildStatement, type ParameterOf } from '../platform/statement.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import type { PageDraft } from './page.ts'

/** A page with the ids of its meeting types in display order. Every column except the organization is selected. */
export type PageRow = Omit<Row<'pages'>, 'organization_id'> & { meeting_types: number[] }

const columns = ['p.id', 'p.name', 'p.slug', 'p.description', 'p.created_at'] as const

const meetingTypes = sql<number[]>`coalesce((
  select jsonb_agg(pt.meeting_type_id order by pt.position) from page_meeting_types pt
  where pt.organization_id = p.organization_id and pt.page_id = p.id
), '[]')`.as('meeting_types')

export async function listPages(
  executor: Executor,
  organization: OrganizationId,
  page: PageRequest,
): Promise<PageRow[]> {
  return executor
    .selectFrom('pages as p')
    .select(columns)
    .select(meetingTypes)
    .where('p.organization_id', '=', organization)
    .where('p.id', '>', page.after?.[0] ?? 0)
    .orderBy('p.id')
    .limit(page.limit + 1)
    .execute()
}

export async function findPage(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<PageRow | undefined> {
  return executor
    .selectFrom('pages as p')
    .select(columns)
    .select(meetingTypes)
    .where('p.organization_id', '=', organization)
    .where('p.id', '=', id)
    .executeTakeFirst()
}

/** Returns the page at `/{slug}`, with its organization from the lookup table. */
export async function findPageAt(
  executor: Executor,
  slug: string,
): Promise<{ organization: OrganizationId; row: PageRow } | undefined> {
  const found = await executor
    .selectFrom('page_slugs as s')
    .innerJoin('pages as p', (join) =>
      join.onRef('p.organization_id', '=', 's.organization_id').onRef('p.id', '=', 's.page_id'),
    )
    .select(columns)
    .select(meetingTypes)
    .select('s.organization_id')
    .where('s.slug', '=', slug)
    .executeTakeFirst()
  if (!found) return undefined
  const { organization_id: organization, ...row } = found
  return { organization, row }
}

/** Inserts a page without its slug lookup and meeting types. */
export async function insertPage(
  tx: Transaction,
  organization: OrganizationId,
  { draft, now }: { draft: PageDraft; now: string },
): Promise<Pick<PageRow, 'id' | 'created_at'>> {
  return tx
    .insertInto('pages')
    .values({ ...toColumns(draft), organization_id: organization, created_at: now } satisfies NewRow<'pages'>)
    .returning(['id', 'created_at'])
    .executeTakeFirstOrThrow()
}

export async function updatePage(
  tx: Transaction,
  organization: OrganizationId,
  { id, draft }: { id: number; draft: PageDraft },
): Promise<void> {
  await tx
    .updateTable('pages')
    .set(toColumns(draft))
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** The columns that people can set in a page. All of them must be listed. */
type DraftColumns = Required<Omit<RowChange<'pages'>, 'organization_id' | 'id' | 'created_at'>>

function toColumns({ name, slug, description }: PageDraft): DraftColumns {
  return { name, slug, description }
}

export async function isSlugTaken(executor: Executor, slug: string): Promise<boolean> {
  const found = await executor.selectFrom('page_slugs').select('slug').where('slug', '=', slug).executeTakeFirst()
  return found !== undefined
}

/** Locks a slug across the server, so that only one transaction at a time can take it. */
export async function lockSlug(tx: Transaction, slug: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('page slug ' || ${slug}, 0))`.execute(tx)
}

export async function insertSlug(
  tx: Transaction,
  organization: OrganizationId,
  { slug, page }: { slug: string; page: number },
): Promise<void> {
  await tx
    .insertInto('page_slugs')
    .values({ organization_id: organization, slug, page_id: page } satisfies NewRow<'page_slugs'>)
    .execute()
}

export async function updateSlug(
  tx: Transaction,
  organization: OrganizationId,
  { slug, page }: { slug: string; page: number },
): Promise<void> {
  await tx
    .updateTable('page_slugs')
    .set({ slug } satisfies RowChange<'page_slugs'>)
    .where('organization_id', '=', organization)
    .where('page_id', '=', page)
    .execute()
}

/** Replaces a page's meeting types with these, in this order. */
export async function replaceMeetingTypes(
  tx: Transaction,
  organization: OrganizationId,
  { page, meetingTypes }: { page: number; meetingTypes: number[] },
): Promise<void> {
  await tx
    .deleteFrom('page_meeting_types')
    .where('organization_id', '=', organization)
    .where('page_id', '=', page)
    .where('meeting_type_id', '<>', sql<number>`all(${meetingTypes}::bigint[])`)
    .execute()
  if (meetingTypes.length === 0) return
  const rows = meetingTypes.map(
    (id, index): NewRow<'page_meeting_types'> => ({
      organization_id: organization,
      page_id: page,
      meeting_type_id: id,
      position: index + 1,
    }),
  )
  await tx
    .insertInto('page_meeting_types')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'page_id', 'meeting_type_id'])
        .doUpdateSet(({ ref }) => ({ position: ref('excluded.position') })),
    )
    .execute()
}

export async function deleteMeetingTypeFromPages(
  tx: Transaction,
  organization: OrganizationId,
  meetingType: number,
): Promise<void> {
  await tx
    .deleteFrom('page_meeting_types')
    .where('organization_id', '=', organization)
    .where('meeting_type_id', '=', meetingType)
    .execute()
}

/** Deletes a page. Returns false if it does not exist. */
export async function deletePage(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('pages')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** A page's URL and its organization's public facts. */
export type PageReferenceRow = Pick<Row<'pages'>, 'name'> &
  Pick<Row<'page_slugs'>, 'slug'> &
  Pick<Row<'organizations'>, 'brand_color' | 'logo_url'> & { organization_name: string }

const selectPageOfMeetingType = buildStatement(
  (from, parameter: ParameterOf<{ organization: OrganizationId; meetingType: number }>) =>
    from
      .selectFrom('page_meeting_types as t')
      .innerJoin('pages as p', (join) =>
        join.onRef('p.organization_id', '=', 't.organization_id').onRef('p.id', '=', 't.page_id'),
      )
      .innerJoin('page_slugs as s', (join) =>
        join.onRef('s.organization_id', '=', 'p.organization_id').onRef('s.page_id', '=', 'p.id'),
      )
      .innerJoin('organizations as o', 'o.organization_id', 't.organization_id')
      .select(['s.slug', 'p.name', 'o.name as organization_name', 'o.brand_color', 'o.logo_url'])
      .where('t.organization_id', '=', parameter('organization'))
      .where('t.meeting_type_id', '=', parameter('meetingType'))
      .orderBy('p.id')
      .limit(1),
)

/** Returns the oldest page where a meeting type can be booked, or undefined. */
export async function findPageOfMeetingType(
  executor: Executor,
  organization: OrganizationId,
  meetingType: number,
): Promise<PageReferenceRow | undefined> {
  const [page] = await selectPageOfMeetingType(executor, { organization, meetingType })
  return page
}

/** Releases the slugs of all of an organization's pages. The pages can no longer be found afterwards. */
export async function deleteSlugs(tx: Transaction, organization: OrganizationId): Promise<void> {
  await tx.deleteFrom('page_slugs').where('organization_id', '=', organization).execute()
}
