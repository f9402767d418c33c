import { type RawBuilder, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Action } from '../activities/schema.ts'
import type { Executor } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { Row } from '../platform/tables.ts'
import type { DeliveriesQuery, Delivery } from './schema.ts'

/** SQL statements for listing deliveries. */

/** A delivery with the details that help people recognize it. Times are RFC 3339 text. */
export type ListedRow = Pick<
  Row<'deliveries'>,
  'id' | 'webhook_id' | 'activity_id' | 'meeting_id' | 'replay_id' | 'attempts' | 'due_at' | 'created_at' | 'settled_at'
> &
  Pick<Delivery, 'action' | 'status' | 'failure_reason' | 'last_status' | 'last_error_kind'> & {
    meeting_name: string | null
    first_name: string | null
    last_name: string | null
    email: string | null
  }

/** The filters that select which of a webhook's deliveries a list shows. */
export interface DeliveryFilter {
  webhook: number
  status: DeliveriesQuery['status']
  action: Action | undefined
  since: string | undefined
  until: string | undefined
  statusCode: number | undefined
  errorKind: DeliveriesQuery['error_kind']
  /** If set, only deliveries of these meetings are listed. */
  meetings: readonly number[] | undefined
}

const statusConditions: Record<NonNullable<DeliveriesQuery['status']>, RawBuilder<unknown>> = {
  pending: sql`d.status = 'pending'`,
  retrying: sql`d.status = 'pending' and d.attempts > 0`,
  delivered: sql`d.status = 'delivered'`,
  failed: sql`d.status = 'failed'`,
}

/**
 * A row with its meeting and the attendee that its activity is about. If the activity is about the meeting as a whole, this is
 * the person who booked first.
 */
const listedColumns = sql`
  d.id, d.webhook_id, d.activity_id, d.meeting_id, d.replay_id, d.action, d.status, d.failure_reason, d.attempts, d.due_at,
  d.created_at, d.settled_at, d.last_status, d.last_error_kind, m.name as meeting_name, p.first_name, p.last_name, p.email`
const withPeople = sql`
  left join activities a on a.organization_id = d.organization_id and a.id = d.activity_id
  left join meetings m on m.organization_id = d.organization_id and m.id = d.meeting_id
  left join attendees p on p.organization_id = d.organization_id and p.id = coalesce(a.attendee_id, (
    select f.id from attendees f
    where f.organization_id = d.organization_id and f.meeting_id = d.meeting_id and f.role = 'booker'
    order by f.position limit 1))`

/** Lists a webhook's deliveries, newest first. Returns one more than the limit if there are more. */
export async function listDeliveries(
  executor: Executor,
  organization: OrganizationId,
  { limit, after, ...filter }: DeliveryFilter & PageRequest,
): Promise<ListedRow[]> {
  const chosen = sql.join([...rangeOf(organization, { ...filter, after }), ...conditionsOf(filter)], sql` and `)
  // Materializes all deliveries of the meetings. Otherwise, the planner would search the webhook's deliveries from the newest to
  // the oldest.
  const ofMeetings =
    filter.meetings &&
    sql`with of_meetings as materialized (
      select d.* from deliveries d
      where d.organization_id = ${organization} and d.meeting_id = any(${filter.meetings}::bigint[]))`
  const { rows } = await sql<ListedRow>`
    ${ofMeetings ?? sql``}
    select ${listedColumns}
    from (
      select d.* from ${ofMeetings ? sql`of_meetings d` : sql`deliveries d`} where ${chosen}
      order by d.created_at desc, d.id desc limit ${limit + 1}
    ) d ${withPeople}
    order by d.created_at desc, d.id desc`.execute(executor)
  return rows
}

/** The part of the index that contains the list. */
function rangeOf(
  organization: OrganizationId,
  { webhook, since, until, after }: Pick<DeliveryFilter, 'webhook' | 'since' | 'until'> & Pick<PageRequest, 'after'>,
): RawBuilder<unknown>[] {
  const [microseconds = 0, id = 0] = after ?? []
  return [
    sql`d.organization_id = ${organization} and d.webhook_id = ${webhook}`,
    ...(since === undefined ? [] : [sql`d.created_at >= ${since}`]),
    ...(until === undefined ? [] : [sql`d.created_at < ${until}`]),
    ...(after === undefined
      ? []
      : [
          sql`(d.created_at, d.id) < (timestamptz 'epoch' + ${microseconds}::float8 * interval '1 microsecond', ${id}::bigint)`,
        ]),
  ]
}

function conditionsOf({ status, action, statusCode, errorKind }: DeliveryFilter): RawBuilder<unknown>[] {
  return [
    ...(status === undefined ? [] : [statusConditions[status]]),
    ...(action === undefined ? [] : [sql`d.action = ${action}`]),
    ...(errorKind === undefined ? [] : [sql`d.last_error_kind = ${errorKind}`]),
    ...(statusCode === undefined ? [] : [hasStatusCode(statusCode)]),
  ]
}

/**
 * Failures have an index. Successes do not need one, because they are common, and a scan from the newest soon finds a
 * page.
 */
function hasStatusCode(code: number): RawBuilder<unknown> {
  const isSuccess = code >= 200 && code < 300
  return sql`d.last_status = ${code}${isSuccess ? sql`` : sql` and d.last_error_kind is not null`}`
}

/** Returns the sort key of a row in the list, as integers. */
export function sortKeyOf({ created_at, id }: Pick<ListedRow, 'created_at' | 'id'>): number[] {
  const fraction = /\.(\d+)/.exec(created_at)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(created_at) / 1_000)
  return [seconds * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6)), id]
}

/** Lists the meetings with an attendee whose email address, name or last name begins with this text, up to a limit. */
export async function listMeetingsOf(
  executor: Executor,
  organization: OrganizationId,
  { attendee, limit }: { attendee: string; limit: number },
): Promise<number[]> {
  const pattern = `${attendee.replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ meeting_id: number }>`
    select distinct meeting_id from attendees
    where organization_id = ${organization} and role = 'booker' and (lower(email) like lower(${pattern})
      or lower(first_name || ' ' || last_name) like lower(${pattern}) or lower(last_name) like lower(${pattern}))
    limit ${limit}`.execute(executor)
  return rows.map(({ meeting_id }) => meeting_id)
}

/** Finds a delivery with the body that it sends, and whether a dispatcher holds it now. */
export async function findDelivery(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<(ListedRow & { body: string; claimed: boolean }) | undefined> {
  const { rows } = await sql<ListedRow & { body: string; claimed: boolean }>`
    select ${listedColumns}, a.body, d.status = 'pending' and d.claimed_until > now() is true as claimed
    from deliveries d ${withPeople}
    where d.organization_id = ${organization} and d.id = ${id} and a.id is not null`.execute(executor)
  return rows[0]
}
