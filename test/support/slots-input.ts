import type { Hours, ParsedSchedule } from '../../src/schedules/schedule.ts'
import {
  busyTimesOf,
  type HostInput,
  type HostMeeting,
  type SlotsInput,
  type TypeRules,
} from '../../src/slots/input.ts'
import { MINUTE } from '../../src/time/durations.ts'
import { type LocalDay, parseLocalDate, parseWallTime, WEEKDAYS, type Weekday } from '../../src/time/local-dates.ts'
import { instantsOfDates, zoneOffsets } from '../../src/time/zones.ts'

/** Parses a text such as `2027-03-01T09:00Z` to epoch milliseconds. */
export function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds
}

/** Parses a date such as `2027-03-01`. Throws if it is not a date. */
export function day(text: string): LocalDay {
  const parsed = parseLocalDate(text)
  if (parsed === null) throw new RangeError(`${text} is not a date`)
  return parsed
}

/** Parses hours such as `09:00-12:00 13:00-17:00`. An empty text means no hours. */
export function hours(text: string): Hours[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((range) => {
      const [from, to] = range.split('-').map(parseWallTime)
      return { from: from!, to: to! }
    })
}

type WeeklyText = Partial<Record<Weekday | 'weekdays' | 'daily', string>>

/** Creates a schedule from texts: `schedule('Europe/Berlin', { weekdays: '09:00-17:00' }, { '2027-03-01': '' })`. */
export function schedule(zone: string, weekly: WeeklyText, overrides: Record<string, string> = {}): ParsedSchedule {
  const ofWeekday = (name: Weekday, index: number) =>
    hours(weekly[name] ?? (index < 5 ? weekly.weekdays : undefined) ?? weekly.daily ?? '')
  return {
    zone,
    weekly: WEEKDAYS.map(ofWeekday),
    overrides: new Map(Object.entries(overrides).map(([date, text]) => [day(date), hours(text)])),
  }
}

/** A 30-minute meeting type without other rules. */
export function meetingType(changes: Partial<TypeRules> = {}): TypeRules {
  return {
    kind: 'one_on_one',
    assignment: 'fixed',
    seats: 1,
    durationMinutes: 30,
    startIncrementMinutes: null,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    minimumNoticeMinutes: 0,
    bookingWindowDays: null,
    bookingFrom: null,
    bookingUntil: null,
    dailyLimit: null,
    ...changes,
  }
}

/** A host without hours, limits or meetings, in the time zone of the given schedule. */
export function host(changes: Partial<HostInput> = {}): HostInput {
  return {
    member: 1,
    zone: changes.schedule?.zone ?? 'UTC',
    schedule: null,
    timeOff: [],
    limits: { meetingsPerDay: null, meetingsPerWeek: null, minutesPerDay: null, minutesPerWeek: null },
    busy: busyTimesOf(changes.meetings ?? []),
    meetings: [],
    ...changes,
  }
}

/** A meeting of another type that starts at `start`, lasts `minutes` minutes, and does not have buffers. */
export function meeting(start: string, minutes: number, changes: Partial<HostMeeting> = {}): HostMeeting {
  const from = at(start)
  const end = from + minutes * MINUTE
  return { id: 1, start: from, end, busyFrom: from, busyTo: end, ofThisType: false, seatsLeft: null, ...changes }
}

/** The slot engine's input, with a current time long before the tests' dates. */
export function slotsInput(hosts: HostInput[], type: Partial<TypeRules> = {}, now = '2000-01-01T00:00Z'): SlotsInput {
  return { now: at(now), type: meetingType(type), hosts }
}

/**
 * Returns the range from the first instant of one date to the last instant of another, in a time zone that keeps these dates in
 * order.
 */
export function datesIn(zone: string, first: string, last = first): { from: number; to: number } {
  const around = { from: at(`${first}T00:00Z`) - 2 * 86_400_000, to: at(`${last}T00:00Z`) + 3 * 86_400_000 }
  const [span] = instantsOfDates(
    zoneOffsets(zone, around.from, around.to),
    { first: day(first), last: day(last) },
    around,
  )
  return span ?? { from: 0, to: 0 }
}
