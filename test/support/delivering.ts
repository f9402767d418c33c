import type { OrganizationId } from '../../src/access/gate.ts'
import { parseConfig } from '../../src/config.ts'
import { Dispatcher, type DispatcherOptions } from '../../src/deliveries/dispatcher.ts'
import { getDelivery, listDeliveries } from '../../src/deliveries/listing.ts'
import { createDeliveryMetrics } from '../../src/deliveries/metrics.ts'
import type { DeliveryDetail } from '../../src/deliveries/schema.ts'
import { createDeliveryEngine, type DeliveryEngine } from '../../src/delivery-engine.ts'
import { accept } from '../../src/errors.ts'
import { type Clock, systemClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { createMetrics, type Metrics } from '../../src/platform/metrics.ts'
import { makeSecrets } from '../../src/platform/secrets.ts'
import type { WebhookNotice } from '../../src/webhooks/failing.ts'
import { type Webhook, webhookInputSchema } from '../../src/webhooks/schema.ts'
import { createWebhook, getWebhook } from '../../src/webhooks/service.ts'
import { makeTargetSource } from '../../src/webhooks/targets.ts'
import { createTestOrganization } from './app.ts'
import { type Happening, happen } from './deliveries.ts'

export interface DeliveringOptions extends DispatcherOptions {
  clock?: Clock
  env?: Record<string, string>
  /** The server's own URL. Loopback targets are allowed if it is a loopback URL. */
  url?: string
  /** Overrides how names are resolved and how requests are limited. */
  http?: Parameters<typeof createDeliveryEngine>[0]['http']
}

/** One organization, its webhooks and a dispatcher, which make up the delivery engine without the rest of the program. */
export interface Delivering {
  engine: DeliveryEngine
  dispatcher: Dispatcher
  metrics: Metrics
  organization: OrganizationId
  /** The notices that admins received. */
  notices: WebhookNotice[]
  makeWebhook(input: object): Promise<{ id: number; secret: string }>
  happen(actions: Happening['actions'], meeting?: number): Promise<void>
  deliveries(webhook: number): Promise<DeliveryDetail[]>
  webhook(id: number): Promise<Webhook>
  stop(): Promise<void>
}

/** Starts a dispatcher on a migrated database. It searches for work often, so that it soon notices that the clock was moved. */
export async function startDelivering(database: Database, options: DeliveringOptions = {}): Promise<Delivering> {
  const clock = options.clock ?? systemClock
  const metrics = createMetrics({ ofProcess: false })
  const logger = createLogger('error')
  const engine = createDeliveryEngine({
    config: parseConfig(options.env ?? {}),
    url: options.url ?? 'http://127.0.0.1:3000',
    database,
    clock,
    secrets: makeSecrets(['a secret of the tests only']),
    logger,
    metrics,
    ...(options.http ? { http: options.http } : {}),
  })
  const notices: WebhookNotice[] = []
  const { organization } = await createTestOrganization({ database, clock })
  const dispatcher = new Dispatcher(
    {
      database,
      clock,
      logger,
      client: engine.client,
      targets: makeTargetSource({
        ...engine.webhooks,
        logger,
        notifyAdmins: async (_tx, _organization, notice) => void notices.push(notice),
      }),
      metrics: createDeliveryMetrics(metrics, { database, clock }),
    },
    { pollMs: 20, random: () => 0, ...options },
  )
  await dispatcher.start()
  return {
    engine,
    dispatcher,
    metrics,
    organization,
    notices,
    async makeWebhook(input) {
      const made = { input: webhookInputSchema.parse(input) }
      const { webhook, secret } = accept(await createWebhook(engine.webhooks, { kind: 'operator', organization }, made))
      return { id: webhook.id, secret }
    },
    happen: (actions, meeting = 1) => happen({ database, clock }, { organization, actions, meeting }),
    async deliveries(webhook) {
      const page = { limit: 200, after: undefined }
      const found = accept(
        await listDeliveries(engine.deliveries, organization, { webhook, query: { limit: 200 }, page }),
      )
      const ids = found.page.data.map(({ id }) => id).sort((a, b) => a - b)
      return Promise.all(
        ids.map(async (id) => accept(await getDelivery(engine.deliveries, organization, { id })).delivery),
      )
    },
    webhook: async (id) => accept(await getWebhook(engine.webhooks, organization, { id })).webhook,
    async stop() {
      await dispatcher.stop()
      await engine.client.close()
    },
  }
}
