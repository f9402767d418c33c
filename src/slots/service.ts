import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingType } from '../meeting-types/service.ts'
import { type Clock, toInstantText } from '../platform/clock.ts'
import type { Database, Executor } from '../platform/database.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { makeInstantWriter } from '../time/instants.ts'
import type { Interval } from '../time/intervals.ts'
import { addDays, formatLocalDate, type LocalDay, readLocalDate } from '../time/local-dates.ts'
import { instantsOfDates, localDayAt, zoneOffsets } from '../time/zones.ts'
import { detailsOf } from './details.ts'
import { type GatheringRequest, gatherInput, gatherOfferInput, type MovedMeeting } from './gathering.ts'
import type { HostMeeting, SlotsInput } from './input.ts'
import { type Judgement, judgeStart, type RuleResult } from './judgement.ts'
import { prepareHost } from './rules.ts'
import { type Explanation, LATEST_DATE, type Slot, type SlotsAnswer, type SlotsQuery } from './schema.ts'
import { findOffer, incrementOf, type Offer } from './slots.ts'
import { listTurningPoints } from './store.ts'

export type { MovedMeeting } from './gathering.ts'
export { listMemberBusy } from './member-busy.ts'

export interface SlotsDeps {
  database: Database
  clock: Clock
  /** Makes the hosts' own calendars due for reading, because someone views their slots. */
  wakeCalendars?: (organization: OrganizationId, members: readonly number[]) => Promise<void>
}

/** The query for a meeting type's starts. */
export interface SlotsRequest {
  meetingType: MeetingType
  query: SlotsQuery
  /** In epoch milliseconds. */
  now: number
  /** The meeting to move, with its hosts. */
  moving?: (MovedMeeting & { hosts: readonly number[] }) | null
}

const MAX_DATES = 62
/** The maximum number of starts in one response. If there are more, `next_date` says where to continue. */
const MAX_STARTS = 5_000
/**
 * How many starts, of all hosts together, are examined before other requests get a turn. This takes a few milliseconds. A month
 * for 20 hosts with starts every half hour is within the limit.
 */
const STRETCH = 30_000
/**
 * How many dates the search for next_date covers completely, in growing steps: 31 dates, then 62 more, and so on, up to a year.
 */
const SEARCHED_DATES = [31, 62, 124, 149]
/**
 * After that year, only dates near a possible change are searched: this many dates from each change, and at most this many
 * changes.
 */
const LATER_DATES = 31
const LATER_PLACES = 12
/** How many dates to load from the database. All dates within one searched period may be changes, so this many are enough. */
const MOST_TURNING_POINTS = LATER_DATES * LATER_PLACES
/** How many of one host's dates count as one unit. */
const HOST_DATES_PER_UNIT = 100
const LAST_DATE = readLocalDate(LATEST_DATE)

/** Lists the starts that can be booked on these dates. Refuses ranges that are too long or reversed, and hosts that do not belong to the type. */
export async function listSlots(
  executor: Executor,
  organization: OrganizationId,
  { meetingType, query, now, moving = null }: SlotsRequest,
): Promise<Outcome<{ slots: SlotsAnswer }>> {
  const [from, to] = [readLocalDate(query.from), readLocalDate(query.to)]
  const refusal = refuseRange(query, to - from + 1)
  if (refusal) return refusal
  const chosen = moving ? { ok: true as const, hosts: moving.hosts } : chooseHosts(meetingType, query.host)
  if (!chosen.ok) return chosen
  const search: Search = {
    executor,
    query,
    gathering: { organization, type: meetingType, members: chosen.hosts, moving, now },
  }
  const offer = await offerOnDates(search, { first: from, last: to, most: MAX_STARTS })
  const { starts, rest } = cutAtDate(query.timezone, offer.starts)
  const durationMinutes = moving?.durationMinutes ?? meetingType.duration_minutes
  const slots = toSlots({ ...offer, starts }, { ...meetingType, duration_minutes: durationMinutes })
  const nextDate = slots.length > 0 ? rest : await findNextDate(search, addDays(to, 1))
  return { ok: true, slots: { timezone: query.timezone, slots, next_date: nextDate } }
}

