import { MINUTE } from '../time/durations.ts'
import { type Interval, intersectEach, subtract } from '../time/intervals.ts'
import type { HostInput, HostMeeting, SlotsInput, TypeRules } from './input.ts'
import { type HostContext, JOINING_RULES, prepareHost, RULE_NAMES, type RuleName, rules } from './rules.ts'

/** Every start that can be booked. */
export interface Offer {
  /** In ascending order, without duplicates. */
  readonly starts: readonly number[]
  /** The existing group meeting that a booking for this start joins. A start that is not in the map creates a new meeting. */
  readonly joins: ReadonlyMap<number, HostMeeting>
}

/**
 * Returns the starts in `span` that can be booked: the hours, minus the starts that the rules of the type and its hosts refuse.
 */
export function findOffer(input: SlotsInput, span: Interval): Offer {
  const joins = findJoins(input, span)
  const starts = span.from < span.to && input.hosts.length > 0 ? findNewStarts(input, span) : []
  return { starts: joins.size === 0 ? starts : mergeStarts(starts, ascending([...joins.keys()])), joins }
}

function findNewStarts(input: SlotsInput, span: Interval): readonly number[] {
  const contexts = input.hosts.map((host) => prepareHost(input, host, span))
  const increment = incrementOf(input.type)
  if (input.type.assignment === 'joint') return layGrid(commonHours(contexts), openToAll(contexts), increment)
  return contexts
    .map((context): readonly number[] => layGrid(context.ownHours, openStarts(context, RULE_NAMES), increment))
    .reduce(mergeStarts)
}

/** Returns the slot interval, which is the number of milliseconds between two starts on the grid. */
export function incrementOf(type: TypeRules): number {
  return (type.startIncrementMinutes ?? Math.min(type.durationMinutes, 30)) * MINUTE
}

/** Returns the hours that all hosts share. These are the intersections of each date's unmerged intervals. */
export function commonHours(contexts: readonly HostContext[]): readonly Interval[] {
  const [first, ...others] = contexts
  return others.reduce((common, other) => intersectEach(common, other.ownHours), first?.ownHours ?? [])
}

/** Returns the starts in the span that none of the named rules refuse. */
export function openStarts(context: HostContext, names: readonly RuleName[]): Interval[] {
  let open: Interval[] = [context.span]
  for (const name of names) {
    if (open.length === 0) break
    const refused = rules[name](context)
    if (refused.length > 0) open = subtract(open, refused)
  }
  return open
}

function openToAll(contexts: readonly HostContext[]): Interval[] {
  return contexts.map((context) => openStarts(context, RULE_NAMES)).reduce((all, open) => intersectEach(all, open))
}

/**
 * Returns the open starts on the grid. Each interval of hours has its own grid: a start at its beginning and then one every
 * `increment` milliseconds. Closed times never move the grid. `open` is sorted and without overlaps.
 */
export function layGrid(hours: readonly Interval[], open: readonly Interval[], increment: number): number[] {
  const starts: number[] = []
  let isAscending = true
  let firstOpen = 0
  for (const { from, to } of hours) {
    for (let index = firstOpen; index < open.length; index++) {
      const range = open[index]
      if (!range || range.from >= to) break
      if (range.to <= from) {
        // Hours are sorted by `from`, so any open time before this interval is also before all later ones.
        firstOpen = index + 1
        continue
      }
      const first = firstOnGrid(from, range.from, increment)
      const end = Math.min(to, range.to)
      // The starts of overlapping hours interleave.
      if (first < end && first <= (starts.at(-1) ?? Number.NEGATIVE_INFINITY)) isAscending = false
      for (let start = first; start < end; start += increment) starts.push(start)
    }
  }
  return isAscending ? starts : ascending(starts)
}

/** Returns the first start at or after `earliest` on the grid that begins at `from`. */
function firstOnGrid(from: number, earliest: number, increment: number): number {
  return earliest > from ? from + Math.ceil((earliest - from) / increment) * increment : from
}

/** Merges two ascending lists without duplicates. Hosts with similar hours rarely add a start that others do not have. */
function mergeStarts(one: readonly number[], other: readonly number[]): readonly number[] {
  if (includesAll(one, other)) return one
  const merged: number[] = []
  let index = 0
  for (const start of one) {
    for (; index < other.length; index++) {
      const next = other[index]
      if (next === undefined || next >= start) break
      merged.push(next)
    }
    if (other[index] === start) index++
    merged.push(start)
  }
  for (const start of other.slice(index)) merged.push(start)
  return merged
}

/** Returns whether an ascending list contains all numbers in another one. */
function includesAll(list: readonly number[], others: readonly number[]): boolean {
  let index = 0
  for (let position = 0; position < list.length && index < others.length; position++) {
    if (list[position] === others[index]) index++
  }
  return index === others.length
}

function ascending(starts: readonly number[]): number[] {
  return [...new Set(starts)].sort((a, b) => a - b)
}

/**
 * Finds the group meetings with free seats whose start can still be booked. If several begin at the same time, the oldest is
 * filled first.
 */
function findJoins(input: SlotsInput, span: Interval): Map<number, HostMeeting> {
  const joins = new Map<number, HostMeeting>()
  if (input.type.kind !== 'group') return joins
  for (const { meeting, hosts } of findHeldMeetings(input)) {
    if (!meeting.seatsLeft || meeting.start < span.from || meeting.start >= span.to) continue
    const oldest = joins.get(meeting.start)
    if (oldest && oldest.id <= meeting.id) continue
    if (canJoin(input, meeting, hosts)) joins.set(meeting.start, meeting)
  }
  return joins
}

/** A meeting and those of its hosts that are being checked. */
interface HeldMeeting {
  meeting: HostMeeting
  hosts: HostInput[]
}

/** Lists each meeting once, with its hosts. This runs only once, because a large group of hosts has thousands of meetings. */
function findHeldMeetings({ hosts }: SlotsInput): Iterable<HeldMeeting> {
  const held = new Map<number, HeldMeeting>()
  for (const host of hosts) {
    for (const meeting of host.meetings) {
      const known = held.get(meeting.id)
      if (known) known.hosts.push(host)
      else held.set(meeting.id, { meeting, hosts: [host] })
    }
  }
  return held.values()
}

/** Returns whether the rules for joining allow the meeting's start for each of its hosts. */
function canJoin(input: SlotsInput, { start }: HostMeeting, holders: readonly HostInput[]): boolean {
  const span = { from: start, to: start + 1 }
  return holders.every((host) => openStarts(prepareHost(input, host, span), JOINING_RULES).length > 0)
}
