import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Signal } from '../platform/signal.ts'
import { makeBodyCache } from './body-cache.ts'
import { shareFairly } from './fair-share.ts'
import {
  applyTarget,
  expectDue,
  isOpen,
  type Lane,
  laneKey,
  markDrained,
  markStale,
  markWork,
  needsSettings,
  noteRevision,
  retriesAmong,
  wantedOf,
} from './lane.ts'
import type { Lanes } from './lanes.ts'
import {
  BODY_CACHE_BYTES,
  CLAIM_BATCH,
  FAIL_BATCH,
  MAX_HELD,
  PAUSE_AFTER_ERROR,
  SEARCH_PAUSE_FACTOR,
} from './limits.ts'
import { pauseBetweenBatches } from './pace.ts'
import * as queue from './queue-store.ts'
import { failPending } from './store.ts'
import type { TargetSource } from './targets.ts'

export interface ClaimingDeps {
  /** This dispatcher's id. */
  id: string
  database: Database
  clock: Clock
  targets: TargetSource
  lanes: Lanes
  /** Ends a wait for work. */
  toClaim: Signal
  random: () => number
  /** Returns whether claiming must pause because too many results have not been recorded yet. */
  isBehind: () => boolean
  /** Starts requests for the claimed deliveries. */
  startRequests: () => void
  report: (error: unknown, what: string) => void
}

/** Durations are in milliseconds. See limits.ts. */
export interface ClaimingOptions {
  leaseMs: number
  /** How much of the lease must be left when an attempt starts. */
  reserveMs: number
  pollMs: number
  heartbeatMs: number
  aliveMs: number
}

/** Fills the queues of the lanes: finds due webhooks, loads their settings, claims deliveries, and releases those that were not sent. */
export class Claiming {
  readonly #deps: ClaimingDeps
  readonly #options: ClaimingOptions
  readonly #bodies = makeBodyCache(BODY_CACHE_BYTES)
  #running = false
  #loop: Promise<void> = Promise.resolve()
  /** In milliseconds on the monotonic clock. */
  #heartbeatAt = 0
  #searchAt = 0
  #searchRequested = false
  /** The number of claims so far. */
  #claims = 0
  /** The number of erasures that this process has been notified of. */
  #erasures = 0

  constructor(deps: ClaimingDeps, options: ClaimingOptions) {
    this.#deps = deps
    this.#options = options
  }

  start(): void {
    this.#running = true
    this.#loop = this.#claimWhileRunning()
  }

  /** Stops claiming, and releases every delivery that was not sent. */
  async stop(): Promise<void> {
    const { lanes, toClaim, report } = this.#deps
    this.#running = false
    toClaim.notify()
    await this.#loop
    for (const lane of lanes.all()) lanes.release(lane)
    await this.#releaseUnsent().catch((error) => report(error, 'release'))
  }

  /** Searches for due webhooks immediately. */
  searchNow(): void {
    this.#searchRequested = true
    this.#deps.toClaim.notify()
  }

  /** Releases an organization's queued deliveries. A person was erased, so their bodies must be loaded again. */
  dropBodies(organization: OrganizationId): void {
    this.#erasures++
    this.#deps.lanes.releaseAll(organization)
    this.#deps.toClaim.notify()
  }

  async #claimWhileRunning(): Promise<void> {
    const { startRequests, report, toClaim } = this.#deps
    while (this.#running) {
      try {
        await this.#sendHeartbeat()
        await this.#findDueWebhooks()
        await this.#releaseUnsent()
        const startedAt = performance.now()
        const claimed = await this.#claim()
        startRequests()
        await (claimed === 0 ? this.#waitForWork() : pauseBetweenBatches(startedAt))
      } catch (error) {
        report(error, 'claim')
        await toClaim.wait(PAUSE_AFTER_ERROR)
      }
    }
  }

  async #sendHeartbeat(): Promise<void> {
    if (performance.now() < this.#heartbeatAt) return
    const { heartbeatMs, aliveMs } = this.#options
    const { id, database, lanes } = this.#deps
    this.#heartbeatAt = performance.now() + heartbeatMs
    if (lanes.setOwners(await queue.recordHeartbeat(database.executor, id, aliveMs))) this.#searchRequested = true
  }

