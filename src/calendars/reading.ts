import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { type Interval, unite } from '../time/intervals.ts'
import { type Appointment, instantOf, type Surroundings, toAppointment } from './appointment.ts'
import { findComponents, isCalendarFile, readHeader } from './components.ts'
import { expandAppointments, type Instance } from './expansion.ts'
import { clockOfFileZone } from './file-zone.ts'
import { type Component, parseComponent, textOf } from './properties.ts'
import { findZone, type WallClock, zoneClock } from './wall-clock.ts'

/** The settings for reading a calendar. */
export interface ReadingOptions {
  /** The time range to read. */
  window: Interval
  /**
   * The calendar's time zone, used for dates and floating times. Null uses the zone in the file or, if that is missing, the
   * member's zone.
   */
  timezone: string | null
  memberTimezone: string
  /** The member's email addresses. Events that the member has declined do not count. */
  addresses: readonly string[]
  tentativeBlocks: boolean
  allDayBlocks: boolean
  /** Returns whether an event with this UID is one of our own meetings. Our own meetings never count as busy. */
  isOwn(uid: string): boolean
}

/** The result of reading a calendar. */
export interface CalendarReading {
  /** The busy times that touch the window, in order, without overlaps. */
  busy: Interval[]
  /** Our own meetings in the window. */
  entries: { uid: string; start: number; isAllDay: boolean }[]
  name: string | null
  timezone: string | null
  /** The number of events that could not be understood. */
  unreadable: number
}

/** The calendar, or the reason why it cannot be read. An unreadable calendar is never treated as an empty one. */
export type ReadingResult = ({ ok: true } & CalendarReading) | { ok: false; problem: string }

/** The maximum size of a calendar file, in bytes. Larger files are refused. */
export const MOST_BYTES = 20 * 1024 * 1024
/** How long reading may block other work, in milliseconds. */
const TURN_MS = 8
/** How long reading one calendar may take in total, in milliseconds. */
const LONGEST_MS = 60_000
/** The maximum number of busy times per calendar, and how many may be collected before overlapping busy times are merged. */
const MOST_BUSY = 20_000
const MOST_COLLECTED = 100_000
const TOO_MANY = {
  ok: false,
  problem: `This calendar has more than ${MOST_BUSY.toLocaleString('en')} busy times, which is the limit.`,
} as const

/**
 * Reads calendar files (RFC 5545) as one calendar and returns the busy times in the window. Other work gets a turn every few
 * milliseconds.
 */
export async function readCalendar(texts: readonly string[], options: ReadingOptions): Promise<ReadingResult> {
  if (texts.some((text) => !isCalendarFile(text))) {
    return {
      ok: false,
      problem: 'This is not a complete calendar file (it must begin with BEGIN:VCALENDAR and end with END:VCALENDAR).',
    }
  }
  const { name, timezone } = texts[0] === undefined ? { name: null, timezone: null } : readHeader(texts[0])
  const turns = new Turns()
  const found = await parseAll(texts, turns)
  const fileTimezone = timezone === null ? null : findZone(timezone)
  const { events, unreadable } = await toAppointments(
    found,
    { ...options, timezone: options.timezone ?? fileTimezone },
    turns,
  )
  let busy: Interval[] = []
  const entries: CalendarReading['entries'] = []
  for (const group of groupByUid(events)) {
    const uid = group[0]?.uid ?? null
    if (uid !== null && options.isOwn(uid)) {
      const masters = group.filter(({ replaces }) => replaces === null)
      entries.push(...masters.map(({ start }) => ({ uid, start: instantOf(start), isAllDay: start.isDate })))
      continue
    }
    for (const instances of expandAppointments(group, options.window)) {
      for (const instance of instances)
        if (counts(instance, options)) busy.push({ from: instance.from, to: instance.to })
      if (busy.length > MOST_COLLECTED) busy = unite(busy)
      if (busy.length > MOST_COLLECTED) return TOO_MANY
      await turns.next()
    }
    if (turns.spent > LONGEST_MS)
      return { ok: false, problem: 'This calendar takes too long to read because its rules repeat too often.' }
  }
  busy = unite(busy)
  if (busy.length > MOST_BUSY) return TOO_MANY
  return { ok: true, busy, entries, name, timezone: fileTimezone, unreadable }
}

function counts({ blocking, isAllDay }: Instance, { tentativeBlocks, allDayBlocks }: ReadingOptions): boolean {
  if (isAllDay && !allDayBlocks) return false
  return blocking === 'busy' || (blocking === 'tentative' && tentativeBlocks)
}

interface Parsed {
  events: Component[]
  zones: Component[]
  unreadable: number
}

async function parseAll(texts: readonly string[], turns: Turns): Promise<Parsed> {
  const parsed: Parsed = { events: [], zones: [], unreadable: 0 }
  for (const file of texts) {
    for (const { name, text } of findComponents(file)) {
      const component = parseComponent(text)
      if (!component) parsed.unreadable++
      else if (name === 'VEVENT') parsed.events.push(component)
      else parsed.zones.push(component)
      await turns.next()
    }
  }
  return parsed
}

async function toAppointments(
  parsed: Parsed,
  options: Pick<ReadingOptions, 'window' | 'timezone' | 'memberTimezone' | 'addresses'>,
  turns: Turns,
): Promise<{ events: Appointment[]; unreadable: number }> {
  const addresses = new Set(options.addresses.map((address) => address.toLowerCase()))
  const surroundings: Surroundings = { addresses, clockOf: makeClocks(parsed.zones, options) }
  const events: Appointment[] = []
  let { unreadable } = parsed
  for (const component of parsed.events) {
    const event = toAppointment(component, surroundings)
    if (event) events.push(event)
    else unreadable++
    await turns.next()
  }
  return { events, unreadable }
}

/** Finds the clock for a TZID: an IANA zone, a Windows name, or a zone in the file. Otherwise the calendar's own zone is used. */
function makeClocks(
  zones: readonly Component[],
  { window, timezone, memberTimezone }: Pick<ReadingOptions, 'window' | 'timezone' | 'memberTimezone'>,
): Surroundings['clockOf'] {
  const ofCalendar = zoneClock(timezone ?? memberTimezone)
  const known = new Map<string, WallClock>()
  const find = (tzid: string): WallClock => {
    const zone = findZone(tzid)
    if (zone !== null) return zoneClock(zone)
    const inFile = zones.find((candidate) => textOf(candidate, 'tzid') === tzid)
    return (inFile && clockOfFileZone(inFile, window)) ?? ofCalendar
  }
  return (tzid) => {
    if (tzid === null) return ofCalendar
    const clock = known.get(tzid) ?? find(tzid)
    known.set(tzid, clock)
    return clock
  }
}

/** An event without a UID forms its own group. */
function groupByUid(events: readonly Appointment[]): Appointment[][] {
  const groups = Map.groupBy(events, ({ uid }) => uid)
  const alone = groups.get(null) ?? []
  groups.delete(null)
  return [...groups.values(), ...alone.map((event) => [event])]
}

/** Lets other work run if this work has been running long enough. */
class Turns {
  #since = performance.now()
  /** Returns how long this work has taken so far, in milliseconds. */
  spent = 0

  async next(): Promise<void> {
    const taken = performance.now() - this.#since
    if (taken < TURN_MS) return
    this.spent += taken
    await yieldToOthers()
    this.#since = performance.now()
  }
}
