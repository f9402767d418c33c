import type { HostInput, HostMeeting, SlotsInput } from './input.ts'
import { type HostContext, JOINING_RULES, prepareHost, RULE_NAMES, type RuleName, rules } from './rules.ts'
import { commonHours, incrementOf, layGrid } from './slots.ts'
import { describeGrid, describeSeats, wordsOf } from './words.ts'

/** The result of one rule for one start and one host. */
export interface RuleResult {
  /** `grid`: the start is on the grid. `seats`: the existing group meeting has a free seat. */
  readonly rule: RuleName | 'grid' | 'seats'
  readonly admits: boolean
  readonly words: string
}

/** The results of all rules for one start and one host. */
export interface HostJudgement {
  readonly member: number
  /** The existing group meeting to join. Null for a new meeting. */
  readonly joins: HostMeeting | null
  readonly verdicts: readonly RuleResult[]
}

/**
 * Whether a start can be booked, decided by the same functions that offer it. `free`: the start can be booked with these hosts,
 * or by joining an existing meeting. `taken`: refused only by busy time or full seats. `refused`: refused by another rule.
 */
export interface Judgement {
  readonly outcome: 'free' | 'taken' | 'refused'
  /** The existing meeting that the next attendee joins, instead of a new one. */
  readonly joins: HostMeeting | null
  /** The hosts who are free for a new meeting, in the order of the input. For `joint`, either all of them or none. */
  readonly free: readonly number[]
  readonly hosts: readonly HostJudgement[]
}

/**
 * Judges one start, in epoch milliseconds. With `overruling`, a host books for someone else, so only other meetings and full
 * seats refuse the start.
 */
export function judgeStart(input: SlotsInput, start: number, { overruling = false } = {}): Judgement {
  const contexts = input.hosts.map((host) => prepareHost(input, host, { from: start, to: start + 1 }))
  const isOnGrid = overruling ? null : judgeGrid(input, contexts)
  const hosts = contexts.map((context, index) => {
    const joins = existingMeeting(input, context.host, start)
    if (joins) return judgeJoining(context, joins, overruling ? [] : JOINING_RULES)
    const verdicts = (overruling ? (['busy'] as const) : RULE_NAMES).map((name) => judgeRule(context, name))
    const grid = isOnGrid?.[index]
    return { member: context.host.member, joins, verdicts: grid ? [...verdicts, grid] : verdicts }
  })
  return conclude(input, hosts)
}

function existingMeeting({ type }: SlotsInput, host: HostInput, start: number): HostMeeting | null {
  if (type.kind !== 'group') return null
  return host.meetings.find((meeting) => meeting.start === start && meeting.seatsLeft !== null) ?? null
}

function judgeJoining(context: HostContext, joins: HostMeeting, names: readonly RuleName[]): HostJudgement {
  const seats: RuleResult = { rule: 'seats', admits: joins.seatsLeft !== 0, words: describeSeats(joins) }
  return { member: context.host.member, joins, verdicts: [seats, ...names.map((name) => judgeRule(context, name))] }
}

function judgeRule(context: HostContext, rule: RuleName): RuleResult {
  const { from, to } = context.span
  const refused = rules[rule](context).some((interval) => interval.from < to && from < interval.to)
  return { rule, admits: !refused, words: wordsOf[rule](context, refused) }
}

/** Checks the grid for each host. Returns null if the start is outside the host's hours, where there is no grid. */
function judgeGrid(input: SlotsInput, contexts: readonly HostContext[]): (RuleResult | null)[] {
  const within = contexts.map((context) => judgeRule(context, 'hours').admits)
  const isJoint = input.type.assignment === 'joint'
  const common = isJoint ? commonHours(contexts) : []
  return contexts.map(({ ownHours, span, type, host }, index) => {
    if (!(isJoint ? within.every(Boolean) : within[index])) return null
    const hours = isJoint ? common : ownHours
    const admits = layGrid(hours, [span], incrementOf(type)).length > 0
    return {
      rule: 'grid',
      admits,
      words: describeGrid({ hours, start: span.from, increment: incrementOf(type), zone: host.zone }, !admits),
    }
  })
}

function conclude(input: SlotsInput, hosts: HostJudgement[]): Judgement {
  const joins = findJoinable(hosts, [])
  const free = findFreeHosts(input, hosts, [])
  if (joins || free.length > 0) return { outcome: 'free', joins, free, hosts }
  const isTaken =
    findJoinable(hosts, ['seats']) !== null || findFreeHosts(input, hosts, ['busy', 'calendar']).length > 0
  return { outcome: isTaken ? 'taken' : 'refused', joins: null, free, hosts }
}

/** Finds the oldest existing meeting that can be joined according to all its hosts, ignoring some rules. */
function findJoinable(hosts: readonly HostJudgement[], ignored: readonly RuleResult['rule'][]): HostMeeting | null {
  const standing = hosts.flatMap(({ joins }) => joins ?? []).sort((a, b) => a.id - b.id)
  const isAdmitted = ({ id }: HostMeeting) =>
    hosts.filter(({ joins }) => joins?.id === id).every((host) => isAllowedBut(host, ignored))
  return standing.find(isAdmitted) ?? null
}

/** Finds the hosts who are free for a new meeting, ignoring some rules. */
function findFreeHosts(
  { type }: SlotsInput,
  hosts: readonly HostJudgement[],
  ignored: readonly RuleResult['rule'][],
): number[] {
  const freeHosts = hosts.filter((host) => host.joins === null && isAllowedBut(host, ignored))
  if (type.assignment === 'joint' && freeHosts.length < hosts.length) return []
  return freeHosts.map(({ member }) => member)
}

function isAllowedBut({ verdicts }: HostJudgement, ignored: readonly RuleResult['rule'][]): boolean {
  return verdicts.every(({ rule, admits }) => admits || ignored.includes(rule))
}

/** The rules behind the code `slot_taken`. */
const TAKEN = new Set<RuleResult['rule']>(['busy', 'calendar', 'seats'])

/** The rules that anyone may know about, because the offered times reveal them. Hours, time off and limits are private. */
const PUBLIC = new Set<RuleResult['rule']>(['grid', 'minimum_notice', 'booking_window'])

/**
 * Returns the reason for a refusal as strangers may see it. If a public rule refuses, this is the rule's reason. Otherwise, it
 * only says that the start is not offered.
 */
function publicRefusalWords(judgement: Judgement): string {
  const refused = judgement.hosts.flatMap(({ verdicts }) => verdicts.filter(({ admits }) => !admits))
  const words = new Set(refused.filter(({ rule }) => PUBLIC.has(rule)).map((result) => result.words))
  return [...words].join('; ') || 'it is not offered'
}

/** Returns the reason for a refusal. A member sees every rule, and an attendee sees only public rules. */
export function reasonFor(by: 'host' | 'attendee', judgement: Judgement): string {
  return by === 'host' ? refusalWords(judgement).join('; ') : publicRefusalWords(judgement)
}

/**
 * Returns the reasons for a refusal without duplicates, for members. Busy times and seats are omitted, because they have their
 * own code.
 */
export function refusalWords({ hosts }: Judgement): string[] {
  if (hosts.length === 0) return ['it has no host']
  const refusals = hosts.flatMap(({ verdicts }) => verdicts.filter(({ rule, admits }) => !admits && !TAKEN.has(rule)))
  return [...new Set(refusals.map(({ words }) => words))]
}
