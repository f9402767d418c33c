import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { NewRow, Row, RowChange } from '../platform/tables.ts'
import { enqueueRevocations } from './authorization-store.ts'
import { SYNC_JOB } from './claim-store.ts'
import { cleanName } from './connection.ts'
import type { ProviderCalendar } from './provider.ts'

export type ConnectionRow = Pick<
  Row<'connections'>,
  'id' | 'member_id' | 'provider' | 'name' | 'state' | 'problem' | 'last_synced_at' | 'created_at'
>
const columns = ['id', 'member_id', 'provider', 'name', 'state', 'problem', 'last_synced_at', 'created_at'] as const

/** Lists connections, oldest first. Returns up to one more than fits on the page. */
export async function listConnections(
  executor: Executor,
  organization: OrganizationId,
  { limit, after, limitedTo, member }: PageRequest & { limitedTo: number | null; member?: number | undefined },
): Promise<ConnectionRow[]> {
  return executor
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '>', after?.[0] ?? 0)
    .where('disconnecting_at', 'is', null)
    .$if(limitedTo !== null, (query) => query.where('member_id', '=', limitedTo))
    .$if(member !== undefined, (query) => query.where('member_id', '=', member ?? null))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/** Lists all connections of these members. */
export async function listConnectionsOf(
  executor: Executor,
  organization: OrganizationId,
  members: readonly number[],
): Promise<ConnectionRow[]> {
  return executor
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('member_id', 'in', [...members, 0])
    .orderBy('id')
    .execute()
}

