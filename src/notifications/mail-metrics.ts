import { Gauge } from 'prom-client'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Metrics } from '../platform/metrics.ts'
import * as store from './store.ts'

/** Adds the figures of the mail queue: whether mail gets out shows here before anybody misses one. */
export function registerMailMetrics(
  registry: Metrics,
  { database, clock }: { database: Database; clock: Clock },
): void {
  const registers = [registry]
  new Gauge({
    name: 'bookbell_mails_waiting',
    help: `Mails that wait, in the whole database, counted up to ${store.MOST_COUNTED}`,
    registers,
    async collect() {
      this.set((await store.countWaitingMails(database.executor)).count)
    },
  })
  new Gauge({
    name: 'bookbell_mails_oldest_seconds',
    help: 'For how long the oldest mail has waited',
    registers,
    // Each figure reads for itself: what one set for the other would show a scrape later.
    async collect() {
      const { oldest } = await store.countWaitingMails(database.executor)
      this.set(oldest === null ? 0 : Math.max(clock.now() - Date.parse(oldest), 0) / 1000)
    },
  })
}
