import type { Slot, Slots } from '../api/public-api.ts'
import { lastDate, monthOf, rangeAround } from './months.ts'
import { dateIn } from './zones.ts'

/** The bookable starts by date, in the viewer's time zone. Dates without starts are omitted. */
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

/** Returns only one month's dates, because the request covers an extra day on both sides. */
export function datesInMonth(dates: SlotsByDate, month: string): string[] {
  return [...dates.keys()].filter((date) => monthOf(date) === month).sort()
}

/**
 * Returns the next date with a slot if a month does not have any: from the extra day after it, otherwise from the server's
 * response.
 */
export function nextDate(dates: SlotsByDate, month: string, answered: string | null): string | null {
  const beyond = [...dates.keys()].filter((date) => date > lastDate(month)).sort()[0]
  return beyond ?? (answered && answered > lastDate(month) ? answered : null)
}

export type InitialSlots = Slots & { from: string; to: string }

/** Returns whether the slots that were sent with the page are all of this month's slots. Dates before today cannot be booked. */
export function coversMonth(initial: InitialSlots, month: string, todayUtc: string): boolean {
  const { from, to } = rangeAround(month)
  return initial.timezone === 'UTC' && (initial.from <= from || initial.from <= todayUtc) && initial.to >= to
}

/** Returns the starts whose wall time occurs twice on that day, because a clock change repeats the hour. */
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
