import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import { type AttendeeSnapshot, isActive, type MeetingSnapshot } from '../activities/snapshot.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { buildStatement, type ParameterOf } from '../platform/statement.ts'
import type { NewRow } from '../platform/tables.ts'
import type { HostLoad } from './assignment.ts'
import type { BusyTime } from './life-cycle.ts'

/**
 * Locks a meeting's hosts in the order of their ids, then the meeting. Returns whether it exists. The next statement
 * has a new snapshot and reads the latest state. The hosts of a meeting never change.
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

const selectMeetingIds = buildStatement((from, parameter: ParameterOf<{ hosts: number }>) =>
  from.selectNoFrom([
    sql<number>`nextval('meetings_id_seq')`.as('meeting'),
    sql<number[]>`(
      select coalesce(jsonb_agg(nextval('attendees_id_seq')), '[]')
      from generate_series(1, ${parameter('hosts')}::integer)
    )`.as('hosts'),
    sql<number>`nextval('attendees_id_seq')`.as('booker'),
  ]),
)

/** Allocates the ids of a new meeting and its people, so that the decision can cover the whole meeting. */
export async function drawMeetingIds(
  tx: Transaction,
  { hosts }: { hosts: number },
): Promise<{ meeting: number; hosts: number[]; booker: number }> {
  const [ids] = await selectMeetingIds(tx, { hosts })
  if (!ids) throw new Error('The database returned no ids.')
  return ids
}

/** Allocates the id of another person in a meeting. */
export async function drawAttendeeId(tx: Transaction): Promise<number> {
  const { id } = await tx.selectNoFrom(sql<number>`nextval('attendees_id_seq')`.as('id')).executeTakeFirstOrThrow()
  return id
}

/**
 * Stores a meeting with its people, their links and its hosts' time in one statement. Returns whether all of that time was free.
 * Only the exclusion constraint decides this. Data that was read before may be outdated. If the time was not free, the caller
 * deletes the meeting.
 */
export async function insertMeeting(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, busy }: { meeting: MeetingSnapshot; busy: BusyTime & { overrulesCalendar?: boolean } },
): Promise<boolean> {
  const meetings = [meetingRow(organization, meeting)]
  const people = peopleRows(organization, meeting)
  const members = meeting.hosts.map(({ memberId }) => memberId)
  const { rows } = await sql<{ held: number }>`
    with made as (
      insert into meetings ${columnsOf(meetings)} overriding system value values ${valuesOf(meetings)}
    ), people as (${insertPeople(people)}
    ), links as (${insertLinks(people)}
    ), held as (
      insert into busy (organization_id, member_id, meeting_id, during, overrules_calendar)
      select ${organization}, member, ${meeting.id}, ${range(busy)}, ${busy.overrulesCalendar ?? false} from unnest(${members}::bigint[]) member
      on conflict do nothing returning member_id
    )
    select count(*) as held from held`.execute(tx)
  return rows[0]?.held === members.length
}

/** Deletes a meeting that was inserted in this transaction but whose hosts' time could not be reserved. */
export async function deleteMeeting(tx: Transaction, organization: OrganizationId, id: number): Promise<void> {
  await tx.deleteFrom('meetings').where('organization_id', '=', organization).where('id', '=', id).execute()
}

/** Stores another person who booked, at this position in the meeting. */
export async function insertBooker(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, position }: { meeting: MeetingSnapshot; position: number },
): Promise<void> {
  const people = peopleRows(organization, meeting).filter((row) => row.role === 'booker' && row.position === position)
  await sql`
    with people as (${insertPeople(people)}
    ) ${insertLinks(people)}`.execute(tx)
}

type PersonRow = NewRow<'attendees'> & { id: number }

/** Rows are typed, so adding or renaming a column causes a compile error here. */
function meetingRow(organization: OrganizationId, meeting: MeetingSnapshot): NewRow<'meetings'> & { id: number } {
  return {
    organization_id: organization,
    id: meeting.id,
    meeting_type_id: meeting.meetingType.id,
    meeting_type_name: meeting.meetingType.name,
    kind: meeting.kind,
    name: meeting.name,
    location: meeting.location,
    location_type: meeting.locationType,
    conference_url: meeting.conferenceUrl,
    conference_password: meeting.conferencePassword,
    starts_at: toInstantText(meeting.start),
    ends_at: toInstantText(meeting.end),
    approved: meeting.approved,
    confirmed: meeting.confirmed,
    cancelled: meeting.cancelled,
    active: isActive(meeting),
    ics_sequence: meeting.icsSequence,
    created_at: meeting.createdAt,
  }
}

