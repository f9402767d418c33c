import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse, refuseField } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingType } from '../meeting-types/service.ts'
import { type Clock, toInstantText } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { makeInstantWriter } from '../time/instants.ts'
import { addDays, formatLocalDate, type LocalDay, parseLocalDate } from '../time/local-dates.ts'
import { instantsOfDates, localDayAt, zoneOffsets } from '../time/zones.ts'
import { type Gathering, gatherInput, gatherOfferInput, type Moving } from './gathering.ts'
import { type Judgement, judgeStart } from './judgement.ts'
import { type Explanation, LATEST_DATE, type Slot, type SlotsAnswer, type SlotsQuery } from './schema.ts'
import { findOffer, type Offer } from './slots.ts'

export type { Moving } from './gathering.ts'

/** Which starts of a meeting type are asked for. */
export interface SlotsQuestion {
  organization: OrganizationId
  meetingType: MeetingType
  query: SlotsQuery
  /** Epoch milliseconds. */
  now: number
  /** Given where a meeting is to be moved, with its hosts. */
  moving?: Moving & { hosts: readonly number[] }
}

const MOST_DATES = 62
/** How far next_date is searched, in steps that grow: 31 dates, then 62 more, … a year in all. */
const SEARCHED_DATES = [31, 62, 124, 149]
const LAST_DATE = parseLocalDate(LATEST_DATE)!

/** The starts that can be booked on the asked dates of the asked zone. Refuses ranges that are too long or backward, and hosts of other types. */
export async function listSlots(executor: Executor, question: SlotsQuestion): Promise<Outcome<{ slots: SlotsAnswer }>> {
  const { meetingType, query, now, moving = null } = question
  const [from, to] = [parseLocalDate(query.from)!, parseLocalDate(query.to)!]
  const refusal = refuseRange(query, to - from + 1)
  if (refusal) return refusal
  const chosen = moving ? { ok: true as const, hosts: moving.hosts } : chooseHosts(meetingType, query.host)
  if (!chosen.ok) return chosen
  const { organization } = question
  const search: Search = {
    executor,
    query,
    gathering: { organization, type: meetingType, members: chosen.hosts, moving, now },
  }
  const offer = await offerOnDates(search, { first: from, last: to })
  const slots = toSlots(offer, {
    ...meetingType,
    duration_minutes: moving?.durationMinutes ?? meetingType.duration_minutes,
  })
  const nextDate = slots.length > 0 ? null : await findNextDate(search, addDays(to, 1))
  return { ok: true, slots: { timezone: query.timezone, slots, next_date: nextDate } }
}

function refuseRange({ from, to }: SlotsQuery, dates: number): Refusal | undefined {
  if (dates < 1)
    return refuseField('to', `is ${to}, before from (${from}); give the first date as from, the last as to`)
  if (dates <= MOST_DATES) return undefined
  return refuseField('to', `${from} to ${to} are ${dates} dates; ask for at most ${MOST_DATES} at a time`)
}

/** The hosts that the starts are asked of: all of the type, or the one whom the attendee chose. */
function chooseHosts({ assignment, hosts }: MeetingType, host?: number): Outcome<{ hosts: readonly number[] }> {
  const members = hosts.map(({ member }) => member)
  if (host === undefined) return { ok: true, hosts: members }
  if (!members.includes(host)) {
    return refuseField('host', `${host} is no host of this meeting type; its hosts are ${members.join(', ')}`)
  }
  if (assignment === 'attendee_chooses' || members.length === 1) return { ok: true, hosts: [host] }
  return refuseField('host', 'cannot be chosen for this meeting type; leave it out')
}

interface Search {
  executor: Executor
  query: SlotsQuery
  gathering: Omit<Gathering, 'span'>
}

async function offerOnDates({ executor, query, gathering }: Search, dates: Dates): Promise<Offer> {
  const spans = spansOf(query.timezone, dates)
  const [begin, end] = [spans[0]?.from, spans.at(-1)?.to]
  if (begin === undefined || end === undefined) return { starts: [], joins: new Map() }
  const input = await gatherOfferInput(executor, { ...gathering, span: { from: begin, to: end } })
  const offers = spans.map((span) => findOffer(input, span))
  return {
    starts: offers.flatMap(({ starts }) => starts),
    joins: new Map(offers.flatMap(({ joins }) => [...joins])),
  }
}

interface Dates {
  first: number
  last: number
}

/** The instants at which a zone shows these dates. None where it skips them, two stretches where its clocks go back across midnight. */
function spansOf(timezone: string, { first, last }: Dates) {
  const around = { from: (first - 2) * DAY, to: (last + 3) * DAY }
  return instantsOfDates(zoneOffsets(timezone, around.from, around.to), { first, last }, around)
}

function toSlots({ starts, joins }: Offer, { duration_minutes, seats }: MeetingType): Slot[] {
  const write = makeInstantWriter()
  return starts.map((start) => {
    const standing = joins.get(start)
    const end = standing?.end ?? start + duration_minutes * MINUTE
    return { start: write(start), end: write(end), seats_left: standing?.seatsLeft ?? seats }
  })
}

