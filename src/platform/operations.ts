import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import { readBearer } from './bearer.ts'
import { isInRanges } from './client-address.ts'
import type { Database } from './database.ts'
import { type App, sendRefusal } from './http-server.ts'
import type { Metrics } from './metrics.ts'
import { isMigrated } from './migrations.ts'
import { equalSecrets } from './secrets.ts'

interface Deps {
  database: Database
  metrics: Metrics
  /** The operator's token for /metrics. Without a token, the metrics can be read only from this machine. */
  metricsToken: string | undefined
}

/** Registers liveness, readiness and metrics for an operator's probes. */
export function registerOperations(app: App, { database, metrics, metricsToken }: Deps): void {
  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'up' }))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const ready = await isMigrated(database).catch(() => false)
    return ready
      ? { status: 'ready' }
      : sendRefusal(reply, refuse('not_ready', 'The database cannot be reached or lacks migrations. See the log.'))
  })
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const token = readBearer(request.headers.authorization)
    const isOperator = metricsToken !== undefined && token !== undefined && equalSecrets(token, metricsToken)
    if (!isOperator && (token !== undefined || !isFromThisMachine(request)))
      throw new Problem(
        refuse(
          'unauthenticated',
          'Send the value of BOOKBELL_METRICS_TOKEN: Authorization: Bearer …. An API key is not accepted.',
        ),
        { 'www-authenticate': 'Bearer' },
      )
    return reply
      .type(metrics.contentType)
      .serializer(String)
      .send(await metrics.metrics())
  })
}

/** Headers that show that a proxy on this machine is forwarding a request from another machine. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via']

/** Checking the name in Host keeps out web pages in a browser on this machine whose domain resolves to a loopback address. */
function isFromThisMachine({ socket, headers }: FastifyRequest): boolean {
  return (
    isInRanges(socket.remoteAddress ?? '', ['127.0.0.0/8', '::1']) &&
    FORWARDING.every((name) => headers[name] === undefined) &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? '')
  )
}
