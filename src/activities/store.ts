import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Action } from './schema.ts'

/** Draws ids, rising. One sequence for the whole server. */
export async function drawActivityIds(tx: Transaction, count: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select nextval('activities_id') as id from generate_series(1, ${count}::integer)`.execute(tx)
  return rows.map((row) => row.id).sort((a, b) => a - b)
}

export interface NewActivity {
  id: number
  attendeeId: number | null
  action: Action
  body: string
}

export interface NewActivities {
  meeting: number
  createdAt: string
  activities: NewActivity[]
  /** The channel that wakes the readers of the feed when the transaction commits. */
  channel: string
}

/**
 * Takes the organization's counter row and writes the activities at the positions after it, in the given order.
 * The row stays locked to the end of the transaction: positions become visible in their own order, without gaps.
 */
export async function insertActivities(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, createdAt, activities, channel }: NewActivities,
): Promise<void> {
  await sql`
    with counter as (
      insert into activity_counters as kept (organization_id, position) values (${organization}, ${activities.length})
      on conflict (organization_id) do update set position = kept.position + excluded.position
      returning organization_id, position - ${activities.length}::bigint as before
    ), written as (
      insert into activities (organization_id, id, position, meeting_id, attendee_id, action, created_at, body)
      select counter.organization_id, made.id, counter.before + made.number, ${meeting}, made.attendee_id, made.action,
        ${createdAt}, made.body
      from counter, unnest(
        ${activities.map((activity) => activity.id)}::bigint[],
        ${activities.map((activity) => activity.attendeeId)}::bigint[],
        ${activities.map((activity) => activity.action)}::text[],
        ${activities.map((activity) => activity.body)}::text[]
      ) with ordinality as made (id, attendee_id, action, body, number)
    )
    select pg_notify(${channel}, organization_id::text) from counter`.execute(tx)
}

export interface FeedFilter {
  actions: Action[] | undefined
  meeting: number | undefined
  /** Only of meetings that this member hosts; null: of all. */
  limitedTo: number | null
}

export interface FeedRow {
  position: number
  body: string
}

/**
 * The activities after a position, in the order of their commits, and the feed's last position, both as of one moment.
 * That moment is one statement's: whatever stands at or before the last position is visible to it.
 */
export async function listFeed(
  executor: Executor,
  organization: OrganizationId,
  { after, actions, meeting, limitedTo, limit }: FeedFilter & { after: number; limit: number },
): Promise<{ last: number; rows: FeedRow[] }> {
  const { rows } = await sql<{ last: number; position: number | null; body: string }>`
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

export async function findActivityBody(
  executor: Executor,
  organization: OrganizationId,
  { id, limitedTo }: { id: number } & Pick<FeedFilter, 'limitedTo'>,
): Promise<string | undefined> {
  const { rows } = await sql<{ body: string }>`
    select body from activities where organization_id = ${organization} and id = ${id}
      ${ofMeetingsHostedBy(organization, limitedTo)}`.execute(executor)
  return rows[0]?.body
}
