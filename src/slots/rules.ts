import { intervalsOfDates } from '../schedules/schedule.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { complement, type Interval, unite } from '../time/intervals.ts'
import { type LocalDay, weekOf } from '../time/local-dates.ts'
import { instantsOfDates, localDayAt, type ZoneOffsets, zoneOffsets } from '../time/zones.ts'
import type { HostInput, HostMeeting, SlotsInput, TypeRules } from './input.ts'

/**
 * The rules that a host's start must pass, each a function that gives the starts it refuses.
 * `slots.ts` takes them away from a range, `judgement.ts` asks them about one start: that is why a start is bookable exactly when it is offered.
 */
export const rules = {
  hours: refuseOutsideHours,
  time_off: refuseTimeOff,
  busy: refuseBusy,
  minimum_notice: refuseShortNotice,
  booking_window: refuseOutsideWindow,
  daily_limit: refuseByDailyLimit,
  meetings_per_day: refuseByMeetingsPerDay,
  meetings_per_week: refuseByMeetingsPerWeek,
  minutes_per_day: refuseByMinutesPerDay,
  minutes_per_week: refuseByMinutesPerWeek,
} satisfies Record<string, Rule>

/** Gives the starts in the question's span that the rule refuses, sorted, without overlaps. */
type Rule = (question: HostQuestion) => readonly Interval[]
export type RuleName = keyof typeof rules

/** The rules that also hold for whoever joins a meeting that already stands: when one may book, not when the host works. */
export const JOINING_RULES = ['minimum_notice', 'booking_window'] as const satisfies RuleName[]

/** One host, a range of starts, and what several rules need of both. */
export interface HostQuestion {
  readonly now: number
  readonly type: TypeRules
  readonly host: HostInput
  /** The starts that are asked about. */
  readonly span: Interval
  /** The member's own zone. */
  readonly zone: ZoneOffsets
  /** Each date's own intervals: the beginnings of the grid. */
  readonly ownHours: readonly Interval[]
}

const WEEK = 7 * DAY
const NOTHING: readonly Interval[] = []

/** Prepares the question which starts in `span` one host can take. */
export function askHost(input: SlotsInput, host: HostInput, span: Interval): HostQuestion {
  const { now, type } = input
  const zone = zoneOffsets(host.zone, span.from, span.to)
  return { now, type, host, span, zone, ownHours: ownHours(host, type, span) }
}

function ownHours({ schedule }: HostInput, type: TypeRules, span: Interval): readonly Interval[] {
  if (!schedule) return NOTHING
  const reach = { from: span.from, to: span.to + type.durationMinutes * MINUTE }
  return intervalsOfDates(schedule, zoneOffsets(schedule.zone, reach.from, reach.to), reach)
}

/** The whole meeting lies within hours; those that touch or overlap count as one stretch, also across midnight. */
function refuseOutsideHours({ type, span, ownHours }: HostQuestion): Interval[] {
  const duration = type.durationMinutes * MINUTE
  const fitting: Interval[] = []
  for (const { from, to } of unite(ownHours)) {
    if (to - from >= duration) fitting.push({ from, to: to - duration + 1 })
  }
  return complement(fitting, span)
}

/** No part of the meeting lies in time off. Its buffers may. */
function refuseTimeOff({ type, host, span, zone }: HostQuestion): readonly Interval[] {
  if (host.timeOff.length === 0) return NOTHING
  const duration = type.durationMinutes * MINUTE
  const reach = { from: span.from, to: span.to + duration }
  const off = host.timeOff.flatMap((stretch) =>
    'from' in stretch ? [stretch] : instantsOfDates(zone, { first: stretch.firstDay, last: stretch.lastDay }, reach),
  )
  return unite(off.map(({ from, to }) => ({ from: from - duration + 1, to })))
}

/** The meeting with its buffers overlaps no meeting with its buffers. Touching is fine. */
function refuseBusy({ type, host }: HostQuestion): Interval[] {
  const before = type.bufferBeforeMinutes * MINUTE
  const behind = (type.durationMinutes + type.bufferAfterMinutes) * MINUTE
  return unite(host.meetings.map(({ busyFrom, busyTo }) => ({ from: busyFrom - behind + 1, to: busyTo + before })))
}

