import type { OrganizationId } from '../access/gate.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { type ParsedSchedule, parseSchedule } from '../schedules/schedule.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import { readLocalDate } from '../time/local-dates.ts'
import {
  type BusyTime,
  busyTimesOf,
  type HostCalendars,
  type HostInput,
  type HostMeeting,
  type SlotsInput,
  type TimeOff,
  type TypeRules,
} from './input.ts'
import { weeksAround } from './rules.ts'
import {
  type CalendarTimesRow,
  type HostRow,
  listBusyTimes,
  listCalendarTimes,
  listHosts,
  listMeetings,
  listNamedCalendarTimes,
  type MeetingRow,
} from './store.ts'

/** A meeting being moved. It needs all its hosts, keeps its duration and does not block itself. */
export interface MovedMeeting {
  meeting: number
  durationMinutes: number
}

/** The hosts and starts to load the input for. */
export interface GatheringRequest {
  organization: OrganizationId
  type: MeetingType
  /** The hosts to check. */
  members: readonly number[]
  moving: MovedMeeting | null
  now: number
  /**
   * The reference time for the minimum notice and the booking window. Defaults to now. For a hold, it is the time when the start
   * was requested.
   */
  askedAt?: number
  /** The range of starts to check. */
  span: Interval
}

/**
 * Loads everything that determines which starts in `span` can be booked. Uses two statements, limited to this time and these
 * hosts.
 */
export async function gatherInput(executor: Executor, gathering: GatheringRequest): Promise<SlotsInput> {
  return addMeetings(executor, gathering, await gatherHosts(executor, gathering, listNamedCalendarTimes))
}

/**
 * Loads the input for `findOffer` only. If no rule counts meetings and no one can join them, only the busy times are loaded. They
 * do not have ids, so they cannot be explained to a user.
 */
export async function gatherOfferInput(executor: Executor, gathering: GatheringRequest): Promise<SlotsInput> {
  const gathered = await gatherHosts(executor, gathering)
  if (gathering.type.kind === 'group' || gathered.isCounting) return addMeetings(executor, gathering, gathered)
  return addBusyTimes(executor, gathering, gathered)
}

interface GatheredHosts {
  rules: TypeRules
  reach: Interval
  rows: HostRow[]
  /** Whether a rule counts the meetings on a date or in a week. */
  isCounting: boolean
  /** Calendars by member. Empty for members whose calendars are not read. */
  calendars: ReadonlyMap<number, HostCalendars>
}

async function gatherHosts(
  executor: Executor,
  { organization, type, members, moving, span, now }: GatheringRequest,
  listTimes = listCalendarTimes,
): Promise<GatheredHosts> {
  const rules = toTypeRules(type, moving)
  const reach = reachOf(rules, span)
  const rows = await listHosts(executor, organization, { members, schedule: type.schedule, reach })
  const reading = rows.filter((row) => row.calendars_read_at !== null)
  // Most hosts do not have a calendar, so no further query is needed.
  const times =
    reading.length === 0
      ? []
      : await listTimes(executor, organization, { members: reading.map(({ member }) => member), reach })
  const calendars = new Map(reading.map((row) => [row.member, toCalendars(row, times, now)]))
  return { rules, reach, rows, isCounting: type.daily_limit !== null || rows.some(hasLimits), calendars }
}

/** How long a calendar's last known state is used if the calendar cannot be read. */
export const CALENDAR_TRUST = DAY

function toCalendars(
  { member, calendars_read_at: at }: HostRow,
  times: CalendarTimesRow[],
  now: number,
): HostCalendars {
  const found = times.find((row) => row.member === member)?.times ?? []
  return {
    isKnown: at !== null && now - at <= CALENDAR_TRUST,
    times: found.map(([from, to, calendar]) => (calendar === undefined ? { from, to } : { from, to, calendar })),
  }
}

async function addMeetings(
  executor: Executor,
  gathering: GatheringRequest,
  { rules, reach, rows, isCounting, calendars }: GatheredHosts,
): Promise<SlotsInput> {
  const { organization, type, members, moving, now, askedAt = now } = gathering
  const meetings = await listMeetings(executor, organization, {
    members,
    meetingType: type.id,
    reach: isCounting ? weeksAround(reach) : reach,
    except: moving?.meeting ?? null,
    now: toTimestamp(now),
  })
  const joinableSeats = moving === null && type.kind === 'group' ? type.seats : null
  const byMember = Map.groupBy(meetings, ({ member }) => member)
  const timesOf = (member: number) => {
    const ofMember = (byMember.get(member) ?? []).map((row) => toMeeting(row, joinableSeats))
    return { busy: busyTimesOf(ofMember), meetings: ofMember }
  }
  return { now: askedAt, type: rules, hosts: toHosts(members, rows, { timesOf, calendars }) }
}