/** Omits dates that do not fit completely into one response. `rest` is the first omitted date. */
function cutAtDate(timezone: string, starts: readonly number[]): { starts: readonly number[]; rest: string | null } {
  const [first, beyond] = [starts[0], starts[MAX_STARTS]]
  if (first === undefined || beyond === undefined) return { starts, rest: null }
  const zone = zoneOffsets(timezone, first, beyond)
  const day = localDayAt(zone, beyond)
  return {
    starts: starts.filter((start) => start < beyond && localDayAt(zone, start) < day),
    rest: formatLocalDate(day),
  }
}

function refuseRange({ from, to }: SlotsQuery, dates: number): Refusal | undefined {
  if (dates < 1)
    return refuseField('to', `is ${to}, before from (${from}); pass the first date as from and the last as to`)
  if (dates <= MAX_DATES) return undefined
  return refuseField('to', `${from} to ${to} are ${dates} dates; request at most ${MAX_DATES} at a time`)
}

/** Returns the hosts to check: all hosts of the type, or the host whom the attendee chose. */
function chooseHosts({ assignment, hosts }: MeetingType, host?: number): Outcome<{ hosts: readonly number[] }> {
  const members = hosts.map(({ member }) => member)
  if (host === undefined) return { ok: true, hosts: members }
  if (!members.includes(host)) {
    return refuseField('host', `Member ${host} does not host this meeting type. Its hosts are ${members.join(', ')}`)
  }
  if (assignment === 'attendee_chooses' || members.length === 1) return { ok: true, hosts: [host] }
  return refuseField('host', 'cannot be chosen for this meeting type; leave it out')
}

/** Returns how much a list of slots counts against the limit on reads without a key, based on its hosts and dates. */
export function unitsOfSlots({ hosts }: { hosts: readonly unknown[] }, { from, to }: Pick<SlotsQuery, 'from' | 'to'>) {
  const dates = Math.min(Math.max(readLocalDate(to) - readLocalDate(from) + 1, 1), MAX_DATES)
  return (hosts.length * dates) / HOST_DATES_PER_UNIT
}

interface Search {
  executor: Executor
  query: SlotsQuery
  gathering: Omit<GatheringRequest, 'span'>
}

async function offerOnDates({ executor, query, gathering }: Search, dates: Dates): Promise<Offer> {
  const spans = spansOf(query.timezone, dates)
  const [begin, end] = [spans[0]?.from, spans.at(-1)?.to]
  if (begin === undefined || end === undefined) return { starts: [], joins: new Map() }
  const input = await gatherOfferInput(executor, { ...gathering, span: { from: begin, to: end } })
  const perStretch = Math.max(1, Math.floor((STRETCH * incrementOf(input.type)) / Math.max(1, input.hosts.length)))
  const starts: number[] = []
  const joins = new Map<number, HostMeeting>()
  for (const span of spans.flatMap((whole) => cutSpan(whole, perStretch))) {
    if (starts.length > dates.most) break
    if (span.from > begin) await nextTurn()
    const offer = findOffer(input, span)
    for (const start of offer.starts) starts.push(start)
    for (const [start, joined] of offer.joins) joins.set(start, joined)
  }
  return { starts, joins }
}

/** Resolves after other requests have had a turn. Requests that list many slots also take turns with each other. */
function nextTurn(): Promise<void> {
  turn = turn.then(() => yieldToOthers())
  return turn
}

let turn = Promise.resolve()

/** Cuts a span into pieces of at most `length` milliseconds. */
function cutSpan({ from, to }: Interval, length: number): Interval[] {
  const pieces: Interval[] = []
  for (let begin = from; begin < to; begin += length) pieces.push({ from: begin, to: Math.min(begin + length, to) })
  return pieces
}

/** The dates to search until more than `most` starts are found. */
interface Dates {
  first: number
  last: number
  most: number
}

/**
 * Returns the intervals of these dates in a time zone. Returns an empty list if the zone skips the dates, and two intervals if
 * the clocks are set back across midnight.
 */
