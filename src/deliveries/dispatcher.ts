import { randomUUID } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, sqlState } from '../platform/database.ts'
import type { HttpClient } from '../platform/http-client.ts'
import type { Logger } from '../platform/log.ts'
import { makeSignal } from '../platform/signal.ts'
import { breakerState } from './breaker.ts'
import { DELIVERIES_CHANNEL } from './channel.ts'
import { Claiming } from './claiming.ts'
import { markStale, markWork } from './lane.ts'
import { Lanes } from './lanes.ts'
import { ALIVE_FOR, ATTEMPT_DEADLINE, HEARTBEAT_INTERVAL, LEASE, LEASE_RESERVE, POLL_INTERVAL } from './limits.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { removeDispatcher } from './queue-store.ts'
import { Sending } from './sending.ts'
import { Settling } from './settling.ts'
import type { TargetSource } from './targets.ts'

export interface DispatcherDeps {
  database: Database
  clock: Clock
  targets: TargetSource
  client: HttpClient
  logger: Logger
  metrics: DeliveryMetrics
}

/** Durations are in milliseconds. See limits.ts for the defaults. */
export interface DispatcherOptions {
  /** How long a claim is valid. */
  leaseMs?: number
  /** How long an attempt may take. No attempt is started that might outlive its lease. */
  deadlineMs?: number
  /** How often to search for due deliveries. */
  pollMs?: number
  /**
   * How often this dispatcher announces that it is alive, and how long it may be silent before other dispatchers consider it
   * dead.
   */
  heartbeatMs?: number
  aliveMs?: number
  random?: () => number
}

/**
 * The delivery engine. It claims due deliveries, sends them outside any transaction, and records the results if the claims are
 * still valid.
 *
 *     NOTIFY or poll -> claim (a lease) -> queue of the webhook's lane -> send -> settle (a batch)
 *                       claiming.ts        lanes.ts, lane.ts              sending.ts  settling.ts
 *
 * The number of claims, requests and bytes that it holds is limited, no matter how long the backlog is. If a process dies, its
 * leases expire. Deliveries that it had sent but not recorded are sent again with the same id and bytes. lanes.ts has a diagram
 * of the states of lanes and deliveries.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  readonly #id = randomUUID()
  readonly #toClaim = makeSignal()
  readonly #lanes = new Lanes(this.#id, () => this.#toClaim.notify())
  readonly #claiming: Claiming
  readonly #sending: Sending
  readonly #settling: Settling
  #running = false
  #unlisten: () => Promise<void> = async () => {}

  constructor(deps: DispatcherDeps, options: DispatcherOptions = {}) {
    this.#deps = deps
    const { random = Math.random } = options
    const shared = {
      ...deps,
      id: this.#id,
      lanes: this.#lanes,
      toClaim: this.#toClaim,
      random,
      report: (error: unknown, what: string) => this.#report(error, what),
    }
    this.#settling = new Settling(shared)
    this.#sending = new Sending({ ...shared, settle: (result) => this.#settling.add(result) })
    this.#claiming = new Claiming(
      {
        ...shared,
        isBehind: () => this.#settling.isBehind(),
        startRequests: () => this.#sending.startRequests(),
      },
      {
        leaseMs: options.leaseMs ?? LEASE,
        reserveMs: (options.deadlineMs ?? ATTEMPT_DEADLINE) + LEASE_RESERVE,
        pollMs: options.pollMs ?? POLL_INTERVAL,
        heartbeatMs: options.heartbeatMs ?? HEARTBEAT_INTERVAL,
        aliveMs: options.aliveMs ?? ALIVE_FOR,
      },
    )
  }

  async start(): Promise<void> {
    this.#running = true
    this.#deps.metrics.observe(() => this.#measure())
    this.#unlisten = await this.#deps.database.listen(DELIVERIES_CHANNEL, (payload) => this.#onNotify(payload))
    this.#claiming.start()
    this.#settling.start()
  }

  /** Stops claiming, releases deliveries that were not sent, waits for requests in flight, and records their results. */
  async stop(): Promise<void> {
    if (!this.#running) return
    this.#running = false
    this.#sending.stopStarting()
    await this.#claiming.stop()
    await this.#unlisten()
    await this.#sending.drain()
    await this.#settling.stop()
    await removeDispatcher(this.#deps.database.executor, this.#id).catch((error) => this.#report(error, 'leave'))
  }

  /** Searches for due deliveries immediately. For tests that move the clock. */
  wake(): void {
    this.#claiming.searchNow()
  }

  /** An empty payload is sent after a reconnection, when notifications may have been missed. */
  #onNotify(payload: string): void {
    const [organization, webhooks, changed] = payload.split(':')
    if (!organization || !webhooks) {
      this.wake()
      return
    }
    if (changed === 'erased') {
      this.#claiming.dropBodies(Number(organization) as OrganizationId)
      return
    }
    for (const webhook of webhooks.split(',')) {
      const lane = this.#lanes.serve(Number(organization) as OrganizationId, Number(webhook))
      if (!lane) continue
      markWork(lane)
      if (changed) markStale(lane)
    }
    this.#toClaim.notify()
  }

  #measure() {
    const now = this.#deps.clock.now()
    const breakers = [...this.#lanes.all()].map((lane) => breakerState(lane.breaker, now))
    return { inFlight: this.#sending.inFlight, claimed: this.#lanes.held, breakers }
  }

  #report(error: unknown, what: string): void {
    // The error itself is not logged: on PGlite it contains the statement's parameters, including what receivers
    // returned.
    const problem = error instanceof Error ? error.message : String(error)
    this.#deps.logger.error(
      { problem, code: sqlState(error), what },
      'A database statement in the dispatcher failed; it will be retried.',
    )
  }
}
