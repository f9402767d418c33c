import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Member } from '../members/schema.ts'
import type { Executor } from '../platform/database.ts'
import type { Row } from '../platform/tables.ts'
import type { ScheduleHours } from '../schedules/schema.ts'
import type { Interval } from '../time/intervals.ts'
import type { LocalDay } from '../time/local-dates.ts'

/** A meeting type's host, with the hours that apply. */
export interface HostRow {
  member: Row<'members'>['id']
  zone: Row<'members'>['timezone']
  limits: Partial<Member['limits']>
  schedule_id: Row<'schedules'>['id'] | null
  schedule: ScheduleHours | null
  time_off: TimeOffRow[]
  /**
   * When the member's least recently read calendar was read, in epoch milliseconds. 0 means that a calendar has never been read,
   * or that its last known state may no longer be used. Null means that none is read.
   */
  calendars_read_at: number | null
}

/** Time off, by instants (epoch milliseconds) or by whole dates. */
type TimeOffRow = Pick<Row<'time_off'>, 'id'> &
  (
    | { from: number; to: number; first_day: null; last_day: null }
    | { from: null; to: null; first_day: LocalDay; last_day: LocalDay }
  )

export interface HostsWanted {
  members: readonly number[]
  /** The meeting type's schedule. Null means each member's default schedule. */
  schedule: number | null
  /** Time off outside this range is omitted. */
  reach: Interval
}

/**
 * Returns the members with their hours, and with their time off in the range. Whole days off are loaded with two extra days
 * because of time zones.
 */
export async function listHosts(
  executor: Executor,
  organization: OrganizationId,
  { members, schedule, reach }: HostsWanted,
): Promise<HostRow[]> {
  const [from, to] = [reach.from / 1000, reach.to / 1000]
  const { rows } = await sql<HostRow>`
    select m.id as member, m.timezone as zone, m.limits, s.id as schedule_id,
      case when s.id is not null then
        jsonb_build_object('timezone', s.timezone, 'weekly', s.weekly, 'overrides', s.overrides) end as schedule,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', t.id,
          'from', (extract(epoch from t.starts_at) * 1000)::bigint,
          'to', (extract(epoch from t.ends_at) * 1000)::bigint,
          'first_day', t.starts_on - date '1970-01-01',
          'last_day', t.ends_on - date '1970-01-01'))
        from time_off t
        where t.organization_id = m.organization_id and t.member_id = m.id and (
          (t.starts_at < to_timestamp(${to}) and t.ends_at > to_timestamp(${from}))
          or (t.starts_on <= to_timestamp(${to})::date + 2 and t.ends_on >= to_timestamp(${from})::date - 2))
      ), '[]') as time_off,
      (
        select round(min(date_part('epoch', case
            when m.calendar_failure = 'closed' and k.state <> 'connected' then 'epoch'::timestamptz
            else coalesce(c.read_at, 'epoch'::timestamptz) end)) * 1000)
        from calendars c
        join connections k on k.organization_id = c.organization_id and k.id = c.connection_id
        where c.organization_id = m.organization_id and c.member_id = m.id and c.reads
      ) as calendars_read_at
    from members m
    left join schedules s on s.organization_id = m.organization_id and s.id = coalesce(${schedule}::bigint, (
      select d.id from schedules d where d.organization_id = m.organization_id and d.member_id = m.id and d.is_default
    ))
    where m.organization_id = ${organization} and m.id = any(${members})`.execute(executor)
  return rows
}

/** A meeting or a hold that blocks a host's time. Times are in epoch milliseconds. */
export interface MeetingRow {
  member: Row<'busy'>['member_id']
  /** Negative for a hold: the hold's negated id. */
  id: Row<'meetings'>['id']
  start: number
  end: number
  busy_from: number
  busy_to: number
  of_this_type: boolean
  /** The number of people and holds with a seat in a group meeting of the requested type. Null for every other meeting. */
  seats_taken: number | null
}

