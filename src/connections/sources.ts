import type { OrganizationId } from '../access/gate.ts'
import { findMember } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { makeCalDavSource } from './caldav-source.ts'
import type { SendToCalendar } from './calendar-client.ts'
import { makeIcsSource } from './ics-source.ts'
import type { CalendarProvider } from './provider.ts'
import type { CalendarRow } from './store.ts'

export interface SourceDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  send: SendToCalendar
  /** The UIDs of a member's own meetings: in a calendar they do not count. */
  listUids: (organization: OrganizationId, member: number) => Promise<ReadonlySet<string>>
}

/** The data that is stored, encrypted, to reach an account. */
export interface Credentials {
  url: string
  /** Only for CalDAV. */
  username?: string
  password?: string
}

/** An account to open. */
export interface Account {
  organization: OrganizationId
  member: number
  provider: 'ics' | 'caldav'
  credentials: Uint8Array
}

/** Opens an account. `calendar` decides how its events are read; it is not needed to list calendars or to write. */
export async function openSource(
  { database, clock, secrets, send, listUids }: SourceDeps,
  { organization, member: id, provider, credentials }: Account,
  calendar?: Pick<CalendarRow, 'timezone' | 'tentative_blocks' | 'all_day_blocks'>,
): Promise<CalendarProvider> {
  const { url, username = '', password = '' } = JSON.parse(secrets.decrypt(credentials)) as Credentials
  const member = await findMember(database.executor, organization, { id })
  const own = await listUids(organization, id)
  const reading = {
    // A calendar file says its own time zone.
    timezone: provider === 'ics' ? null : (calendar?.timezone ?? null),
    memberTimezone: member?.timezone ?? 'UTC',
    addresses: member ? [member.email] : [],
    tentativeBlocks: calendar?.tentative_blocks ?? true,
    allDayBlocks: calendar?.all_day_blocks ?? true,
    isOwn: (uid: string) => own.has(uid),
  }
  switch (provider) {
    case 'ics':
      return makeIcsSource({ send, url, reading })
    case 'caldav':
      return makeCalDavSource({ send, account: { url, username, password }, reading, now: () => clock.now() })
  }
}
