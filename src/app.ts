import type { RouteOptions } from 'fastify'
import { type ApiKeys, registerGate, type Sessions } from './access/authenticate.ts'
import type { KeyOwners } from './access/idempotency.ts'
import { type Accounts, createAccounts } from './accounts/accounts.ts'
import { isFreshSession } from './accounts/fresh-session.ts'
import { createOidc, type Oidc } from './accounts/oidc.ts'
import { registerAccountRoutes } from './accounts/routes.ts'
import { endAccount, findOrganizationOfInvitation, withdrawInvitation } from './accounts/service.ts'
import { activityWebhooks } from './activities/openapi-webhooks.ts'
import { registerActivityRoutes } from './activities/routes.ts'
import { registerApiKeyRoutes } from './api-keys/routes.ts'
import { deleteKeysOfMember, findActorOfKey } from './api-keys/service.ts'
import { registerAuditRoutes } from './audit/routes.ts'
import { registerBlockingRoutes } from './blocking/routes.ts'
import { spendClient } from './budgets/service.ts'
import {
  type CalendarEngine,
  type CalendarEngineDeps,
  createCalendarEngine,
  createCalendarWorker,
} from './calendar-engine.ts'
import { registerCalendarFeedRoutes } from './calendar-feeds/routes.ts'
import { deleteFeedOfMember } from './calendar-feeds/service.ts'
import { createCleaningWorker } from './cleaning.ts'
import { type Config, isLocalOnly, isLoopbackHost, isLoopbackUrl } from './config.ts'
import { registerConnectionRoutes } from './connections/routes.ts'
import { deleteConnectionsOfMember, refreshCalendars, wakeCalendars } from './connections/service.ts'
import { registerDeliveryRoutes } from './deliveries/routes.ts'
import { createDeliveryEngine, createDeliveryWorkers, type DeliveryEngine } from './delivery-engine.ts'
import { registerImageRoutes } from './images/routes.ts'
import { registerInspectorRoutes } from './inspectors/routes.ts'
import { registerMeetingTypeRoutes } from './meeting-types/routes.ts'
import { removeHost } from './meeting-types/service.ts'
import { registerMeetingRoutes } from './meetings/routes.ts'
import {
  findMeetingSnapshot,
  findOrganizationOfAttendee,
  type HostCalendars,
  releaseHoldsOfMember,
  remindAttendee,
} from './meetings/service.ts'
import { registerMemberRoutes } from './members/routes.ts'
import { findActorOfUser } from './members/service.ts'
import type { RemindedMeetings } from './notifications/reminded-meetings.ts'
import { registerMailboxRoutes } from './notifications/routes.ts'
import { createNotificationWorker } from './notifications/worker.ts'
import { registerOrganizationRoutes } from './organizations/routes.ts'
import { listWebPages } from './page-routes.ts'
import { registerPageRoutes } from './pages/routes.ts'
import { findOrganizationOfPage, removeFromPages } from './pages/service.ts'
import { registerPeopleRoutes } from './people/routes.ts'
import type { Clock } from './platform/clock.ts'
import { registerCompression } from './platform/compression.ts'
import type { Database } from './platform/database.ts'
import { type App, createHttpServer } from './platform/http-server.ts'
import type { Logger } from './platform/log.ts'
import { createMailer, type Mailer } from './platform/mailer.ts'
import { createMetrics, type Metrics, measureRequests } from './platform/metrics.ts'
import { registerOpenApi } from './platform/openapi.ts'
import { registerOperations } from './platform/operations.ts'
import { registerPublicAccess } from './platform/public-access.ts'
import { registerResponseHeaders } from './platform/response-headers.ts'
import type { Secrets } from './platform/secrets.ts'
import {
  createServerNotices,
  describeSetUp,
  describeUntrustedProxy,
  noMailServer,
  registerServerNotices,
} from './platform/server-notices.ts'
import { version } from './platform/version.ts'
import { registerWebPages } from './platform/web-pages.ts'
import { registerSampleCalendar, SAMPLE_CALENDAR_PATH } from './sample-calendar.ts'
import { registerScheduleRoutes } from './schedules/routes.ts'
import { deleteSchedulesOfMember } from './schedules/service.ts'
import { registerSettingsRoutes } from './settings/routes.ts'
import { findFirstOrganization, lockOrganizations, refuseWithoutSecondFactor } from './settings/service.ts'
import { registerSlotRoutes } from './slots/routes.ts'
import { registerTagRoutes } from './tags/routes.ts'
import { registerWebhookRoutes } from './webhooks/routes.ts'
import { listVerifiers } from './webhooks/secret-rotation.ts'

