import type { OrganizationId } from '../access/gate.ts'

/**
 * Rereads the hosts' own calendars before a visitor takes a start. When a host chooses the time, the calendars are not read,
 * because hosts may overrule them.
 */
export interface HostCalendars {
  /** Ends within seconds and never fails. For calendars that cannot be read in time, the last known busy times count. */
  refresh(organization: OrganizationId, members: readonly number[]): Promise<void>
}

export interface HostCalendarDeps {
  /** The hosts' own calendars at other providers. */
  hostCalendars?: HostCalendars
}
