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
  /** Lists the UIDs of a member's own meetings, which do not count as busy when found in a calendar. */
  listUids: (organization: OrganizationId, member: number) => Promise<ReadonlySet<string>>
}

/** The data for access to an account. It is stored encrypted. */
export interface Credentials {
  url: string
  /** Only for CalDAV. */
  username?: string
  password?: string
}

/** The account to open. */
export interface Account {
  organization: OrganizationId
  member: number
  provider: 'ics' | 'caldav'
  credentials: Uint8Array
}

/** Opens an account. `calendar` determines how events are read. It is not needed for listing calendars or for writing. */
export async function openSource(
  { database, clock, secrets, send, listUids }: SourceDeps,
  { organization, member: id, provider, credentials }: Account,
  calendar?: Pick<CalendarRow, 'timezone' | 'tentative_blocks' | 'all_day_blocks'>,
): Promise<CalendarProvider> {
  const { url, username = '', password = '' } = JSON.parse(secrets.decrypt(credentials)) as Credentials
  const member = await findMember(database.executor, organization, { id })
  const own = await listUids(organization, id)
  const reading = {
    // A calendar file contains its own time zone.
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
