import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { PageDraft } from './page.ts'
import type { Page } from './schema.ts'

/** The columns of `pages p` under the names of the wire, with its meeting types in their order. */
const columns = sql`
  p.id, p.name, p.slug, p.description,
  coalesce((
    select jsonb_agg(pt.meeting_type_id order by pt.position) from page_meeting_types pt
    where pt.organization_id = p.organization_id and pt.page_id = p.id
  ), '[]') as meeting_types,
  p.created_at`

export async function listPages(executor: Executor, organization: OrganizationId, page: PageRequest): Promise<Page[]> {
  const { rows } = await sql<Page>`
    select ${columns} from pages p
    where p.organization_id = ${organization} and p.id > ${page.after?.[0] ?? 0}
    order by p.id limit ${page.limit + 1}`.execute(executor)
  return rows
}

export async function findPage(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<Page | undefined> {
  const { rows } = await sql<Page>`
    select ${columns} from pages p where p.organization_id = ${organization} and p.id = ${id}`.execute(executor)
  return rows[0]
}

/** The page at `/{slug}`, with the organization that the lookup table names. */
export async function findPageAt(
  executor: Executor,
  slug: string,
): Promise<{ organization: OrganizationId; page: Page } | undefined> {
  const { rows } = await sql<Page & { organization_id: OrganizationId }>`
    select ${columns}, s.organization_id from page_slugs s
    join pages p on p.organization_id = s.organization_id and p.id = s.page_id
    where s.slug = ${slug}`.execute(executor)
  if (!rows[0]) return undefined
  const { organization_id: organization, ...page } = rows[0]
  return { organization, page }
}

export async function insertPage(
  tx: Transaction,
  organization: OrganizationId,
  { draft, now }: { draft: PageDraft; now: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into pages (organization_id, name, slug, description, created_at)
    values (${organization}, ${draft.name}, ${draft.slug}, ${draft.description}, ${now})
    returning id`.execute(tx)
  return rows[0]!.id
}

export async function updatePage(
  tx: Transaction,
  organization: OrganizationId,
  { id, draft }: { id: number; draft: PageDraft },
): Promise<void> {
  await sql`
    update pages set name = ${draft.name}, slug = ${draft.slug}, description = ${draft.description}
    where organization_id = ${organization} and id = ${id}`.execute(tx)
}

export async function isSlugTaken(executor: Executor, slug: string): Promise<boolean> {
  const { rows } = await sql`select from page_slugs where slug = ${slug}`.execute(executor)
  return rows.length > 0
}

/** Makes one server-wide slug free for one taker at a time, until the end of the transaction. */
export async function lockSlug(tx: Transaction, slug: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('page slug ' || ${slug}, 0))`.execute(tx)
}

export async function insertSlug(
  tx: Transaction,
  organization: OrganizationId,
  { slug, page }: { slug: string; page: number },
): Promise<void> {
  await sql`
    insert into page_slugs (organization_id, slug, page_id) values (${organization}, ${slug}, ${page})`.execute(tx)
}

export async function replaceSlug(
  tx: Transaction,
  organization: OrganizationId,
  { slug, page }: { slug: string; page: number },
): Promise<void> {
  await sql`
    update page_slugs set slug = ${slug} where organization_id = ${organization} and page_id = ${page}`.execute(tx)
}

/** Makes these the meeting types of the page, in this order. */
export async function replaceMeetingTypes(
  tx: Transaction,
  organization: OrganizationId,
  { page, meetingTypes }: { page: number; meetingTypes: number[] },
): Promise<void> {
  await sql`
    with gone as (
      delete from page_meeting_types
      where organization_id = ${organization} and page_id = ${page} and meeting_type_id <> all(${meetingTypes}::bigint[])
    )
    insert into page_meeting_types (organization_id, page_id, meeting_type_id, position)
    select ${organization}, ${page}, type.id, type.position
    from unnest(${meetingTypes}::bigint[]) with ordinality as type (id, position)
    on conflict (organization_id, page_id, meeting_type_id) do update set position = excluded.position`.execute(tx)
}

/** False where there is no such page. */
export async function deletePage(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from pages where organization_id = ${organization} and id = ${id}`.execute(tx)
  return numAffectedRows === 1n
}