  /** Finds webhooks with deliveries, due now or later, that no NOTIFY announced. */
  async #findDueWebhooks(): Promise<void> {
    const startedAt = performance.now()
    if (!this.#searchRequested && startedAt < this.#searchAt) return
    const { database, clock, lanes } = this.#deps
    this.#searchRequested = false
    this.#searchAt = startedAt + this.#options.pollMs
    lanes.dropIdle()
    const now = clock.now()
    for (const row of await queue.listPendingWebhooks(database.executor, toTimestamp(now))) {
      if (row.disabled) await failQueue(this.#deps, row)
      if (row.deliverable) recordDue(lanes, row, now)
    }
    const endedAt = performance.now()
    this.#searchAt = Math.max(this.#searchAt, endedAt + (endedAt - startedAt) * SEARCH_PAUSE_FACTOR)
  }

  async #releaseUnsent(): Promise<void> {
    const released = this.#deps.lanes.takeReleased()
    if (released.length > 0) await queue.releaseDeliveries(this.#deps.database.executor, released)
  }

  /** Claims deliveries for the lanes that have room, shared fairly. Returns the number of deliveries claimed. */
  async #claim(): Promise<number> {
    const { database, clock, lanes, random, isBehind } = this.#deps
    const now = clock.now()
    lanes.raiseDue(now)
    const room = Math.min(CLAIM_BATCH, MAX_HELD - lanes.held)
    if (room <= 0 || isBehind()) return 0
    await this.#loadSettings()
    const requests = shareRoom(lanes.all(), { room, now, random: random() })
    if (requests.length === 0) return 0
    const startBefore = performance.now() + this.#options.leaseMs - this.#options.reserveMs
    const claim = {
      shares: requests.map(({ share }) => share),
      now: toTimestamp(now),
      leaseMs: this.#options.leaseMs,
    }
    const erasures = this.#erasures
    this.#claims++
    const rows = await queue.claimDeliveries(database.executor, claim)
    const counts = await this.#enqueue(rows, startBefore)
    // The bodies may have been loaded before the erasure, so claim them again.
    if (erasures !== this.#erasures) for (const { lane } of requests) lanes.releaseAll(lane.organization)
    for (const { lane, share, wakes } of requests) {
      if ((counts.get(lane) ?? 0) < share.most && lane.wakes === wakes) markDrained(lane)
      // The breaker may have opened while the claim was running.
      if (isOpen(lane, now)) lanes.release(lane)
    }
    return rows.length
  }

  /** Adds claimed deliveries to their lanes' queues. Returns how many deliveries each lane received. */
  async #enqueue(rows: readonly queue.ClaimedRow[], startBefore: number): Promise<Map<Lane, number>> {
    const { lanes } = this.#deps
    const counts = new Map<Lane, number>()
    if (rows.length === 0) return counts
    for (const row of rows) {
      const lane = lanes.get(row.organization_id, row.webhook_id)
      if (lane) noteRevision(lane, row.revision, this.#claims)
    }
    const bodies = await this.#loadBodies(rows)
    for (const row of rows) {
      const lane = lanes.get(row.organization_id, row.webhook_id)
      const body = bodies.get(row.activity_id)
      if (!lane || !body) continue
      lanes.push(lane, { ...row, body, startBefore })
      counts.set(lane, (counts.get(lane) ?? 0) + 1)
      if (lane.target && lane.target.revision !== row.revision) markStale(lane)
    }
    await this.#loadSettings()
    return counts
  }

  /** Returns the bodies of claimed deliveries by activity. A body comes from the cache if the cached one is up to date. */
  async #loadBodies(rows: readonly queue.ClaimedRow[]): Promise<Map<number, Buffer>> {
    const { database, lanes } = this.#deps
    const bodies = new Map<number, Buffer>()
    const missing = new Map<number, { organization: OrganizationId; activity: number }>()
    for (const { organization_id: organization, webhook_id: webhook, activity_id: activity } of rows) {
      const since = lanes.get(organization, webhook)?.bodiesSince ?? this.#claims
      const body = this.#bodies.get(activity, since)
      if (body) bodies.set(activity, body)
      else missing.set(activity, { organization, activity })
    }
    if (missing.size === 0) return bodies
    for (const { id, body } of await queue.listBodies(database.executor, [...missing.values()])) {
      const bytes = Buffer.from(body)
      bodies.set(id, bytes)
      this.#bodies.put(id, bytes, this.#claims)
    }
    return bodies
  }

  /** Loads the settings of lanes that have work but no up-to-date settings. */
  async #loadSettings(): Promise<void> {
    const { lanes, targets } = this.#deps
    const now = performance.now()
    const outdated = [...lanes.all()].filter((lane) => needsSettings(lane, now))
    if (outdated.length === 0) return
    const loaded = await targets.load(outdated)
    const byKey = new Map(loaded.map((target) => [laneKey(target.organization, target.webhook), target]))
    for (const lane of outdated) {
      const target = byKey.get(lane.key)
      if (target) applyTarget(lane, target, performance.now())
      else lane.target = null
      if (target?.enabled) continue
      markDrained(lane)
      lanes.release(lane)
    }
  }

  /** Waits for a notification, the next search or heartbeat, or the next delivery that becomes due. */
  async #waitForWork(): Promise<void> {
    if (this.#searchRequested) return
    const { clock, lanes, toClaim } = this.#deps
    const scheduled = Math.min(this.#searchAt, this.#heartbeatAt) - performance.now()
    await toClaim.wait(Math.max(Math.min(scheduled, lanes.earliestDue() - clock.now()), 1))
  }
}

/** Fails deliveries that were queued while their webhook was being disabled, and the rest of a long queue. */
async function failQueue(
  { database, clock, lanes }: ClaimingDeps,
  { organization_id: organization, webhook_id: webhook }: queue.PendingWebhookRow,
): Promise<void> {
  if (!lanes.owns(laneKey(organization, webhook))) return
  await failPending(database.executor, organization, { webhook, at: clock.timestamp(), limit: FAIL_BATCH })
}

function recordDue(lanes: Lanes, { organization_id, webhook_id, due_at }: queue.PendingWebhookRow, now: number): void {
  const lane = lanes.serve(organization_id, webhook_id)
  if (!lane) return
  const due = Date.parse(due_at)
  if (due <= now) markWork(lane)
  else expectDue(lane, due)
}

/** Shares a batch among the lanes that want part of it. `random` (0 to 1) decides which lane comes first. */
function shareRoom(
  all: Iterable<Lane>,
  { room, now, random }: { room: number; now: number; random: number },
): { lane: Lane; wakes: number; share: queue.Share }[] {
  const lanes = [...all].filter((lane) => wantedOf(lane, now) > 0)
  lanes.push(...lanes.splice(0, Math.floor(random * lanes.length)))
  const amounts = shareFairly(
    room,
    lanes.map((lane) => wantedOf(lane, now)),
  )
  return lanes.flatMap((lane, index) => {
    const most = amounts[index] ?? 0
    if (most === 0) return []
    const { organization, webhook, wakes } = lane
    return [{ lane, wakes, share: { organization, webhook, most, retries: retriesAmong(lane, most) } }]
  })
}
