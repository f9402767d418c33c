import { hoursOfDate } from '../schedules/schedule.ts'
import { MINUTE } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import { formatLocalDate, formatWallTime, type LocalDay, weekdayOf } from '../time/local-dates.ts'
import { localDayAt, zoneOffsets } from '../time/zones.ts'
import type { HostMeeting, Limits } from './input.ts'
import {
  byDay,
  byWeek,
  type HostQuestion,
  type Load,
  lastDayOfWindow,
  loadsBy,
  type Period,
  type RuleName,
} from './rules.ts'

type Words = (question: HostQuestion, refused: boolean) => string

/** What each rule says about the start of a question (the beginning of its span), as a host understands it. */
export const wordsOf: Record<RuleName, Words> = {
  hours: describeHours,
  time_off: (question, refused) => (refused ? `time off: ${describeTimeOff(question)}` : 'no time off'),
  busy: (question, refused) => (refused ? describeBusy(question) : 'no other meeting'),
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

/** An instant as a host reads it: `Monday 2027-03-01 09:00 Europe/Berlin`. */
export function describeInstant(instant: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' })
  return `${DAY_NAMES[local.dayOfWeek - 1]} ${local.toPlainDate()} ${time} ${zone}`
}

/** Where the grid begins that the start is on, or misses. */
export function describeGrid(
  grid: { hours: readonly Interval[]; start: number; increment: number; zone: string },
  refused: boolean,
): string {
  const begin = grid.hours.findLast(({ from, to }) => from <= grid.start && grid.start < to)?.from ?? grid.start
  const steps = `every ${count(grid.increment / MINUTE, 'minute')} from ${describeInstant(begin, grid.zone)}`
  return refused ? `not on the grid: starts are ${steps}` : `on the grid: ${steps}`
}

/** How many seats a standing group meeting has left. */
export function describeSeats({ id, seatsLeft }: HostMeeting): string {
  return seatsLeft === 0 ? `meeting ${id} is full` : `meeting ${id} has ${count(seatsLeft ?? 0, 'seat')} left`
}

function describeHours({ host, span }: HostQuestion, refused: boolean): string {
  const { schedule } = host
  if (!schedule) return 'outside hours: this host has no schedule'
  const day = localDayAt(zoneOffsets(schedule.zone, span.from, span.to), span.from)
  const hours = hoursOfDate(schedule, day).map(({ from, to }) => `${formatWallTime(from)}–${formatWallTime(to)}`)
  const name = schedule.overrides.has(day) ? formatLocalDate(day) : DAY_NAMES[weekdayOf(day)]
  return `${refused ? 'outside' : 'within'} hours: ${name} ${hours.join(', ') || 'none'} ${schedule.zone}`
}

function describeTimeOff({ host, type, span }: HostQuestion): string {
  const last = span.from + type.durationMinutes * MINUTE - 1
  const zone = zoneOffsets(host.zone, span.from, last)
  const stretches = host.timeOff.map((off) => {
    if ('from' in off) return off.from <= last && span.from < off.to ? describeRange(off, host.zone) : null
    const reaches = localDayAt(zone, span.from) <= off.lastDay && localDayAt(zone, last) >= off.firstDay
    return reaches ? `${formatLocalDate(off.firstDay)} to ${formatLocalDate(off.lastDay)} ${host.zone}` : null
  })
  return stretches.filter((stretch) => stretch !== null).join('; ')
}

function describeRange({ from, to }: Interval, zone: string): string {
  return `${describeInstant(from, zone)} to ${describeInstant(to, zone)}`
}

function describeBusy({ type, host, span }: HostQuestion): string {
  const start = span.from
  const end = start + type.durationMinutes * MINUTE
  const from = start - type.bufferBeforeMinutes * MINUTE
  const to = end + type.bufferAfterMinutes * MINUTE
  return host.meetings
    .filter((meeting) => meeting.busyFrom < to && from < meeting.busyTo)
    .map((meeting) => {
      if (meeting.start < end && start < meeting.end) return `busy with meeting ${meeting.id}`
      if (meeting.busyFrom < end && start < meeting.busyTo) return `buffer of meeting ${meeting.id}`
      return `the meeting's own buffer would reach into meeting ${meeting.id}`
    })
    .join('; ')
}

function describeNotice({ now, type, host, span }: HostQuestion, refused: boolean): string {
  const notice = type.minimumNoticeMinutes
  if (refused && span.from < now) return 'the start is over'
  if (!refused) return notice === 0 ? 'the start is not over' : `minimum notice of ${count(notice, 'minute')} kept`
  const earliest = Math.ceil((now + notice * MINUTE) / MINUTE) * MINUTE
  return `minimum notice of ${count(notice, 'minute')}: not before ${describeInstant(earliest, host.zone)}`
}

function describeWindow({ now, type, host }: HostQuestion, refused: boolean): string {
  const last = Math.min(type.bookingUntil ?? Number.POSITIVE_INFINITY, lastDayOfWindow(now, type, host.zone))
  const bounds: string[] = []
  if (type.bookingFrom !== null) bounds.push(`from ${formatLocalDate(type.bookingFrom)}`)
  if (Number.isFinite(last)) bounds.push(`until ${formatLocalDate(last as LocalDay)}`)
  if (bounds.length === 0) return 'no booking window'
  return `${refused ? 'outside' : 'within'} the booking window: ${bounds.join(' ')} ${host.zone}`
}

function describeDailyLimit(question: HostQuestion, refused: boolean): string {
  const limit = question.type.dailyLimit
  if (limit === null) return 'no daily limit'
  if (refused) return `daily limit of ${limit} reached`
  const ofThisType = question.host.meetings.filter((meeting) => meeting.ofThisType)
  return `${loadOf(question, byDay, ofThisType).meetings} of a daily limit of ${limit} taken`
}

function limitWords(name: keyof Limits, unit: keyof Load, period: Period): Words {
  const each = period === byDay ? 'day' : 'week'
  return (question, refused) => {
    const limit = question.host.limits[name]
    if (limit === null) return `no limit of ${unit} per ${each}`
    const taken = loadOf(question, period, question.host.meetings)[unit]
    return `limit of ${count(limit, unit.slice(0, -1))} per ${each} ${refused ? 'reached' : 'kept'}: ${taken} taken`
  }
}

function loadOf({ zone, span }: HostQuestion, period: Period, counted: readonly HostMeeting[]): Load {
  return loadsBy(period, zone, counted).get(period(localDayAt(zone, span.from))) ?? { meetings: 0, minutes: 0 }
}