function spansOf(timezone: string, { first, last }: Pick<Dates, 'first' | 'last'>) {
  const around = { from: (first - 2) * DAY, to: (last + 3) * DAY }
  return instantsOfDates(zoneOffsets(timezone, around.from, around.to), { first, last }, around)
}

function toSlots({ starts, joins }: Offer, { duration_minutes, seats }: MeetingType): Slot[] {
  const write = makeInstantWriter()
  return starts.map((start) => {
    const joined = joins.get(start)
    const end = joined?.end ?? start + duration_minutes * MINUTE
    return { start: write(start), end: write(end), seats_left: joined?.seatsLeft ?? seats }
  })
}

/**
 * Finds the first date with a start, on or after `from` and the first bookable date. Every date in the first year is searched, in
 * growing steps. After that, each week is the same as the previous week until something changes. Therefore, only the dates around
 * changes are searched, and at most as many as in the first year.
 */
async function findNextDate(search: Search, from: LocalDay): Promise<string | null> {
  const { query, gathering } = search
  const { now, type } = gathering
  const dateAt = (instant: number) => localDayAt(zoneOffsets(query.timezone, instant, instant), instant)
  let first = Math.max(from, dateAt(now + type.minimum_notice_minutes * MINUTE), firstBookableDate(type))
  const last = Math.min(lastBookableDate(type, dateAt(now)), LAST_DATE)
  for (const dates of SEARCHED_DATES) {
    if (first > last) return null
    const found = await findDate(search, { first, last: Math.min(first + dates - 1, last) })
    if (found !== null) return found
    first += dates
  }
  return first > last ? null : findLaterDate(search, { first, last })
}

async function findLaterDate(search: Search, { first, last }: Pick<Dates, 'first' | 'last'>): Promise<string | null> {
  const { organization, type, members } = search.gathering
  // Hosts' and viewers' dates can differ from UTC dates by a day.
  const wanted = { members, schedule: type.schedule, from: first - 1, most: MOST_TURNING_POINTS }
  const points = await listTurningPoints(search.executor, organization, wanted)
  let [searched, places] = [first - 1, 0]
  for (const point of points) {
    const begin = Math.max(point - 1, searched + 1)
    if (begin > last || places === LATER_PLACES) return null
    if (point + 1 <= searched) continue
    searched = Math.min(begin + LATER_DATES - 1, last)
    places++
    const found = await findDate(search, { first: begin, last: searched })
    if (found !== null) return found
  }
  return null
}

async function findDate(search: Search, dates: Pick<Dates, 'first' | 'last'>): Promise<string | null> {
  const { starts } = await offerOnDates(search, { ...dates, most: 0 })
  const earliest = earliestDate(search.query.timezone, starts)
  return earliest === null ? null : formatLocalDate(earliest)
}

/**
 * No start is offered before this date, regardless of the host's and the viewer's time zones, because their dates differ by at
 * most two days.
 */
function firstBookableDate({ booking_from: from }: MeetingType): number {
  return from === null ? Number.NEGATIVE_INFINITY : readLocalDate(from) - 2
}

/** No start is offered after this date, regardless of the host's and the viewer's time zones. */
function lastBookableDate(type: MeetingType, today: LocalDay): number {
  const window = type.booking_window_days === null ? Number.POSITIVE_INFINITY : today + type.booking_window_days
  const until = type.booking_until === null ? Number.POSITIVE_INFINITY : readLocalDate(type.booking_until)
  return Math.min(window, until) + 2
}

function earliestDate(timezone: string, starts: readonly number[]): LocalDay | null {
  const [first, last] = [starts[0], starts.at(-1)]
  if (first === undefined || last === undefined) return null
  const zone = zoneOffsets(timezone, first, last)
  return starts.map((start) => localDayAt(zone, start)).reduce((earliest, day) => (day < earliest ? day : earliest))
}

/** A start to book, or to move a meeting to. */
export interface StartRequest {
  meetingType: MeetingType
  /** The hosts to check, in the order of the type. For a meeting being moved, its hosts. */
  hosts: readonly number[]
  /** In epoch milliseconds. */
  start: number
  /**
   * Whether a host books or moves the meeting. If so, only other meetings and full seats refuse the start. Hosts that the rules
   * allow come first.
   */
  overruling?: boolean
  moving?: MovedMeeting
  /**
   * The reference time for the minimum notice and the booking window. Defaults to now. For a hold, it is the time when the start
   * was requested.
   */
  askedAt?: number | undefined
}

