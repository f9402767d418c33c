import { Gauge } from 'prom-client'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Metrics } from '../platform/metrics.ts'
import * as store from './store.ts'

/** Registers the mail queue's metrics. They show that emails are stuck before anyone notices a missing email. */
export function registerMailMetrics(
  registry: Metrics,
  { database, clock }: { database: Database; clock: Clock },
): void {
  const registers = [registry]
  new Gauge({
    name: 'bookbell_mails_waiting',
    help: `Pending emails in the whole database, counted up to ${store.MOST_COUNTED}`,
    registers,
    async collect() {
      this.set((await store.countPendingMails(database.executor)).count)
    },
  })
  new Gauge({
    name: 'bookbell_mails_oldest_seconds',
    help: 'Age of the oldest pending email in seconds',
    registers,
    // Each metric reads its own value. If one metric set the other, the other would lag by one scrape.
    async collect() {
      const { oldest } = await store.countPendingMails(database.executor)
      this.set(oldest === null ? 0 : Math.max(clock.now() - Date.parse(oldest), 0) / 1000)
    },
  })
}
