import { hoursOfDate } from '../schedules/schedule.ts'
import { MINUTE } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import { formatLocalDate, formatWallTime, toLocalDay, weekdayOf } from '../time/local-dates.ts'
import { localDayAt, zoneOffsets } from '../time/zones.ts'
import { loadOf, timeOffAt } from './details.ts'
import type { HostMeeting, Limits } from './input.ts'
import {
  busyCalendars,
  byDay,
  byWeek,
  type HostContext,
  type Load,
  lastDayOfWindow,
  type Period,
  type RuleName,
} from './rules.ts'

type Words = (context: HostContext, refused: boolean) => string

/** Explains, for hosts, each rule's result for one start (the beginning of the span). */
export const wordsOf: Record<RuleName, Words> = {
  hours: describeHours,
  time_off: (context, refused) => (refused ? `time off: ${describeTimeOff(context)}` : 'no time off'),
  busy: (context, refused) => (refused ? describeBusy(context) : 'no other meeting'),
  calendar: describeCalendars,
  minimum_notice: describeNotice,
  booking_window: describeWindow,
  daily_limit: describeDailyLimit,
  meetings_per_day: limitWords('meetingsPerDay', 'meetings', byDay),
  meetings_per_week: limitWords('meetingsPerWeek', 'meetings', byWeek),
  minutes_per_day: limitWords('minutesPerDay', 'minutes', byDay),
  minutes_per_week: limitWords('minutesPerWeek', 'minutes', byWeek),
}

/** `1 meeting`, `2 meetings`. */
function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Formats an instant for a host: `Monday 2027-03-01 09:00 Europe/Berlin`. */
export function describeInstant(instant: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' })
  return `${DAY_NAMES[local.dayOfWeek - 1]} ${local.toPlainDate()} ${time} ${zone}`
}

/** Explains the grid, and whether the start is on it. */
export function describeGrid(
  grid: { hours: readonly Interval[]; start: number; increment: number; zone: string },
  refused: boolean,
): string {
  const begin = grid.hours.findLast(({ from, to }) => from <= grid.start && grid.start < to)?.from ?? grid.start
  const steps = `every ${count(grid.increment / MINUTE, 'minute')} from ${describeInstant(begin, grid.zone)}`
  return refused ? `not on the slot grid: slots start ${steps}` : `on the slot grid: ${steps}`
}

/** Explains how many seats an existing group meeting has left. */
export function describeSeats({ id, seatsLeft }: HostMeeting): string {
  return seatsLeft === 0 ? `${nameOf(id)} is full` : `${nameOf(id)} has ${count(seatsLeft ?? 0, 'seat')} left`
}

/** A hold has a negative id. */
function nameOf(id: number): string {
  return id < 0 ? 'a meeting whose attendees have not confirmed their email address yet' : `meeting ${id}`
}

function describeHours({ host, span }: HostContext, refused: boolean): string {
  const { schedule } = host
  if (!schedule) return 'outside hours: this host has no schedule'
  const day = localDayAt(zoneOffsets(schedule.zone, span.from, span.to), span.from)
  const hours = hoursOfDate(schedule, day).map(({ from, to }) => `${formatWallTime(from)}–${formatWallTime(to)}`)
  const name = schedule.overrides.has(day) ? formatLocalDate(day) : DAY_NAMES[weekdayOf(day)]
  return `${refused ? 'outside' : 'within'} hours: ${name} ${hours.join(', ') || 'no hours'} ${schedule.zone}`
}

function describeTimeOff(context: HostContext): string {
  const { zone } = context.host
  return timeOffAt(context)
    .map((off) =>
      'from' in off
        ? describeRange(off, zone)
        : `${formatLocalDate(off.firstDay)} to ${formatLocalDate(off.lastDay)} ${zone}`,
    )
    .join('; ')
}

function describeRange({ from, to }: Interval, zone: string): string {
  return `${describeInstant(from, zone)} to ${describeInstant(to, zone)}`
}

function describeBusy({ type, host, span }: HostContext): string {
  const start = span.from
  const end = start + type.durationMinutes * MINUTE
  const from = start - type.bufferBeforeMinutes * MINUTE
  const to = end + type.bufferAfterMinutes * MINUTE
  return host.meetings
    .filter((meeting) => meeting.busyFrom < to && from < meeting.busyTo)
    .map((meeting) => {
      if (meeting.start < end && start < meeting.end) return `busy with ${nameOf(meeting.id)}`
      if (meeting.busyFrom < end && start < meeting.busyTo) return `within the buffer of ${nameOf(meeting.id)}`
      return `its own buffer would overlap ${nameOf(meeting.id)}`
    })
    .join('; ')
}

function describeCalendars(context: HostContext, refused: boolean): string {
  const { calendars } = context.host
  if (calendars === undefined) return 'no calendar is read'
  if (!calendars.isKnown) return "one of this host's calendars has not been read in the last day"
  if (!refused) return 'no events in the connected calendars'
  return busyCalendars(context)
    .map((name) => `busy in the calendar ${name}`)
    .join('; ')
}

function describeNotice({ now, type, host, span }: HostContext, refused: boolean): string {
  const notice = type.minimumNoticeMinutes
  if (refused && span.from < now) return 'the start is in the past'
  if (!refused) return notice === 0 ? 'the start is in the future' : `minimum notice of ${count(notice, 'minute')} met`
  const earliest = Math.ceil((now + notice * MINUTE) / MINUTE) * MINUTE
  return `minimum notice of ${count(notice, 'minute')} not met: not before ${describeInstant(earliest, host.zone)}`
}

function describeWindow({ now, type, host }: HostContext, refused: boolean): string {
  const last = Math.min(type.bookingUntil ?? Number.POSITIVE_INFINITY, lastDayOfWindow(now, type, host.zone))
  const bounds: string[] = []
  if (type.bookingFrom !== null) bounds.push(`from ${formatLocalDate(type.bookingFrom)}`)
  if (Number.isFinite(last)) bounds.push(`until ${formatLocalDate(toLocalDay(last))}`)
  if (bounds.length === 0) return 'no booking window'
  return `${refused ? 'outside' : 'within'} the booking window: ${bounds.join(' ')} ${host.zone}`
}

function describeDailyLimit(context: HostContext, refused: boolean): string {
  const limit = context.type.dailyLimit
  if (limit === null) return 'no daily limit'
  if (refused) return `daily limit of ${limit} reached`
  const ofThisType = context.host.meetings.filter((meeting) => meeting.ofThisType)
  return `${loadOf(context, byDay, ofThisType).meetings} of a daily limit of ${limit} used`
}

function limitWords(name: keyof Limits, unit: keyof Load, period: Period): Words {
  const each = period === byDay ? 'day' : 'week'
  return (context, refused) => {
    const limit = context.host.limits[name]
    if (limit === null) return `no limit of ${unit} per ${each}`
    const taken = loadOf(context, period, context.host.meetings)[unit]
    return `limit of ${count(limit, unit.slice(0, -1))} per ${each} ${refused ? 'reached' : 'not reached'}: ${taken} used`
  }
}
