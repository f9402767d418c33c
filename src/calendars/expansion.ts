import { DAY } from '../time/durations.ts'
import type { Interval } from '../time/intervals.ts'
import { type AddedDate, type Appointment, type Blocking, instantOf, type LocalTime } from './appointment.ts'
import type { Duration, WrittenRule } from './properties.ts'
import { MOST_INSTANCES, repeat } from './recurrence.ts'
import type { Rule } from './rule.ts'
import type { WallClock } from './wall-clock.ts'

/** One occurrence of an event. */
export interface Instance extends Interval {
  blocking: Blocking
  isAllDay: boolean
}

/**
 * Yields the instances that overlap the window, in pieces, for the events that share one UID. Each event repeats according to its
 * rules and added dates, except for instances that are excluded or replaced. Overrides count no matter when they take place (RFC
 * 5545, 3.8.4.4).
 */
export function* expandAppointments(events: readonly Appointment[], window: Interval): Generator<Instance[]> {
  const overrides = latestOverrides(events.filter(({ replaces }) => replaces !== null))
  yield overrides.flatMap((event) => instanceIn(event, event.start, window))
  const later = overrides.filter(({ replacesLater }) => replacesLater).sort((a, b) => replacedAt(a) - replacedAt(b))
  const replaced = overrides.flatMap(({ replaces }) => replaces ?? [])
  for (const event of events) {
    if (event.replaces === null) yield* expandSeries(event, { replaced, later }, window)
  }
}

/**
 * If an instance has several overrides, the one with the highest sequence number counts. If the numbers are equal, the last one
 * counts.
 */
function latestOverrides(overrides: readonly Appointment[]): Appointment[] {
  const latest = new Map<number, Appointment>()
  for (const override of overrides) {
    const known = latest.get(replacedAt(override))
    if (!known || override.sequence >= known.sequence) latest.set(replacedAt(override), override)
  }
  return [...latest.values()]
}

function replacedAt({ replaces }: Appointment): number {
  return replaces ? instantOf(replaces) : 0
}

interface Replacements {
  replaced: readonly LocalTime[]
  /** The overrides that also apply to all later instances, by the instance they begin at. */
  later: readonly Appointment[]
}

function* expandSeries(event: Appointment, { replaced, later }: Replacements, window: Interval): Generator<Instance[]> {
  const isLeftOut = matcherOf(event.start, [...event.excluded, ...replaced])
  const reach = reachOf(event, later, window)
  const seen = new Set<number>()
  for (const times of startsOf(event, { ...reach, counted: event.start.clock.wallAt(window.from) })) {
    const instances: Instance[] = []
    for (const time of times) {
      const at = instantOf(time)
      if (seen.has(at) || isLeftOut(time)) continue
      seen.add(at)
      const moved = later.findLast((override) => replacedAt(override) <= at)
      instances.push(...(moved ? moveLike(moved, time, window) : instanceIn(event, time, window)))
    }
    yield instances
  }
}

/**
 * Yields the starts of a series whose wall times are in `reach`: the event's own start, the starts from its rules, and the added
 * starts.
 */
function* startsOf(event: Appointment, reach: Interval & { counted: number }): Generator<AddedDate[]> {
  const { start, rules, added } = event
  // An added period has its own length, so it comes before an identical start without one.
  yield [...added.slice(0, MOST_INSTANCES), { ...start, duration: null }]
  for (const written of rules) {
    const { rule, isWithin } = bound(written, start)
    for (const walls of repeat(rule, start.wall, reach, reach.counted)) {
      yield walls.filter(isWithin).map((wall) => ({ ...start, wall, duration: null }))
    }
  }
}

/**
 * Converts UNTIL into a wall time on the event's clock. An UNTIL in UTC is compared as an instant, because clocks may be set back
 * around that time.
 */
function bound({ rule, until }: WrittenRule, start: LocalTime): { rule: Rule; isWithin: (wall: number) => boolean } {
  const everything = () => true
  if (until === null) return { rule, isWithin: everything }
  const day = Math.floor(until.wall / DAY) * DAY
  if (start.isDate) return { rule: { ...rule, until: day }, isWithin: everything }
  if (until.isDate) return { rule: { ...rule, until: day + DAY - 1 }, isWithin: everything }
  if (!until.isUtc) return { rule: { ...rule, until: until.wall }, isWithin: everything }
  const isWithin = (wall: number) => start.clock.instantOf(wall) <= until.wall
  return { rule: { ...rule, until: start.clock.wallAt(until.wall) + DAY }, isWithin }
}

/**
 * Returns the range of wall times at which an instance that touches the window can start. The range begins earlier by the
 * instance's length and by the distance it was moved.
 */
function reachOf({ start, duration }: Appointment, later: readonly Appointment[], window: Interval): Interval {
  const lengths = [duration, ...later.map((override) => override.duration)].map(({ days, exact }) => days * DAY + exact)
  const shifts = later.map((override) => Math.abs(shiftOf(override)))
  const shift = Math.max(0, ...shifts) + DAY
  return {
    from: start.clock.wallAt(window.from) - Math.max(...lengths) - shift,
    to: start.clock.wallAt(window.to) + shift,
  }
}

/** Returns how far an override moves its instance on the wall clock. */
function shiftOf({ start, replaces }: Appointment): number {
  return replaces ? start.wall - start.clock.wallAt(instantOf(replaces)) : 0
}

function moveLike(override: Appointment, { wall, clock }: LocalTime, window: Interval): Instance[] {
  const here = override.start.clock.wallAt(clock.instantOf(wall))
  return instanceIn(override, { ...override.start, wall: here + shiftOf(override) }, window)
}

function instanceIn(
  { duration, start, blocking }: Appointment,
  time: LocalTime & { duration?: Duration | null },
  window: Interval,
): Instance[] {
  const from = instantOf(time)
  // If a clock change skips the start, the start and the end both move. All-day events do not move, because they end at midnight.
  const wall = start.isDate ? time.wall : time.clock.wallAt(from)
  const to = endOf({ clock: time.clock, from, wall }, time.duration ?? duration)
  return from < to && from < window.to && to > window.from ? [{ from, to, blocking, isAllDay: start.isDate }] : []
}

/** In a duration, days are calendar days and hours are exact (RFC 5545, 3.3.6). */
function endOf(
  { clock, from, wall }: { clock: WallClock; from: number; wall: number },
  { days, exact }: Duration,
): number {
  return (days === 0 ? from : clock.instantOf(wall + days * DAY)) + exact
}

/**
 * Returns whether a start of the series is one of the given times. They are compared as instants or, if one side is a date, by
 * date. Exchange writes exceptions to all-day events as instants, and some programs write exceptions to other events as dates.
 */
function matcherOf(start: LocalTime, given: readonly LocalTime[]): (time: LocalTime) => boolean {
  if (given.length === 0) return () => false
  const instants = new Set<number>()
  const days = new Set<number>()
  for (const time of given) {
    if (time.isDate) days.add(dayOf(time.wall))
    else if (start.isDate) days.add(dayOf(isMidnight(time.wall) ? time.wall : start.clock.wallAt(instantOf(time))))
    else instants.add(instantOf(time))
  }
  return (time) => instants.has(instantOf(time)) || days.has(dayOf(time.wall))
}

function dayOf(wall: number): number {
  return Math.floor(wall / DAY)
}

function isMidnight(wall: number): boolean {
  return wall % DAY === 0
}