function peopleRows(organization: OrganizationId, { id, hosts, bookers }: MeetingSnapshot): PersonRow[] {
  const rowOf = (role: 'host' | 'booker') => (person: AttendeeSnapshot, position: number) => ({
    organization_id: organization,
    id: person.id,
    meeting_id: id,
    role,
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
    field_submissions: JSON.stringify(person.fieldSubmissions),
    created_at: person.createdAt,
  })
  return [...hosts.map(rowOf('host')), ...bookers.map(rowOf('booker'))]
}

function insertPeople(people: readonly PersonRow[]) {
  return sql`
      insert into attendees ${columnsOf(people)} overriding system value values ${valuesOf(people)}`
}

function insertLinks(people: readonly PersonRow[]) {
  const links = people.map(
    ({ external_id, organization_id, id }): NewRow<'attendee_links'> => ({
      external_id,
      organization_id,
      attendee_id: id,
    }),
  )
  return sql`
      insert into attendee_links ${columnsOf(links)} values ${valuesOf(links)}`
}

function columnsOf([first = {}]: readonly object[]) {
  // Written as text, because a reference for each name would add 0.2 ms to every booking.
  return sql.raw(`(${Object.keys(first).join(', ')})`)
}

function valuesOf(rows: readonly object[]) {
  return sql.join(rows.map((row) => sql`(${sql.join(Object.values(row))})`))
}

function range({ from, to }: BusyTime) {
  return sql`tstzrange(${toInstantText(from)}, ${toInstantText(to)})`
}

/** Stores a meeting's state, which was read under its lock. */
export async function updateMeeting(
  tx: Transaction,
  organization: OrganizationId,
  meeting: MeetingSnapshot,
): Promise<void> {
  const { starts_at, ends_at, approved, confirmed, cancelled, active, ics_sequence } = meetingRow(organization, meeting)
  await tx
    .updateTable('meetings')
    .set({ starts_at, ends_at, approved, confirmed, cancelled, active, ics_sequence })
    .where('organization_id', '=', organization)
    .where('id', '=', meeting.id)
    .execute()
}

/** Stores the status and time zone of the people that a change to the meeting affects. */
export async function updatePeople(
  tx: Transaction,
  organization: OrganizationId,
  people: readonly Pick<AttendeeSnapshot, 'id' | 'status' | 'timezone'>[],
): Promise<void> {
  await sql`
    update attendees a set status = changed.status, timezone = changed.timezone
    from unnest(${people.map(({ id }) => id)}::bigint[], ${people.map(({ status }) => status)}::text[],
      ${people.map(({ timezone }) => timezone)}::text[]) as changed (id, status, timezone)
    where a.organization_id = ${organization} and a.id = changed.id`.execute(tx)
}

/** Releases the hosts' time. */
export async function deleteBusy(tx: Transaction, organization: OrganizationId, meeting: number): Promise<void> {
  await tx.deleteFrom('busy').where('organization_id', '=', organization).where('meeting_id', '=', meeting).execute()
}

/** Moves the hosts' time. The exclusion constraint rejects a time that is already taken (SQLSTATE 23P01). */
export async function moveBusy(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, busy }: { meeting: number; busy: BusyTime & { overrulesCalendar?: boolean } },
): Promise<void> {
  await sql`
    update busy set during = ${range(busy)}, overrules_calendar = ${busy.overrulesCalendar ?? false}
    where organization_id = ${organization} and meeting_id = ${meeting}`.execute(tx)
}

