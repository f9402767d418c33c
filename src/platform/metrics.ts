import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { App } from './http-server.ts'

/** The Prometheus metrics of one process. Features register their own metrics. */
export type Metrics = Registry

/** Creates the registry. With `ofProcess`, the registry includes memory, CPU and event loop metrics. */
export function createMetrics({ ofProcess }: { ofProcess: boolean }): Metrics {
  const registry = new Registry()
  if (ofProcess) collectDefaultMetrics({ register: registry })
  return registry
}

/** Measures every request by route, method and status class. */
export function measureRequests(app: App, metrics: Metrics): void {
  const durations = new Histogram({
    name: 'bookbell_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its response',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [metrics],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe(
      { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1000,
    )
  })
}
