import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { epochOf } from '../platform/epoch-column.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { Row, RowChange } from '../platform/tables.ts'

/** The job that writes meetings to calendars. */
export const ENTRIES_JOB = 'calendar-entries'

/** A meeting that must be in its hosts' calendars. */
export interface WantedEntry {
  meeting: number
  uid: string
  members: readonly number[]
  endsAt: string
  now: string
}

/**
 * Enqueues a meeting's entry in each of its hosts' calendars that Bookbell writes to. Returns the hosts who have such a calendar.
 */
export async function wantEntries(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, uid, members, endsAt, now }: WantedEntry,
): Promise<number[]> {
  const { rows } = await sql<{ member_id: number }>`
    with wanted as (
      insert into calendar_entries as e
        (organization_id, meeting_id, calendar_id, member_id, uid, ends_at, due_at, created_at)
      select ${organization}, ${meeting}, c.id, c.member_id, ${uid}, ${endsAt},
        case when k.state <> 'revoked' and c.problem is null then ${now}::timestamptz end, ${now}
      from calendars c
      join connections k on k.organization_id = c.organization_id and k.id = c.connection_id
      where c.organization_id = ${organization} and c.member_id = any(${members}) and c.writes
      on conflict (organization_id, meeting_id, calendar_id) do update
        set wanted = true, revision = e.revision + 1, ends_at = excluded.ends_at, due_at = excluded.due_at, failures = 0
      returning member_id, due_at
    )
    select member_id, ${wakingJob(ENTRIES_JOB)} from wanted where due_at is not null`.execute(tx)
  return rows.map(({ member_id }) => member_id)
}

/** Enqueues the removal of a meeting from all calendars. Returns the hosts whose calendars contain it. */
export async function removeEntries(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, now }: { meeting: number; now: string },
): Promise<number[]> {
  const { rows } = await sql<{ member_id: number }>`
    with unwanted as (
      update calendar_entries set wanted = false, revision = revision + 1, due_at = ${now}, failures = 0
      where organization_id = ${organization} and meeting_id = ${meeting}
      returning member_id
    )
    select member_id, ${wakingJob(ENTRIES_JOB)} from unwanted`.execute(tx)
  return rows.map(({ member_id }) => member_id)
}

/** Enqueues entries for meetings in one calendar. */
export async function fillCalendar(
  tx: Transaction,
  organization: OrganizationId,
  {
    calendar,
    member,
    meetings,
    now,
  }: {
    calendar: number
    member: number
    meetings: readonly { id: number; uid: string; endsAt: string }[]
    now: string
  },
): Promise<void> {
  await sql`
    with wanted as (
      insert into calendar_entries as e
        (organization_id, meeting_id, calendar_id, member_id, uid, ends_at, due_at, created_at)
      select ${organization}, m.id, ${calendar}, ${member}, m.uid, m."endsAt", ${now}, ${now}
      from jsonb_to_recordset(${JSON.stringify(meetings)}::jsonb) as m (id bigint, uid text, "endsAt" timestamptz)
      on conflict (organization_id, meeting_id, calendar_id) do update
        set wanted = true, revision = e.revision + 1, ends_at = excluded.ends_at, due_at = excluded.due_at, failures = 0
      returning 1
    )
    select ${wakingJob(ENTRIES_JOB)} from wanted limit 1`.execute(tx)
}

/** Enqueues the removal of all future entries in these calendars. Past meetings stay in them. */
export async function emptyCalendars(
  tx: Transaction,
  organization: OrganizationId,
  { calendars, now }: { calendars: readonly number[]; now: string },
): Promise<void> {
  await sql`
    with unwanted as (
      update calendar_entries set wanted = false, revision = revision + 1, due_at = ${now}, failures = 0
      where organization_id = ${organization} and calendar_id = any(${calendars}) and ends_at > ${now}
      returning 1
    )
    select ${wakingJob(ENTRIES_JOB)} from unwanted limit 1`.execute(tx)
}

/** An entry that this process may write until its claim expires, with the calendar and the account. */
export interface ClaimedEntry {
  organization: OrganizationId
  meeting: number
  calendar: number
  member: number
  uid: string
  wanted: boolean
  revision: number
  providerId: string | null
  version: string | null
  writtenStart: number | null
  /** A change of the host that is not decided. */
  change: 'moved' | 'deleted' | null
  attempted: number[]
  failures: number
  claim: string
  connection: number
  provider: Row<'connections'>['provider']
  credentials: Uint8Array
  calendarId: string
}

export interface Claiming {
  claim: string
  now: string
  until: string
  limit: number
}

