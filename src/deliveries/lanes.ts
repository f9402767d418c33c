import type { OrganizationId } from '../access/gate.ts'
import {
  type Claimed,
  emptyQueue,
  isIdle,
  type Lane,
  laneKey,
  makeLane,
  markDrained,
  markWork,
  queued,
  raiseDue,
  takeNext,
} from './lane.ts'
import { LANE_IDLE } from './limits.ts'
import { ownerOf } from './ownership.ts'

/**
 * The webhooks that one dispatcher serves, and the deliveries that it holds for them.
 *
 * What a lane has to do:
 *
 *                 a NOTIFY names it; the search finds it due; `nextDue` has passed;
 *                 a delivery of an ordered webhook was settled; a claim expired unsent
 *              +------------------------------------------------------------------+
 *              |                                                                  v
 *     +-----------------+                                                +-----------------+
 *     |      idle       |                                                |    has work     |---> each claim asks for
 *     | (hasWork false) |                                                | (hasWork true)  |     what it wants
 *     +-----------------+                                                +-----------------+
 *        |     ^                                                                  |
 *        |     +------------------------------------------------------------------+
 *        |        a claim returned less than it asked for and `wakes` is unchanged since it began;
 *        |        the webhook is paused, disabled, unreadable or unknown; another dispatcher owns it
 *        v
 *     dropped: idle, nothing queued, in flight or due later (`nextDue`), unused for a minute
 *
 * Its settings:      missing --load--> current --30 s passed, a NOTIFY says "changed",--> stale --load--> current
 *                                              or a claimed row has another revision
 *                    They are loaded for lanes that have work or a queue, before each claim and after it.
 *
 * One delivery:      claimed --> queued --> in flight --> result --> settled
 *                                   |
 *                                   +--> released: the breaker opened, the rest of the lease is too short, the webhook is not
 *                                        enabled or no longer ours, a person was erased, the dispatcher stops
 *
 * The search for due webhooks (claiming.ts) runs every second, or less often if it takes long. It runs immediately after
 * `searchNow()`. This is called for a NOTIFY without a payload (sent after a reconnection, because others may have been missed),
 * for new owners, and after a clock was moved.
 */
export class Lanes {
  readonly #id: string
  readonly #onReleased: () => void
  readonly #lanes = new Map<string, Lane>()
  /** Lanes with a queue, in the order of their turns. */
  readonly #withQueue = new Set<Lane>()
  #owners: readonly string[]
  #released: Claimed[] = []
  #held = 0

  /** `id` is the id of this dispatcher. `onReleased` is called when there are deliveries to release. */
  constructor(id: string, onReleased: () => void) {
    this.#id = id
    this.#owners = [id]
    this.#onReleased = onReleased
  }

  /** The number of deliveries held: claimed, but neither attempted nor released. */
  get held(): number {
    return this.#held
  }

  all(): Iterable<Lane> {
    return this.#lanes.values()
  }

  /** Lanes with a queue. A lane that has had its turn moves behind the others. */
  withQueue(): Iterable<Lane> {
    return this.#withQueue
  }

  get(organization: OrganizationId, webhook: number): Lane | undefined {
    return this.#lanes.get(laneKey(organization, webhook))
  }

  /** The recorded health by lane key, to compare with the health changes of a batch. */
  byKey(): ReadonlyMap<string, Lane> {
    return this.#lanes
  }

  /** Returns a webhook's lane, and creates it if needed. Returns undefined if another dispatcher owns the webhook. */
  serve(organization: OrganizationId, webhook: number): Lane | undefined {
    const key = laneKey(organization, webhook)
    if (!this.owns(key)) return undefined
    const known = this.#lanes.get(key)
    if (known) return known
    const lane = makeLane(organization, webhook)
    lane.usedAt = performance.now()
    this.#lanes.set(key, lane)
    return lane
  }

  owns(key: string): boolean {
    return this.#owners.length === 1 || ownerOf(key, this.#owners) === this.#id
  }

  /** Updates which dispatchers are alive, and returns whether that changed. Releases deliveries that other dispatchers now own. */
  setOwners(ids: readonly string[]): boolean {
    const owners = ids.toSorted()
    if (String(owners) === String(this.#owners)) return false
    this.#owners = owners
    for (const lane of this.all()) {
      if (this.owns(lane.key)) continue
      this.release(lane)
      markDrained(lane)
    }
    return true
  }

  push(lane: Lane, claimed: Claimed): void {
    lane.queue.push(claimed)
    lane.usedAt = performance.now()
    this.#withQueue.add(lane)
    this.#held++
  }

  /** Takes the next delivery of a lane. This ends the lane's turn. */
  take(lane: Lane): Claimed | undefined {
    const next = takeNext(lane)
    this.#withQueue.delete(lane)
    if (queued(lane) > 0) this.#withQueue.add(lane)
    return next
  }

  /** Counts a delivery that was taken and attempted. */
  countAttempted(): void {
    this.#held--
  }

  /** Releases a delivery that was taken but not attempted, so that it is claimed again. */
  releaseOne(lane: Lane, claimed: Claimed): void {
    markWork(lane)
    this.#released.push(claimed)
    this.#onReleased()
  }

  /** Releases all deliveries that a lane has queued. */
  release(lane: Lane): void {
    const left = emptyQueue(lane)
    this.#withQueue.delete(lane)
    if (left.length === 0) return
    this.#released.push(...left)
    this.#onReleased()
  }

  /** Releases all deliveries that an organization's lanes have queued. */
  releaseAll(organization: OrganizationId): void {
    for (const lane of this.all()) {
      if (lane.organization !== organization) continue
      if (queued(lane) > 0) markWork(lane)
      this.release(lane)
    }
  }

  /** Returns the deliveries that were released here but are still claimed in the database. Until then they count as held. */
  takeReleased(): Claimed[] {
    const released = this.#released
    this.#released = []
    this.#held -= released.length
    return released
  }

  raiseDue(now: number): void {
    for (const lane of this.all()) raiseDue(lane, now)
  }

  /** Returns when the next delivery becomes due (epoch milliseconds), if known. */
  earliestDue(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const lane of this.all()) earliest = Math.min(earliest, lane.nextDue)
    return earliest
  }

  dropIdle(): void {
    const oldest = performance.now() - LANE_IDLE
    for (const lane of this.all()) if (isIdle(lane, oldest)) this.#lanes.delete(lane.key)
  }
}