/** The start is not over, and is the minimum notice away. */
function refuseShortNotice({ now, type, span }: HostQuestion): readonly Interval[] {
  const earliest = now + type.minimumNoticeMinutes * MINUTE
  return earliest > span.from ? [{ from: span.from, to: earliest }] : NOTHING
}

/** The start's date in the host's zone is inside the rolling window and inside the fixed range of dates. */
function refuseOutsideWindow({ now, type, host, span, zone }: HostQuestion): readonly Interval[] {
  const { bookingWindowDays, bookingFrom, bookingUntil } = type
  if (bookingWindowDays === null && bookingFrom === null && bookingUntil === null) return NOTHING
  const first = bookingFrom ?? Number.NEGATIVE_INFINITY
  const last = Math.min(bookingUntil ?? Number.POSITIVE_INFINITY, lastDayOfWindow(now, type, host.zone))
  return complement(instantsOfDates(zone, { first, last }, span), span)
}

/** The last date that the rolling window admits, in the host's zone. */
export function lastDayOfWindow(now: number, type: TypeRules, zone: string): number {
  if (type.bookingWindowDays === null) return Number.POSITIVE_INFINITY
  return localDayAt(zoneOffsets(zone, now, now), now) + type.bookingWindowDays
}

/** What a host has already taken on in one date or week. */
export interface Load {
  meetings: number
  minutes: number
}

export type Period = (day: LocalDay) => number
export const byDay: Period = (day) => day
export const byWeek: Period = weekOf

function refuseByDailyLimit(question: HostQuestion): readonly Interval[] {
  const limit = question.type.dailyLimit
  if (limit === null) return NOTHING
  const ofThisType = question.host.meetings.filter((meeting) => meeting.ofThisType)
  return refuseFull(question, { period: byDay, counted: ofThisType, isFull: (load) => load.meetings + 1 > limit })
}

function refuseByMeetingsPerDay(question: HostQuestion): readonly Interval[] {
  return refuseByMeetings(question, question.host.limits.meetingsPerDay, byDay)
}

function refuseByMeetingsPerWeek(question: HostQuestion): readonly Interval[] {
  return refuseByMeetings(question, question.host.limits.meetingsPerWeek, byWeek)
}

function refuseByMinutesPerDay(question: HostQuestion): readonly Interval[] {
  return refuseByMinutes(question, question.host.limits.minutesPerDay, byDay)
}

function refuseByMinutesPerWeek(question: HostQuestion): readonly Interval[] {
  return refuseByMinutes(question, question.host.limits.minutesPerWeek, byWeek)
}

function refuseByMeetings(question: HostQuestion, limit: number | null, period: Period): readonly Interval[] {
  if (limit === null) return NOTHING
  return refuseFull(question, { period, counted: question.host.meetings, isFull: (load) => load.meetings + 1 > limit })
}

function refuseByMinutes(question: HostQuestion, limit: number | null, period: Period): readonly Interval[] {
  if (limit === null) return NOTHING
  const added = question.type.durationMinutes
  return refuseFull(question, {
    period,
    counted: question.host.meetings,
    isFull: (load) => load.minutes + added > limit,
  })
}

interface Limit {
  period: Period
  counted: readonly HostMeeting[]
  isFull: (load: Load) => boolean
}

function refuseFull({ span, zone }: HostQuestion, { period, counted, isFull }: Limit): Interval[] {
  const loads = loadsBy(period, zone, counted)
  const none: Load = { meetings: 0, minutes: 0 }
  const refused: Interval[] = []
  const days = [localDayAt(zone, span.from), localDayAt(zone, span.to - 1)]
  // One date more on either side: where clocks go back across midnight, dates are not in order.
  for (let day = Math.min(...days) - 1; day <= Math.max(...days) + 1; day++) {
    if (!isFull(loads.get(period(day as LocalDay)) ?? none)) continue
    refused.push(...instantsOfDates(zone, { first: day, last: day }, span))
  }
  return unite(refused)
}

/** What the host has taken on by date or week of the host's zone. A meeting counts whole where it starts, without its buffers. */
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

/** The instants from the Monday of the first date to the end of the Sunday of the last, with a day to spare: all that a weekly limit on these starts counts. */
export function weeksAround({ from, to }: Interval): Interval {
  return { from: from - WEEK - DAY, to: to + WEEK + DAY }
}