/** Claims due entries, starting with the one that has been due the longest. */
export async function claimEntries(
  executor: Executor,
  { claim, now, until, limit }: Claiming,
): Promise<ClaimedEntry[]> {
  const { rows } = await sql<ClaimedEntry>`
    with due as materialized (
      select organization_id, meeting_id, calendar_id from calendar_entries
      where due_at <= ${now} and (claimed_until is null or claimed_until <= ${now})
      order by due_at limit ${limit} for update skip locked
    ), claimed as (
      update calendar_entries e set claim = ${claim}, claimed_until = ${until}
      from due where e.organization_id = due.organization_id and e.meeting_id = due.meeting_id and e.calendar_id = due.calendar_id
      returning e.*
    )
    select e.organization_id as organization, e.meeting_id as meeting, e.calendar_id as calendar, e.member_id as member, e.uid,
      e.wanted, e.revision, e.provider_id as "providerId", e.version,
      round(date_part('epoch', e.written_start) * 1000) as "writtenStart", e.change, e.attempted, e.failures, e.claim,
      k.id as connection, k.provider, k.credentials, c.provider_id as "calendarId"
    from claimed e
    join calendars c on c.organization_id = e.organization_id and c.id = e.calendar_id
    join connections k on k.organization_id = c.organization_id and k.id = c.connection_id`.execute(executor)
  return rows
}

type Claimed = Pick<ClaimedEntry, 'organization' | 'meeting' | 'calendar' | 'claim'>

/**
 * Stores the start time before it is sent, so that the entry is recognized even if the response is lost. Returns false if the
 * claim has expired.
 */
export async function recordAttempt(executor: Executor, entry: Claimed, start: number): Promise<boolean> {
  const { rows } = await sql`
    update calendar_entries set attempted = case
      when attempted @> to_jsonb(${start}::bigint) then attempted else attempted || to_jsonb(${start}::bigint) end
    where ${isClaimed(entry)} returning 1`.execute(executor)
  return rows.length > 0
}

/** Returns whether a claim is still valid. */
export async function holdsClaim(executor: Executor, entry: Claimed): Promise<boolean> {
  const { rows } = await sql`select from calendar_entries where ${isClaimed(entry)}`.execute(executor)
  return rows.length > 0
}

/** Ends a claim because the host changed the entry. It stays due only if the meeting has changed since the claim. */
export async function releaseConflict(
  executor: Executor,
  entry: Claimed & { revision: number },
  { missing, now }: { missing: boolean; now: string },
): Promise<void> {
  await sql`
    update calendar_entries set failures = failures + 1, claim = null, claimed_until = null,
      missing_since = case when ${missing} then coalesce(missing_since, ${now}) end,
      due_at = case when revision = ${entry.revision} then null else due_at end
    where ${isClaimed(entry)}`.execute(executor)
}

/** Records that a revision of an entry was written. The entry stays due if it has changed since then. */
export async function settleWritten(
  executor: Executor,
  entry: Claimed & { revision: number },
  { id, version, start }: { id: string; version: string | null; start: string },
): Promise<void> {
  await sql`
    update calendar_entries set provider_id = ${id}, version = ${version}, written_revision = ${entry.revision},
      written_start = ${start}, attempted = '[]', missing_since = null, change = null, changed_start = null, failures = 0,
      claim = null, claimed_until = null, due_at = case when revision = ${entry.revision} then null else due_at end
    where ${isClaimed(entry)}`.execute(executor)
}

/** Records that an entry was removed. Its row is deleted, unless the entry is wanted again. */
export async function settleRemoved(executor: Executor, entry: Claimed & { revision: number }): Promise<void> {
  const { rows } = await sql`
    delete from calendar_entries where ${isClaimed(entry)} and revision = ${entry.revision} returning 1`.execute(
    executor,
  )
  if (rows.length > 0) return
  await sql`
    update calendar_entries set provider_id = null, version = null, written_revision = null, written_start = null,
      attempted = '[]', missing_since = null, change = null, changed_start = null, claim = null, claimed_until = null
    where ${isClaimed(entry)}`.execute(executor)
}

/** Ends a claim, and changes the entry. */
export async function releaseEntry(
  executor: Executor,
  entry: Claimed,
  change: RowChange<'calendar_entries'>,
): Promise<void> {
  await executor
    .updateTable('calendar_entries')
    .set({ ...change, claim: null, claimed_until: null })
    .where('organization_id', '=', entry.organization)
    .where('meeting_id', '=', entry.meeting)
    .where('calendar_id', '=', entry.calendar)
    .where('claim', '=', entry.claim)
    .execute()
}

function isClaimed({ organization, meeting, calendar, claim }: Claimed) {
  return sql<boolean>`organization_id = ${organization} and meeting_id = ${meeting} and calendar_id = ${calendar} and claim = ${claim}`
}

/** Postpones all pending entries of an account until a time, or until the account is reconnected if `until` is null. */
export async function postponeEntries(
  executor: Executor,
  organization: OrganizationId,
  { connection, until }: { connection: number; until: string | null },
): Promise<void> {
  await sql`
    update calendar_entries set due_at = ${until}, claim = null, claimed_until = null
    where organization_id = ${organization} and due_at is not null and calendar_id in (
      select id from calendars where organization_id = ${organization} and connection_id = ${connection})`.execute(
    executor,
  )
}

/** Postpones all pending entries of a calendar until its settings change. */
export async function stopCalendar(
  executor: Executor,
  organization: OrganizationId,
  { calendar }: { calendar: number },
): Promise<void> {
  await sql`
    update calendar_entries set due_at = null, claim = null, claimed_until = null
    where organization_id = ${organization} and calendar_id = ${calendar}`.execute(executor)
}

