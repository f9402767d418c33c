import { type Config, isLoopbackUrl } from './config.ts'
import { notifyAdmins } from './notifications/service.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { createHttpClient, type HttpClient, type HttpClientSettings } from './platform/http-client.ts'
import type { Logger } from './platform/log.ts'
import type { Metrics } from './platform/metrics.ts'
import { cacheResolver, systemResolver } from './platform/name-resolver.ts'
import type { Secrets } from './platform/secrets.ts'
import { version } from './platform/version.ts'
import { createDeliveryMetrics } from './webhooks/delivery-metrics.ts'
import { Dispatcher } from './webhooks/dispatcher.ts'
import { Retention } from './webhooks/retention.ts'
import type { WebhooksDeps } from './webhooks/service.ts'
import { checkAddress, makeTargetPolicy } from './webhooks/target-guard.ts'

interface Deps {
  config: Config
  url: string
  database: Database
  clock: Clock
  secrets: Secrets
  logger: Logger
  metrics: Metrics
  /** What differs from the usual in how names are resolved and requests are bounded; the guard is always ours. */
  http?: Pick<HttpClientSettings, 'resolve' | 'deadline' | 'tls'>
}

/** What speaks to webhooks: shared by the API (tests, diagnoses) and the workers of a process. */
export interface DeliveryEngine {
  webhooks: WebhooksDeps
  client: HttpClient
}

/** Makes the guard, the resolver and the HTTP client that every request to a webhook goes through. */
export function createDeliveryEngine(deps: Deps): DeliveryEngine {
  const { config, url } = deps
  const policy = makeTargetPolicy({
    loopback: isLoopbackUrl(url),
    allow: config.webhookAllow,
    inspector: `${url}/inspect/in/`,
  })
  const resolve = deps.http?.resolve ?? cacheResolver(systemResolver())
  const client = createHttpClient({
    ...deps.http,
    resolve,
    vet(address, target) {
      const refusal = target.trust === 'inspector' ? null : checkAddress(policy, address, target.secure)
      return refusal && `${refusal.reason}. ${refusal.remedy}`
    },
  })
  return { client, webhooks: { ...deps, policy, resolve, client, version, retentionDays: config.retentionDays } }
}

/** The workers that deliver and that remove what is old. */
export function createDeliveryWorkers(deps: Deps, { webhooks }: DeliveryEngine) {
  const { clock, metrics } = deps
  const dispatcher = new Dispatcher({
    ...webhooks,
    logger: deps.logger,
    metrics: createDeliveryMetrics(metrics, deps),
    notifyAdmins: (tx, organization, notice) => notifyAdmins(tx, { clock }, { organization, notice }),
  })
  return [dispatcher, new Retention({ ...webhooks, logger: deps.logger })]
}