export interface BookbellOptions {
  config: Config
  /** The public URL, used in pages and emails. */
  url: string
  database: Database
  clock: Clock
  secrets: Secrets
  logger: Logger
  /** Offers the sample calendar of the demo, in this time zone. */
  sampleCalendar?: { timezone: string }
  /** Prints text for the server administrator: account emails, if no mail server is configured. */
  print?: (text: string) => void
  /** Validates each response against its schema. For tests. */
  checkAnswers?: boolean
  /** Replaces the addresses of Google and Microsoft. For tests. */
  oauthEndpoints?: CalendarEngineDeps['oauthEndpoints']
}

/** The dependencies of all features. */
export interface Deps extends BookbellOptions {
  metrics: Metrics
  mailer: Mailer
  /** Whether strangers can reach this server. If so, their actions are limited. */
  limited: boolean
}

/** A part of the program that works in the background. */
interface Worker {
  start(): Promise<void>
  /** Accepts no new work, and resolves when the work in flight is done. */
  stop(): Promise<void>
}

/** The program in one process, with an open and migrated database. */
export interface Bookbell {
  app: App
  /** Every route, with who may use it and which audit action it records. */
  routes: readonly RouteOptions[]
  /** Starts the workers. The caller starts listening. */
  start(): Promise<void>
  /** Finishes the work in flight, then stops. The database stays open, and the caller closes it. */
  stop(): Promise<void>
}

/** Assembles the features: the HTTP server with every route, and the workers of the chosen roles. */
export async function createBookbell(options: BookbellOptions): Promise<Bookbell> {
  const { smtpUrl, mailFrom } = options.config
  const mailer = await createMailer({ smtpUrl, mailFrom, url: options.url })
  const limited = !isLocalOnly(options.url, options.config.host)
  const deps: Deps = { ...options, mailer, limited, metrics: createMetrics({ ofProcess: !options.checkAnswers }) }
  const engine = createDeliveryEngine(deps)
  const ownCalendar = options.sampleCalendar ? { ownCalendar: options.url + SAMPLE_CALENDAR_PATH } : {}
  const calendars = createCalendarEngine({ ...deps, ...ownCalendar })
  const { app, routes } = await createWeb(deps, engine, calendars)
  const workers = options.config.roles.includes('worker') ? createWorkers(deps, engine, calendars) : []
  return {
    app,
    routes,
    async start() {
      for (const worker of workers) await worker.start()
    },
    async stop() {
      // The workers stop in parallel, so that none of them waits for a slow one.
      await Promise.all([app.close(), ...workers.map((worker) => worker.stop())])
      await Promise.all([engine.client.close(), calendars.client.close()])
    },
  }
}

/** The features that know a public call's organization. */
const keyOwners: KeyOwners = {
  findOfPage: findOrganizationOfPage,
  findOfAttendee: findOrganizationOfAttendee,
  findOfInvitation: findOrganizationOfInvitation,
  findOfSetup: findFirstOrganization,
  lockSetup: lockOrganizations,
}

