import type { OrganizationId } from '../access/gate.ts'
import { getMeetingType, getMeetingTypeAt } from '../meeting-types/service.ts'
import type { Database } from '../platform/database.ts'
import * as holds from './hold-store.ts'
import { hashToken } from './holding.ts'
import * as reading from './reading-store.ts'
import * as store from './store.ts'

/**
 * Rereads the hosts' own calendars before a visitor books a start. When a host chooses the time, the calendars are not read,
 * because hosts may overrule them.
 */
export interface HostCalendars {
  /** Finishes within seconds and never fails. For calendars that cannot be read in time, the last known busy times are used. */
  refresh(organization: OrganizationId, members: readonly number[]): Promise<void>
}

/** Routes call these functions before their handler, because a transaction must not stay open while calendars are read. */
export interface RefreshingDeps {
  database: Database
  hostCalendars?: HostCalendars
}

/** Rereads the calendars of the hosts who may get a booking. `host` is the one that the visitor chose, if any. */
export async function refreshForPage(
  { database, hostCalendars }: RefreshingDeps,
  { page, slug, host }: { page: string; slug: string; host: number | null },
): Promise<void> {
  if (!hostCalendars) return
  const found = await getMeetingTypeAt(database.executor, { page, slug })
  if (!found.ok) return
  const members = found.meetingType.hosts.map(({ member }) => member)
  await hostCalendars.refresh(found.organization, chosen(members, host))
}

/** Rereads the calendars of a meeting's hosts before its attendee moves it. */
export async function refreshForLink(
  { database: { executor }, hostCalendars }: RefreshingDeps,
  { externalId }: { externalId: string },
): Promise<void> {
  const link = hostCalendars && (await store.findLink(executor, externalId))
  if (!link || link.memberId !== null) return
  const found = await reading.findMeeting(executor, link.organization, link.meeting)
  const members = found?.meeting.hosts.flatMap(({ memberId }) => memberId ?? []) ?? []
  await hostCalendars.refresh(link.organization, members)
}

/** Rereads the calendars of the hosts whose time a link holds. */
export async function refreshForHold(
  { database: { executor }, hostCalendars }: RefreshingDeps,
  { token }: { token: string },
): Promise<void> {
  const link = hostCalendars && (await holds.findHoldLink(executor, hashToken(token)))
  const hold = link && (await holds.findHold(executor, link.organization, link.hold))
  if (!link || !hold || hold.external_id !== null) return
  const found = await getMeetingType(executor, link.organization, { id: hold.meeting_type_id })
  if (!found.ok) return
  const members = found.meetingType.hosts.map(({ member }) => member)
  await hostCalendars.refresh(link.organization, chosen(members, hold.request?.host ?? null))
}

function chosen(members: readonly number[], host: number | null): number[] {
  return members.filter((member) => (host ?? member) === member)
}
