import { MINUTE } from '../../src/time/durations.ts'

/**
 * A second, slow implementation of the slot rules. It judges every minute separately, following the sentences in `docs/slots.md`,
 * with `Temporal`. It does not share code with `src/`, so that it does not share mistakes either.
 */

export interface OracleHost {
  member: number
  zone: string
  schedule: {
    timezone: string
    weekly: { day: string; from: string; to: string }[]
    overrides: { date: string; hours: { from: string; to: string }[] }[]
  } | null
  timeOff: ({ from: number; to: number } | { firstDate: string; lastDate: string })[]
  limits: Record<'meetingsPerDay' | 'meetingsPerWeek' | 'minutesPerDay' | 'minutesPerWeek', number | null>
  meetings: OracleMeeting[]
}

export interface OracleMeeting {
  id: number
  start: number
  minutes: number
  bufferBefore: number
  bufferAfter: number
  ofThisType: boolean
  /** Null if the meeting is not a group meeting of this type. */
  seatsLeft: number | null
}

export interface OracleCase {
  now: number
  viewer: { zone: string; from: string; to: string }
  type: {
    kind: 'one_on_one' | 'group'
    assignment: 'fixed' | 'round_robin' | 'joint' | 'attendee_chooses'
    seats: number
    durationMinutes: number
    startIncrementMinutes: number | null
    bufferBeforeMinutes: number
    bufferAfterMinutes: number
    minimumNoticeMinutes: number
    bookingWindowDays: number | null
    bookingFrom: string | null
    bookingUntil: string | null
    dailyLimit: number | null
  }
  hosts: OracleHost[]
}

const DAY_CODES = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']
/** Dates are compared as `YYYY-MM-DD`. */
const isBetween = (date: string, first: string, last: string) => first <= date && date <= last

/** Returns the instant of a wall time on a date in a zone. 24:00 is the next midnight. */
function wall(date: Temporal.PlainDate, time: string, zone: string): number {
  const local = time === '24:00' ? date.add({ days: 1 }).toPlainDateTime('00:00') : date.toPlainDateTime(time)
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** Returns every interval of hours on every date around the requested range, before any merging. */
function ownIntervals(host: OracleHost, viewer: OracleCase['viewer']): { from: number; to: number }[] {
  const { schedule } = host
  if (!schedule) return []
  const intervals: { from: number; to: number }[] = []
  const last = Temporal.PlainDate.from(viewer.to).add({ days: 5 })
  let date = Temporal.PlainDate.from(viewer.from).subtract({ days: 4 })
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    const today = date
    // A date that the zone skips does not have hours, because no instant falls on it.
    if (!today.toZonedDateTime(schedule.timezone).toPlainDate().equals(today)) continue
    const override = schedule.overrides.find((one) => one.date === today.toString())
    const hours = override?.hours ?? schedule.weekly.filter(({ day }) => day === DAY_CODES[today.dayOfWeek - 1])
    for (const { from, to } of hours) {
      const interval = { from: wall(today, from, schedule.timezone), to: wall(today, to, schedule.timezone) }
      if (interval.from < interval.to) intervals.push(interval)
    }
  }
  return intervals
}

/** The date in a zone at an instant, and the Monday of its week. Each instant is converted only once. */
function makeCalendar() {
  const known = new Map<string, Map<number, string>>()
  const dateAt = (instant: number, zone: string) => {
    const dates = known.get(zone) ?? known.set(zone, new Map()).get(zone)!
    const found = dates.get(instant)
    if (found) return found
    const date = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate().toString()
    dates.set(instant, date)
    return date
  }
  const mondays = new Map<string, string>()
  const weekAt = (instant: number, zone: string) => {
    const date = dateAt(instant, zone)
    return mondays.get(date) ?? mondays.set(date, mondayOf(date)).get(date)!
  }
  return { dateAt, weekAt }
}

function mondayOf(text: string): string {
  const date = Temporal.PlainDate.from(text)
  return date.subtract({ days: date.dayOfWeek - 1 }).toString()
}

