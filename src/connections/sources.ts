import type { OrganizationId } from '../access/gate.ts'
import { findMember } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { makeAccessTokens } from './access-tokens.ts'
import { makeCalDavSource } from './caldav-source.ts'
import type { SendToCalendar } from './calendar-client.ts'
import { makeGoogleSource } from './google-source.ts'
import { makeIcsSource, type SourceReading } from './ics-source.ts'
import { makeMicrosoftSource } from './microsoft-source.ts'
import { makeOAuthClient } from './oauth-client.ts'
import { describeUnconfigured, type OAuthName, type OAuthProviders } from './oauth-providers.ts'
import { type CalendarProvider, ProviderError } from './provider.ts'
import type { CalendarRow } from './store.ts'

export interface SourceDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  send: SendToCalendar
  providers: OAuthProviders
  /** Lists the UIDs of a member's own meetings, which do not count as busy when found in a calendar. */
  listUids: (organization: OrganizationId, member: number) => Promise<ReadonlySet<string>>
}

/** The data for access to a calendar file or a CalDAV account. It is stored encrypted. */
export interface Credentials {
  url: string
  /** Only for CalDAV. */
  username?: string
  password?: string
}

/** The account to open. */
export interface Account {
  organization: OrganizationId
  connection: number
  member: number
  provider: 'ics' | 'caldav' | OAuthName
  credentials: Uint8Array
}

/** Opens an account. `calendar` determines how events are read. It is not needed for listing calendars or for writing. */
export async function openSource(
  deps: SourceDeps,
  account: Account,
  calendar?: Pick<CalendarRow, 'timezone' | 'tentative_blocks' | 'all_day_blocks'>,
): Promise<CalendarProvider> {
  const { clock, secrets, send } = deps
  const { provider, credentials } = account
  const reading = await readingOf(deps, account, calendar)
  if (provider === 'google' || provider === 'microsoft') return openOAuthSource(deps, { ...account, provider }, reading)
  const { url, username = '', password = '' } = JSON.parse(secrets.decrypt(credentials)) as Credentials
  switch (provider) {
    case 'ics':
      return makeIcsSource({ send, url, reading })
    case 'caldav':
      return makeCalDavSource({ send, account: { url, username, password }, reading, now: () => clock.now() })
  }
}

async function readingOf(
  { database, listUids }: SourceDeps,
  { organization, member: id, provider }: Account,
  calendar: Parameters<typeof openSource>[2],
): Promise<SourceReading> {
  const member = await findMember(database.executor, organization, { id })
  const own = await listUids(organization, id)
  return {
    // A calendar file contains its own time zone.
    timezone: provider === 'ics' ? null : (calendar?.timezone ?? null),
    memberTimezone: member?.timezone ?? 'UTC',
    addresses: member ? [member.email] : [],
    tentativeBlocks: calendar?.tentative_blocks ?? true,
    allDayBlocks: calendar?.all_day_blocks ?? true,
    isOwn: (uid: string) => own.has(uid),
  }
}

function openOAuthSource(
  deps: SourceDeps,
  { provider: name, organization, connection }: Account & { provider: OAuthName },
  reading: SourceReading,
): CalendarProvider {
  const { send, providers } = deps
  const provider = providers[name]
  if (!provider) throw new ProviderError(describeUnconfigured(name), { next: 'retry' })
  const tokens = makeAccessTokens(deps, { organization, connection, client: makeOAuthClient(send, provider) })
  const settings = { send, tokens, provider, reading }
  switch (name) {
    case 'google':
      return makeGoogleSource(settings)
    case 'microsoft':
      return makeMicrosoftSource(settings)
  }
}