/** The person that a link belongs to. The link alone identifies the organization. Everything else is looked up within it. */
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
    join organizations o on o.organization_id = l.organization_id and o.deleting_at is null
    where l.external_id = ${externalId}`.execute(executor)
  return rows[0]
}

/** Returns whether someone with this email address has a seat in one of these meetings. */
export async function hasSeat(
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

/** Counts the meetings of a type that this email address has booked and that have not started. */
export async function countUpcoming(
  tx: Transaction,
  organization: OrganizationId,
  { meetingType, email, now }: { meetingType: number; email: string; now: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from attendees a
    join meetings m on m.organization_id = a.organization_id and m.id = a.meeting_id
    where a.organization_id = ${organization} and lower(a.email) = lower(${email}) and a.role = 'booker'
      and a.status in ('requested', 'confirmed') and m.meeting_type_id = ${meetingType} and m.starts_at > ${now}`.execute(
    tx,
  )
  return rows[0]?.count ?? 0
}

/** Lists the seats in meetings that have not ended. */
function attending(organization: OrganizationId, now: string) {
  return sql`
    from attendees a
    join meetings m on m.organization_id = a.organization_id and m.id = a.meeting_id
    where a.organization_id = ${organization} and a.role = 'booker' and a.status in ('requested', 'confirmed')
      and m.active and m.ends_at > ${now}`
}

/** Lists the email addresses, in lower case, of everyone who has a seat in a meeting that has not ended. */
export async function listAttendingEmails(
  executor: Executor,
  organization: OrganizationId,
  { now }: { now: string },
): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select distinct lower(a.email) as email ${attending(organization, now)}`.execute(executor)
  return rows.map(({ email }) => email)
}

/** Lists these addresses' seats in meetings that have not ended, earliest meetings first. The addresses are in lower case. */
export async function listAttending(
  executor: Executor,
  organization: OrganizationId,
  { emails, now }: { emails: readonly string[]; now: string },
): Promise<{ meeting: number; attendee: number; email: string }[]> {
  const { rows } = await sql<{ meeting: number; attendee: number; email: string }>`
    select a.meeting_id as meeting, a.id as attendee, a.email
    ${attending(organization, now)} and lower(a.email) = any(${emails}::text[])
    order by m.starts_at, a.id`.execute(executor)
  return rows
}

/** Returns the id of the meeting that an attendee belongs to, or undefined. */
export async function findMeetingOfAttendee(
  executor: Executor,
  organization: OrganizationId,
  attendee: number,
): Promise<number | undefined> {
  const row = await executor
    .selectFrom('attendees')
    .select('meeting_id')
    .where('organization_id', '=', organization)
    .where('id', '=', attendee)
    .executeTakeFirst()
  return row?.meeting_id
}

/**
 * Returns each host's share in a meeting type, and when they were last assigned a meeting. The share counts holds and meetings
 * that have not ended, if they were booked since a host was last added or last got another priority. From then on, all hosts
 * share equally.
 */
export async function listLoads(
  tx: Transaction,
  organization: OrganizationId,
  { meetingType, members, now }: { meetingType: number; members: readonly number[]; now: number },
): Promise<HostLoad[]> {
  const at = toInstantText(now)
  // No meeting lasts longer than a day, so the index on the start finds the meetings that have not ended.
  const { rows } = await sql<HostLoad>`
    with counted as (
      select max(h.shares_from) as since from meeting_type_hosts h
      where h.organization_id = ${organization} and h.meeting_type_id = ${meetingType}
    ), taken as (
      select b.member_id from counted
      join meetings m on m.organization_id = ${organization} and m.meeting_type_id = ${meetingType}
        and m.starts_at > ${at}::timestamptz - interval '24 hours' and m.ends_at > ${at} and m.created_at >= counted.since
      join busy b on b.organization_id = m.organization_id and b.meeting_id = m.id
      union all
      select b.member_id from counted
      join holds d on d.organization_id = ${organization} and d.meeting_type_id = ${meetingType}
        and d.starts_at > ${at}::timestamptz - interval '24 hours' and d.ends_at > ${at} and d.created_at >= counted.since
      join busy b on b.organization_id = d.organization_id and b.hold_id = d.id and b.held_until > ${at}
    )
    select m.id as member, m.last_assigned_at as "lastAssignedAt", coalesce(t.meetings, 0) as upcoming
    from members m
    left join (select member_id, count(*) as meetings from taken group by member_id) t on t.member_id = m.id
    where m.organization_id = ${organization} and m.id = any(${members})`.execute(tx)
  return rows
}

export async function insertMeetingTag(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, tag }: { meeting: number; tag: number },
): Promise<void> {
  const row: NewRow<'meeting_tags'> = { organization_id: organization, meeting_id: meeting, tag_id: tag }
  await tx.insertInto('meeting_tags').values(row).execute()
}

export async function deleteMeetingTag(
  tx: Transaction,
  organization: OrganizationId,
  { meeting, tag }: { meeting: number; tag: number },
): Promise<void> {
  await tx
    .deleteFrom('meeting_tags')
    .where('organization_id', '=', organization)
    .where('meeting_id', '=', meeting)
    .where('tag_id', '=', tag)
    .execute()
}

/**
 * Locks meetings: first all their hosts, including deleted ones, in the order of their ids, then the meetings in the order of
 * their ids. Omits meetings that do not exist.
 */
export async function lockMeetings(
  tx: Transaction,
  organization: OrganizationId,
  meetings: readonly number[],
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    with hosts as materialized (
      select m.id from members m
      where m.organization_id = ${organization} and m.id in (
        select a.member_id from attendees a
        where a.organization_id = ${organization} and a.meeting_id = any(${meetings}::bigint[]) and a.member_id is not null
      )
      order by m.id for no key update of m
    )
    select id from meetings
    where organization_id = ${organization} and id = any(${meetings}::bigint[]) and (select count(*) from hosts) > 0
    order by id for no key update`.execute(tx)
  return rows.map(({ id }) => id)
}

