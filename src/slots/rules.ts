import { intervalsOfDates } from '../schedules/schedule.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { complement, type Interval, unite } from '../time/intervals.ts'
import { type LocalDay, toLocalDay, weekOf } from '../time/local-dates.ts'
import { instantsOfDates, localDayAt, type ZoneOffsets, zoneOffsets } from '../time/zones.ts'
import type { HostInput, HostMeeting, SlotsInput, TypeRules } from './input.ts'

/** The rules that a start must pass for each host, in the order in which they are applied and explained. */
export const RULE_NAMES = [
  'hours',
  'time_off',
  'busy',
  'calendar',
  'minimum_notice',
  'booking_window',
  'daily_limit',
  'meetings_per_day',
  'meetings_per_week',
  'minutes_per_day',
  'minutes_per_week',
] as const
export type RuleName = (typeof RULE_NAMES)[number]

/** Returns the starts in the span that the rule refuses, sorted and without overlaps. */
type Rule = (context: HostContext) => readonly Interval[]

/**
 * Each rule, as a function that returns the starts it refuses. `slots.ts` subtracts them from a range, and `judgement.ts` uses
 * them to check one start. Therefore, a start can be booked exactly when it is offered.
 */
export const rules: Record<RuleName, Rule> = {
  hours: refuseOutsideHours,
  time_off: refuseTimeOff,
  busy: refuseBusy,
  calendar: refuseCalendarTimes,
  minimum_notice: refuseShortNotice,
  booking_window: refuseOutsideWindow,
  daily_limit: refuseByDailyLimit,
  meetings_per_day: refuseByMeetingsPerDay,
  meetings_per_week: refuseByMeetingsPerWeek,
  minutes_per_day: refuseByMinutesPerDay,
  minutes_per_week: refuseByMinutesPerWeek,
}

/**
 * The rules that also apply to joining an existing meeting. They determine when people may book, not when the host works.
 */
export const JOINING_RULES = ['minimum_notice', 'booking_window'] as const satisfies RuleName[]

/** A host and a range of starts, with the values that several rules need. */
export interface HostContext {
  readonly now: number
  readonly type: TypeRules
  readonly host: HostInput
  /** The starts to check. */
  readonly span: Interval
  /** The member's time zone. */
  readonly zone: ZoneOffsets
  /** The unmerged intervals of each date. A grid of starts begins at each of them. */
  readonly ownHours: readonly Interval[]
}

const WEEK = 7 * DAY
const NOTHING: readonly Interval[] = []

/** Prepares a host for applying the rules to the starts in `span`. */
export function prepareHost(input: SlotsInput, host: HostInput, span: Interval): HostContext {
  const { now, type } = input
  const zone = zoneOffsets(host.zone, span.from, span.to)
  return { now, type, host, span, zone, ownHours: ownHours(host, type, span) }
}

function ownHours({ schedule }: HostInput, type: TypeRules, span: Interval): readonly Interval[] {
  if (!schedule) return NOTHING
  const reach = { from: span.from, to: span.to + type.durationMinutes * MINUTE }
  return intervalsOfDates(schedule, zoneOffsets(schedule.zone, reach.from, reach.to), reach)
}

/** The whole meeting must be within hours. Hours that touch or overlap count as one interval, even across midnight. */
function refuseOutsideHours({ type, span, ownHours }: HostContext): Interval[] {
  const duration = type.durationMinutes * MINUTE
  const fitting: Interval[] = []
  for (const { from, to } of unite(ownHours)) {
    if (to - from >= duration) fitting.push({ from, to: to - duration + 1 })
  }
  return complement(fitting, span)
}

/** No part of the meeting may be in time off, but its buffers may be. */
function refuseTimeOff({ type, host, span, zone }: HostContext): readonly Interval[] {
  if (host.timeOff.length === 0) return NOTHING
  const duration = type.durationMinutes * MINUTE
  const reach = { from: span.from, to: span.to + duration }
  const off = host.timeOff.flatMap((stretch) =>
    'from' in stretch ? [stretch] : instantsOfDates(zone, { first: stretch.firstDay, last: stretch.lastDay }, reach),
  )
  return unite(off.map(({ from, to }) => ({ from: from - duration + 1, to })))
}

/** The meeting with its buffers must not overlap another meeting with its buffers. They may touch. */
function refuseBusy({ type, host }: HostContext): Interval[] {
  return startsTouching(type, host.busy)
}

/** The meeting with its buffers must not overlap a busy time in the host's calendars. The calendars' state must be known. */
function refuseCalendarTimes({ type, host, span }: HostContext): readonly Interval[] {
  const { calendars } = host
  if (calendars === undefined) return NOTHING
  return calendars.isKnown ? startsTouching(type, calendars.times) : [span]
}

/** Returns the names of the calendars that are busy during a meeting at the beginning of the span, including buffers. */
export function busyCalendars({ type, host, span }: HostContext): string[] {
  const from = span.from - type.bufferBeforeMinutes * MINUTE
  const to = span.from + (type.durationMinutes + type.bufferAfterMinutes) * MINUTE
  const busy = (host.calendars?.times ?? []).filter((time) => time.from < to && from < time.to)
  return [...new Set(busy.flatMap(({ calendar }) => calendar ?? []))]
}

