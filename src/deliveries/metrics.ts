import { Counter, Gauge, Histogram } from 'prom-client'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { AttemptOutcome } from './attempt.ts'
import type { BreakerState } from './breaker.ts'
import { measureQueue } from './queue-store.ts'

/** The dispatcher's state when the metrics are read. */
export interface DispatcherState {
  inFlight: number
  claimed: number
  breakers: BreakerState[]
}

export interface DeliveryMetrics {
  /** Sets the function that reads this process's state. */
  observe(read: () => DispatcherState): void
  countAttempt(claimed: { attempts: number; created_ms: number }, outcome: AttemptOutcome, startedAt: number): void
}

/** The maximum number of pending deliveries to count. */
const COUNTED = 100_000

/** Registers the delivery metrics. The queue is measured when the metrics are read. */
export function createDeliveryMetrics(
  registry: Metrics,
  { database, clock }: { database: Database; clock: Clock },
): DeliveryMetrics {
  const registers = [registry]
  let read: () => DispatcherState = () => ({ inFlight: 0, claimed: 0, breakers: [] })
  const attempts = new Counter({
    name: 'bookbell_attempts_total',
    help: 'Delivery attempts by result',
    labelNames: ['class'],
    registers,
  })
  const durations = new Histogram({
    name: 'bookbell_attempt_duration_seconds',
    help: 'Duration of delivery attempts',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers,
  })
  const waits = new Histogram({
    name: 'bookbell_first_attempt_delay_seconds',
    help: 'Time from an activity to its first delivery attempt',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
    registers,
  })
  // The counters are looked up only once, because every attempt uses them.
  const successes = { count: attempts.labels('success'), duration: durations.labels('success') }
  const failureDurations = durations.labels('failure')
  registerGauges(registry, () => read())
  registerQueue(registry, { database, clock })
  return {
    observe(next) {
      read = next
    },
    countAttempt({ attempts: before, created_ms }, outcome, startedAt) {
      if (outcome.error === null) successes.count.inc()
      else attempts.inc({ class: outcome.error.kind })
      const duration = outcome.succeeded ? successes.duration : failureDurations
      duration.observe(outcome.duration / 1_000)
      if (before === 0) waits.observe(Math.max(startedAt - created_ms, 0) / 1_000)
    },
  }
}

function registerGauges(registry: Metrics, read: () => DispatcherState): void {
  const registers = [registry]
  new Gauge({
    name: 'bookbell_deliveries_in_flight',
    help: 'Requests in flight in this process',
    registers,
    collect() {
      this.set(read().inFlight)
    },
  })
  new Gauge({
    name: 'bookbell_deliveries_claimed',
    help: 'Deliveries that this process has claimed, in flight or queued',
    registers,
    collect() {
      this.set(read().claimed)
    },
  })
  new Gauge({
    name: 'bookbell_breakers',
    help: 'Webhooks that this process serves, by breaker state',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of ['closed', 'open', 'probing'] as const) {
        this.set({ state }, read().breakers.filter((each) => each === state).length)
      }
    },
  })
}

function registerQueue(registry: Metrics, { database, clock }: { database: Database; clock: Clock }): void {
  const registers = [registry]
  const oldest = new Gauge({
    name: 'bookbell_deliveries_oldest_due_seconds',
    help: 'How long the oldest pending delivery has been due',
    registers,
  })
  new Gauge({
    name: 'bookbell_deliveries_pending',
    help: `Pending deliveries in the whole database, counted up to ${COUNTED}`,
    registers,
    async collect() {
      const queue = await measureQueue(database.executor, { limit: COUNTED, now: toTimestamp(clock.now()) })
      this.set(queue.pending)
      oldest.set(queue.oldest === null ? 0 : Math.max(clock.now() - Date.parse(queue.oldest), 0) / 1_000)
    },
  })
}
