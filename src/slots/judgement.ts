import type { HostInput, HostMeeting, SlotsInput } from './input.ts'
import { askHost, type HostQuestion, JOINING_RULES, type RuleName, rules } from './rules.ts'
import { commonHours, incrementOf, layGrid } from './slots.ts'
import { describeGrid, describeSeats, wordsOf } from './words.ts'

/** What one rule says about one start and one host. */
export interface Verdict {
  /** `grid`: the start is on the grid of starts; `seats`: the standing group meeting has a free seat. */
  readonly rule: RuleName | 'grid' | 'seats'
  readonly admits: boolean
  readonly words: string
}

/** What all rules say about one start and one host. */
export interface HostJudgement {
  readonly member: number
  /** The standing group meeting that is judged for joining; null where a new meeting is judged. */
  readonly joins: HostMeeting | null
  readonly verdicts: readonly Verdict[]
}

/**
 * Whether a start can be booked, decided by the same functions that offer it.
 * `free`: with these hosts, or by joining a standing meeting. `taken`: only busy time or full seats stand against it. `refused`: another rule does.
 */
export interface Judgement {
  readonly outcome: 'free' | 'taken' | 'refused'
  /** The standing meeting that the next attendee joins, before a new meeting is made. */
  readonly joins: HostMeeting | null
  /** Who could take a new meeting, in the order of the input. `joint`: all of them or none. */
  readonly free: readonly number[]
  readonly hosts: readonly HostJudgement[]
}

const RULE_NAMES = Object.keys(rules) as RuleName[]

/** Judges one start, in epoch milliseconds. `overruling`: a host books for somebody, so that only other meetings and full seats stand against it. */
export function judgeStart(input: SlotsInput, start: number, { overruling = false } = {}): Judgement {
  const questions = input.hosts.map((host) => askHost(input, host, { from: start, to: start + 1 }))
  const isOnGrid = overruling ? null : judgeGrid(input, questions)
  const hosts = questions.map((question, index) => {
    const joins = standingMeeting(input, question.host, start)
    if (joins) return judgeJoining(question, joins, overruling ? [] : JOINING_RULES)
    const verdicts = (overruling ? (['busy'] as const) : RULE_NAMES).map((name) => judgeRule(question, name))
    const grid = isOnGrid?.[index]
    return { member: question.host.member, joins, verdicts: grid ? [...verdicts, grid] : verdicts }
  })
  return conclude(input, hosts)
}

function standingMeeting({ type }: SlotsInput, host: HostInput, start: number): HostMeeting | null {
  if (type.kind !== 'group') return null
  return host.meetings.find((meeting) => meeting.start === start && meeting.seatsLeft !== null) ?? null
}

function judgeJoining(question: HostQuestion, joins: HostMeeting, names: readonly RuleName[]): HostJudgement {
  const seats: Verdict = { rule: 'seats', admits: joins.seatsLeft !== 0, words: describeSeats(joins) }
  return { member: question.host.member, joins, verdicts: [seats, ...names.map((name) => judgeRule(question, name))] }
}

function judgeRule(question: HostQuestion, rule: RuleName): Verdict {
  const { from, to } = question.span
  const refused = rules[rule](question).some((interval) => interval.from < to && from < interval.to)
  return { rule, admits: !refused, words: wordsOf[rule](question, refused) }
}

/** The verdict of the grid for each host; none for a host outside whose hours the start lies, where there is no grid. */
function judgeGrid(input: SlotsInput, questions: readonly HostQuestion[]): (Verdict | null)[] {
  const within = questions.map((question) => judgeRule(question, 'hours').admits)
  const isJoint = input.type.assignment === 'joint'
  const common = isJoint ? commonHours(questions) : []
  return questions.map(({ ownHours, span, type, host }, index) => {
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
  const free = findMakers(input, hosts, [])
  if (joins || free.length > 0) return { outcome: 'free', joins, free, hosts }
  const isTaken = findJoinable(hosts, ['seats']) !== null || findMakers(input, hosts, ['busy']).length > 0
  return { outcome: isTaken ? 'taken' : 'refused', joins: null, free, hosts }
}

/** The oldest standing meeting that every of its hosts admits, some rules aside. */
function findJoinable(hosts: readonly HostJudgement[], aside: readonly Verdict['rule'][]): HostMeeting | null {
  const standing = hosts.flatMap(({ joins }) => joins ?? []).sort((a, b) => a.id - b.id)
  const isAdmitted = ({ id }: HostMeeting) =>
    hosts.filter(({ joins }) => joins?.id === id).every((host) => isAdmittedBut(host, aside))
  return standing.find(isAdmitted) ?? null
}

/** Who could take a new meeting, some rules aside. */
function findMakers(
  { type }: SlotsInput,
  hosts: readonly HostJudgement[],
  aside: readonly Verdict['rule'][],
): number[] {
  const makers = hosts.filter((host) => host.joins === null && isAdmittedBut(host, aside))
  if (type.assignment === 'joint' && makers.length < hosts.length) return []
  return makers.map(({ member }) => member)
}

function isAdmittedBut({ verdicts }: HostJudgement, aside: readonly Verdict['rule'][]): boolean {
  return verdicts.every(({ rule, admits }) => admits || aside.includes(rule))
}

/** Busy time and seats, which `slot_taken` stands for. */
const TAKEN = new Set<Verdict['rule']>(['busy', 'seats'])

/** Why a start is refused, in words, each once: every rule but busy time and seats, which are nobody's business. */
export function refusalWords({ hosts }: Judgement): string[] {
  if (hosts.length === 0) return ['it has no host']
  const refusals = hosts.flatMap(({ verdicts }) => verdicts.filter(({ rule, admits }) => !admits && !TAKEN.has(rule)))
  return [...new Set(refusals.map(({ words }) => words))]
}
