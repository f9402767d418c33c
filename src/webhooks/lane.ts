import type { OrganizationId } from '../access/gate.ts'
import { allowedInFlight, type Breaker } from './breaker.ts'
import type { Destination } from './delivery.ts'
import type { TargetRefusal } from './target-guard.ts'

/**
 * One webhook in one dispatcher: what it has claimed and not yet sent, what is under way, and what that allows.
 * Instants are epoch milliseconds of the dispatcher's clock unless said otherwise.
 */
export interface Lane {
  readonly key: string
  readonly organization: OrganizationId
  readonly webhook: number
  /** Null until the webhook has been loaded. */
  settings: LaneSettings | null
  /** Claimed, waiting to be sent; the next one is at `queueStart`. */
  queue: Claimed[]
  queueStart: number
  inFlight: number
  breaker: Breaker
  /** Whether the database knows of failures that a success would end. */
  failing: boolean
  /** Whether more may be due than has been claimed. */
  hasWork: boolean
  /** Rises with each wake, so that one that comes during a claim is not lost. */
  wakes: number
  /** When what is not due yet will be. */
  nextDue: number
  /** When the rate limit allows the next request. */
  nextStart: number
  /** Of the last attempts, weighted; how far ahead it is worth claiming. */
  averageMs: number
  /** Turns that retries have waited for where only one delivery fits into a claim. */
  turn: number
  /** On the monotonic clock. */
  usedAt: number
}

export interface LaneSettings {
  revision: number
  /** On the monotonic clock. */
  loadedAt: number
  concurrency: number
  ratePerSecond: number | null
  /** Whether the deliveries of a meeting wait for each other. */
  ordered: boolean
  /** What stands against the webhook's URL by now, if anything does. */
  refusal: TargetRefusal | null
  destination: Destination | null
}

/** A delivery that has been claimed. */
export interface Claimed {
  readonly organization_id: OrganizationId
  readonly id: number
  readonly claim_id: number
  readonly activity_id: number
  readonly action: string
  readonly attempts: number
  readonly created_ms: number
  readonly body: Buffer
  /** On the monotonic clock: later, the lease might end before the attempt does. */
  readonly startBefore: number
}

const AHEAD_MS = 500
/** Whoever is not known, or fails, is taken for slow. */
const SLOW_MS = 1_000
const MOST_AHEAD = 32
const MOST_CLAIMED = 1_000
const CATCH_UP_MS = 50

export function makeLane(organization: OrganizationId, webhook: number, breaker: Breaker): Lane {
  return {
    key: laneKey(organization, webhook),
    organization,
    webhook,
    settings: null,
    queue: [],
    queueStart: 0,
    inFlight: 0,
    breaker,
    failing: false,
    hasWork: false,
    wakes: 0,
    nextDue: Number.POSITIVE_INFINITY,
    nextStart: 0,
    averageMs: SLOW_MS,
    turn: 0,
    usedAt: 0,
  }
}

export function laneKey(organization: number, webhook: number): string {
  return `${organization}:${webhook}`
}

/** How many deliveries are claimed and wait. */
export function queued(lane: Lane): number {
  return lane.queue.length - lane.queueStart
}

/**
 * How many more to claim: as many as are likely to be sent within half a second, asked for only when half of that has
 * been used up, so that claims are few. A receiver that is slow or fails is given no more than may be under way.
 */
export function wantedOf(lane: Lane, now: number): number {
  const { settings } = lane
  if (!lane.hasWork || !settings) return 0
  const allowed = allowedInFlight(lane.breaker, settings.concurrency, now)
  const held = queued(lane) + lane.inFlight
  const room = Math.min(allowed * (1 + ahead(lane)), MOST_CLAIMED, (settings.ratePerSecond ?? MOST_CLAIMED) * 2) - held
  return room > 0 && (held <= room || held < allowed) ? room : 0
}

/** How many of a claim belong to retries: a quarter; where only a few fit, every fourth. */
export function retriesAmong(lane: Lane, most: number): number {
  lane.turn += most
  const retries = Math.floor(lane.turn / 4)
  lane.turn %= 4
  return Math.min(retries, most)
}

/** Whether the next delivery of the queue may be sent now. */
export function mayStart(lane: Lane, now: number): boolean {
  const { settings } = lane
  if (!settings || queued(lane) === 0) return false
  if (lane.inFlight >= allowedInFlight(lane.breaker, settings.concurrency, now)) return false
  if (settings.ratePerSecond === null || lane.nextStart <= now) return true
  // What lies further ahead than one request was reckoned before the clock was set back.
  return lane.nextStart > now + 1_000 / settings.ratePerSecond
}

/** Takes the next delivery to send it, and reckons when the rate limit allows another. */
export function takeNext(lane: Lane, now: number): Claimed {
  const next = lane.queue[lane.queueStart++] as Claimed
  if (lane.queueStart === lane.queue.length) {
    lane.queue = []
    lane.queueStart = 0
  }
  lane.inFlight++
  const rate = lane.settings?.ratePerSecond
  // A little is made up for what a late timer has lost.
  if (rate) lane.nextStart = Math.min(Math.max(lane.nextStart, now - CATCH_UP_MS), now) + 1_000 / rate
  return next
}

/** Takes everything that waits out of the queue. */
export function emptyQueue(lane: Lane): Claimed[] {
  const left = lane.queue.slice(lane.queueStart)
  lane.queue = []
  lane.queueStart = 0
  return left
}

/** Learns from an attempt how far ahead to claim: failures are reckoned as slow, so that little is claimed in vain. */
export function learnDuration(lane: Lane, duration: number, succeeded: boolean): void {
  lane.averageMs += ((succeeded ? duration : SLOW_MS) - lane.averageMs) / 8
}

function ahead(lane: Lane): number {
  return Math.min(Math.floor(AHEAD_MS / Math.max(lane.averageMs, 1)), MOST_AHEAD)
}
