import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { keysOf } from '../platform/keys-of.ts'
import type { NewRow, Row } from '../platform/tables.ts'
import type { Action } from './schema.ts'

/** The columns that differ between the activities of one change, with their types. */
const draftTypes = {
  attendee_id: 'bigint',
  action: 'text',
  body: 'text',
  conditions: 'jsonb',
} as const satisfies Record<
  Exclude<keyof NewRow<'activities'>, 'organization_id' | 'id' | 'position' | 'meeting_id' | 'created_at'>,
  string
>
const draftNames = keysOf(draftTypes)
const draftColumns = sql.join(draftNames.map((name) => sql.ref(name)))
const draftValues = sql.join(
  draftNames.map((name) =>
    name === 'body' ? sql`'{"id":' || drawn.id || ',' || drawn.body` : sql.ref(`drawn.${name}`),
  ),
)

/** An activity without its id and position. `body` does not include the beginning, `{"id":…,`. */
export type NewActivity = Pick<NewRow<'activities'>, keyof typeof draftTypes> & { action: Action }

export interface NewActivities {
  meeting: number
  createdAt: string
  /** In the order in which they happened. */
  activities: readonly NewActivity[]
  /** The channel that wakes the feed's readers when the transaction commits. */
  channel: string
}

/**
 * Locks the organization's counter row and writes the activities at the next positions, in the given order. Returns their ids.
 * The ids come from one sequence on the server and are assigned under the meeting's lock. A meeting's activity ids therefore
 * increase in the order of its changes. The counter row stays locked until the end of the transaction, so positions become
 * visible in order and without gaps.
 */
export async function insertActivities(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, createdAt, activities, channel }: NewActivities,
): Promise<Pick<Row<'activities'>, 'id'>[]> {
  const lists = draftNames.map((name) => sql`${activities.map((draft) => draft[name])}::${sql.raw(draftTypes[name])}[]`)
  const { rows } = await sql<Pick<Row<'activities'>, 'id'>>`
    with counter as (
      insert into activity_counters as kept (organization_id, position) values (${organization}, ${activities.length})
      on conflict (organization_id) do update set position = kept.position + excluded.position
      returning organization_id, position - ${activities.length}::bigint as before
    ), drawn as (
      select nextval('activities_id') as id, draft.* from unnest(${sql.join(lists)})
        with ordinality as draft (${draftColumns}, number)
    ), written as (
      insert into activities (organization_id, id, position, meeting_id, created_at, ${draftColumns})
      select counter.organization_id, drawn.id, counter.before + drawn.number, ${meeting}, ${createdAt}::timestamptz,
        ${draftValues}
      from counter, drawn
      returning id
    )
    select written.id, pg_notify(${channel}, counter.organization_id::text) from written, counter order by written.id`.execute(
    tx,
  )
  return rows
}

export interface FeedFilter {
  actions: Action[] | undefined
  meeting: number | undefined
  /** Restricts the feed to activities of meetings that this member hosts. Null means all. */
  limitedTo: number | null
}

export type FeedRow = Pick<Row<'activities'>, 'position' | 'body'>

/**
 * Returns the activities after a position, in the order of their commits, and the feed's last position. Both come from
 * the snapshot of one statement, which sees everything up to the last position.
 */
export async function listFeed(
  executor: Executor,
  organization: OrganizationId,
  { after, actions, meeting, limitedTo, limit }: FeedFilter & { after: number; limit: number },
): Promise<{ last: number; rows: FeedRow[] }> {
  const { rows } = await sql<{ last: number } & (FeedRow | { position: null; body: null })>`
    select counter.position as last, found.position, found.body
    from activity_counters counter
    left join (
      select position, body from activities
      where organization_id = ${organization} and position > ${after}
        ${actions ? sql`and action = any(${actions}::text[])` : sql``}
        ${meeting === undefined ? sql`` : sql`and meeting_id = ${meeting}`}
        ${ofMeetingsHostedBy(organization, limitedTo)}
      order by position limit ${limit}
    ) found on true
    where counter.organization_id = ${organization}
    order by found.position`.execute(executor)
  const found = rows.flatMap(({ position, body }) => (position === null ? [] : [{ position, body }]))
  return { last: rows[0]?.last ?? 0, rows: found }
}

function ofMeetingsHostedBy(organization: OrganizationId, member: number | null) {
  if (member === null) return sql``
  return sql`and meeting_id in (
    select meeting_id from attendees where organization_id = ${organization} and member_id = ${member})`
}

/** Returns an activity's frozen body if the reader may see it, otherwise undefined. */
export async function findActivityBody(
  executor: Executor,
  organization: OrganizationId,
  { id, limitedTo }: { id: number } & Pick<FeedFilter, 'limitedTo'>,
): Promise<string | undefined> {
  const { rows } = await sql<Pick<Row<'activities'>, 'body'>>`
    select body from activities where organization_id = ${organization} and id = ${id}
      ${ofMeetingsHostedBy(organization, limitedTo)}`.execute(executor)
  return rows[0]?.body
}

export interface BodyRow {
  id: number
  meeting_id: number
  attendee_id: number | null
  created_at: string
  body: string
}

/** Lists the bodies of these meetings' activities, in the order of the feed. */
export async function listBodiesOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  meetings: readonly number[],
): Promise<BodyRow[]> {
  const { rows } = await sql<BodyRow>`
    select id, meeting_id, attendee_id, created_at, body from activities
    where organization_id = ${organization} and meeting_id = any(${meetings}::bigint[])
    order by meeting_id, position`.execute(executor)
  return rows
}

/** Replaces activity bodies. This is done only when people are erased. */
export async function updateBodies(
  tx: Transaction,
  organization: OrganizationId,
  bodies: readonly { id: number; body: string }[],
): Promise<void> {
  await sql`
    update activities a set body = changed.body
    from unnest(${bodies.map(({ id }) => id)}::bigint[], ${bodies.map(({ body }) => body)}::text[]) as changed (id, body)
    where a.organization_id = ${organization} and a.id = changed.id`.execute(tx)
}

/**
 * Updates the hosts' email addresses in the conditions of these meetings' activities. The addresses are taken from the hosts'
 * rows, which are already erased.
 */
export async function eraseConditions(
  tx: Transaction,
  organization: OrganizationId,
  meetings: readonly number[],
): Promise<void> {
  await sql`
    update activities a set conditions = (
      select coalesce(jsonb_agg(met.condition), '[]') from (
        select condition from jsonb_array_elements(a.conditions) condition where condition ->> 'path' <> 'host.email'
        union all
        select jsonb_build_object('path', 'host.email', 'equals', lower(h.email)) from attendees h
        where h.organization_id = a.organization_id and h.meeting_id = a.meeting_id and h.role = 'host'
      ) met
    )
    where a.organization_id = ${organization} and a.meeting_id = any(${meetings}::bigint[])
      and exists (
        select from attendees h
        where h.organization_id = a.organization_id and h.meeting_id = a.meeting_id and h.role = 'host'
          and h.email like 'erased-%@erased.invalid')`.execute(tx)
}
