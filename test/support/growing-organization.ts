import { sql } from 'kysely'
import type { Database, Executor } from '../../src/platform/database.ts'

const HOSTS = 500

/** The organization that grows: the first in the database, or a new one. */
export interface GrownOrganization {
  organization: number
  /** One of the organization's hosts, and a meeting type that the first host hosts. */
  member: number
  meetingType: number
}

/**
 * Writes meetings of 500 other hosts directly into the tables, with people, links, busy time and activities. Afterwards, the
 * organization has `to` meetings, not counting those that were booked.
 */
export async function growOrganization(database: Database, { to }: { to: number }): Promise<GrownOrganization> {
  const { executor } = database
  const organization = await keepOrganization(executor)
  const [member] = await keepHosts(executor, organization)
  const meetingType = await keepMeetingType(executor, organization)
  const grown = await sql<{ count: number }>`
    select count(*) as count from meetings
    where organization_id = ${organization} and name = 'Grown'`.execute(executor)
  const from = grown.rows[0]!.count
  if (to > from) {
    await insertMeetings(executor, { organization, meetingType, from, to })
    await sql`vacuum analyze`.execute(executor)
  }
  return { organization, member: member!, meetingType }
}

async function keepOrganization(executor: Executor): Promise<number> {
  const found = await sql<{ id: number }>`select min(organization_id) as id from organizations`.execute(executor)
  if (found.rows[0]?.id) return found.rows[0].id
  const made = await sql<{ id: number }>`
    insert into organizations (name, created_at) values ('Grown', now()) returning organization_id as id`.execute(
    executor,
  )
  return made.rows[0]!.id
}

async function keepHosts(executor: Executor, organization: number): Promise<number[]> {
  await sql`
    insert into members (organization_id, email, first_name, last_name, timezone, role, created_at)
    select ${organization}, 'grown-' || number || '@example.com', 'Grown', '', 'UTC', 'member', now()
    from generate_series(1, ${HOSTS}::int) as number on conflict do nothing`.execute(executor)
  const { rows } = await sql<{ id: number }>`
    select id from members where organization_id = ${organization} and first_name = 'Grown' order by id`.execute(
    executor,
  )
  return rows.map(({ id }) => id)
}

async function keepMeetingType(executor: Executor, organization: number): Promise<number> {
  await sql`
    insert into meeting_types (organization_id, name, slug, kind, duration_minutes, location_type, assignment, seats,
      approval, visibility, cancellation, rescheduling, created_at)
    values (${organization}, 'Grown', 'grown', 'one_on_one', 30, 'place', 'fixed', 1, 'automatic', 'public', '{}', '{}', now())
    on conflict do nothing`.execute(executor)
  const { rows } = await sql<{ id: number }>`
    select id from meeting_types where organization_id = ${organization} and slug = 'grown'`.execute(executor)
  return rows[0]!.id
}

/** Returns the meetings numbered `from` to `to`. Each host's meetings are an hour apart, and nine out of ten are in the past. */
async function insertMeetings(
  executor: Executor,
  { organization, meetingType, from, to }: { organization: number; meetingType: number; from: number; to: number },
): Promise<void> {
  await sql`
    with hosts as (
      select id, row_number() over (order by id) - 1 as number from members
      where organization_id = ${organization} and first_name = 'Grown'
    ), made as (
      insert into meetings (organization_id, meeting_type_id, meeting_type_name, kind, name, location, location_type,
        starts_at, ends_at, approved, confirmed, cancelled, active, created_at)
      select ${organization}, ${meetingType}, 'Grown', 'one_on_one', 'Grown', hosts.id::text, 'place', at, at + interval '30 minutes',
        null, true, false, true, now()
      from generate_series(${from}::int, ${to}::int - 1) as step
      join hosts on hosts.number = step % ${HOSTS}::int
      cross join lateral (
        select date_trunc('hour', now()) + make_interval(hours => step / ${HOSTS}::int - 1800) as at
      ) as start
      returning id, location::bigint as member, starts_at, ends_at
    ), held as (
      insert into busy (organization_id, member_id, meeting_id, during)
      select ${organization}, member, id, tstzrange(starts_at, ends_at) from made
    ), people as (
      insert into attendees (organization_id, meeting_id, role, position, member_id, email, first_name, last_name, timezone,
        status, external_id, created_at)
      select ${organization}, id, role, 0, case when role = 'host' then member end,
        role || id || '@example.com', 'Grown', '', 'UTC', 'confirmed', role || id, now()
      from made, (values ('host'), ('booker')) as roles (role)
      returning id, external_id
    ), links as (
      insert into attendee_links (external_id, organization_id, attendee_id) select external_id, ${organization}, id from people
    ), counted as (
      insert into activity_counters as kept (organization_id, position) values (${organization}, 2 * (${to}::bigint - ${from}::bigint))
      on conflict (organization_id) do update set position = kept.position + excluded.position
      returning position - 2 * (${to}::bigint - ${from}::bigint) as before
    )
    insert into activities (organization_id, id, position, meeting_id, action, created_at, body, conditions)
    select ${organization}, nextval('activities_id'), counted.before + row_number() over (), made.id, action, now(), '{}', '[]'
    from made, counted, (values ('Meeting.scheduled'), ('Attendee.scheduled')) as actions (action)`.execute(executor)
}

/** Returns how many rows all tables contain together. */
export async function countRows({ executor }: Database): Promise<number> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(executor)
  let total = 0
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(executor)
    total += rows[0]!.count
  }
  return total
}
