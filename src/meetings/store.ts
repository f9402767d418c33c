import { type RawBuilder, sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { AttendeeSnapshot, MeetingSnapshot } from '../activities/activity.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { PageRequest } from '../platform/pagination.ts'
import type { HostLoad } from './assignment.ts'
import type { AttendeeView } from './schema.ts'

/** A stretch of time, in epoch milliseconds. */
export interface Stretch {
  from: number
  to: number
}

/** A member who hosts, as far as a meeting copies it. */
export interface HostRow {
  id: number
  email: string
  first_name: string
  last_name: string
  timezone: string
}

/**
 * Locks members in the order of their ids, the first lock of every change of a meeting: whoever holds it is alone with
 * these hosts' time. Plain inserts that race on an exclusion constraint would deadlock.
 */
export async function lockHosts(
  tx: Transaction,
  organization: OrganizationId,
  members: readonly number[],
): Promise<HostRow[]> {
  const { rows } = await sql<HostRow>`
    select id, email, first_name, last_name, timezone from members
    where organization_id = ${organization} and id = any(${members}) and deleted_at is null
    order by id for no key update`.execute(tx)
  return rows
}

/**
 * Locks a meeting's hosts in the order of their ids, then the meeting, and says whether there is one. What is read
 * afterwards, with a snapshot of its own, is what the last writer left: the hosts of a meeting never change.
 */
export async function lockMeeting(tx: Transaction, organization: OrganizationId, id: number): Promise<boolean> {
  const { rows } = await sql`
    with hosts as materialized (
      select m.id from members m
      where m.organization_id = ${organization} and m.id in (
        select a.member_id from attendees a
        where a.organization_id = ${organization} and a.meeting_id = ${id} and a.member_id is not null
      )
      order by m.id for no key update of m
    )
    select from meetings
    where organization_id = ${organization} and id = ${id} and (select count(*) from hosts) > 0
    for no key update`.execute(tx)
  return rows.length > 0
}

/** A meeting that is to be stored, and the time that it takes from its hosts (buffers included). */
export interface NewMeeting {
  meeting: MeetingSnapshot
  busy: Stretch
}

/** What the database gave to what was inserted: ids of people by their external ids. */
export interface InsertedMeeting {
  id: number
  people: Record<string, number>
}

/**
 * Stores a meeting with its people, their links and its hosts' time, in one statement. Undefined where one of the hosts'
 * time is taken: then the caller takes the meeting back. The exclusion constraint decides, whatever was read before.
 */
export async function insertMeeting(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, busy }: NewMeeting,
): Promise<InsertedMeeting & { isHeld: boolean }> {
  const members = meeting.hosts.map(({ memberId }) => memberId)
  const { rows } = await sql<{ id: number; held: number; people: Record<string, number> }>`
    with made as (
      insert into meetings (
        organization_id, meeting_type_id, meeting_type_name, kind, name, location, location_type, conference_url,
        conference_password, starts_at, ends_at, approved, confirmed, cancelled, active, ics_sequence, created_at
      ) values (
        ${organization}, ${meeting.meetingType.id}, ${meeting.meetingType.name}, ${meeting.kind}, ${meeting.name},
        ${meeting.location}, ${meeting.locationType}, ${meeting.conferenceUrl}, ${meeting.conferencePassword},
        ${toInstantText(meeting.start)}, ${toInstantText(meeting.end)}, ${meeting.approved}, ${meeting.confirmed},
        ${meeting.cancelled}, true, ${meeting.icsSequence}, ${meeting.createdAt}
      ) returning id
    ), people as (${insertPeople(organization, sql`(select id from made)`, rowsOf(meeting))}
    ), links as (${insertLinks(organization)}
    ), held as (
      insert into busy (organization_id, member_id, meeting_id, during)
      select ${organization}, member, made.id, ${range(busy)} from made, unnest(${members}::bigint[]) member
      on conflict do nothing returning member_id
    )
    select made.id, (select count(*) from held) as held,
      (select jsonb_object_agg(external_id, people.id) from people) as people
    from made`.execute(tx)
  const { id, held, people } = rows[0]!
  return { id, people, isHeld: held === members.length }
}

/** Takes back a meeting of this transaction that could not have its time. */
export async function deleteMeeting(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await sql`delete from meetings where organization_id = ${organization} and id = ${id}`.execute(tx)
}

