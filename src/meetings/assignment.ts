import type { MeetingType } from '../meeting-types/schema.ts'

/**
 * The data that round robin compares: how many of the host's upcoming meetings of this type count towards the host's share, and
 * when the host was last assigned a meeting (RFC 3339; null means never).
 */
export interface HostLoad {
  member: number
  upcoming: number
  lastAssignedAt: string | null
}

/**
 * Returns the possible hosts for a new meeting, first choice first. Each entry lists all hosts of the meeting. `free` are the
 * members who can host it, in the order of the meeting type. For `joint`, `free` contains all of its hosts.
 */
export function chooseHosts(
  { assignment, hosts }: Pick<MeetingType, 'assignment' | 'hosts'>,
  free: readonly number[],
  loads: readonly HostLoad[],
): number[][] {
  if (free.length === 0) return []
  if (assignment === 'joint') return [[...free]]
  return rankHosts(hosts, free, loads).map((member) => [member])
}

/**
 * Returns the order in which round robin tries hosts: fewest upcoming meetings first, weighted by priority (priority 5
 * gets five meetings for every one of priority 1). Ties go to the host whose last assignment was longest ago.
 */
function rankHosts(hosts: MeetingType['hosts'], free: readonly number[], loads: readonly HostLoad[]): number[] {
  const priorities = new Map(hosts.map(({ member, priority }) => [member, priority]))
  const ranked = free.map((member) => {
    const load = loads.find((candidate) => candidate.member === member)
    return { member, weight: (load?.upcoming ?? 0) / (priorities.get(member) ?? 1), last: load?.lastAssignedAt ?? '' }
  })
  return ranked.sort((a, b) => a.weight - b.weight || compareText(a.last, b.last)).map(({ member }) => member)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