/**
 * Lists a person's meetings in the order of their ids: those that they booked and, if they are no longer a member, those that
 * they hosted. Ignores case.
 */
export async function listMeetingsOfPerson(
  executor: Executor,
  organization: OrganizationId,
  { email, after, limit }: { email: string; after: number; limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ meeting: number }>`
    select distinct a.meeting_id as meeting from attendees a
    where a.organization_id = ${organization} and lower(a.email) = lower(${email}) and a.meeting_id > ${after}
    order by meeting limit ${limit}`.execute(executor)
  return rows.map(({ meeting }) => meeting)
}

/** Lists meetings that ended before a given time, ordered by start, up to the first meeting that had not ended. */
export async function listEndedMeetings(
  executor: Executor,
  organization: OrganizationId,
  { before, after, limit }: { before: string; after: { start: string; id: number }; limit: number },
): Promise<{ id: number; start: string }[]> {
  const { rows } = await sql<{ id: number; start: string; ended: boolean }>`
    select id, starts_at as start, ends_at <= ${before} as ended from meetings
    where organization_id = ${organization} and starts_at <= ${before} and (starts_at, id) > (${after.start}, ${after.id})
    order by starts_at, id limit ${limit}`.execute(executor)
  const end = rows.findIndex(({ ended }) => !ended)
  return (end < 0 ? rows : rows.slice(0, end)).map(({ id, start }) => ({ id, start }))
}

/** The values that replace one person's data. */
export interface ErasedAttendee {
  id: number
  email: string
}

/** Overwrites all data that people entered or chose. Their status, links and booking time stay unchanged. */
export async function eraseAttendees(
  tx: Transaction,
  organization: OrganizationId,
  { people, firstName, lastName }: { people: readonly ErasedAttendee[]; firstName: string; lastName: string },
): Promise<void> {
  const utm = (name: string) => sql`${sql.ref(name)} = case when ${sql.ref(`a.${name}`)} is not null then '' end`
  await sql`
    update attendees a set email = erased.email, first_name = ${firstName}, last_name = ${lastName}, timezone = 'UTC',
      locale = null, field_submissions = '[]', ${utm('utm_source')}, ${utm('utm_medium')}, ${utm('utm_campaign')},
      ${utm('utm_content')}, ${utm('utm_term')}
    from unnest(${people.map(({ id }) => id)}::bigint[], ${people.map(({ email }) => email)}::text[]) as erased (id, email)
    where a.organization_id = ${organization} and a.id = erased.id`.execute(tx)
}

/** Deletes the meeting locations that attendees entered. */
export async function erasePlaces(
  tx: Transaction,
  organization: OrganizationId,
  meetings: readonly number[],
): Promise<void> {
  await sql`
    update meetings set location = null, conference_url = null
    where organization_id = ${organization} and id = any(${meetings}::bigint[])`.execute(tx)
}
