import { MINUTE } from '../time/durations.ts'
import { type Interval, intersectEach, subtract } from '../time/intervals.ts'
import type { HostInput, HostMeeting, SlotsInput, TypeRules } from './input.ts'
import { askHost, type HostQuestion, JOINING_RULES, type RuleName, rules } from './rules.ts'

/** Every start that can be booked. */
export interface Offer {
  /** Ascending, each once. */
  readonly starts: readonly number[]
  /** The standing group meeting that whoever books this start joins. A start without one makes a new meeting. */
  readonly joins: ReadonlyMap<number, HostMeeting>
}

const RULE_NAMES = Object.keys(rules) as RuleName[]

/** The starts in `span` that can be booked: hours − busy, by every rule of the type and its hosts. */
export function findOffer(input: SlotsInput, span: Interval): Offer {
  const joins = findJoins(input, span)
  const starts = span.from < span.to && input.hosts.length > 0 ? findNewStarts(input, span) : []
  return { starts: joins.size === 0 ? starts : mergeStarts(starts, ascending([...joins.keys()])), joins }
}

function findNewStarts(input: SlotsInput, span: Interval): number[] {
  const questions = input.hosts.map((host) => askHost(input, host, span))
  const increment = incrementOf(input.type)
  if (input.type.assignment === 'joint') return layGrid(commonHours(questions), openToAll(questions), increment)
  const lists = questions.map((question) => layGrid(question.ownHours, openStarts(question, RULE_NAMES), increment))
  return lists.reduce(mergeStarts)
}

/** Milliseconds between two starts of the grid. */
export function incrementOf(type: TypeRules): number {
  return (type.startIncrementMinutes ?? Math.min(type.durationMinutes, 30)) * MINUTE
}

/** The hours that all hosts share: the common parts of each date's own intervals, before any merging. */
export function commonHours(questions: readonly HostQuestion[]): readonly Interval[] {
  const [first, ...others] = questions
  return others.reduce((common, other) => intersectEach(common, other.ownHours), first?.ownHours ?? [])
}

/** The starts in the question's span that none of the named rules refuses. */
export function openStarts(question: HostQuestion, names: readonly RuleName[]): Interval[] {
  let open: Interval[] = [question.span]
  for (const name of names) {
    if (open.length === 0) break
    const refused = rules[name](question)
    if (refused.length > 0) open = subtract(open, refused)
  }
  return open
}

function openToAll(questions: readonly HostQuestion[]): Interval[] {
  return questions.map((question) => openStarts(question, RULE_NAMES)).reduce((all, open) => intersectEach(all, open))
}

/**
 * The starts of the grid that are open. Starts are laid from the beginning of each interval, within it, every `increment` milliseconds;
 * nothing that closes a start ever moves the grid.
 */
export function layGrid(intervals: readonly Interval[], open: readonly Interval[], increment: number): number[] {
  const starts: number[] = []
  let ascends = true
  let latest = Number.NEGATIVE_INFINITY
  let first = 0
  for (const { from, to } of intervals) {
    while (first < open.length && open[first]!.to <= from) first++
    for (let index = first; index < open.length && open[index]!.from < to; index++) {
      const end = Math.min(to, open[index]!.to)
      let start = from
      if (open[index]!.from > from) start += Math.ceil((open[index]!.from - from) / increment) * increment
      if (start < end && start <= latest) ascends = false
      for (; start < end; start += increment) starts.push(start)
      latest = Math.max(latest, starts.at(-1) ?? latest)
    }
  }
  return ascends ? starts : ascending(starts)
}

/** All starts of two ascending lists, each once. */
function mergeStarts(one: readonly number[], other: readonly number[]): number[] {
  const merged: number[] = []
  let index = 0
  for (const start of one) {
    while (index < other.length && other[index]! < start) merged.push(other[index++]!)
    if (other[index] === start) index++
    merged.push(start)
  }
  while (index < other.length) merged.push(other[index++]!)
  return merged
}

function ascending(starts: readonly number[]): number[] {
  return [...new Set(starts)].sort((a, b) => a - b)
}

/** The standing group meetings with free seats whose start may still be booked. Of several at one start the oldest is filled first. */
function findJoins(input: SlotsInput, span: Interval): Map<number, HostMeeting> {
  const joins = new Map<number, HostMeeting>()
  if (input.type.kind !== 'group') return joins
  const holders = findHolders(input)
  for (const meeting of input.hosts.flatMap((host) => host.meetings)) {
    if (!meeting.seatsLeft || meeting.start < span.from || meeting.start >= span.to) continue
    const oldest = joins.get(meeting.start)
    if (oldest && oldest.id <= meeting.id) continue
    if (canJoin(input, meeting, holders.get(meeting.id)!)) joins.set(meeting.start, meeting)
  }
  return joins
}

/** The hosts of each meeting, by its id. Looked up once: a large group of hosts has thousands of meetings. */
function findHolders({ hosts }: SlotsInput): Map<number, HostInput[]> {
  const holders = new Map<number, HostInput[]>()
  for (const host of hosts) {
    for (const { id } of host.meetings) {
      const others = holders.get(id)
      if (others) others.push(host)
      else holders.set(id, [host])
    }
  }
  return holders
}

/** Whether the rules for joining admit the meeting's start for each of its hosts. */
function canJoin(input: SlotsInput, { start }: HostMeeting, holders: readonly HostInput[]): boolean {
  const span = { from: start, to: start + 1 }
  return holders.every((host) => openStarts(askHost(input, host, span), JOINING_RULES).length > 0)
}