/** Returns the starts at which a meeting with its buffers would overlap one of these times. */
function startsTouching(type: TypeRules, times: readonly Interval[]): Interval[] {
  const before = type.bufferBeforeMinutes * MINUTE
  const after = (type.durationMinutes + type.bufferAfterMinutes) * MINUTE
  return unite(times.map(({ from, to }) => ({ from: from - after + 1, to: to + before })))
}

/** The start must be in the future, by at least the minimum notice. */
function refuseShortNotice({ now, type, span }: HostContext): readonly Interval[] {
  const earliest = now + type.minimumNoticeMinutes * MINUTE
  return earliest > span.from ? [{ from: span.from, to: earliest }] : NOTHING
}

/** The start's date in the host's time zone must be inside the booking window and the fixed date range. */
function refuseOutsideWindow({ now, type, host, span, zone }: HostContext): readonly Interval[] {
  const { bookingWindowDays, bookingFrom, bookingUntil } = type
  if (bookingWindowDays === null && bookingFrom === null && bookingUntil === null) return NOTHING
  const first = bookingFrom ?? Number.NEGATIVE_INFINITY
  const last = Math.min(bookingUntil ?? Number.POSITIVE_INFINITY, lastDayOfWindow(now, type, host.zone))
  return complement(instantsOfDates(zone, { first, last }, span), span)
}

/** Returns the last date of the booking window in the host's time zone, or infinity if there is no booking window. */
export function lastDayOfWindow(now: number, type: TypeRules, zone: string): number {
  if (type.bookingWindowDays === null) return Number.POSITIVE_INFINITY
  return localDayAt(zoneOffsets(zone, now, now), now) + type.bookingWindowDays
}

/** The meetings that a host already has on one date or in one week. */
export interface Load {
  meetings: number
  minutes: number
}

export type Period = (day: LocalDay) => number
export const byDay: Period = (day) => day
export const byWeek: Period = weekOf

function refuseByDailyLimit(context: HostContext): readonly Interval[] {
  const limit = context.type.dailyLimit
  if (limit === null) return NOTHING
  const ofThisType = context.host.meetings.filter((meeting) => meeting.ofThisType)
  return refuseFull(context, { period: byDay, counted: ofThisType, isFull: (load) => load.meetings + 1 > limit })
}

function refuseByMeetingsPerDay(context: HostContext): readonly Interval[] {
  return refuseByMeetings(context, context.host.limits.meetingsPerDay, byDay)
}

function refuseByMeetingsPerWeek(context: HostContext): readonly Interval[] {
  return refuseByMeetings(context, context.host.limits.meetingsPerWeek, byWeek)
}

function refuseByMinutesPerDay(context: HostContext): readonly Interval[] {
  return refuseByMinutes(context, context.host.limits.minutesPerDay, byDay)
}

function refuseByMinutesPerWeek(context: HostContext): readonly Interval[] {
  return refuseByMinutes(context, context.host.limits.minutesPerWeek, byWeek)
}

function refuseByMeetings(context: HostContext, limit: number | null, period: Period): readonly Interval[] {
  if (limit === null) return NOTHING
  return refuseFull(context, { period, counted: context.host.meetings, isFull: (load) => load.meetings + 1 > limit })
}

function refuseByMinutes(context: HostContext, limit: number | null, period: Period): readonly Interval[] {
  if (limit === null) return NOTHING
  const added = context.type.durationMinutes
  return refuseFull(context, {
    period,
    counted: context.host.meetings,
    isFull: (load) => load.minutes + added > limit,
  })
}

interface Limit {
  period: Period
  counted: readonly HostMeeting[]
  isFull: (load: Load) => boolean
}

function refuseFull({ span, zone }: HostContext, { period, counted, isFull }: Limit): Interval[] {
  const loads = loadsBy(period, zone, counted)
  const none: Load = { meetings: 0, minutes: 0 }
  const refused: Interval[] = []
  const days = [localDayAt(zone, span.from), localDayAt(zone, span.to - 1)]
  // One extra date on both sides, because dates are not in order if the clocks are set back across midnight.
  for (let day = Math.min(...days) - 1; day <= Math.max(...days) + 1; day++) {
    if (!isFull(loads.get(period(toLocalDay(day))) ?? none)) continue
    refused.push(...instantsOfDates(zone, { first: day, last: day }, span))
  }
  return unite(refused)
}

/** Counts meetings by date or week in the host's time zone. A meeting counts fully on its start date, without buffers. */
export function loadsBy(period: Period, zone: ZoneOffsets, meetings: readonly HostMeeting[]): Map<number, Load> {
  const loads = new Map<number, Load>()
  for (const { start, end } of meetings) {
    const key = period(localDayAt(zone, start))
    const load = loads.get(key) ?? { meetings: 0, minutes: 0 }
    load.meetings++
    load.minutes += (end - start) / MINUTE
    loads.set(key, load)
  }
  return loads
}

/** Returns the range that a weekly limit counts: from the Monday before to the Sunday after, with an extra day on both sides. */
export function weeksAround({ from, to }: Interval): Interval {
  return { from: from - WEEK - DAY, to: to + WEEK + DAY }
}
