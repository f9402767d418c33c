import { type Config, isLocalOnly } from './config.ts'
import { Dispatcher } from './deliveries/dispatcher.ts'
import { createDeliveryMetrics } from './deliveries/metrics.ts'
import { Retention } from './deliveries/retention.ts'
import type { DeliveriesDeps } from './deliveries/service.ts'
import { notifyAdmins } from './notifications/service.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { createHttpClient, type HttpClient, type HttpClientSettings } from './platform/http-client.ts'
import type { Logger } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import { cacheResolver, systemResolver } from './platform/name-resolver.ts'
import type { Secrets } from './platform/secrets.ts'
import { version } from './platform/version.ts'
import type { WebhooksDeps } from './webhooks/service.ts'
import { makeTargetPolicy, vetFor } from './webhooks/target-guard.ts'
import { makeDeletedTargets, makeTargetDirectory, makeTargetSource } from './webhooks/targets.ts'

export interface DeliveryEngineDeps {
  config: Config
  url: string
  database: Database
  clock: Clock
  secrets: Secrets
  logger: Logger
  metrics: Metrics
  /** Overrides how names are resolved and how requests are limited. The target guard cannot be overridden. */
  http?: Pick<HttpClientSettings, 'resolve' | 'deadline' | 'tls'>
}

/** All parts that send requests to webhooks. The API (tests, diagnoses) and the workers in a process share them. */
export interface DeliveryEngine {
  webhooks: WebhooksDeps
  deliveries: DeliveriesDeps
  client: HttpClient
}

/** Creates the guard, the resolver and the HTTP client for all requests to webhooks, and connects deliveries to webhooks. */
export function createDeliveryEngine(deps: DeliveryEngineDeps): DeliveryEngine {
  const { config, url, database, clock, secrets, logger } = deps
  const policy = makeTargetPolicy({
    loopback: isLocalOnly(url, config.host),
    allow: config.webhookAllow,
    inspector: `${url}/inspect/in/`,
    onRefused: (address, what) => logger.info({ address, what }, 'a webhook target resolves to a refused address'),
  })
  const resolve = deps.http?.resolve ?? cacheResolver(systemResolver())
  const client = createHttpClient({ ...deps.http, resolve, vet: vetFor(policy) })
  const webhooks = { database, clock, secrets, url, policy, resolve, client, version }
  const targets = makeTargetDirectory(webhooks)
  return { client, webhooks, deliveries: { database, clock, targets, retentionDays: config.retentionDays } }
}

/** The workers that send deliveries and remove expired ones. */
export function createDeliveryWorkers(deps: DeliveryEngineDeps, engine: DeliveryEngine) {
  const { clock, database, logger, metrics } = deps
  const targets = makeTargetSource({
    ...engine.webhooks,
    logger,
    notifyAdmins: (tx, organization, notice) => notifyAdmins(tx, { clock }, organization, { notice }),
  })
  return [
    new Dispatcher({
      database,
      clock,
      logger,
      targets,
      client: engine.client,
      metrics: createDeliveryMetrics(metrics, deps),
    }),
    new Retention({ ...engine.deliveries, logger, deletedTargets: makeDeletedTargets({ database }) }),
  ]
}
