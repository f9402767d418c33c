import { dateIn, offsetMinutes } from './zones.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

/**
 * Returns the instants (epoch milliseconds) at which clocks in a zone show this date and time. There is usually one. The list is
 * empty in the hour that is skipped when clocks move forward, and has two instants in the hour that is repeated when they are set
 * back.
 */
export function instantsOfWallTime(zone: string, date: string, time: string): number[] {
  const wall = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(wall)) return []
  // Returns every offset that the zone has within a day of the instant. A clock change is between two of them.
  const offsets = new Set([wall - DAY, wall, wall + DAY].map((near) => offsetMinutes(zone, near)))
  return [...offsets]
    .map((offset) => wall - offset * MINUTE)
    .filter((instant) => instant + offsetMinutes(zone, instant) * MINUTE === wall)
    .sort((a, b) => a - b)
}

/** Returns whether an instant is midnight in the zone. */
export const isMidnight = (zone: string, instant: string): boolean =>
  dateIn(zone, instant) !== dateIn(zone, Date.parse(instant) - 1)