/** Judges start times one by one. Created once per case, so that each host's hours are calculated once. */
export function makeOracle(input: OracleCase) {
  const { type, hosts, viewer, now } = input
  const duration = type.durationMinutes * MINUTE
  const increment = (type.startIncrementMinutes ?? Math.min(type.durationMinutes, 30)) * MINUTE
  const intervals = new Map(hosts.map((host) => [host, ownIntervals(host, viewer)]))

  const { dateAt, weekAt } = makeCalendar()

  /** The starts of the host's own intervals around an instant. Each instant is looked up only once. */
  const around = new Map(hosts.map((host) => [host, new Map<number, number[]>()]))
  const beginningsAround = (host: OracleHost, instant: number) => {
    const known = around.get(host)!.get(instant)
    if (known) return known
    const found = intervals.get(host)!.filter(({ from, to }) => from <= instant && instant < to)
    around.get(host)!.set(
      instant,
      found.map(({ from }) => from),
    )
    return found.map(({ from }) => from)
  }
  const isWorking = (host: OracleHost, instant: number) => beginningsAround(host, instant).length > 0
  const everyMinute = (start: number, holds: (minute: number) => boolean) => {
    for (let minute = start; minute < start + duration; minute += MINUTE) if (!holds(minute)) return false
    return true
  }
  const isWithinHours = (host: OracleHost, start: number) => everyMinute(start, (minute) => isWorking(host, minute))

  /**
   * Returns the beginning of each interval around a start time that these hosts share. Each combination of the hosts' own
   * intervals gives one.
   */
  function beginnings(some: OracleHost[], start: number): number[] {
    return some.reduce<number[]>(
      (latest, host) => latest.flatMap((begin) => beginningsAround(host, start).map((from) => Math.max(begin, from))),
      [Number.NEGATIVE_INFINITY],
    )
  }
  const isOnGrid = (host: OracleHost, start: number) =>
    beginnings(type.assignment === 'joint' ? hosts : [host], start).some((begin) => (start - begin) % increment === 0)

  function isOff(host: OracleHost, start: number): boolean {
    return host.timeOff.some((off) => {
      if ('from' in off) return off.from < start + duration && start < off.to
      return !everyMinute(start, (minute) => !isBetween(dateAt(minute, host.zone), off.firstDate, off.lastDate))
    })
  }

  function isBusy(host: OracleHost, start: number): boolean {
    const from = start - type.bufferBeforeMinutes * MINUTE
    const to = start + duration + type.bufferAfterMinutes * MINUTE
    return host.meetings.some((meeting) => {
      const busyFrom = meeting.start - meeting.bufferBefore * MINUTE
      const busyTo = meeting.start + (meeting.minutes + meeting.bufferAfter) * MINUTE
      return busyFrom < to && from < busyTo
    })
  }

  const isTooSoon = (start: number) => start < now + type.minimumNoticeMinutes * MINUTE

  function isOutsideWindow(host: OracleHost, start: number): boolean {
    const date = dateAt(start, host.zone)
    if (type.bookingFrom !== null && date < type.bookingFrom) return true
    if (type.bookingUntil !== null && date > type.bookingUntil) return true
    if (type.bookingWindowDays === null) return false
    const today = Temporal.PlainDate.from(dateAt(now, host.zone))
    return date > today.add({ days: type.bookingWindowDays }).toString()
  }

  const sameDay = (host: OracleHost, start: number) => (meeting: OracleMeeting) =>
    dateAt(meeting.start, host.zone) === dateAt(start, host.zone)
  const sameWeek = (host: OracleHost, start: number) => (meeting: OracleMeeting) =>
    weekAt(meeting.start, host.zone) === weekAt(start, host.zone)
  const minutesOf = (meetings: OracleMeeting[]) => meetings.reduce((sum, { minutes }) => sum + minutes, 0)

  /** Returns the names of the rules, except the grid, that do not allow a new meeting for one host at this start time. */
  const refusals: Record<string, (host: OracleHost, start: number) => boolean> = {
    hours: (host, start) => !isWithinHours(host, start),
    time_off: isOff,
    busy: isBusy,
    minimum_notice: (_, start) => isTooSoon(start),
    booking_window: isOutsideWindow,
    daily_limit: (host, start) =>
      type.dailyLimit !== null &&
      host.meetings.filter(({ ofThisType }) => ofThisType).filter(sameDay(host, start)).length >= type.dailyLimit,
    meetings_per_day: (host, start) =>
      host.limits.meetingsPerDay !== null &&
      host.meetings.filter(sameDay(host, start)).length >= host.limits.meetingsPerDay,
    meetings_per_week: (host, start) =>
      host.limits.meetingsPerWeek !== null &&
      host.meetings.filter(sameWeek(host, start)).length >= host.limits.meetingsPerWeek,
    minutes_per_day: (host, start) =>
      host.limits.minutesPerDay !== null &&
      minutesOf(host.meetings.filter(sameDay(host, start))) + type.durationMinutes > host.limits.minutesPerDay,
    minutes_per_week: (host, start) =>
      host.limits.minutesPerWeek !== null &&
      minutesOf(host.meetings.filter(sameWeek(host, start))) + type.durationMinutes > host.limits.minutesPerWeek,
  }
  const joiningRefusals = ['minimum_notice', 'booking_window']

  const hostsOf = (meeting: OracleMeeting) => hosts.filter((host) => host.meetings.some(({ id }) => id === meeting.id))
  const standing =
    type.kind === 'group' ? hosts.flatMap((host) => host.meetings.filter(({ seatsLeft }) => seatsLeft !== null)) : []
  const mayJoin = (meeting: OracleMeeting) =>
    joiningRefusals.every((name) => hostsOf(meeting).every((host) => !refusals[name]!(host, meeting.start)))
  const joinable = (start: number, seats: (left: number) => boolean) =>
    standing
      .filter((meeting) => meeting.start === start && seats(meeting.seatsLeft!) && mayJoin(meeting))
      .sort((a, b) => a.id - b.id)[0]

  const admits = (host: OracleHost, start: number, aside: string[]) =>
    isOnGrid(host, start) &&
    Object.entries(refusals).every(([name, refuses]) => aside.includes(name) || !refuses(host, start))
  function makers(start: number, aside: string[]): number[] {
    // A host who already has a meeting of this type at that time does not get a second one, even if rules are overridden.
    const free = hosts.filter((host) => {
      const holds = standing.some((meeting) => meeting.start === start && hostsOf(meeting).includes(host))
      return !holds && admits(host, start, aside)
    })
    if (type.assignment === 'joint' && free.length < hosts.length) return []
    return free.map(({ member }) => member)
  }

  return {
    /** Whether the start time is on the requested dates in the viewer's time zone. */
    isAsked: (start: number) => isBetween(dateAt(start, viewer.zone), viewer.from, viewer.to),
    /** Whether it can be booked. */
    isOffered: (start: number) => joinable(start, (left) => left > 0) !== undefined || makers(start, []).length > 0,
    /**
     * The hosts who could host a new meeting, or the existing meeting that would be joined. Otherwise, whether only busy time or
     * full seats prevent it.
     */
    judge(start: number) {
      const joins = joinable(start, (left) => left > 0)?.id ?? null
      const free = makers(start, [])
      const taken = joinable(start, () => true) !== undefined || makers(start, ['busy']).length > 0
      return { outcome: joins !== null || free.length > 0 ? 'free' : taken ? 'taken' : 'refused', joins, free }
    },
    /** For each host, the names of the rules that do not allow a new meeting. */
    refusalsOf(host: OracleHost, start: number): string[] {
      const names = Object.entries(refusals)
        .filter(([, refuses]) => refuses(host, start))
        .map(([name]) => name)
      const hasGrid = (type.assignment === 'joint' ? hosts : [host]).every((one) => isWithinHours(one, start))
      return hasGrid && !isOnGrid(host, start) ? [...names, 'grid'] : names
    },
  }
}
