import { toInstantText } from '../platform/clock.ts'
import { hoursOfDate } from '../schedules/schedule.ts'
import { MINUTE } from '../time/durations.ts'
import { formatLocalDate, formatWallTime, toLocalDay } from '../time/local-dates.ts'
import { localDayAt, zoneOffsets } from '../time/zones.ts'
import type { HostMeeting, Limits, TimeOff } from './input.ts'
import {
  busyCalendars,
  byDay,
  byWeek,
  type HostContext,
  type Load,
  lastDayOfWindow,
  loadsBy,
  type Period,
  type RuleName,
} from './rules.ts'
import type { RuleDetails } from './schema.ts'
import { incrementOf } from './slots.ts'

/** Returns the facts behind a rule's result, so that a program can word it in any language. */
export function detailsOf(
  context: HostContext,
  rule: RuleName | 'grid' | 'seats',
  joins: HostMeeting | null,
): RuleDetails {
  switch (rule) {
    case 'hours':
      return detailHours(context)
    case 'time_off':
      return { timezone: context.host.zone, periods: timeOffAt(context).map(showTimeOff) }
    case 'busy':
      return { meetings: detailBusy(context) }
    case 'calendar':
      return { is_known: context.host.calendars?.isKnown ?? true, calendars: busyCalendars(context) }
    case 'minimum_notice':
      return {
        minutes: context.type.minimumNoticeMinutes,
        earliest: toInstantText(
          Math.ceil((context.now + context.type.minimumNoticeMinutes * MINUTE) / MINUTE) * MINUTE,
        ),
      }
    case 'booking_window':
      return detailWindow(context)
    case 'daily_limit': {
      const ofThisType = context.host.meetings.filter((meeting) => meeting.ofThisType)
      return { limit: context.type.dailyLimit, used: loadOf(context, byDay, ofThisType).meetings }
    }
    case 'meetings_per_day':
      return detailLimit(context, { limit: 'meetingsPerDay', unit: 'meetings', period: byDay })
    case 'meetings_per_week':
      return detailLimit(context, { limit: 'meetingsPerWeek', unit: 'meetings', period: byWeek })
    case 'minutes_per_day':
      return detailLimit(context, { limit: 'minutesPerDay', unit: 'minutes', period: byDay })
    case 'minutes_per_week':
      return detailLimit(context, { limit: 'minutesPerWeek', unit: 'minutes', period: byWeek })
    case 'grid':
      return { minutes: incrementOf(context.type) / MINUTE }
    case 'seats':
      return { seats_left: joins?.seatsLeft ?? 0 }
  }
}

function detailHours({ host: { schedule }, span }: HostContext): RuleDetails {
  if (!schedule) return { has_schedule: false }
  const day = localDayAt(zoneOffsets(schedule.zone, span.from, span.to), span.from)
  const hours = hoursOfDate(schedule, day).map(({ from, to }) => ({
    from: formatWallTime(from),
    to: formatWallTime(to),
  }))
  return {
    has_schedule: true,
    timezone: schedule.zone,
    date: formatLocalDate(day),
    is_override: schedule.overrides.has(day),
    hours,
  }
}

/** The time off that a meeting at this start would overlap. */
export function timeOffAt({ host, type, span }: HostContext): TimeOff[] {
  const last = span.from + type.durationMinutes * MINUTE - 1
  const zone = zoneOffsets(host.zone, span.from, last)
  return host.timeOff.filter((off) =>
    'from' in off
      ? off.from <= last && span.from < off.to
      : localDayAt(zone, span.from) <= off.lastDay && localDayAt(zone, last) >= off.firstDay,
  )
}

/** Returns time off as the API shows it: instants, or dates including the last one. */
function showTimeOff(off: TimeOff): { from: string; to: string } {
  return 'from' in off
    ? { from: toInstantText(off.from), to: toInstantText(off.to) }
    : { from: formatLocalDate(off.firstDay), to: formatLocalDate(off.lastDay) }
}

type BusyDetails = NonNullable<RuleDetails['meetings']>[number]

function detailBusy({ type, host, span }: HostContext): BusyDetails[] {
  const start = span.from
  const end = start + type.durationMinutes * MINUTE
  const from = start - type.bufferBeforeMinutes * MINUTE
  const to = end + type.bufferAfterMinutes * MINUTE
  return host.meetings
    .filter((meeting) => meeting.busyFrom < to && from < meeting.busyTo)
    .map((meeting) => ({
      id: meeting.id < 0 ? null : meeting.id,
      start: toInstantText(meeting.start),
      end: toInstantText(meeting.end),
      overlap: overlapOf(meeting, { start, end }),
    }))
}

function overlapOf(meeting: HostMeeting, { start, end }: { start: number; end: number }): BusyDetails['overlap'] {
  if (meeting.start < end && start < meeting.end) return 'meeting'
  return meeting.busyFrom < end && start < meeting.busyTo ? 'buffer_of_meeting' : 'buffer_of_start'
}

function detailWindow({ now, type, host }: HostContext): RuleDetails {
  const last = Math.min(type.bookingUntil ?? Number.POSITIVE_INFINITY, lastDayOfWindow(now, type, host.zone))
  return {
    timezone: host.zone,
    from: type.bookingFrom === null ? null : formatLocalDate(type.bookingFrom),
    until: Number.isFinite(last) ? formatLocalDate(toLocalDay(last)) : null,
  }
}

type LimitRule = { limit: keyof Limits; unit: keyof Load; period: Period }

function detailLimit(context: HostContext, { limit, unit, period }: LimitRule): RuleDetails {
  return { limit: context.host.limits[limit], used: loadOf(context, period, context.host.meetings)[unit] }
}

/** Returns the host's meetings and minutes on the date or in the week of the start. */
export function loadOf({ zone, span }: HostContext, period: Period, counted: readonly HostMeeting[]): Load {
  return loadsBy(period, zone, counted).get(period(localDayAt(zone, span.from))) ?? { meetings: 0, minutes: 0 }
}