async function addBusyTimes(
  executor: Executor,
  gathering: GatheringRequest,
  { rules, reach, rows, calendars }: GatheredHosts,
): Promise<SlotsInput> {
  const { organization, members, moving, now } = gathering
  const busy = await listBusyTimes(executor, organization, {
    members,
    reach,
    except: moving?.meeting ?? null,
    now: toTimestamp(now),
  })
  const times = new Map(busy.map((row) => [row.member, row.times]))
  const timesOf = (member: number) => ({ busy: (times.get(member) ?? []).map(toBusyTime), meetings: [] })
  return { now, type: rules, hosts: toHosts(members, rows, { timesOf, calendars }) }
}

function toTypeRules(type: MeetingType, moving: MovedMeeting | null): TypeRules {
  return {
    kind: type.kind,
    assignment: moving ? 'joint' : type.assignment,
    seats: type.seats,
    durationMinutes: moving?.durationMinutes ?? type.duration_minutes,
    startIncrementMinutes: type.start_increment_minutes,
    bufferBeforeMinutes: type.buffer_before_minutes,
    bufferAfterMinutes: type.buffer_after_minutes,
    minimumNoticeMinutes: type.minimum_notice_minutes,
    bookingWindowDays: type.booking_window_days,
    bookingFrom: type.booking_from === null ? null : readLocalDate(type.booking_from),
    bookingUntil: type.booking_until === null ? null : readLocalDate(type.booking_until),
    dailyLimit: type.daily_limit,
  }
}

/** Returns the time that meetings starting in `span` can block, including buffers. */
function reachOf(rules: TypeRules, span: Interval): Interval {
  return {
    from: span.from - rules.bufferBeforeMinutes * MINUTE,
    to: span.to + (rules.durationMinutes + rules.bufferAfterMinutes) * MINUTE,
  }
}

function hasLimits({ limits }: HostRow): boolean {
  return Object.values(limits).some((limit) => typeof limit === 'number')
}

/** Builds the hosts in the order of `members`. Hosts with the same schedule share one parsed copy. */
function toHosts(
  members: readonly number[],
  rows: HostRow[],
  {
    timesOf,
    calendars,
  }: { timesOf: (member: number) => Pick<HostInput, 'busy' | 'meetings'>; calendars: GatheredHosts['calendars'] },
): HostInput[] {
  const schedules = new Map<number, ParsedSchedule>()
  return members.flatMap((member) => {
    const row = rows.find((found) => found.member === member)
    if (!row) return []
    const known = calendars.get(member)
    const host = { ...toHost(row), ...timesOf(member), schedule: parseOnce(schedules, row) }
    return [known === undefined ? host : { ...host, calendars: known }]
  })
}

function parseOnce(
  schedules: Map<number, ParsedSchedule>,
  { schedule_id: id, schedule }: HostRow,
): ParsedSchedule | null {
  if (id === null || schedule === null) return null
  const known = schedules.get(id) ?? parseSchedule(schedule)
  schedules.set(id, known)
  return known
}

function toHost({ member, zone, limits, time_off }: HostRow): Omit<HostInput, 'schedule' | 'busy' | 'meetings'> {
  return {
    member,
    zone,
    limits: {
      meetingsPerDay: limits.meetings_per_day ?? null,
      meetingsPerWeek: limits.meetings_per_week ?? null,
      minutesPerDay: limits.minutes_per_day ?? null,
      minutesPerWeek: limits.minutes_per_week ?? null,
    },
    timeOff: time_off.map(toTimeOff),
  }
}

function toTimeOff({ id, ...off }: HostRow['time_off'][number]): TimeOff {
  return off.from === null ? { id, firstDay: off.first_day, lastDay: off.last_day } : { id, from: off.from, to: off.to }
}

function toMeeting(row: MeetingRow, joinableSeats: number | null): HostMeeting {
  const taken = row.seats_taken
  return {
    id: row.id,
    start: row.start,
    end: row.end,
    busyFrom: row.busy_from,
    busyTo: row.busy_to,
    ofThisType: row.of_this_type,
    seatsLeft: joinableSeats === null || taken === null ? null : Math.max(0, joinableSeats - taken),
  }
}

function toBusyTime([from, to]: [number, number]): BusyTime {
  return { from, to }
}
