import { refuse } from '../errors.ts'
import type { Database } from './database.ts'
import { type App, sendRefusal } from './http-server.ts'
import type { Metrics } from './metrics.ts'
import { isMigrated } from './migrations.ts'

interface Deps {
  database: Database
  metrics: Metrics
}

/** Registers liveness, readiness and metrics for an operator's probes. */
export function registerOperations(app: App, { database, metrics }: Deps): void {
  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'up' }))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const ready = await isMigrated(database).catch(() => false)
    return ready
      ? { status: 'ready' }
      : sendRefusal(reply, refuse('not_ready', 'The database cannot be reached or lacks migrations. See the log.'))
  })
  app.get('/metrics', { config: { access: 'admin' }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .type(metrics.contentType)
      .serializer(String)
      .send(await metrics.metrics()),
  )
}
