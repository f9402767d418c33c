import { parseTimeZone } from '../time/time-zone.ts'
import { instantOfWall, offsetAt, type Period, zoneOffsets } from '../time/zones.ts'
import { windowsZones } from './windows-zones.ts'

/**
 * Converts wall times into instants and back. A wall time is in milliseconds, as if the wall clock showed UTC. A wall time that a
 * DST change skips moves forward by the gap. If two instants have the same wall time, the first one is used (Temporal's
 * `compatible`).
 */
export interface WallClock {
  instantOf(wall: number): number
  wallAt(instant: number): number
}

/** UTC: every wall time equals the instant. */
export const utcClock: WallClock = { instantOf: (wall) => wall, wallAt: (instant) => instant }

/** The clock of an IANA time zone. */
export function zoneClock(zone: string): WallClock {
  return {
    instantOf: (wall) => instantOfWall(zoneOffsets(zone, wall, wall), wall),
    wallAt: (instant) => instant + offsetAt(zoneOffsets(zone, instant, instant), instant),
  }
}

/** The clock of a time zone defined in a file. `periods` have no gaps. */
export function periodsClock(periods: readonly Period[]): WallClock {
  return {
    instantOf: (wall) => instantOfWall({ periods }, wall),
    wallAt: (instant) => instant + offsetAt({ periods }, instant),
  }
}

/**
 * Finds the IANA zone for a TZID, which can be an IANA name, a Windows name, or a path that ends with an IANA name
 * (`/mozilla.org/20050126_1/Europe/Berlin`). Returns null for any other name.
 */
export function findZone(tzid: string): string | null {
  const name = tzid.trim().replace(/^"(.*)"$/, '$1')
  const known = parseTimeZone(name) ?? windowsByName.get(name.toLowerCase()) ?? null
  if (known !== null || !name.startsWith('/')) return known
  const parts = name.split('/')
  const endings = parts.map((_, index) => parts.slice(index).join('/')).filter((ending) => ending.includes('/'))
  return endings.map(parseTimeZone).find((zone) => zone !== null) ?? null
}

const windowsByName = new Map(Object.entries(windowsZones).map(([name, zone]) => [name.toLowerCase(), zone]))
