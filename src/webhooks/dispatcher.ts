import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { OrganizationId } from '../access/gate.ts'
import { DELIVERIES_CHANNEL } from '../deliveries/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import { type Database, sqlState } from '../platform/database.ts'
import type { HttpClient } from '../platform/http-client.ts'
import type { Logger } from '../platform/log.ts'
import type { Secrets } from '../platform/secrets.ts'
import { makeSignal } from '../platform/signal.ts'
import { type AttemptOutcome, judge } from './attempt.ts'
import { makeBodyCache } from './body-cache.ts'
import { breakerState, closedBreaker, recordAttempt } from './breaker.ts'
import { messageId, writeRequest } from './delivery.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import { actOnFailing, disable, type NotifyAdmins } from './failing.ts'
import { shareFairly } from './fair-share.ts'
import {
  type Claimed,
  emptyQueue,
  type Lane,
  type LaneSettings,
  laneKey,
  learnDuration,
  makeLane,
  mayStart,
  queued,
  retriesAmong,
  takeNext,
  wantedOf,
} from './lane.ts'
import { ownerOf } from './ownership.ts'
import { makePacer } from './pace.ts'
import { breakerOf, destinationOf } from './service.ts'
import { countHours, decideNext, type Ended, foldHealth, toSettledRow } from './settlement.ts'
import * as store from './store.ts'
import { checkUrl, type TargetPolicy } from './target-guard.ts'

export interface DispatcherDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  policy: TargetPolicy
  client: HttpClient
  logger: Logger
  metrics: DeliveryMetrics
  version: string
  notifyAdmins: NotifyAdmins
}

export interface DispatcherOptions {
  /** How long a claim holds, in milliseconds. */
  leaseMs?: number
  /** How long an attempt may last: a claim is not begun that might outlive its lease. */
  deadlineMs?: number
  /** How often it looks whether something has become due, in milliseconds. */
  pollMs?: number
  /** How often it tells the others that it lives, and after how long without a word it takes them for dead. */
  beatMs?: number
  aliveMs?: number
  random?: () => number
}

const LEASE_MS = 30_000
const DEADLINE_MS = 15_000
const POLL_MS = 1_000
const BEAT_MS = 2_000
const ALIVE_MS = 6_000
const PAUSE_AFTER_ERROR_MS = 500
const LONGEST_BREATH_MS = 20
/** How often the time that a look has taken passes before the next one. */
const LOOK_REST = 9
const MOST_IN_FLIGHT = 1_024
/** The rest is for quick receivers, and for the one request of those who have none under way: however many hang. */
const MOST_SLOW_IN_FLIGHT = 768
const MOST_CLAIMED = 8_192
const MOST_UNSETTLED = 4_096
const CLAIM_BATCH = 1_000
const BRISK_MS = 100
const SETTLE_BATCH = 1_000
const LANE_IDLE_MS = 60_000
const SETTINGS_AGE_MS = 30_000
const BODY_BYTES = 32 * 1024 * 1024
const FAIL_BATCH = 5_000

