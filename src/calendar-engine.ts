import { MOST_BYTES } from './calendars/reading.ts'
import { type Config, isLocalOnly } from './config.ts'
import { makeCalendarClient } from './connections/calendar-client.ts'
import { type EntryWritingDeps, makeEntriesJob } from './connections/entry-writing.ts'
import { makeHostChanges } from './connections/host-changes.ts'
import { makeOAuthProviders, type OAuthEndpoints, type OAuthName } from './connections/oauth-providers.ts'
import { makeRevocationJob } from './connections/revoking.ts'
import type { ConnectionsDeps } from './connections/service.ts'
import { makeSyncJob } from './connections/syncing.ts'
import {
  cancelForHost,
  findMeetingSnapshot,
  listUidsOfHost,
  listUpcomingOfHost,
  rescheduleForHost,
} from './meetings/service.ts'
import { describeForHost } from './notifications/service.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { createHttpClient, type HttpClient } from './platform/http-client.ts'
import { Jobs } from './platform/jobs.ts'
import type { Logger } from './platform/log.ts'
import type { Secrets } from './platform/secrets.ts'
import { version } from './platform/version.ts'
import { SECOND } from './time/durations.ts'
import { makeTargetPolicy, vetFor } from './webhooks/target-guard.ts'

export interface CalendarEngineDeps {
  config: Config
  url: string
  database: Database
  clock: Clock
  secrets: Secrets
  logger: Logger
  /** The URL of a calendar that the server itself offers, which is always allowed. */
  ownCalendar?: string
  /** Replaces the addresses of providers. For tests. */
  oauthEndpoints?: Partial<Record<OAuthName, OAuthEndpoints>>
}

/** All parts that send requests to calendar servers. The API and the worker in a process share them. */
export interface CalendarEngine {
  connections: ConnectionsDeps
  client: HttpClient
}

/**
 * Creates the guard and the HTTP client for requests to calendar servers. The guard works like the webhooks' guard, but has its
 * own allowed ranges.
 */
export function createCalendarEngine(deps: CalendarEngineDeps): CalendarEngine {
  const { config, url, database, clock, secrets, logger } = deps
  const policy = makeTargetPolicy({
    loopback: isLocalOnly(url, config.host),
    allow: config.calendarAllow,
    inspector: deps.ownCalendar ?? null,
    onRefused: (address, what) => logger.info({ address, what }, 'a calendar server resolves to a refused address'),
  })
  const client = createHttpClient({ vet: vetFor(policy), deadline: 30 * SECOND, bodyLimit: MOST_BYTES })
  const send = makeCalendarClient({ client, policy, userAgent: `Bookbell/${version}` })
  const { executor } = database
  const changing = { database, clock, url }
  const hostChanges = makeHostChanges({
    database,
    clock,
    meetings: {
      reschedule: (organization, moved) => rescheduleForHost(changing, organization, moved),
      cancel: (organization, cancelled) => cancelForHost(changing, organization, cancelled),
    },
  })
  const connections: ConnectionsDeps = {
    ...{ database, clock, secrets, logger, policy, send, hostChanges, url },
    providers: makeOAuthProviders(config, deps.oauthEndpoints),
    listUids: (organization, member) => listUidsOfHost(executor, organization, { member, since: clock.now() }),
    listUpcoming: (tx, organization, member) => listUpcomingOfHost(tx, organization, { member, since: clock.now() }),
  }
  return { client, connections }
}

/** The worker that reads calendars and writes meetings into them. */
export function createCalendarWorker(deps: CalendarEngineDeps, { connections }: CalendarEngine): Jobs {
  const { database } = deps
  const describeMeeting: EntryWritingDeps['describeMeeting'] = async (organization, { meeting: id, member }) => {
    const meeting = await findMeetingSnapshot(database.executor, organization, id)
    return meeting ? describeForHost(deps, organization, { meeting, member }) : null
  }
  return new Jobs(deps, [
    makeSyncJob(connections),
    makeEntriesJob({ ...connections, describeMeeting }),
    makeRevocationJob(connections),
  ])
}
