import type { Slot, Slots } from '../api/public-api.ts'
import { lastDate, monthOf, rangeAround } from './months.ts'
import { dateIn } from './zones.ts'

/** The bookable starts of each date that has one, in the viewer's zone. */
export type SlotsByDate = Map<string, Slot[]>

export function groupByDate(slots: Slot[], zone: string): SlotsByDate {
  const dates: SlotsByDate = new Map()
  for (const slot of slots) {
    const date = dateIn(zone, slot.start)
    const known = dates.get(date)
    if (known) known.push(slot)
    else dates.set(date, [slot])
  }
  return dates
}

/** The dates of one month only: the request covers one more day on both sides. */
export function datesInMonth(dates: SlotsByDate, month: string): string[] {
  return [...dates.keys()].filter((date) => monthOf(date) === month).sort()
}

/** The next date with a slot when a month has none: in the day after it, else as the server says. */
export function nextDate(dates: SlotsByDate, month: string, answered: string | null): string | null {
  const beyond = [...dates.keys()].filter((date) => date > lastDate(month)).sort()[0]
  return beyond ?? (answered && answered > lastDate(month) ? answered : null)
}

export type InitialSlots = Slots & { from: string; to: string }

/** Whether slots that came with the page are all there are of this month; nothing before today can be booked. */
export function coversMonth(initial: InitialSlots, month: string, todayUtc: string): boolean {
  const { from, to } = rangeAround(month)
  return initial.timezone === 'UTC' && (initial.from <= from || initial.from <= todayUtc) && initial.to >= to
}

/** Starts whose wall time another start of the day has too: the hour that a clock change repeats. */
export function repeatedTimes(slots: Slot[], label: (slot: Slot) => string): Set<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const slot of slots) {
    const text = label(slot)
    if (seen.has(text)) repeated.add(text)
    seen.add(text)
  }
  return repeated
}
