import { MOST_BYTES } from './calendars/reading.ts'
import { type Config, isLocalOnly } from './config.ts'
import { makeCalendarClient } from './connections/calendar-client.ts'
import type { ConnectionsDeps } from './connections/service.ts'
import { makeSyncJob } from './connections/syncing.ts'
import { listUidsOfHost } from './meetings/service.ts'
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
}

/** All parts that send requests to calendar servers. The API and the worker in a process share them. */
export interface CalendarEngine {
  connections: ConnectionsDeps
  client: HttpClient
}

/**
 * Creates the guard and the HTTP client for requests to calendar servers. The guard is the webhooks' guard with separate ranges.
 */
export function createCalendarEngine(deps: CalendarEngineDeps): CalendarEngine {
  const { config, url, database, clock, secrets, logger } = deps
  const policy = makeTargetPolicy({
    loopback: isLocalOnly(url, config.host),
    allow: config.calendarAllow,
    inspector: null,
    onRefused: (address, what) => logger.info({ address, what }, 'a calendar server resolves to a refused address'),
  })
  const client = createHttpClient({ vet: vetFor(policy), deadline: 30 * SECOND, bodyLimit: MOST_BYTES })
  const send = makeCalendarClient({ client, policy, userAgent: `Bookbell/${version}` })
  const listUids: ConnectionsDeps['listUids'] = (organization, member) =>
    listUidsOfHost(database.executor, organization, { member, since: clock.now() })
  return { client, connections: { database, clock, secrets, logger, policy, send, listUids } }
}

/** The worker that reads calendars. */
export function createCalendarWorker(deps: CalendarEngineDeps, engine: CalendarEngine): Jobs {
  return new Jobs(deps, [makeSyncJob(engine.connections)])
}
