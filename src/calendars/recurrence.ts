import { DAY, HOUR, MINUTE, SECOND } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import type { Frequency, Rule } from './rule.ts'
import { makeDayRule } from './rule-days.ts'

/** The maximum number of instances that are read for one rule. */
export const MOST_INSTANCES = 10_000
/** How many steps are processed at a time, and in total. A rule with COUNT is evaluated from its start. */
const PIECE = 2_000
const MOST_STEPS = 3_000_000
/** The maximum number of starts on one date: one per minute. */
const MOST_TIMES = 1_440

/**
 * Yields the wall times in `span` (including its end) at which a rule that begins at `start` repeats. They are yielded in order
 * and in pieces, and the caller can let other work run between the pieces. At most 10,000 are read, starting from `counted`. The
 * start itself is always an instance and counts towards COUNT (RFC 5545, 3.8.5.3).
 *
 * The rule is evaluated only in wall times, as if they were in UTC. The caller converts the results into instants. We implement
 * this ourselves because `rrule-temporal` ignores BYDAY next to BYYEARDAY, misreads a yearly `BYDAY=SA,5FR`, and cannot pause.
 */
export function* repeat(rule: Rule, start: number, span: Interval, counted = span.from): Generator<number[]> {
  const times = size(rule.byHour) * size(rule.byMinute) * size(rule.bySecond)
  const last = Math.min(span.to, rule.until ?? Number.POSITIVE_INFINITY)
  let left = rule.count === undefined ? Number.POSITIVE_INFINITY : rule.count - 1
  let found = start >= span.from && start <= span.to ? [start] : []
  let read = 0
  let steps = 0
  const from = rule.count === undefined ? span.from : start
  for (const period of times > MOST_TIMES ? [] : periodsOf(rule, start, from)) {
    if (period.first > last || left <= 0 || read >= MOST_INSTANCES || steps++ > MOST_STEPS) break
    for (const wall of choose(period.walls, rule.bySetPos)) {
      if (wall <= start) continue
      if (wall > last || left <= 0 || read >= MOST_INSTANCES) break
      left--
      if (wall < span.from) continue
      if (wall >= counted) read++
      found.push(wall)
    }
    if (steps % PIECE !== 0 && found.length < PIECE) continue
    yield found
    found = []
  }
  yield found
}

function size(values: readonly number[] | undefined): number {
  return values === undefined ? 1 : new Set(values).size
}

/** A year, month, week, day, hour, minute or second in which the rule repeats, and the wall times that the rule selects in it. */
interface Period {
  /** No wall time in this period or a later one is before this time. */
  first: number
  /** In ascending order. */
  walls: readonly number[]
}

function periodsOf(rule: Rule, start: number, from: number): Generator<Period> {
  return rule.freq === 'HOURLY' || rule.freq === 'MINUTELY' || rule.freq === 'SECONDLY'
    ? shortPeriods(rule, start, from)
    : longPeriods(rule, start, from)
}

/** Returns the wall times at the BYSETPOS positions, which are counted from 1, or from -1 at the end. */
function choose(walls: readonly number[], positions: readonly number[] | undefined): readonly number[] {
  if (positions === undefined) return walls
  const chosen = new Set(positions.map((position) => (position > 0 ? position - 1 : walls.length + position)))
  return walls.filter((_, index) => chosen.has(index))
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 3

/** For years, months, weeks and days: checks each of their dates. */
function* longPeriods(rule: Rule, start: number, from: number): Generator<Period> {
  const { freq, interval = 1 } = rule
  const names = makeDayRule(rule, Math.floor(start / DAY))
  const times = timesOfDay(rule, start)
  const week = Math.max(0, WEEKDAYS.indexOf(rule.weekStart ?? 'MO'))
  const origin = numberOf(freq, start, week)
  const reached = Math.floor((numberOf(freq, from, week) - origin) / interval)
  for (let number = origin + Math.max(0, reached) * interval; ; number += interval) {
    const first = firstDay(freq, number, week)
    const end = firstDay(freq, number + 1, week)
    const walls: number[] = []
    for (let day = first; day < end; day++) {
      if (names(day)) for (const time of times) walls.push(day * DAY + time)
    }
    yield { first: first * DAY, walls }
  }
}

/** Numbers the years, months, weeks or days. */
function numberOf(freq: Frequency, wall: number, week: number): number {
  const date = new Date(wall)
  if (freq === 'YEARLY') return date.getUTCFullYear()
  if (freq === 'MONTHLY') return date.getUTCFullYear() * 12 + date.getUTCMonth()
  const day = Math.floor(wall / DAY)
  return freq === 'WEEKLY' ? Math.floor((day + EPOCH_WEEKDAY - week) / 7) : day
}

/** Returns the first date in the year, month, week or day with this number, in days since 1970. */
function firstDay(freq: Frequency, number: number, week: number): number {
  if (freq === 'YEARLY') return Date.UTC(number, 0) / DAY
  if (freq === 'MONTHLY') return Date.UTC(Math.floor(number / 12), number % 12) / DAY
  return freq === 'WEEKLY' ? number * 7 - EPOCH_WEEKDAY + week : number
}

function timesOfDay({ byHour, byMinute, bySecond }: Rule, start: number): number[] {
  const [hours, minutes, seconds] = [
    sorted(byHour) ?? [hourOf(start)],
    sorted(byMinute) ?? [minuteOf(start)],
    sorted(bySecond) ?? [secondOf(start)],
  ]
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
  )
}