export interface MeetingsWanted {
  members: readonly number[]
  meetingType: number
  reach: Interval
  /** The meeting being moved, which does not block itself. */
  except: number | null
  /** Holds that have expired by this time do not block any time. */
  now: string
}

/** No meeting has this id. Holds do not have a meeting. */
const NONE = 0

/**
 * Returns the meetings that block the members' time in the range, by member and time. Searches the exclusion constraint's index
 * once per member.
 */
export async function listMeetings(
  executor: Executor,
  organization: OrganizationId,
  { members, meetingType, reach, except, now }: MeetingsWanted,
): Promise<MeetingRow[]> {
  const [from, to] = [reach.from / 1000, reach.to / 1000]
  const { rows } = await sql<MeetingRow>`
    select b.member_id as member, coalesce(b.meeting_id, -b.hold_id) as id,
      round(date_part('epoch', coalesce(m.starts_at, h.starts_at)) * 1000) as start,
      round(date_part('epoch', coalesce(m.ends_at, h.ends_at)) * 1000) as "end",
      round(date_part('epoch', lower(b.during)) * 1000) as busy_from,
      round(date_part('epoch', upper(b.during)) * 1000) as busy_to,
      coalesce(m.meeting_type_id, h.meeting_type_id) = ${meetingType} as of_this_type,
      case when coalesce(m.meeting_type_id, h.meeting_type_id) = ${meetingType} and coalesce(m.kind, 'group') = 'group' then (
        select count(*) from attendees a
        where a.organization_id = m.organization_id and a.meeting_id = m.id
          and a.role = 'booker' and a.status in ('requested', 'confirmed')
      ) + (
        select count(*) from holds s
        where s.organization_id = ${organization} and s.meeting_type_id = ${meetingType}
          and s.starts_at = coalesce(m.starts_at, h.starts_at) and s.members @> to_jsonb(b.member_id)
          and s.external_id is null and s.expires_at > ${now}
      ) end as seats_taken
    from unnest(${members}::bigint[]) as host (member_id)
    cross join lateral (
      select * from busy
      where organization_id = ${organization} and member_id = host.member_id
        and during && tstzrange(to_timestamp(${from}), to_timestamp(${to}))
        and (held_until is null or held_until > ${now}) and meeting_id is distinct from ${except ?? NONE}
    ) b
    left join meetings m on m.organization_id = ${organization} and m.id = b.meeting_id
    left join holds h on h.organization_id = ${organization} and h.id = b.hold_id
    order by b.member_id, lower(b.during)`.execute(executor)
  return rows
}

/** A time range in which a member is busy, in epoch milliseconds. */
export interface BusyRow {
  member: Row<'busy'>['member_id']
  times: [from: number, to: number][]
}

/** Returns only when the members are busy in the range. With many hosts, this costs a quarter of `listMeetings`. */
export async function listBusyTimes(
  executor: Executor,
  organization: OrganizationId,
  { members, reach, except, now }: Omit<MeetingsWanted, 'meetingType'>,
): Promise<BusyRow[]> {
  const [from, to] = [reach.from / 1000, reach.to / 1000]
  const { rows } = await sql<BusyRow>`
    select host.member_id as member, b.times
    from unnest(${members}::bigint[]) as host (member_id)
    cross join lateral (
      select coalesce(json_agg(json_build_array(
        round(date_part('epoch', lower(during)) * 1000), round(date_part('epoch', upper(during)) * 1000)
      ) order by during), '[]') as times
      from busy
      where organization_id = ${organization} and member_id = host.member_id
        and during && tstzrange(to_timestamp(${from}), to_timestamp(${to}))
        and (held_until is null or held_until > ${now}) and meeting_id is distinct from ${except ?? NONE}
    ) b`.execute(executor)
  return rows
}

/** The busy times in a member's calendars, in epoch milliseconds and ascending order. */
export interface CalendarTimesRow {
  member: Row<'calendar_times'>['member_id']
  times: [from: number, to: number, calendar?: string][]
}