/** Stores one more person of a meeting; gives the id. */
export async function insertBooker(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, booker, position }: { meeting: number; booker: AttendeeSnapshot; position: number },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    with people as (${insertPeople(organization, sql`${meeting}::bigint`, [rowOf(booker, position)])}
    ), links as (${insertLinks(organization)}
    )
    select id from people`.execute(tx)
  return rows[0]!.id
}

function insertPeople(organization: OrganizationId, meeting: RawBuilder<unknown>, people: unknown[]) {
  return sql`
      insert into attendees (
        organization_id, meeting_id, role, position, member_id, email, first_name, last_name, timezone, locale, status,
        external_id, utm_source, utm_medium, utm_campaign, utm_content, utm_term, field_submissions, created_at
      )
      select ${organization}, ${meeting}, role, position, member_id, email, first_name, last_name, timezone, locale,
        status, external_id, utm_source, utm_medium, utm_campaign, utm_content, utm_term, field_submissions, created_at
      from jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as person (
        role text, position integer, member_id bigint, email text, first_name text, last_name text, timezone text,
        locale text, status text, external_id text, utm_source text, utm_medium text, utm_campaign text,
        utm_content text, utm_term text, field_submissions jsonb, created_at timestamptz
      )
      returning id, external_id`
}

function insertLinks(organization: OrganizationId) {
  return sql`
      insert into attendee_links (external_id, organization_id, attendee_id)
      select external_id, ${organization}, id from people`
}

function rowsOf({ hosts, bookers }: MeetingSnapshot) {
  return [
    ...hosts.map((person, index) => rowOf(person, index)),
    ...bookers.map((person, index) => rowOf(person, index)),
  ]
}

function rowOf(person: AttendeeSnapshot, position: number) {
  return {
    role: person.memberId === null ? 'booker' : 'host',
    position,
    member_id: person.memberId,
    email: person.email,
    first_name: person.firstName,
    last_name: person.lastName,
    timezone: person.timezone,
    locale: person.locale,
    status: person.status,
    external_id: person.externalId,
    utm_source: person.utmSource,
    utm_medium: person.utmMedium,
    utm_campaign: person.utmCampaign,
    utm_content: person.utmContent,
    utm_term: person.utmTerm,
    field_submissions: person.fieldSubmissions,
    created_at: person.createdAt,
  }
}

function range({ from, to }: Stretch) {
  return sql`tstzrange(${toInstantText(from)}, ${toInstantText(to)})`
}

/** Stores the state of a meeting that was read under its lock. */
export async function updateMeeting(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, active }: { meeting: MeetingSnapshot; active: boolean },
): Promise<void> {
  await sql`
    update meetings set
      starts_at = ${toInstantText(meeting.start)}, ends_at = ${toInstantText(meeting.end)},
      approved = ${meeting.approved}, confirmed = ${meeting.confirmed}, cancelled = ${meeting.cancelled},
      active = ${active}, ics_sequence = ${meeting.icsSequence}
    where organization_id = ${organization} and id = ${meeting.id}`.execute(tx)
}

/** Stores the status of these people. */
export async function updateStatuses(
  tx: Transaction,
  organization: OrganizationId,
  people: readonly Pick<AttendeeSnapshot, 'id' | 'status'>[],
): Promise<void> {
  await sql`
    update attendees a set status = changed.status
    from unnest(${people.map(({ id }) => id)}::bigint[], ${people.map(({ status }) => status)}::text[]) as changed (id, status)
    where a.organization_id = ${organization} and a.id = changed.id`.execute(tx)
}

/** Gives the hosts their time back. */
export async function deleteBusy(tx: Transaction, organization: OrganizationId, meeting: number): Promise<void> {
  await sql`delete from busy where organization_id = ${organization} and meeting_id = ${meeting}`.execute(tx)
}

/** Takes another time and releases the old one. The exclusion constraint refuses what is taken (SQLSTATE 23P01). */
export async function moveBusy(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, busy }: { meeting: number; busy: Stretch },
): Promise<void> {
  await sql`
    update busy set during = ${range(busy)}
    where organization_id = ${organization} and meeting_id = ${meeting}`.execute(tx)
}

/** A meeting with the names of its tags. */
export interface MeetingRow {
  meeting: MeetingSnapshot
  tags: string[]
}

interface MeetingColumns {
  id: number
  meeting_type_id: number
  meeting_type_name: string
  kind: MeetingSnapshot['kind']
  name: string
  location: string | null
  location_type: MeetingSnapshot['locationType']
  conference_url: string | null
  conference_password: string | null
  starts_at: string
  ends_at: string
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
  ics_sequence: number
  created_at: string
  tags: string[]
}

interface AttendeeColumns {
  id: number
  meeting_id: number
  member_id: number | null
  email: string
  first_name: string
  last_name: string
  timezone: string
  locale: string | null
  status: AttendeeSnapshot['status']
  external_id: string
  utm_source: string | null
  utm_medium: string | null
  utm_campaign: string | null
  utm_content: string | null
  utm_term: string | null
  field_submissions: AttendeeSnapshot['fieldSubmissions']
  created_at: string
}

/** The meeting with all its people, or undefined. */
export async function findMeeting(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<MeetingRow | undefined> {
  const [meeting] = await selectMeetings(executor, organization, sql`m.id = ${id}`)
  if (!meeting) return undefined
  return toMeeting(meeting, await selectPeople(executor, organization, [id]))
}

/** What a list of meetings is narrowed to; undefined means all. Instants are epoch milliseconds. */
export interface MeetingFilter {
  from: number | undefined
  to: number | undefined
  status: AttendeeSnapshot['status'] | undefined
  meetingType: number | undefined
  host: number | undefined
  /** Only what this member hosts; null: everything. */
  limitedTo: number | null
  attendeeEmail: string | undefined
  tag: string | undefined
  /** What stands somewhere in the meeting's name, or in a booker's name or address. */
  search: string | undefined
  order: 'asc' | 'desc'
}

/** Meetings in the order of their starts, one more than the limit where there are more. */
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

function conditionsOf(filter: MeetingFilter): RawBuilder<unknown>[] {
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

const hasStatus: Record<AttendeeSnapshot['status'], RawBuilder<unknown>> = {
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
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
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

/** A cursor that somebody made up may name any instant; none lies outside of what is stored. */
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

/** Whose link this is: the lookup table finds the organization, all else is within it. */
export interface LinkedAttendee {
  organization: OrganizationId
  attendee: number
  meeting: number
  memberId: number | null
}

export async function findLink(executor: Executor, externalId: string): Promise<LinkedAttendee | undefined> {
  const { rows } = await sql<LinkedAttendee>`
    select l.organization_id as organization, l.attendee_id as attendee, a.meeting_id as meeting, a.member_id as "memberId"
    from attendee_links l
    join attendees a on a.organization_id = l.organization_id and a.id = l.attendee_id
    where l.external_id = ${externalId}`.execute(executor)
  return rows[0]
}

/** Whether somebody with this e-mail address has a seat in one of these meetings. */
export async function isAttending(
  tx: Transaction,
  organization: OrganizationId,
  { meetings, email }: { meetings: readonly number[]; email: string },
): Promise<boolean> {
  if (meetings.length === 0) return false
  const { rows } = await sql`
    select from attendees
    where organization_id = ${organization} and meeting_id = any(${meetings}) and lower(email) = lower(${email})
      and role = 'booker' and status in ('requested', 'confirmed')`.execute(tx)
  return rows.length > 0
}

/** The oldest page where a meeting type can be booked, or undefined. */
export async function findPageOfType(
  executor: Executor,
  organization: OrganizationId,
  meetingType: number,
): Promise<AttendeeView['page'] | undefined> {
  const { rows } = await sql<NonNullable<AttendeeView['page']>>`
    select s.slug, p.name,
      jsonb_build_object('name', o.name, 'brand_color', o.brand_color, 'logo_url', o.logo_url) as organization
    from page_meeting_types t
    join pages p on p.organization_id = t.organization_id and p.id = t.page_id
    join page_slugs s on s.organization_id = p.organization_id and s.page_id = p.id
    join organizations o on o.organization_id = t.organization_id
    where t.organization_id = ${organization} and t.meeting_type_id = ${meetingType}
    order by p.id limit 1`.execute(executor)
  return rows[0]
}

/** The meeting that an attendee belongs to, or undefined. */
export async function findMeetingOfAttendee(
  executor: Executor,
  organization: OrganizationId,
  attendee: number,
): Promise<number | undefined> {
  const { rows } = await sql<{ meeting: number }>`
    select meeting_id as meeting from attendees
    where organization_id = ${organization} and id = ${attendee}`.execute(executor)
  return rows[0]?.meeting
}

/** How many meetings that are not over hold the time of each of these hosts. */
export async function listLoads(
  tx: Transaction,
  organization: OrganizationId,
  { members, now }: { members: readonly number[]; now: number },
): Promise<HostLoad[]> {
  const { rows } = await sql<HostLoad>`
    select m.id as member, m.last_assigned_at as "lastAssignedAt", (
      select count(*) from busy b
      where b.organization_id = m.organization_id and b.member_id = m.id
        and b.during && tstzrange(${toInstantText(now)}, null)
    ) as upcoming
    from members m where m.organization_id = ${organization} and m.id = any(${members})`.execute(tx)
  return rows
}

/** Notes the turn of a host in round robin. */
export async function touchAssignment(
  tx: Transaction,
  organization: OrganizationId,
  { member, at }: { member: number; at: string },
): Promise<void> {
  await sql`
    update members set last_assigned_at = ${at}
    where organization_id = ${organization} and id = ${member}`.execute(tx)
}

export async function insertMeetingTag(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, tag }: { meeting: number; tag: number },
): Promise<void> {
  await sql`
    insert into meeting_tags (organization_id, meeting_id, tag_id)
    values (${organization}, ${meeting}, ${tag})`.execute(tx)
}

export async function deleteMeetingTag(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, tag }: { meeting: number; tag: number },
): Promise<void> {
  await sql`
    delete from meeting_tags
    where organization_id = ${organization} and meeting_id = ${meeting} and tag_id = ${tag}`.execute(tx)
}
