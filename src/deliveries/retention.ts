import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { makeSignal } from '../platform/signal.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import * as store from './retention-store.ts'
import type { DeletedTargets, WebhookKey } from './targets.ts'

export interface RetentionDeps {
  database: Database
  clock: Clock
  logger: Logger
  deletedTargets: DeletedTargets
  /** How long attempts and settled deliveries are kept, in days. */
  retentionDays: number
}

const INTERVAL = 10 * MINUTE
/** The maximum number of rows that one statement removes. */
const BATCH = 500
/** The pause between two statements, in milliseconds. It keeps them from slowing down deliveries. */
const PAUSE_MS = 20

/** Removes expired attempts and deliveries, and the deliveries of deleted webhooks, in small steps in the background. */
export class Retention {
  readonly #deps: RetentionDeps
  readonly #signal = makeSignal()
  #running = false
  #loop: Promise<void> = Promise.resolve()

  constructor(deps: RetentionDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    this.#running = true
    this.#loop = this.#cleanWhileRunning()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#signal.notify()
    await this.#loop
  }

  /** Removes everything that has expired by now. */
  async clean(): Promise<void> {
    const { database, clock, deletedTargets, retentionDays } = this.#deps
    const expired = { before: toTimestamp(clock.now() - retentionDays * DAY), limit: BATCH }
    await this.#repeat(() => store.removeAttempts(database.executor, expired))
    await this.#repeat(() => store.removeDeliveries(database.executor, expired))
    await this.#repeat(() => store.removeHours(database.executor, expired))
    for (const key of await deletedTargets.listDeleted()) await this.#removeTarget(key)
  }

  async #removeTarget({ organization, webhook }: WebhookKey): Promise<void> {
    const { database, deletedTargets } = this.#deps
    await this.#repeat(() => store.removeDeliveriesOf(database.executor, organization, { webhook, limit: BATCH }))
    if (this.#running) await deletedTargets.removeDeleted({ organization, webhook })
  }

  async #repeat(step: () => Promise<number>): Promise<void> {
    while (this.#running && (await step()) === BATCH) await pause(PAUSE_MS)
  }

  async #cleanWhileRunning(): Promise<void> {
    while (this.#running) {
      await this.clean().catch((error) =>
        this.#deps.logger.error({ err: error }, 'Removing expired deliveries failed; it will be retried.'),
      )
      if (this.#running) await this.#signal.wait(INTERVAL)
    }
  }
}