async function createWeb(
  deps: Deps,
  engine: DeliveryEngine,
  calendars: CalendarEngine,
): Promise<Pick<Bookbell, 'app' | 'routes'>> {
  const { config, url, database, clock, secrets, logger, checkAnswers } = deps
  const { limited } = deps
  const notices = createServerNotices(logger)
  const isUrlLoopback = isLoopbackUrl(url)
  const isHostLoopback = isLoopbackHost(config.host)
  const sendsMail = deps.mailer.kind === 'smtp'
  for (const notice of describeSetUp({ url, host: config.host, isUrlLoopback, isHostLoopback })) notices.add(notice)
  if (!sendsMail) notices.add(noMailServer, 'debug')
  const app = createHttpServer({
    logger,
    trustProxy: config.trustProxy,
    onUntrustedProxy: (address) => notices.add(describeUntrustedProxy(address)),
    ...(checkAnswers ? { checkAnswers } : {}),
  })
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  const accounts = createAccounts({
    database,
    secrets,
    url,
  })
  const settings = config.oidc
  const oidc = settings && createOidc({ database, clock, secrets, url, settings, log: app.log })
  registerResponseHeaders(app, { https: url.startsWith('https:'), loopback: isUrlLoopback })
  registerCompression(app)
  measureRequests(app, deps.metrics)
  const limits = { clock, spendWrite: (client: string) => spendClient(deps, { kind: 'public_write', client }) }
  const spendFailedKey = limited ? (client: string) => spendClient(deps, { kind: 'failed_key', client }) : undefined
  await registerPublicAccess(app, { limits: limited ? limits : null })
  await registerOpenApi(app, { version, url, webhooks: activityWebhooks })
  const sessions: Sessions = {
    async findActor(headers, organization) {
      const user = await accounts.findUser(headers)
      const identity =
        user && (await findActorOfUser(deps, { user: user.userId, organization: organization ?? user.organization }))
      if (!identity) return undefined
      const refusal =
        user.secondFactor === null ? await refuseWithoutSecondFactor(deps, identity.organization) : undefined
      return refusal ?? { ok: true, identity }
    },
    async isFresh(headers) {
      const user = await accounts.findUser(headers)
      return user !== undefined && isFreshSession(database.executor, user)
    },
  }
  const apiKeys: ApiKeys = { findActor: (used) => findActorOfKey(deps, used) }
  registerGate(app, {
    database,
    clock,
    secrets,
    url,
    sessions,
    apiKeys,
    keyOwners,
    ...(spendFailedKey ? { spendFailedKey } : {}),
  })
  registerOperations(app, { ...deps, metricsToken: config.metricsToken })
  registerServerNotices(app, notices)
  if (config.roles.includes('web')) {
    registerRooms(app, { ...deps, accounts, oidc }, calendars)
    registerConnectionRoutes(app, calendars.connections)
    registerWebhookRoutes(app, engine.webhooks)
    registerDeliveryRoutes(app, engine.deliveries)
    registerInspectorRoutes(app, {
      ...deps,
      verifiersOf: (organization, address) => listVerifiers(engine.webhooks, organization, { url: address }),
    })
    await registerWebPages(app, { ...listWebPages(deps), url, sendsMail })
  }
  if (deps.sampleCalendar) registerSampleCalendar(app, { ...deps.sampleCalendar, now: () => clock.now() })
  await app.ready()
  return { app, routes }
}

function registerRooms(
  app: App,
  deps: Deps & { accounts: Accounts; oidc: Oidc | undefined },
  { connections }: CalendarEngine,
): void {
  registerOrganizationRoutes(app, deps)
  registerApiKeyRoutes(app, deps)
  registerAuditRoutes(app, deps)
  registerAccountRoutes(app, deps)
  registerSettingsRoutes(app, deps)
  registerImageRoutes(app, deps)
  const cleanups = [
    deleteSchedulesOfMember,
    removeHost,
    releaseHoldsOfMember,
    withdrawInvitation,
    deleteKeysOfMember,
    deleteConnectionsOfMember,
    deleteFeedOfMember,
    endAccount,
  ]
  registerMemberRoutes(app, { ...deps, cleanups, withdrawInvitation })
  registerCalendarFeedRoutes(app, deps)
  registerScheduleRoutes(app, deps)
  registerMeetingTypeRoutes(app, { ...deps, cleanups: [removeFromPages] })
  const hostCalendars: HostCalendars = {
    refresh: (organization, members) => refreshCalendars(connections, organization, { members }),
  }
  registerMeetingRoutes(app, { ...deps, hostCalendars })
  registerTagRoutes(app, deps)
  registerSlotRoutes(app, {
    ...deps,
    wakeCalendars: (organization, members) => wakeCalendars(connections, organization, { members }),
  })
  registerPageRoutes(app, deps)
  registerActivityRoutes(app, deps)
  registerMailboxRoutes(app, deps)
  registerPeopleRoutes(app, deps)
  registerBlockingRoutes(app, deps)
}

function createWorkers(deps: Deps, engine: DeliveryEngine, calendars: CalendarEngine): Worker[] {
  const meetings: RemindedMeetings = {
    findMeeting: findMeetingSnapshot,
    remindAttendee: (tx, organization, reminded) => remindAttendee(tx, deps, organization, reminded),
  }
  return [
    createNotificationWorker({ ...deps, meetings }),
    ...createDeliveryWorkers(deps, engine),
    createCleaningWorker(deps),
    createCalendarWorker(deps, calendars),
  ]
}