/** Returns the busy times in the members' calendars within the range. */
export async function listCalendarTimes(
  executor: Executor,
  organization: OrganizationId,
  { members, reach }: Pick<MeetingsWanted, 'members' | 'reach'>,
): Promise<CalendarTimesRow[]> {
  const [from, to] = [reach.from / 1000, reach.to / 1000]
  const { rows } = await sql<CalendarTimesRow>`
    select member_id as member, json_agg(json_build_array(
      round(date_part('epoch', starts_at) * 1000), round(date_part('epoch', ends_at) * 1000)
    ) order by starts_at) as times
    from calendar_times
    where organization_id = ${organization} and member_id = any(${members})
      and tstzrange(starts_at, ends_at) && tstzrange(to_timestamp(${from}), to_timestamp(${to}))
    group by member_id`.execute(executor)
  return rows
}

/** Returns the same times with the names of the calendars. Times from several calendars may overlap. Used for a single start. */
export async function listNamedCalendarTimes(
  executor: Executor,
  organization: OrganizationId,
  { members, reach }: Pick<MeetingsWanted, 'members' | 'reach'>,
): Promise<CalendarTimesRow[]> {
  const [from, to] = [reach.from / 1000, reach.to / 1000]
  const { rows } = await sql<CalendarTimesRow>`
    select c.member_id as member, json_agg(json_build_array(
      round(date_part('epoch', b.starts_at) * 1000), round(date_part('epoch', b.ends_at) * 1000), c.name
    ) order by b.starts_at) as times
    from calendars c
    join calendar_busy b on b.organization_id = c.organization_id and b.calendar_id = c.id
    where c.organization_id = ${organization} and c.member_id = any(${members}) and c.reads
      and b.starts_at < to_timestamp(${to}) and b.ends_at > to_timestamp(${from})
    group by c.member_id`.execute(executor)
  return rows
}

/**
 * Returns the dates from `from` onwards around which time can become free, in ascending order and at most `most`. These are the
 * dates of overrides, and those on which time off or busy time begins or ends. Between them, each week is the same as the
 * previous one. The dates are in UTC and can differ by a day from the host's dates.
 */
export async function listTurningPoints(
  executor: Executor,
  organization: OrganizationId,
  { members, schedule, from, most }: Pick<HostsWanted, 'members' | 'schedule'> & { from: number; most: number },
): Promise<LocalDay[]> {
  const first = sql`(date '1970-01-01' + ${from}::integer)`
  const { rows } = await sql<{ day: LocalDay }>`
    with hosts as (
      select m.id from members m where m.organization_id = ${organization} and m.id = any(${members})
    ), days as (
      select unnest(array[(o.value ->> 'date')::date, (o.value ->> 'date')::date + 1]) as day
      from schedules s, jsonb_array_elements(s.overrides) o
      where s.organization_id = ${organization} and case when ${schedule}::bigint is null
        then s.is_default and s.member_id in (select id from hosts) else s.id = ${schedule} end
      union
      select coalesce(t.ends_on + 1, (t.ends_at at time zone 'UTC')::date) from time_off t
      where t.organization_id = ${organization} and t.member_id in (select id from hosts)
      union
      select unnest(array[(lower(b.during) at time zone 'UTC')::date, (upper(b.during) at time zone 'UTC')::date])
      from busy b
      where b.organization_id = ${organization} and b.member_id in (select id from hosts)
        and b.during && tstzrange(${first}::timestamp at time zone 'UTC', null)
      union
      select (c.ends_at at time zone 'UTC')::date from calendar_times c
      where c.organization_id = ${organization} and c.member_id in (select id from hosts)
        and c.ends_at >= ${first}::timestamp at time zone 'UTC'
    )
    select day - date '1970-01-01' as day from days where day >= ${first} order by day limit ${most}`.execute(executor)
  return rows.map(({ day }) => day)
}
