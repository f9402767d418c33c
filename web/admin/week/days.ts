import { addDays } from '../../time/months.ts'
import { dateIn, formatOf, instantAt } from '../../time/zones.ts'
import type { MemberBusy } from '../client/connections.ts'

type Busy = MemberBusy['busy'][number]

/** A busy time on one day. Minutes are wall-clock minutes since midnight, so a clock change does not move anything else. */
export interface DayTime extends Busy {
  /** The part of the time range that falls on this day. */
  from: string
  to: string
  top: number
  bottom: number
  /** Its column among the times that overlap it, and how many columns there are. */
  lane: number
  lanes: number
}

export interface Day {
  date: string
  /** What lasts the whole day. */
  allDay: Busy[]
  times: DayTime[]
  hours: { from: string; to: string; top: number; bottom: number }[]
}

const DAY_MINUTES = 1440
/** A shorter block would be too low to read. */
const LEAST_MINUTES = 20

/** The minutes that a clock in the zone shows since midnight. */
function wallMinutes(zone: string, instant: number): number {
  const parts = formatOf('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return read('hour') * 60 + read('minute')
}

type Span = { start: string; end: string }

/** Returns the part of a time range that falls on a date, or null if no part does. */
function cut({ start, end }: Span, date: string, zone: string) {
  const [first, last] = [instantAt(zone, date, '00:00'), instantAt(zone, addDays(date, 1), '00:00')]
  const [from, to] = [Math.max(Date.parse(start), first), Math.min(Date.parse(end), last)]
  if (from >= to) return null
  const top = from === first ? 0 : wallMinutes(zone, from)
  // In the hour that a clock change repeats, a time can end earlier than it starts on the clock.
  const bottom = to === last ? DAY_MINUTES : Math.max(wallMinutes(zone, to), top + LEAST_MINUTES)
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    top,
    bottom,
    isWhole: from === first && to === last,
  }
}

/** Sorts a member's hours and busy times into days, in the member's time zone. */
export function daysOf({ timezone, hours, busy }: MemberBusy, dates: readonly string[]): Day[] {
  return dates.map((date) => {
    const parts = busy.flatMap((time) => {
      const part = cut(time, date, timezone)
      return part ? [{ time, part }] : []
    })
    const whole = parts.filter(({ part }) => part.isWhole).map(({ time }) => time)
    const times = parts
      .filter(({ part }) => !part.isWhole)
      .map(({ time, part: { isWhole: _, ...part } }) => ({ ...time, ...part }))
    return {
      date,
      allDay: whole,
      times: inLanes(times),
      hours: hours.flatMap((range) => {
        const part = cut(range, date, timezone)
        return part ? [{ from: part.from, to: part.to, top: part.top, bottom: part.bottom }] : []
      }),
    }
  })
}

/** Places overlapping time ranges next to each other. */
function inLanes(times: Omit<DayTime, 'lane' | 'lanes'>[]): DayTime[] {
  const placed: DayTime[] = []
  let group: DayTime[] = []
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1))
    placed.push(...group.map((time) => ({ ...time, lanes })))
    group = []
  }
  for (const time of times.toSorted((a, b) => a.top - b.top)) {
    if (group.every(({ bottom }) => bottom <= time.top)) close()
    const taken = new Set(group.filter(({ bottom }) => bottom > time.top).map(({ lane }) => lane))
    let lane = 0
    while (taken.has(lane)) lane++
    group.push({ ...time, lane, lanes: 1 })
  }
  close()
  return placed
}

/** Returns the whole hours that a week shows: all hours and busy times, and at least 8 to 18. */
export function shownHours(days: readonly Day[]): { first: number; last: number } {
  const parts = days.flatMap(({ times, hours }) => [...times, ...hours])
  return {
    first: Math.min(8, ...parts.map(({ top }) => Math.floor(top / 60))),
    last: Math.max(18, ...parts.map(({ bottom }) => Math.ceil(bottom / 60))),
  }
}

/** Returns the dates of the week that contains a date. `firstWeekday` is 0 for Sunday. */
export function weekOf(date: string, firstWeekday: number): string[] {
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay()
  const first = addDays(date, -((weekday - firstWeekday + 7) % 7))
  return Array.from({ length: 7 }, (_, at) => addDays(first, at))
}

/** Returns today's date in a zone. */
export const todayIn = (zone: string) => dateIn(zone, Date.now())