export async function findConnection(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<ConnectionRow | undefined> {
  return executor
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('disconnecting_at', 'is', null)
    .executeTakeFirst()
}

export async function countConnections(
  executor: Executor,
  organization: OrganizationId,
  member: number,
): Promise<number> {
  const { count } = await executor
    .selectFrom('connections')
    .select(sql<number>`count(*)`.as('count'))
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('disconnecting_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

export async function insertConnection(
  tx: Transaction,
  organization: OrganizationId,
  row: Pick<NewRow<'connections'>, 'member_id' | 'provider' | 'name' | 'credentials' | 'created_at'>,
): Promise<ConnectionRow> {
  const unused = {
    problem: null,
    last_synced_at: null,
    looked_at: null,
    claim: null,
    claimed_until: null,
    failing_since: null,
    notified_at: null,
    listed_at: null,
    disconnecting_at: null,
    token_claim: null,
    token_claimed_until: null,
  }
  return tx
    .insertInto('connections')
    .values({ ...row, ...unused, organization_id: organization, state: 'connecting', due_at: row.created_at })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Deletes a connection with its calendars, and enqueues the revocation of its access. Returns whether it existed. */
export async function deleteConnection(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  await enqueueRevocations(tx, organization, { connection: id })
  const { numDeletedRows } = await tx
    .deleteFrom('connections')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Deletes all of a member's connections and calendars. */
export async function deleteOfMember(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  await enqueueRevocations(tx, organization, { member })
  for (const table of ['connections', 'calendar_times'] as const) {
    await tx.deleteFrom(table).where('organization_id', '=', organization).where('member_id', '=', member).execute()
  }
}

export type CalendarRow = Omit<Row<'calendars'>, 'organization_id'>

export async function listCalendars(
  executor: Executor,
  organization: OrganizationId,
  connections: readonly number[],
): Promise<CalendarRow[]> {
  return executor
    .selectFrom('calendars')
    .selectAll()
    .where('organization_id', '=', organization)
    .where('connection_id', 'in', [...connections, 0])
    .orderBy('id')
    .execute()
}

export async function insertCalendar(
  tx: Transaction,
  organization: OrganizationId,
  row: Pick<NewRow<'calendars'>, 'connection_id' | 'member_id' | 'provider_id' | 'name' | 'reads' | 'created_at'>,
): Promise<void> {
  const unread = { timezone: null, mark: null, read_at: null, read_until: null, problem: null }
  await tx
    .insertInto('calendars')
    .values({ ...row, ...unread, organization_id: organization })
    .execute()
}

export async function updateCalendar(
  executor: Executor,
  organization: OrganizationId,
  { id, ...change }: RowChange<'calendars'> & { id: number },
): Promise<void> {
  await executor
    .updateTable('calendars')
    .set(change)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** Stores that a calendar's busy times are still right, unless it is no longer read. */
export async function confirmRead(
  executor: Executor,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await executor
    .updateTable('calendars')
    .set({ read_at: now })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('reads', '=', true)
    .execute()
}

/** Lists encrypted credentials across all organizations, in a fixed order, starting after the given connection. */
export async function listCredentials(
  executor: Executor,
  after: { organization: number; id: number } | null,
  limit: number,
): Promise<{ organization_id: OrganizationId; id: number; credentials: Uint8Array }[]> {
  return executor
    .selectFrom('connections')
    .select(['organization_id', 'id', 'credentials'])
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(organization_id, id) > (${after?.organization}, ${after?.id})`),
    )
    .orderBy('organization_id')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Replaces credentials unless they have changed in the meantime. */
export async function replaceCredentials(
  executor: Executor,
  organization: OrganizationId,
  { id, before, after }: { id: number; before: Uint8Array; after: Buffer },
): Promise<void> {
  await executor
    .updateTable('connections')
    .set({ credentials: after })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .where('credentials', '=', Buffer.from(before))
    .execute()
}

/** Records that an account no longer accepts our credentials. Returns its name if the member has not been notified yet. */
export async function revokeConnection(
  executor: Executor,
  organization: OrganizationId,
  { id, credentials, problem, now }: { id: number; credentials: Uint8Array; problem: string; now: string },
): Promise<string | null> {
  const { rows } = await sql<{ name: string; isNew: boolean }>`
    update connections c set state = case when c.disconnecting_at is null then 'revoked' else 'failing' end, problem = ${problem}, failing_since = coalesce(c.failing_since, ${now}),
      notified_at = coalesce(c.notified_at, ${now}), due_at = case when c.disconnecting_at is null then c.due_at else ${now} end,
      disconnecting_at = case when c.disconnecting_at is not null then 'epoch'::timestamptz end
    from (
      select id, notified_at from connections
      where organization_id = ${organization} and id = ${id} and credentials = ${Buffer.from(credentials)} for update
    ) before
    where c.organization_id = ${organization} and c.id = before.id
    returning c.name, before.notified_at is null as "isNew"`.execute(executor)
  const [row] = rows
  return row?.isNew ? row.name : null
}

/** Makes the sync job read a whole calendar now. */
export async function readAgain(
  executor: Executor,
  organization: OrganizationId,
  { calendar, due }: { calendar: number; due: string },
): Promise<void> {
  await sql`
    with unmarked as (
      update calendars set mark = null where organization_id = ${organization} and id = ${calendar} returning connection_id
    ), due as (
      update connections set due_at = ${due} where organization_id = ${organization} and id in (select connection_id from unmarked)
      returning 1
    )
    select ${wakingJob(SYNC_JOB)} from due`.execute(executor)
}

/**
 * Stores an account's calendars as listed by the provider. New calendars are not read at first. Calendars that are no longer
 * listed and not used are deleted.
 */
export async function mergeListed(
  tx: Transaction,
  organization: OrganizationId,
  {
    connection,
    member,
    found,
    now,
  }: { connection: number; member: number; found: readonly ProviderCalendar[]; now: string },
): Promise<void> {
  const listed = new Map(found.filter(({ id }) => id.length <= LONGEST_ID).map((one) => [one.id, one]))
  const rows = [...listed.values()].slice(0, MOST_CALENDARS).map(({ id, name, timezone, isWritable }) => ({
    provider_id: id,
    name: cleanName(name) || cleanName(lastSegment(id)),
    timezone,
    writable: isWritable,
  }))
  await sql`
    insert into calendars as c (organization_id, connection_id, member_id, provider_id, name, timezone, writable, reads, created_at)
    select ${organization}, ${connection}, ${member}, provider_id, name, timezone, writable, false, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as listed (provider_id text, name text, timezone text, writable boolean)
    on conflict (organization_id, connection_id, provider_id) do update
      set name = excluded.name, timezone = excluded.timezone, writable = excluded.writable,
        mark = case when c.timezone is distinct from excluded.timezone then null else c.mark end`.execute(tx)
  const ids = rows.map(({ provider_id }) => provider_id)
  await sql`
    delete from calendars c
    where organization_id = ${organization} and connection_id = ${connection} and not reads and not writes
      and not provider_id = any(${ids})
      and not exists (
        select from calendar_entries e where e.organization_id = c.organization_id and e.calendar_id = c.id)`.execute(
    tx,
  )
}

/** The maximum length of a provider's id, in characters, and the maximum number of calendars in an account. */
const LONGEST_ID = 1_000
const MOST_CALENDARS = 200

/** Returns the last segment of a URL, to name a calendar without a name. */
function lastSegment(url: string): string {
  const last = url.split('/').findLast((part) => part !== '') ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

/** Hides an account until its entries have been removed. */
export async function markDisconnecting(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ disconnecting_at: now, due_at: now })
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
  await tx
    .updateTable('calendars')
    .set({ reads: false, writes: false })
    .where('organization_id', '=', organization)
    .where('connection_id', '=', id)
    .execute()
}

/** Returns the encrypted credentials of a connection. */
export async function findCredentials(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<Uint8Array | undefined> {
  const row = await executor
    .selectFrom('connections')
    .select('credentials')
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.credentials
}

/** Changes a connection. */
export async function updateConnection(
  tx: Transaction,
  organization: OrganizationId,
  { id, ...change }: RowChange<'connections'> & { id: number },
): Promise<void> {
  await tx
    .updateTable('connections')
    .set(change)
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .execute()
}

/** Stops writing to the calendar that currently receives a member's meetings. Returns its id. */
export async function stopWriting(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<number[]> {
  const rows = await tx
    .updateTable('calendars')
    .set({ writes: false, problem: null })
    .where('organization_id', '=', organization)
    .where('member_id', '=', member)
    .where('writes', '=', true)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Forgets why meetings could not be written to an account's calendars. */
export async function clearProblems(
  tx: Transaction,
  organization: OrganizationId,
  { connection }: { connection: number },
): Promise<void> {
  await tx
    .updateTable('calendars')
    .set({ problem: null })
    .where('organization_id', '=', organization)
    .where('connection_id', '=', connection)
    .execute()
}