/**
 * Checks whether a start can be booked, with the same rules that offer it. Call it in the booking's transaction after locking the
 * hosts' member rows, so that limits and seats hold even if many people book at the same time.
 */
export async function checkStart(
  executor: Executor,
  organization: OrganizationId,
  { meetingType, hosts, start, overruling = false, moving, askedAt, clock }: StartRequest & { clock: Clock },
): Promise<Judgement> {
  const span = { from: start, to: start + 1 }
  const now = clock.now()
  const when = { now, span, askedAt: askedAt ?? now }
  const gathering = { organization, type: meetingType, members: hosts, moving: moving ?? null, ...when }
  const input = await gatherInput(executor, gathering)
  const judgement = judgeStart(input, start)
  // A round robin does not book a host on a day off while another host is at work.
  return overruling && judgement.outcome !== 'free' ? judgeStart(input, start, { overruling }) : judgement
}

/** Lists any meeting type's starts for a host who books for someone else. Members can do this for the types that they host. */
export async function listSlotsOfType(
  { database: { executor }, clock }: SlotsDeps,
  actor: Actor,
  { id, query }: { id: number; query: SlotsQuery },
): Promise<Outcome<{ slots: SlotsAnswer }>> {
  const found = await findHostedType(executor, actor, id)
  if (!found.ok) return found
  return listSlots(executor, actor.organization, { meetingType: found.type, query, now: clock.now() })
}

/** Finds a meeting type whose hosts' availability the actor may see. */
async function findHostedType(executor: Executor, actor: Actor, id: number): Promise<Outcome<{ type: MeetingType }>> {
  const found = await getMeetingType(executor, actor.organization, { id })
  if (!found.ok) return found
  const type = found.meetingType
  const limit = limitedTo(actor)
  if (limit === null || type.hosts.some(({ member }) => member === limit)) return { ok: true, type }
  return refuse(
    'forbidden',
    'Members can only see the availability of meeting types that they host. Ask a manager or an admin.',
  )
}

/**
 * Explains, for each host, which rules allow or refuse a start. Members see only themselves. Refuses a meeting type
 * that does not exist.
 */
export async function explainStart(
  { database: { executor }, clock }: SlotsDeps,
  actor: Actor,
  { id, start }: { id: number; start: number },
): Promise<Outcome<{ explanation: Explanation }>> {
  const { organization } = actor
  const now = clock.now()
  const found = await findHostedType(executor, actor, id)
  if (!found.ok) return found
  const { type } = found
  const members = type.hosts.map(({ member }) => member)
  const span = { from: start, to: start + 1 }
  const input = await gatherInput(executor, { organization, type, members, moving: null, now, span })
  const explanation = toExplanation(input, judgeStart(input, start), start)
  const limit = limitedTo(actor)
  const hosts = explanation.hosts.filter(({ member }) => (limit ?? member) === member)
  return { ok: true, explanation: { ...explanation, hosts } }
}

const CODES = { free: null, taken: 'slot_taken', refused: 'not_bookable' } as const

function toExplanation(input: SlotsInput, { outcome, hosts }: Judgement, start: number): Explanation {
  const contexts = input.hosts.map((host) => prepareHost(input, host, { from: start, to: start + 1 }))
  const describe = (member: number, joins: HostMeeting | null) => {
    const context = contexts.find(({ host }) => host.member === member)
    return ({ rule, admits, words }: RuleResult) => ({
      rule,
      admits,
      explanation: words,
      details: context ? detailsOf(context, rule, joins) : {},
    })
  }
  return {
    start: toInstantText(start),
    bookable: outcome === 'free',
    code: CODES[outcome],
    hosts: hosts.map(({ member, joins, verdicts }) => ({
      member,
      admits: verdicts.every(({ admits }) => admits),
      joins: joins !== null && joins.id > 0 ? joins.id : null,
      rules: verdicts.map(describe(member, joins)),
    })),
  }
}
