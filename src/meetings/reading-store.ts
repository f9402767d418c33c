import { type RawBuilder, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { FieldSubmission } from '../activities/schema.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from '../activities/snapshot.ts'
import type { LocationType } from '../places/schema.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { containing } from '../platform/like-pattern.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { Row } from '../platform/tables.ts'

/** A meeting with the names of its tags. */
export interface MeetingRow {
  meeting: MeetingSnapshot
  tags: string[]
}

type MeetingColumns = Omit<Row<'meetings'>, 'organization_id' | 'active' | 'location_type'> & {
  location_type: LocationType
  tags: string[]
}

type AttendeeColumns = Omit<Row<'attendees'>, 'organization_id' | 'role' | 'position' | 'field_submissions'> & {
  field_submissions: FieldSubmission[]
}

/** Returns the meeting with all its attendees and hosts, or undefined. */
export async function findMeeting(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingRow | undefined> {
  const [meeting] = await selectMeetings(executor, organization, sql`m.id = ${id}`)
  if (!meeting) return undefined
  return toMeeting(meeting, await selectPeople(executor, organization, [id]))
}

/** A filter for a list of meetings. Undefined means no filter. Instants are epoch milliseconds. */
export interface MeetingFilter {
  from: number | undefined
  to: number | undefined
  status: AttendeeSnapshot['status'] | undefined
  meetingType: number | undefined
  host: number | undefined
  /** Only meetings that this member hosts. Null means all. */
  limitedTo: number | null
  attendeeEmail: string | undefined
  tag: string | undefined
  /** Part of the meeting's name, or of a booker's name or email address. */
  search: string | undefined
  order: 'asc' | 'desc'
}

/** Lists meetings in the order of their starts. Returns one more than the limit if there are more. */
export async function listMeetings(
  executor: Executor,
  organization: OrganizationId,
  { filter, page }: { filter: MeetingFilter; page: PageRequest },
): Promise<MeetingRow[]> {
  const conditions = [...conditionsOf(filter), ...afterRow(page.after, filter.order)]
  const order = sql.raw(filter.order)
  const where = conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`
  const meetings = await selectMeetings(
    executor,
    organization,
    sql`${where} order by m.starts_at ${order}, m.id ${order} limit ${page.limit + 1}`,
  )
  const people = await selectPeople(
    executor,
    organization,
    meetings.map(({ id }) => id),
  )
  return meetings.map((meeting) => toMeeting(meeting, people))
}

async function selectMeetings(executor: Executor, organization: OrganizationId, rest: RawBuilder<unknown>) {
  const { rows } = await sql<MeetingColumns>`
    select m.id, m.meeting_type_id, m.meeting_type_name, m.kind, m.name, m.location, m.location_type, m.conference_url,
      m.conference_password, m.starts_at, m.ends_at, m.approved, m.confirmed, m.cancelled, m.ics_sequence, m.created_at,
      array(
        select t.name from meeting_tags mt
        join tags t on t.organization_id = mt.organization_id and t.id = mt.tag_id
        where mt.organization_id = m.organization_id and mt.meeting_id = m.id
      ) as tags
    from meetings m where m.organization_id = ${organization} and ${rest}`.execute(executor)
  return rows
}

async function selectPeople(executor: Executor, organization: OrganizationId, meetings: readonly number[]) {
  const { rows } = await sql<AttendeeColumns>`
    select id, meeting_id, member_id, email, first_name, last_name, timezone, locale, status, external_id, utm_source,
      utm_medium, utm_campaign, utm_content, utm_term, field_submissions, created_at
    from attendees where organization_id = ${organization} and meeting_id = any(${meetings})
    order by meeting_id, role, position`.execute(executor)
  return rows
}

export function conditionsOf(filter: Omit<MeetingFilter, 'order'>): RawBuilder<unknown>[] {
  const { from, to, status, meetingType, host, limitedTo, attendeeEmail, tag, search } = filter
  return [
    ...(from === undefined ? [] : [sql`m.starts_at >= ${toInstantText(from)}`]),
    ...(to === undefined ? [] : [sql`m.starts_at < ${toInstantText(to)}`]),
    ...(status === undefined ? [] : [hasStatus[status]]),
    ...(meetingType === undefined ? [] : [sql`m.meeting_type_id = ${meetingType}`]),
    ...(host === undefined ? [] : [hasPerson(sql`a.member_id = ${host}`)]),
    ...(limitedTo === null ? [] : [hasPerson(sql`a.member_id = ${limitedTo}`)]),
    ...(attendeeEmail === undefined
      ? []
      : [hasPerson(sql`a.role = 'booker' and lower(a.email) = lower(${attendeeEmail})`)]),
    ...(tag === undefined ? [] : [hasTag(tag)]),
    ...(search === undefined ? [] : [hasText(search)]),
  ]
}

export const hasStatus: Record<AttendeeSnapshot['status'], RawBuilder<unknown>> = {
  requested: sql`m.active and ${hasPerson(sql`a.status = 'requested'`)}`,
  confirmed: sql`m.active and m.confirmed`,
  declined: sql`not m.active and not m.cancelled`,
  cancelled: sql`m.cancelled`,
}

function hasPerson(condition: RawBuilder<unknown>) {
  return sql`exists (
    select from attendees a where a.organization_id = m.organization_id and a.meeting_id = m.id and ${condition})`
}

function hasText(text: string) {
  const pattern = containing(text)
  const ofBooker = hasPerson(
    sql`a.role = 'booker' and (a.email ilike ${pattern} or a.first_name || ' ' || a.last_name ilike ${pattern})`,
  )
  return sql`(m.name ilike ${pattern} or ${ofBooker})`
}

function hasTag(name: string) {
  return sql`exists (
    select from meeting_tags mt join tags t on t.organization_id = mt.organization_id and t.id = mt.tag_id
    where mt.organization_id = m.organization_id and mt.meeting_id = m.id and t.name = ${name})`
}

/** A forged cursor may contain any instant, so it is clamped to the range that the database can store. */
function afterRow(after: PageRequest['after'], order: MeetingFilter['order']): RawBuilder<unknown>[] {
  if (!after) return []
  const [start = 0, id = 0] = after
  const instant = Math.min(Math.max(start, 0), Date.UTC(3000, 0))
  const beyond = sql.raw(order === 'asc' ? '>' : '<')
  return [sql`(m.starts_at, m.id) ${beyond} (${toInstantText(instant)}, ${id})`]
}

function toMeeting(row: MeetingColumns, people: readonly AttendeeColumns[]): MeetingRow {
  const own = people.filter((person) => person.meeting_id === row.id).map(toAttendee)
  const meeting: MeetingSnapshot = {
    id: row.id,
    kind: row.kind,
    createdAt: row.created_at,
    name: row.name,
    location: row.location,
    locationType: row.location_type,
    start: Date.parse(row.starts_at),
    end: Date.parse(row.ends_at),
    approved: row.approved,
    confirmed: row.confirmed,
    cancelled: row.cancelled,
    conferencePassword: row.conference_password,
    conferenceUrl: row.conference_url,
    meetingType: { id: row.meeting_type_id, name: row.meeting_type_name },
    icsSequence: row.ics_sequence,
    bookers: own.filter(({ memberId }) => memberId === null),
    hosts: own.filter(({ memberId }) => memberId !== null),
  }
  return { meeting, tags: row.tags.sort() }
}

function toAttendee(row: AttendeeColumns): AttendeeSnapshot {
  return {
    id: row.id,
    createdAt: row.created_at,
    memberId: row.member_id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    timezone: row.timezone,
    locale: row.locale,
    status: row.status,
    externalId: row.external_id,
    utmSource: row.utm_source,
    utmMedium: row.utm_medium,
    utmCampaign: row.utm_campaign,
    utmContent: row.utm_content,
    utmTerm: row.utm_term,
    fieldSubmissions: row.field_submissions,
  }
}

/** Returns meetings with all their attendees and hosts, in the order of their ids. */
export async function findMeetings(
  executor: Executor,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<MeetingRow[]> {
  return readMeetings(executor, organization, sql`m.id = any(${ids}::bigint[]) order by m.id`)
}

/** Lists a host's active meetings in a time range, by start. `to` is exclusive. Instants are epoch milliseconds. */
export async function listMeetingsAround(
  executor: Executor,
  organization: OrganizationId,
  { member, from, to, limit }: { member: number; from: number; to: number; limit: number },
): Promise<MeetingRow[]> {
  const range = [toInstantText(from), toInstantText(to)]
  // This uses the index of busy times by member and time.
  return readMeetings(
    executor,
    organization,
    sql`m.id in (
      select b.meeting_id from busy b
      where b.organization_id = ${organization} and b.member_id = ${member} and b.during && tstzrange(${sql.join(range)})
    ) and m.ends_at > ${range[0]} and m.starts_at < ${range[1]} order by m.starts_at, m.id limit ${limit}`,
  )
}

async function readMeetings(executor: Executor, organization: OrganizationId, rest: RawBuilder<unknown>) {
  const meetings = await selectMeetings(executor, organization, rest)
  const ids = meetings.map(({ id }) => id)
  const people = await selectPeople(executor, organization, ids)
  const ofMeeting = Map.groupBy(people, ({ meeting_id }) => meeting_id)
  return meetings.map((meeting) => toMeeting(meeting, ofMeeting.get(meeting.id) ?? []))
}

/** Lists a host's meetings in any state that end after a time. */
export async function listMeetingsOfHost(
  executor: Executor,
  organization: OrganizationId,
  { member, since, isActive = false }: { member: number; since: number; isActive?: boolean },
): Promise<Pick<Row<'meetings'>, 'id' | 'created_at' | 'ends_at'>[]> {
  return executor
    .selectFrom('meetings as m')
    .innerJoin('attendees as a', (join) =>
      join.onRef('a.organization_id', '=', 'm.organization_id').onRef('a.meeting_id', '=', 'm.id'),
    )
    .select(['m.id', 'm.created_at', 'm.ends_at'])
    .where('m.organization_id', '=', organization)
    .where('a.member_id', '=', member)
    .where('m.ends_at', '>', toInstantText(since))
    .$if(isActive, (query) => query.where('m.active', '=', true))
    .execute()
}