/** The first date from `from` on with a start, not before anything can be booked. Looks a year ahead of that at most, in a few growing steps. */
async function findNextDate(search: Search, from: LocalDay): Promise<string | null> {
  const { query, gathering } = search
  const { now, type } = gathering
  const dateAt = (instant: number) => localDayAt(zoneOffsets(query.timezone, instant, instant), instant)
  let first = Math.max(from, dateAt(now + type.minimum_notice_minutes * MINUTE), firstBookableDate(type))
  const last = Math.min(lastBookableDate(type, dateAt(now)), LAST_DATE)
  for (const dates of SEARCHED_DATES) {
    if (first > last) return null
    const { starts } = await offerOnDates(search, { first, last: Math.min(first + dates - 1, last) })
    if (starts.length > 0) return formatLocalDate(earliestDate(query.timezone, starts))
    first += dates
  }
  return null
}

/** No start is offered before it, whatever the zones of host and viewer are: dates differ by two at most. */
function firstBookableDate({ booking_from: from }: MeetingType): number {
  return from === null ? Number.NEGATIVE_INFINITY : parseLocalDate(from)! - 2
}

/** No start is offered after it, whatever the zones of host and viewer are. */
function lastBookableDate(type: MeetingType, today: LocalDay): number {
  const window = type.booking_window_days === null ? Number.POSITIVE_INFINITY : today + type.booking_window_days
  const until = type.booking_until === null ? Number.POSITIVE_INFINITY : parseLocalDate(type.booking_until)!
  return Math.min(window, until) + 2
}

function earliestDate(timezone: string, starts: readonly number[]): LocalDay {
  const zone = zoneOffsets(timezone, starts[0]!, starts.at(-1)!)
  return starts.map((start) => localDayAt(zone, start)).reduce((earliest, day) => (day < earliest ? day : earliest))
}

/** Which start somebody wants to book, or to move a meeting to. */
export interface StartQuestion {
  organization: OrganizationId
  meetingType: MeetingType
  /** The members who may be asked, in the order of the type; of a meeting that is moved, its hosts. */
  hosts: readonly number[]
  /** Epoch milliseconds. */
  start: number
  /** A host books or moves: only other meetings and full seats stand against it. Hosts whom the rules admit come first. */
  overruling?: boolean
  moving?: Moving
}

/**
 * Whether a start can be booked, by the rules that also offer it. Call it in the booking's transaction, after the rows of the
 * hosts' members are locked: then limits and seats hold, however many book at once.
 */
export async function checkStart(
  executor: Executor,
  { clock }: { clock: Clock },
  { organization, meetingType, hosts, start, overruling = false, moving }: StartQuestion,
): Promise<Judgement> {
  const span = { from: start, to: start + 1 }
  const gathering = { organization, type: meetingType, members: hosts, moving: moving ?? null, now: clock.now(), span }
  const input = await gatherInput(executor, gathering)
  const judgement = judgeStart(input, start)
  // Nobody is called out of a day off while another host of a round robin is at work.
  return overruling && judgement.outcome !== 'free' ? judgeStart(input, start, { overruling }) : judgement
}

/** The starts of a meeting type, on a page or not, for whoever books for somebody: of members, of what they host. */
export async function listSlotsOfType(
  executor: Executor,
  { actor, id, query, now }: { actor: Actor; id: number; query: SlotsQuery; now: number },
): Promise<Outcome<{ slots: SlotsAnswer }>> {
  const found = await findHostedType(executor, actor, id)
  if (!found.ok) return found
  return listSlots(executor, { organization: actor.organization, meetingType: found.type, query, now })
}

/** A meeting type whose hosts' time the actor may look into. */
async function findHostedType(executor: Executor, actor: Actor, id: number): Promise<Outcome<{ type: MeetingType }>> {
  const found = await getMeetingType(executor, actor.organization, { id })
  if (!found.ok) return found
  const type = found.meetingType
  const limit = limitedTo(actor)
  if (limit === null || type.hosts.some(({ member }) => member === limit)) return { ok: true, type }
  return refuse('forbidden', 'Members look into the time of meeting types that they host. Ask a manager or an admin.')
}

/**
 * Which rule admits or refuses a start, for each host, in words; members are told only of themselves. Refuses a meeting
 * type that does not exist.
 */
export async function explainStart(
  executor: Executor,
  { actor, id, start, now }: { actor: Actor; id: number; start: number; now: number },
): Promise<Outcome<{ explanation: Explanation }>> {
  const { organization } = actor
  const found = await findHostedType(executor, actor, id)
  if (!found.ok) return found
  const { type } = found
  const members = type.hosts.map(({ member }) => member)
  const span = { from: start, to: start + 1 }
  const input = await gatherInput(executor, { organization, type, members, moving: null, now, span })
  const explanation = toExplanation(judgeStart(input, start), start)
  const limit = limitedTo(actor)
  const hosts = explanation.hosts.filter(({ member }) => (limit ?? member) === member)
  return { ok: true, explanation: { ...explanation, hosts } }
}

const CODES = { free: null, taken: 'slot_taken', refused: 'not_bookable' } as const

function toExplanation({ outcome, hosts }: Judgement, start: number): Explanation {
  return {
    start: toInstantText(start),
    bookable: outcome === 'free',
    code: CODES[outcome],
    hosts: hosts.map(({ member, joins, verdicts }) => ({
      member,
      admits: verdicts.every(({ admits }) => admits),
      joins: joins?.id ?? null,
      rules: verdicts.map(({ rule, admits, words }) => ({ rule, admits, explanation: words })),
    })),
  }
}
