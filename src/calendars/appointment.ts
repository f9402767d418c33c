import { DAY } from '../time/durations.ts'
import {
  type Component,
  type Duration,
  type Property,
  parseDuration,
  parseTime,
  propertiesOf,
  readRule,
  readTime,
  textOf,
  type WrittenRule,
  type WrittenTime,
} from './properties.ts'
import { utcClock, type WallClock } from './wall-clock.ts'

/** Whether an event counts as busy. Whether a `tentative` event counts depends on the calendar's setting. */
export type Blocking = 'busy' | 'tentative' | 'free'

/** A wall time and the clock it belongs to. */
export interface LocalTime {
  wall: number
  isDate: boolean
  clock: WallClock
}

/** A date added to a recurring event, with a `duration` if it has its own. */
export interface AddedDate extends LocalTime {
  duration: Duration | null
}

/** An event, or an override of one of its instances. */
export interface Appointment {
  uid: string | null
  sequence: number
  start: LocalTime
  duration: Duration
  rules: WrittenRule[]
  added: AddedDate[]
  excluded: LocalTime[]
  /** The instance that this event replaces. Null for the event itself. */
  replaces: LocalTime | null
  /** Whether it also replaces all later instances (RANGE=THISANDFUTURE). */
  replacesLater: boolean
  blocking: Blocking
}

/** Information that an event needs but does not contain itself. */
export interface Surroundings {
  /** Returns the clock for a TZID. For null, returns the clock used for dates and floating times. */
  clockOf(tzid: string | null): WallClock
  /** The member's email addresses, in lower case. */
  addresses: ReadonlySet<string>
}

/** Reads an event. Returns null if it has no start. */
export function toAppointment(component: Component, surroundings: Surroundings): Appointment | null {
  const locate = (time: WrittenTime): LocalTime => ({
    wall: time.wall,
    isDate: time.isDate,
    clock: time.isUtc ? utcClock : surroundings.clockOf(time.tzid),
  })
  const timesOf = (name: string) =>
    propertiesOf(component, name).flatMap((property) => {
      const time = readTime(property)
      return time ? [locate(time)] : []
    })
  const [start] = timesOf('dtstart')
  if (!start) return null
  const [replaced] = propertiesOf(component, 'recurrence-id')
  return {
    uid: textOf(component, 'uid'),
    sequence: Number(propertiesOf(component, 'sequence')[0]?.value ?? 0) || 0,
    start,
    duration: durationOf(component, start, timesOf('dtend')[0]),
    rules: propertiesOf(component, 'rrule').flatMap(({ value }) => readRule(value) ?? []),
    added: propertiesOf(component, 'rdate').flatMap((property) => readAdded(property, locate) ?? []),
    excluded: timesOf('exdate'),
    replaces: timesOf('recurrence-id')[0] ?? null,
    replacesLater: replaced?.parameters.range?.toUpperCase() === 'THISANDFUTURE',
    blocking: blockingOf(component, surroundings.addresses),
  }
}

/**
 * RFC 5545, 3.6.1: without an end, an all-day event lasts one day, and an event with a start time has no duration. An end before
 * the start is an error, so the event is ignored.
 */
function durationOf(component: Component, start: LocalTime, end: LocalTime | undefined): Duration {
  const given = parseDuration(textOf(component, 'duration'))
  if (start.isDate) {
    const days = end
      ? Math.ceil((end.wall - start.wall) / DAY)
      : (given && given.days + Math.ceil(given.exact / DAY)) || 1
    return { days: Math.max(1, days), exact: 0 }
  }
  if (!end) return given ?? { days: 0, exact: 0 }
  return { days: 0, exact: Math.max(0, instantOf(end) - instantOf(start)) }
}

/** Returns the instant of a time. For a date, returns the instant of its midnight. */
export function instantOf({ clock, wall }: LocalTime): number {
  return clock.instantOf(wall)
}

function readAdded(property: Property, locate: (time: WrittenTime) => LocalTime): AddedDate | null {
  if (property.type !== 'period') {
    const time = readTime(property)
    return time && { ...locate(time), duration: null }
  }
  const [from, to] = Array.isArray(property.value) ? (property.value as unknown[]) : []
  const tzid = property.parameters.tzid ?? null
  const written = typeof from === 'string' ? parseTime(from, tzid) : null
  if (!written) return null
  const start = locate(written)
  const end = typeof to === 'string' ? parseTime(to, tzid) : null
  const exact = end && Math.max(0, instantOf(locate(end)) - instantOf(start))
  return { ...start, duration: exact === null ? parseDuration(to) : { days: 0, exact } }
}

function blockingOf(component: Component, addresses: ReadonlySet<string>): Blocking {
  const partOf = (name: string) => textOf(component, name)?.trim().toUpperCase()
  const status = partOf('status')
  const shown = partOf('x-microsoft-cdo-busystatus')
  const answers = propertiesOf(component, 'attendee')
    .filter((attendee) => addressesOf(attendee).some((address) => addresses.has(address)))
    .map(({ parameters }) => parameters.partstat?.toUpperCase())
  if (status === 'CANCELLED' || partOf('transp') === 'TRANSPARENT' || answers.includes('DECLINED')) return 'free'
  if (shown === 'FREE') return 'free'
  return status === 'TENTATIVE' || shown === 'TENTATIVE' || answers.includes('TENTATIVE') ? 'tentative' : 'busy'
}

function addressesOf({ value, parameters }: Property): string[] {
  const address = typeof value === 'string' ? value.replace(/^mailto:/i, '') : ''
  return [address, parameters.email ?? ''].map((text) => text.trim().toLowerCase())
}