/** Makes all entries of an account due that differ from what the calendar should contain. */
export async function resumeEntries(
  executor: Executor,
  organization: OrganizationId,
  { connection, now }: { connection: number; now: string },
): Promise<void> {
  await sql`
    with resumed as (
      update calendar_entries set due_at = ${now}, failures = 0
      where organization_id = ${organization} and claim is null and ends_at > ${now}
        and (not wanted or (change is null and missing_since is null and written_revision is distinct from revision)) and calendar_id in (
          select id from calendars
          where organization_id = ${organization} and connection_id = ${connection} and problem is null)
      returning 1
    )
    select ${wakingJob(ENTRIES_JOB)} from resumed limit 1`.execute(executor)
}

/** A future entry as it was last written. */
export interface WrittenEntry {
  meeting: number
  calendar: number
  uid: string
  providerId: string
  version: string | null
  writtenStart: number
  missingSince: number | null
  change: 'moved' | 'deleted' | null
  changedStart: number | null
}

/** Lists a calendar's future entries that have no pending write. */
export async function listWritten(
  executor: Executor,
  organization: OrganizationId,
  { calendar, now }: { calendar: number; now: string },
): Promise<WrittenEntry[]> {
  const { rows } = await sql<WrittenEntry>`
    select meeting_id as meeting, calendar_id as calendar, uid, provider_id as "providerId", version,
      ${epochOf<number | null>('written_start')} as "writtenStart", ${epochOf<number | null>('missing_since')} as "missingSince", change,
      ${epochOf<number | null>('changed_start')} as "changedStart"
    from calendar_entries
    where organization_id = ${organization} and calendar_id = ${calendar} and ends_at > ${now} and wanted
      and due_at is null and claim is null and written_start is not null`.execute(executor)
  return rows
}

/** Changes an entry, unless it was written or became due since it was read. Returns whether it was changed. */
export async function changeQuiet(
  executor: Executor,
  organization: OrganizationId,
  { meeting, calendar, version }: Pick<WrittenEntry, 'meeting' | 'calendar' | 'version'>,
  change: RowChange<'calendar_entries'>,
): Promise<boolean> {
  const { numUpdatedRows } = await executor
    .updateTable('calendar_entries')
    .set(change)
    .where('organization_id', '=', organization)
    .where('meeting_id', '=', meeting)
    .where('calendar_id', '=', calendar)
    .where('version', 'is not distinct from', version)
    .where('due_at', 'is', null)
    .where('claim', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Enqueues an entry to be rewritten. A missing entry loses its provider id, so that it is created again. */
export async function rewriteEntry(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, calendar, now, isMissing }: { meeting: number; calendar: number; now: string; isMissing: boolean },
): Promise<void> {
  await sql`
    with due as (
      update calendar_entries set due_at = ${now}, revision = revision + 1, change = null, changed_start = null, missing_since = null,
        failures = 0, attempted = case when changed_start is null then attempted
          else attempted || to_jsonb((date_part('epoch', changed_start) * 1000)::bigint) end,
        provider_id = case when ${isMissing} then null else provider_id end,
        version = case when ${isMissing} then null else version end
      where organization_id = ${organization} and meeting_id = ${meeting} and calendar_id = ${calendar}
      returning 1
    )
    select ${wakingJob(ENTRIES_JOB)} from due`.execute(tx)
}

/** A change that a host made in a calendar and has not decided on yet. */
export interface HostChange {
  connection: number
  calendar: number
  member: number
  meeting: number
  kind: 'moved' | 'deleted'
  start: string | null
}

/** Lists the undecided changes in these connections' calendars. */
export async function listHostChanges(
  executor: Executor,
  organization: OrganizationId,
  connections: readonly number[],
): Promise<HostChange[]> {
  const { rows } = await sql<HostChange>`
    select c.connection_id as connection, e.calendar_id as calendar, e.member_id as member, e.meeting_id as meeting, e.change as kind,
      e.changed_start as start
    from calendar_entries e
    join calendars c on c.organization_id = e.organization_id and c.id = e.calendar_id
    where e.organization_id = ${organization} and c.connection_id = any(${connections}) and e.change is not null
    order by e.meeting_id`.execute(executor)
  return rows
}

/** Returns how many entries of an account have yet to be removed. */
export async function countEntries(
  executor: Executor,
  organization: OrganizationId,
  { connection }: { connection: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from calendar_entries e
    join calendars c on c.organization_id = e.organization_id and c.id = e.calendar_id
    where e.organization_id = ${organization} and c.connection_id = ${connection} and not e.wanted`.execute(executor)
  return rows[0]?.count ?? 0
}

/** Deletes stored data about an account's entries whose meetings ended before a time. The entries stay in the calendar. */
export async function forgetPast(
  executor: Executor,
  organization: OrganizationId,
  { connection, before }: { connection: number; before: string },
): Promise<void> {
  await sql`
    delete from calendar_entries where organization_id = ${organization} and ends_at < ${before} and calendar_id in (
      select id from calendars where organization_id = ${organization} and connection_id = ${connection})`.execute(
    executor,
  )
}