function sorted(values: readonly number[] | undefined): number[] | undefined {
  return values && [...new Set(values)].sort((a, b) => a - b)
}

const hourOf = (wall: number) => Math.floor((wall - Math.floor(wall / DAY) * DAY) / HOUR)
const minuteOf = (wall: number) => Math.floor((wall - Math.floor(wall / HOUR) * HOUR) / MINUTE)
const secondOf = (wall: number) => Math.floor((wall - Math.floor(wall / MINUTE) * MINUTE) / SECOND)

const units = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND }

/**
 * For hours, minutes and seconds, counted from the start. Skips periods that the rule does not select: first whole dates, then
 * whole hours and minutes.
 */
function* shortPeriods(rule: Rule & { freq: Frequency }, start: number, from: number): Generator<Period> {
  const unit = units[rule.freq as keyof typeof units]
  const step = unit * (rule.interval ?? 1)
  const names = makeDayRule(rule, Math.floor(start / DAY))
  const stepTo = (wall: number) => start + Math.ceil((wall - start) / step) * step
  let wall = Math.max(start, stepTo(from - step))
  for (;;) {
    const next = firstOutside(rule, wall, names)
    if (next === null) yield { first: Math.floor(wall / unit) * unit, walls: expandWithin(rule, wall) }
    else yield { first: Math.floor(wall / unit) * unit, walls: [] }
    wall = next === null ? wall + step : Math.max(wall + step, stepTo(next))
  }
}

/**
 * Returns null if the rule selects this hour, minute or second. Otherwise returns the end of the date, hour or minute that the
 * rule skips.
 */
function firstOutside(rule: Rule, wall: number, names: (day: number) => boolean): number | null {
  const day = Math.floor(wall / DAY)
  if (!names(day)) return (day + 1) * DAY
  if (rule.byHour && !rule.byHour.includes(hourOf(wall))) return (Math.floor(wall / HOUR) + 1) * HOUR
  if (rule.freq === 'HOURLY') return null
  if (rule.byMinute && !rule.byMinute.includes(minuteOf(wall))) return (Math.floor(wall / MINUTE) + 1) * MINUTE
  if (rule.freq === 'MINUTELY') return null
  return rule.bySecond && !rule.bySecond.includes(secondOf(wall)) ? wall + SECOND : null
}

/** Returns the minutes and seconds in an hour, or the seconds in a minute, that the rule selects. */
function expandWithin({ freq, byMinute, bySecond }: Rule, wall: number): number[] {
  const minute = Math.floor(wall / MINUTE) * MINUTE
  const seconds = (freq === 'SECONDLY' ? undefined : sorted(bySecond)) ?? [secondOf(wall)]
  const minutes =
    freq === 'HOURLY' && byMinute
      ? (sorted(byMinute) ?? []).map((number) => Math.floor(wall / HOUR) * HOUR + number * MINUTE)
      : [minute]
  return minutes.flatMap((begin) => seconds.map((second) => begin + second * SECOND))
}
