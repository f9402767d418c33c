import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { type Database, sqlState } from '../platform/database.ts'
import { makeSignal, type Signal } from '../platform/signal.ts'
import { markWork } from './lane.ts'
import type { Lanes } from './lanes.ts'
import { MAX_UNSETTLED, PAUSE_AFTER_ERROR, SETTLE_BATCH } from './limits.ts'
import { pauseBetweenBatches } from './pace.ts'
import { settleDeliveries } from './queue-store.ts'
import { type AttemptResult, countHours, foldHealth, toSettledRow } from './settlement.ts'
import type { TargetSource } from './targets.ts'

export interface SettlingDeps {
  database: Database
  clock: Clock
  targets: TargetSource
  lanes: Lanes
  /** Notified when deliveries that waited for a settled delivery may be due. */
  toClaim: Signal
  report: (error: unknown, what: string) => void
}

/** Records the results of attempts in batches, and their webhooks' health. */
export class Settling {
  readonly #deps: SettlingDeps
  readonly #toSettle = makeSignal()
  #results: AttemptResult[] = []
  #stopped = false
  #loop: Promise<void> = Promise.resolve()

  constructor(deps: SettlingDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#loop = this.#settleWhileRunning()
  }

  /** Records all attempts that have ended. If that fails in the database, the leases expire and the deliveries are sent again. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#toSettle.notify()
    await this.#loop
  }

  /** Returns whether claiming must pause because too many results have not been recorded yet. */
  isBehind(): boolean {
    return this.#results.length > MAX_UNSETTLED
  }

  add(result: AttemptResult): void {
    this.#results.push(result)
    this.#toSettle.notify()
  }

  async #settleWhileRunning(): Promise<void> {
    while (!this.#stopped || this.#results.length > 0) {
      if (this.#results.length === 0) {
        await this.#toSettle.wait()
        continue
      }
      const startedAt = performance.now()
      const batch = this.#results.splice(0, SETTLE_BATCH)
      try {
        await this.#settle(batch)
        if (!this.#stopped) await pauseBetweenBatches(startedAt)
      } catch (error) {
        this.#deps.report(error, 'settle')
        if (this.#stopped) return
        this.#results.unshift(...batch)
        await pause(PAUSE_AFTER_ERROR)
      }
    }
  }

  async #settle(batch: readonly AttemptResult[]): Promise<void> {
    const { database, clock } = this.#deps
    const record = (withoutResponse: boolean) =>
      settleDeliveries(database.executor, {
        settled: batch.map((result) => toSettledRow(result, withoutResponse)),
        hours: countHours(batch),
        now: clock.timestamp(),
      })
    try {
      await record(false)
    } catch (error) {
      // Class 22 is "data exception". A response that cannot be stored must not prevent other results from being stored.
      if (!sqlState(error)?.startsWith('22')) throw error
      await record(true)
    }
    await this.#recordHealth(batch)
    this.#continueOrdered(batch)
  }

  async #recordHealth(batch: readonly AttemptResult[]): Promise<void> {
    const { lanes, targets } = this.#deps
    const changes = foldHealth(batch, lanes.byKey())
    if (changes.length === 0) return
    for (const { organization, webhook, failing } of await targets.recordHealth(changes)) {
      const lane = lanes.get(organization, webhook)
      if (lane) lane.failing = failing
    }
  }

  /** Deliveries that waited for one of these may be due now. */
  #continueOrdered(batch: readonly AttemptResult[]): void {
    for (const { claimed, webhook } of batch) {
      const lane = this.#deps.lanes.get(claimed.organization_id, webhook)
      if (!lane?.target?.ordered) continue
      markWork(lane)
      this.#deps.toClaim.notify()
    }
  }
}
