import { setTimeout as pause } from 'node:timers/promises'
import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { makeSignal } from '../platform/signal.ts'
import { DAY } from '../time/durations.ts'
import * as store from './store.ts'

interface Deps {
  database: Database
  clock: Clock
  logger: Logger
  /** How long attempts and settled deliveries are kept, in days. */
  retentionDays: number
}

const EVERY_MS = 10 * 60_000
const STEP = 500
const BREATH_MS = 20

/** Removes in the background, in small steps, what is older than it is kept, and what belongs to deleted webhooks. */
export class Retention {
  readonly #deps: Deps
  readonly #signal = makeSignal()
  #running = false
  #loop: Promise<void> = Promise.resolve()

  constructor(deps: Deps) {
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

  /** Removes everything that is due to go now. */
  async clean(): Promise<void> {
    const { database, clock, retentionDays } = this.#deps
    const old = { before: toTimestamp(clock.now() - retentionDays * DAY), limit: STEP }
    await this.#repeat(() => store.removeAttempts(database.executor, old))
    await this.#repeat(() => store.removeDeliveries(database.executor, old))
    await this.#repeat(() => store.removeHours(database.executor, old))
    for (const { organization, webhook } of await store.listDeleted(database.executor)) {
      await this.#removeWebhook(organization, webhook)
    }
  }

  async #removeWebhook(organization: OrganizationId, webhook: number): Promise<void> {
    const { executor } = this.#deps.database
    await this.#repeat(() => store.removeDeliveriesOf(executor, organization, { webhook, limit: STEP }))
    if (this.#running) await store.removeWebhook(executor, organization, webhook)
  }

  /** One step after the other with a breath in between, so that deliveries always come through. */
  async #repeat(step: () => Promise<number>): Promise<void> {
    while (this.#running && (await step()) === STEP) await pause(BREATH_MS)
  }

  async #cleanWhileRunning(): Promise<void> {
    while (this.#running) {
      await this.clean().catch((error) => this.#deps.logger.error({ err: error }, 'old deliveries were not removed'))
      if (this.#running) await this.#signal.wait(EVERY_MS)
    }
  }
}
