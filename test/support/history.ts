import { sql } from 'kysely'
import type { Database, Transaction } from '../../src/platform/database.ts'

export interface History {
  /** The number of past and upcoming meetings of 500 other hosts. */
  others: number
  /** The hosts whose slots are requested. Each has `past` meetings in the past and 20 in the next weeks. */
  members: readonly number[]
  past: number
}

const OTHER_HOSTS = 500

/** Writes an organization's history directly into its tables, each meeting with its busy time. */
export async function fillHistory(database: Database, { others, members, past }: History): Promise<void> {
  await database.transaction(async (tx) => {
    const { rows } = await sql<{ id: number }>`
      insert into members (organization_id, email, first_name, last_name, timezone, role, created_at)
      select organization_id, 'other-' || number || '@example.com', 'Other', '', 'UTC', 'member', now()
      from organizations, generate_series(1, ${OTHER_HOSTS}::int) as number returning id`.execute(tx)
    const strangers = rows.map(({ id }) => id)
    const each = Math.ceil(others / OTHER_HOSTS)
    await insertMeetings(tx, { members: strangers, count: each, first: -Math.floor(each * 0.9), hours: 5 })
    await insertMeetings(tx, { members: members.slice(0, 1), count: past, first: -past - 24, hours: 2 })
    await insertMeetings(tx, { members: members.slice(1), count: 200, first: -224, hours: 2 })
    await insertMeetings(tx, { members, count: 20, first: 3, hours: 35 })
  })
  await sql`vacuum analyze`.execute(database.executor)
}

interface Series {
  members: readonly number[]
  /** How many meetings each member gets. */
  count: number
  /** The first meeting starts this many steps after the start of this day. */
  first: number
  /** The distance from one meeting to the next. */
  hours: number
}

async function insertMeetings(tx: Transaction, { members, count, first, hours }: Series): Promise<void> {
  await sql`
    with made as (
      insert into meetings (organization_id, meeting_type_id, meeting_type_name, kind, name, location_type,
        starts_at, ends_at, approved, confirmed, cancelled, active, created_at, location)
      select t.organization_id, t.id, t.name, 'one_on_one', t.name, 'place',
        date_trunc('day', now()) + interval '14 hours' + make_interval(hours => (${first}::int + step) * ${hours}::int),
        date_trunc('day', now()) + interval '14 hours 30 minutes' + make_interval(hours => (${first}::int + step) * ${hours}::int),
        null, true, false, true, now(), member::text
      from (select * from meeting_types order by id limit 1) t,
        generate_series(0, ${count}::int - 1) as step, unnest(${members}::bigint[]) as member
      returning organization_id, id, location, starts_at, ends_at
    )
    insert into busy (organization_id, member_id, meeting_id, during)
    select organization_id, location::bigint, id, tstzrange(starts_at, ends_at) from made`.execute(tx)
}
