import { removeDeliveryHistory } from '../deliveries/service.ts'
import type { DeletedTargets, Target, TargetDirectory, TargetSource, WebhookKey } from '../deliveries/targets.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { type DestinationDeps, destinationOf, reconstructRequest } from './destination.ts'
import { actOnFailing, disableWebhook, type NotifyAdmins } from './failing.ts'
import { writeRequest } from './request.ts'
import { breakerOf, refuseUnknown } from './service.ts'
import * as store from './store.ts'
import { checkUrl, type TargetPolicy } from './target-guard.ts'

/** The webhooks as the delivery engine sees them. This file implements the engine's ports. */

export interface TargetSourceDeps extends DestinationDeps {
  database: Database
  clock: Clock
  policy: TargetPolicy
  logger: Logger
  notifyAdmins: NotifyAdmins
}

export function makeTargetSource(deps: TargetSourceDeps): TargetSource {
  const { database, clock } = deps
  return {
    async load(keys) {
      const rows = await store.loadWebhooks(database.executor, keys)
      return rows.flatMap((row) => readTarget(deps, row) ?? [])
    },
    async recordHealth(changes) {
      const rows = await store.recordHealth(database.executor, { changes, now: clock.timestamp() })
      await actOnFailing(deps, rows)
      for (const { organization, webhook: id, gone } of changes) {
        if (gone) await disableWebhook(deps, organization, { id, reason: 'gone' })
      }
      return rows.map((row) => ({ ...keyOf(row), failing: row.failing_since !== null }))
    },
  }
}

export function makeTargetDirectory(deps: DestinationDeps & { clock: Clock }): TargetDirectory {
  return {
    async find(executor, organization, id) {
      const row = await store.findWebhook(executor, organization, id)
      return row ? { ok: true, disabled: row.state === 'disabled' } : refuseUnknown(id)
    },
    async lock(tx, organization, id) {
      const row = await store.lockWebhook(tx, organization, id)
      return row ? { ok: true, disabled: row.state === 'disabled' } : refuseUnknown(id)
    },
    async requestProbe(tx, organization, id) {
      await store.requestProbe(tx, organization, { id, at: deps.clock.timestamp() })
    },
    async reconstructRequests(executor, organization, webhook) {
      const row = await store.findWebhook(executor, organization, webhook)
      return (message, now) => reconstructRequest(deps, row, { message, now })
    },
  }
}

export function makeDeletedTargets({ database }: { database: Database }): DeletedTargets {
  return {
    listDeleted: () => store.listDeleted(database.executor),
    removeDeleted: ({ organization, webhook }) =>
      database.transaction(async (tx) => {
        if (await removeDeliveryHistory(tx, organization, webhook)) await store.removeWebhook(tx, organization, webhook)
      }),
  }
}

function keyOf(row: store.WebhookRow): WebhookKey {
  return { organization: row.organization_id, webhook: row.id }
}

/** Returns undefined if this process cannot decrypt the webhook's secrets, because it may not have the newest BOOKBELL_SECRET. */
function readTarget(deps: TargetSourceDeps, row: store.WebhookRow): Target | undefined {
  try {
    return {
      ...keyOf(row),
      revision: row.revision,
      enabled: row.state === 'enabled',
      concurrency: row.concurrency,
      ratePerSecond: row.rate_limit_per_second,
      ordered: row.ordering === 'meeting',
      failing: row.failing_since !== null,
      breaker: breakerOf(row),
      probeRequestedAt: row.probe_requested_at === null ? null : Date.parse(row.probe_requested_at),
      requests: readRequests(deps, row),
    }
  } catch (error) {
    deps.logger.error({ err: error, webhook: row.id }, 'The settings of a webhook cannot be decrypted.')
    return undefined
  }
}

function readRequests(deps: TargetSourceDeps, row: store.WebhookRow): Target['requests'] {
  const checked = checkUrl(deps.policy, row.url)
  if (!checked.ok) return checked
  const destination = destinationOf(deps, row, { url: checked.url, trust: checked.trust, now: deps.clock.now() })
  return { ok: true, write: (message, now) => writeRequest(destination, message, now) }
}