/**
 * Delivers: claims what is due, sends it outside any transaction, records what came of it where the claim still holds.
 *
 *     wake or poll -> claim (a lease) -> queue of the webhook's lane -> send -> settle (a batch)
 *
 * What it holds is bounded whatever the backlog: a number of claims, of requests and of bytes. A process that dies
 * leaves leases that end; what it had sent and not recorded is sent once more, with the same id and bytes.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  readonly #id = randomUUID()
  readonly #leaseMs: number
  readonly #startWithinMs: number
  readonly #pollMs: number
  readonly #beatMs: number
  readonly #aliveMs: number
  readonly #random: () => number
  readonly #lanes = new Map<string, Lane>()
  readonly #withQueue = new Set<Lane>()
  readonly #bodies = makeBodyCache(BODY_BYTES)
  readonly #pacer = makePacer()
  #owners: string[] = [this.#id]
  #ended: Ended[] = []
  #released: Claimed[] = []
  #inFlight = 0
  /** How many of those go to quick receivers. */
  #brisk = 0
  #claimed = 0
  #running = false
  #stopped = false
  #startScheduled = false
  #lookAt = 0
  #beatAt = 0
  readonly #toClaim = makeSignal()
  readonly #toSettle = makeSignal()
  readonly #drained = makeSignal()
  #rateTimer: NodeJS.Timeout | undefined
  #claimLoop: Promise<void> = Promise.resolve()
  #settleLoop: Promise<void> = Promise.resolve()
  #unlisten: () => Promise<void> = async () => {}

  constructor(deps: DispatcherDeps, options: DispatcherOptions = {}) {
    this.#deps = deps
    this.#leaseMs = options.leaseMs ?? LEASE_MS
    this.#startWithinMs = this.#leaseMs - (options.deadlineMs ?? DEADLINE_MS) - 1_000
    this.#pollMs = options.pollMs ?? POLL_MS
    this.#beatMs = options.beatMs ?? BEAT_MS
    this.#aliveMs = options.aliveMs ?? ALIVE_MS
    this.#random = options.random ?? Math.random
  }

  async start(): Promise<void> {
    this.#running = true
    this.#deps.metrics.observe(() => this.#measure())
    this.#unlisten = await this.#deps.database.listen(DELIVERIES_CHANNEL, (payload) => this.#onWake(payload))
    this.#claimLoop = this.#claimWhileRunning()
    this.#settleLoop = this.#settleWhileRunning()
  }

  /** Claims nothing more, gives back what is not begun, waits for what is under way and records it. */
  async stop(): Promise<void> {
    if (!this.#running) return
    this.#running = false
    await this.#unlisten()
    this.#toClaim.notify()
    await this.#claimLoop
    for (const lane of this.#lanes.values()) this.#release(lane)
    await this.#giveBack().catch((error) => this.#report(error, 'release'))
    while (this.#inFlight > 0) await this.#drained.wait()
    this.#stopped = true
    this.#toSettle.notify()
    await this.#settleLoop
    clearTimeout(this.#rateTimer)
    await store.leave(this.#deps.database.executor, this.#id).catch((error) => this.#report(error, 'leave'))
  }

  /** Looks at once whether something has become due: for a clock that has been moved. */
  wake(): void {
    this.#lookAt = 0
    this.#toClaim.notify()
  }

  /** An empty payload comes after a reconnection, when some may have been missed. */
  #onWake(payload: string): void {
    const [organization, webhooks, changed] = payload.split(':')
    if (!organization || !webhooks) {
      this.wake()
      return
    }
    for (const webhook of webhooks.split(',')) {
      const lane = this.#laneOf(Number(organization) as OrganizationId, Number(webhook))
      if (!lane) continue
      lane.hasWork = true
      lane.wakes++
      if (changed && lane.settings) lane.settings.loadedAt = Number.NEGATIVE_INFINITY
    }
    this.#toClaim.notify()
  }

  /** The lane of a webhook that this process serves. */
  #laneOf(organization: OrganizationId, webhook: number): Lane | undefined {
    const key = laneKey(organization, webhook)
    if (!this.#owns(key)) return undefined
    const known = this.#lanes.get(key)
    if (known) return known
    const lane = makeLane(organization, webhook, closedBreaker)
    lane.usedAt = performance.now()
    this.#lanes.set(key, lane)
    return lane
  }

  #owns(key: string): boolean {
    return this.#owners.length === 1 || ownerOf(key, this.#owners) === this.#id
  }

  async #claimWhileRunning(): Promise<void> {
    while (this.#running) {
      try {
        await this.#beat()
        await this.#look()
        await this.#giveBack()
        const startedAt = performance.now()
        const claimed = await this.#claim()
        this.#startRequests()
        await (claimed === 0 ? this.#waitForWork() : takeBreath(startedAt))
      } catch (error) {
        this.#report(error, 'claim')
        await this.#toClaim.wait(PAUSE_AFTER_ERROR_MS)
      }
    }
  }

  /** Tells the others that it lives, and hears who else does. */
  async #beat(): Promise<void> {
    if (performance.now() < this.#beatAt) return
    this.#beatAt = performance.now() + this.#beatMs
    const owners = await store.beat(this.#deps.database.executor, this.#id, this.#aliveMs)
    if (String(owners.sort()) === String(this.#owners)) return
    this.#owners = owners
    for (const lane of this.#lanes.values()) {
      if (this.#owns(lane.key)) continue
      this.#release(lane)
      lane.hasWork = false
    }
    this.#lookAt = 0
  }

  /** Finds the webhooks for which something is due or soon will be: what no wake has told. */
  async #look(): Promise<void> {
    const startedAt = performance.now()
    if (startedAt < this.#lookAt) return
    this.#lookAt = startedAt + this.#pollMs
    this.#forgetIdleLanes()
    const now = this.#deps.clock.now()
    for (const row of await store.listWaiting(this.#deps.database.executor, toTimestamp(now))) {
      if (row.disabled) await this.#failWaiting(row)
      if (row.deliverable) this.#notice(row, now)
    }
    // Where it takes long it is done seldom: a tenth of the time at most. A wake in between has asked for another at once.
    const endedAt = performance.now()
    if (this.#lookAt > 0) this.#lookAt = Math.max(this.#lookAt, endedAt + (endedAt - startedAt) * LOOK_REST)
  }

  #notice(row: store.WaitingRow, now: number): void {
    const lane = this.#laneOf(row.organization_id, row.webhook_id)
    if (!lane) return
    const due = Date.parse(row.due_at)
    if (due <= now) lane.hasWork = true
    else lane.nextDue = due
  }

  /** What was queued while its webhook was being disabled, and the rest of a long queue. */
  async #failWaiting({ organization_id: organization, webhook_id: webhook }: store.WaitingRow): Promise<void> {
    if (!this.#owns(laneKey(organization, webhook))) return
    const at = this.#deps.clock.timestamp()
    await store.failWaiting(this.#deps.database.executor, organization, { webhook, at, limit: FAIL_BATCH })
  }

  /** Claims for the lanes that have room, shared fairly; gives how much it got. */
  async #claim(): Promise<number> {
    const now = this.#deps.clock.now()
    this.#raiseDue(now)
    const room = Math.min(CLAIM_BATCH, MOST_CLAIMED - this.#claimed)
    if (room <= 0 || this.#ended.length > MOST_UNSETTLED) return 0
    await this.#loadSettings()
    const lanes = [...this.#lanes.values()].filter((lane) => wantedOf(lane, now) > 0)
    if (lanes.length === 0) return 0
    rotate(lanes, Math.floor(this.#random() * lanes.length))
    const amounts = shareFairly(
      room,
      lanes.map((lane) => wantedOf(lane, now)),
    )
    const asked = lanes
      .map((lane, index) => ({ lane, most: amounts[index] ?? 0, wakes: lane.wakes }))
      .filter(({ most }) => most > 0)
    const shares = asked.map(({ lane, most }) => ({
      organization: lane.organization,
      webhook: lane.webhook,
      most,
      retries: retriesAmong(lane, most),
    }))
    const startBefore = performance.now() + this.#startWithinMs
    const claim = { shares, now: toTimestamp(now), leaseMs: this.#leaseMs }
    const rows = await store.claimDeliveries(this.#deps.database.executor, claim)
    const counts = await this.#enqueue(rows, startBefore)
    for (const { lane, most, wakes } of asked) {
      if ((counts.get(lane) ?? 0) < most && lane.wakes === wakes) lane.hasWork = false
      // It may have opened while the claim was under way.
      if (breakerState(lane.breaker, now) === 'open') this.#release(lane)
    }
    return rows.length
  }

  /** Lets lanes claim again whose next delivery has become due in the meantime. */
  #raiseDue(now: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane.nextDue > now) continue
      lane.nextDue = Number.POSITIVE_INFINITY
      lane.hasWork = true
    }
  }

  async #enqueue(rows: readonly store.ClaimedRow[], startBefore: number): Promise<Map<Lane, number>> {
    const counts = new Map<Lane, number>()
    if (rows.length === 0) return counts
    const bodies = await this.#loadBodies(rows)
    this.#claimed += rows.length
    for (const row of rows) {
      const lane = this.#lanes.get(laneKey(row.organization_id, row.webhook_id)) as Lane
      lane.queue.push({ ...row, body: bodies.get(row.activity_id) as Buffer, startBefore })
      lane.usedAt = performance.now()
      this.#withQueue.add(lane)
      counts.set(lane, (counts.get(lane) ?? 0) + 1)
      if (lane.settings && lane.settings.revision !== row.revision) lane.settings.loadedAt = Number.NEGATIVE_INFINITY
    }
    await this.#loadSettings()
    return counts
  }

  async #loadBodies(rows: readonly store.ClaimedRow[]): Promise<Map<number, Buffer>> {
    const bodies = new Map<number, Buffer>()
    const missing = new Map<number, { organization: OrganizationId; activity: number }>()
    for (const { organization_id: organization, activity_id: activity } of rows) {
      const body = bodies.get(activity) ?? this.#bodies.get(activity)
      if (body) bodies.set(activity, body)
      else missing.set(activity, { organization, activity })
    }
    if (missing.size === 0) return bodies
    for (const { id, body } of await store.listBodies(this.#deps.database.executor, [...missing.values()])) {
      const bytes = Buffer.from(body)
      bodies.set(id, bytes)
      this.#bodies.put(id, bytes)
    }
    return bodies
  }

  /** Loads the settings of lanes that have something to do and no fresh settings. */
  async #loadSettings(): Promise<void> {
    const oldest = performance.now() - SETTINGS_AGE_MS
    const stale = [...this.#lanes.values()].filter(
      (lane) => (lane.hasWork || queued(lane) > 0) && (lane.settings?.loadedAt ?? Number.NEGATIVE_INFINITY) < oldest,
    )
    if (stale.length === 0) return
    const rows = await store.loadWebhooks(this.#deps.database.executor, stale)
    const found = new Map(rows.map((row) => [laneKey(row.organization_id, row.id), row]))
    for (const lane of stale) {
      const row = found.get(lane.key)
      if (row) this.#tryApplySettings(lane, row)
      else lane.hasWork = false
    }
  }

  /** A webhook whose secret this process cannot read (it was not told the newest BOOKBELL_SECRET) holds up no other. */
  #tryApplySettings(lane: Lane, row: store.WebhookRow): void {
    try {
      this.#applySettings(lane, row)
    } catch (error) {
      lane.settings = null
      lane.hasWork = false
      this.#release(lane)
      this.#deps.logger.error({ err: error, webhook: row.id }, 'the settings of a webhook cannot be read')
    }
  }

  #applySettings(lane: Lane, row: store.WebhookRow): void {
    const first = lane.settings === null
    lane.settings = this.#readSettings(row)
    lane.failing = row.failing_since !== null
    if (first || row.breaker_open_until === null) lane.breaker = breakerOf(row)
    if (row.state === 'enabled') return
    lane.hasWork = false
    this.#release(lane)
  }

  #readSettings(row: store.WebhookRow): LaneSettings {
    const checked = checkUrl(this.#deps.policy, row.url)
    return {
      revision: row.revision,
      loadedAt: performance.now(),
      concurrency: row.concurrency,
      ratePerSecond: row.rate_limit_per_second,
      ordered: row.ordering === 'meeting',
      refusal: checked.ok ? null : checked.refusal,
      destination: checked.ok ? destinationOf(this.#deps, row, checked) : null,
    }
  }

  /** Sends what the lanes allow, one of each in turn. */
  #startRequests(): void {
    this.#startScheduled = false
    if (!this.#running) return
    const now = this.#deps.clock.now()
    const brisk = this.#pacer.limit()
    // Whoever has had a turn goes behind the others, and so comes round again until nobody may start.
    for (const lane of this.#withQueue) {
      if (this.#inFlight >= MOST_IN_FLIGHT) break
      this.#startOne(lane, { now, brisk })
    }
    this.#planRateLimited(now)
  }

  #startOne(lane: Lane, { now, brisk }: { now: number; brisk: number }): void {
    const isBrisk = lane.averageMs < BRISK_MS
    if (isBrisk ? this.#brisk >= brisk : this.#inFlight >= MOST_SLOW_IN_FLIGHT && lane.inFlight > 0) return
    if (!mayStart(lane, now)) return
    const claimed = takeNext(lane, now)
    this.#withQueue.delete(lane)
    if (queued(lane) > 0) this.#withQueue.add(lane)
    if (claimed.startBefore < performance.now()) {
      lane.inFlight--
      lane.hasWork = true
      this.#released.push(claimed)
      this.#toClaim.notify()
      return
    }
    this.#inFlight++
    if (isBrisk) this.#brisk++
    void this.#send(lane, claimed, { startedAt: now, isBrisk })
  }

  async #send(lane: Lane, claimed: Claimed, { startedAt, isBrisk }: { startedAt: number; isBrisk: boolean }) {
    const outcome = await this.#attempt(lane, claimed, startedAt)
    const at = this.#deps.clock.now()
    const next = decideNext(claimed, outcome, { at, random: this.#random() })
    this.#inFlight--
    if (isBrisk) this.#brisk--
    this.#claimed--
    lane.inFlight--
    lane.usedAt = performance.now()
    learnDuration(lane, outcome.duration, outcome.succeeded)
    lane.breaker = recordAttempt(lane.breaker, outcome.succeeded, at)
    if (breakerState(lane.breaker, at) === 'open') this.#release(lane)
    if (next.kind === 'retry') lane.nextDue = Math.min(lane.nextDue, next.at)
    if (lane.breaker.openUntil !== null) lane.nextDue = Math.min(lane.nextDue, lane.breaker.openUntil)
    this.#deps.metrics.countAttempt(claimed, outcome, startedAt)
    this.#ended.push({ claimed, webhook: lane.webhook, outcome, startedAt, endedAt: at, next })
    this.#toSettle.notify()
    this.#scheduleStart()
    if (wantedOf(lane, at) > 0) this.#toClaim.notify()
    if (this.#inFlight === 0) this.#drained.notify()
  }

  async #attempt(lane: Lane, claimed: Claimed, now: number): Promise<AttemptOutcome> {
    const { destination, refusal } = lane.settings as LaneSettings
    if (!destination) {
      const message = `${refusal?.reason}. ${refusal?.remedy}`
      return judge({ ok: false, response: null, failure: { kind: 'guard', stage: 'name', message }, duration: 0 })
    }
    const message = {
      id: messageId(claimed.activity_id),
      action: claimed.action,
      delivery: claimed.id,
      attempt: claimed.attempts + 1,
      body: claimed.body,
    }
    return judge(await this.#deps.client.send(writeRequest(destination, message, now)))
  }

  /** In the next turn of the event loop, when the connections of what has ended are free again. */
  #scheduleStart(): void {
    if (this.#startScheduled) return
    this.#startScheduled = true
    setImmediate(() => this.#startRequests())
  }

  /** Comes back when the first rate limit allows another request. */
  #planRateLimited(now: number): void {
    let next = Number.POSITIVE_INFINITY
    for (const lane of this.#withQueue) {
      if (lane.settings?.ratePerSecond && lane.nextStart > now) next = Math.min(next, lane.nextStart)
    }
    clearTimeout(this.#rateTimer)
    if (next < Number.POSITIVE_INFINITY) this.#rateTimer = setTimeout(() => this.#startRequests(), next - now)
  }

  async #settleWhileRunning(): Promise<void> {
    while (!this.#stopped || this.#ended.length > 0) {
      if (this.#ended.length === 0) {
        await this.#toSettle.wait()
        continue
      }
      const startedAt = performance.now()
      const batch = this.#ended.splice(0, SETTLE_BATCH)
      try {
        await this.#settle(batch)
        if (!this.#stopped) await takeBreath(startedAt)
      } catch (error) {
        this.#report(error, 'settle')
        // The leases end, and what was sent is sent once more.
        if (this.#stopped) return
        this.#ended.unshift(...batch)
        await pause(PAUSE_AFTER_ERROR_MS)
      }
    }
  }

  async #settle(batch: readonly Ended[]): Promise<void> {
    const { database, clock } = this.#deps
    const now = clock.timestamp()
    const hours = countHours(batch)
    try {
      const settled = batch.map((ended) => toSettledRow(ended))
      await store.settleDeliveries(database.executor, { settled, hours, now })
    } catch (error) {
      // Class 22, "data exception": an answer that cannot be stored must not hold up the rest.
      if (!sqlState(error)?.startsWith('22')) throw error
      const settled = batch.map((ended) => toSettledRow(ended, true))
      await store.settleDeliveries(database.executor, { settled, hours, now })
    }
    await this.#recordHealth(batch, now)
    this.#continueOrdered(batch)
  }

  /** What waited for the delivery before it may be due now. */
  #continueOrdered(batch: readonly Ended[]): void {
    for (const { claimed, webhook } of batch) {
      const lane = this.#lanes.get(laneKey(claimed.organization_id, webhook))
      if (!lane?.settings?.ordered) continue
      lane.hasWork = true
      lane.wakes++
      this.#toClaim.notify()
    }
  }

  async #recordHealth(batch: readonly Ended[], now: string): Promise<void> {
    const { database } = this.#deps
    const changes = foldHealth(batch, this.#lanes)
    if (changes.length === 0) return
    const rows = await store.recordHealth(database.executor, { changes, now })
    for (const row of rows) {
      const lane = this.#lanes.get(laneKey(row.organization_id, row.id))
      if (lane) lane.failing = row.failing_since !== null
    }
    await actOnFailing(this.#deps, rows)
    for (const { claimed, webhook, outcome } of batch) {
      if (outcome.gone) await disable(this.#deps, claimed.organization_id, { id: webhook, reason: 'gone' })
    }
  }

  /** Gives up what a lane has claimed and not begun. */
  #release(lane: Lane): void {
    const left = emptyQueue(lane)
    this.#withQueue.delete(lane)
    if (left.length === 0) return
    this.#released.push(...left)
    this.#toClaim.notify()
  }

  async #giveBack(): Promise<void> {
    if (this.#released.length === 0) return
    const released = this.#released
    this.#released = []
    this.#claimed -= released.length
    await store.releaseDeliveries(this.#deps.database.executor, released)
  }

  #forgetIdleLanes(): void {
    const oldest = performance.now() - LANE_IDLE_MS
    for (const lane of this.#lanes.values()) {
      const idle = !lane.hasWork && lane.inFlight === 0 && queued(lane) === 0 && lane.usedAt < oldest
      if (idle && lane.nextDue === Number.POSITIVE_INFINITY) this.#lanes.delete(lane.key)
    }
  }

  /** Until a wake, the next look, or the moment when something that is known becomes due. */
  async #waitForWork(): Promise<void> {
    const now = this.#deps.clock.now()
    let wait = Math.min(this.#lookAt, this.#beatAt) - performance.now()
    for (const lane of this.#lanes.values()) wait = Math.min(wait, lane.nextDue - now)
    await this.#toClaim.wait(Math.max(wait, 1))
  }

  #measure() {
    const now = this.#deps.clock.now()
    const states = [...this.#lanes.values()].map((lane) => breakerState(lane.breaker, now))
    return { inFlight: this.#inFlight, claimed: this.#claimed, breakers: states }
  }

  #report(error: unknown, what: string): void {
    // Not the error itself: on PGlite it holds the statement's parameters, what receivers answered among them.
    const problem = error instanceof Error ? error.message : String(error)
    this.#deps.logger.error(
      { problem, code: sqlState(error), what },
      'a statement of the dispatcher failed; it tries again',
    )
  }
}

/**
 * Waits as long as the work since then has taken, within bounds: what comes in the meantime is done together. Without
 * it each statement would carry what had come during the one before; on PGlite, which runs in this very thread, that is
 * next to nothing (measured: one row a statement, a twentieth of the speed).
 */
function takeBreath(startedAt: number): Promise<void> {
  return pause(Math.min(performance.now() - startedAt, LONGEST_BREATH_MS))
}

function rotate<T>(items: T[], by: number): void {
  items.push(...items.splice(0, by))
}
