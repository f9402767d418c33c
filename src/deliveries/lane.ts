import type { OrganizationId } from '../access/gate.ts'
import type { AttemptOutcome } from './attempt.ts'
import { allowedInFlight, type Breaker, breakerState, closedBreaker, probeAt, recordAttempt } from './breaker.ts'
import { SETTINGS_AGE } from './limits.ts'
import type { Target } from './targets.ts'

/**
 * One webhook in one dispatcher: the deliveries that it holds, the requests in flight, and how many more are allowed. Times are
 * epoch milliseconds on the dispatcher's clock unless noted otherwise.
 */
export interface Lane {
  readonly key: string
  readonly organization: OrganizationId
  readonly webhook: number
  /** Null until the settings are loaded. */
  target: Target | null
  /** When the settings were loaded, on the monotonic clock. */
  loadedAt: number
  /** Whether the settings are known to have changed since they were loaded. */
  isStale: boolean
  /** The webhook revision that the last claim returned. Null before the first claim. */
  revision: number | null
  /** The first claim that returned this revision. Bodies that were loaded earlier may be out of date. */
  bodiesSince: number
  /** Claimed deliveries that have not been sent. The next one is at `queueStart`. */
  queue: Claimed[]
  queueStart: number
  inFlight: number
  breaker: Breaker
  /** When the most recent failed attempt was started. A later request for an attempt ends the breaker's pause. */
  failedStart: number
  /** Whether the database has recorded failures that a success would clear. */
  failing: boolean
  /** Whether more deliveries may be due than have been claimed. */
  hasWork: boolean
  /** Incremented whenever work is announced, so that an announcement during a claim is not lost. */
  wakes: number
  /** When the next delivery that is not due yet becomes due. */
  nextDue: number
  /** When the rate limit allows the next request. */
  nextStart: number
  /** The weighted average duration of recent attempts, in milliseconds. It determines how far ahead to claim. */
  averageMs: number
  /** How many turns the retries have waited because claims had room for only one delivery. */
  turn: number
  /** In milliseconds on the monotonic clock. */
  usedAt: number
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
  /** A time on the monotonic clock. After it, the lease might expire before the attempt ends. */
  readonly startBefore: number
}

/** How far ahead deliveries are claimed, in milliseconds of expected sending time. */
const AHEAD_MS = 500
/** The duration that is assumed for a failed attempt, and for a receiver without earlier attempts, in milliseconds. */
const SLOW_MS = 1_000
/** The maximum number of deliveries claimed ahead for each request that may be in flight. */
const MAX_AHEAD = 32
/** How many deliveries one lane may hold. */
const MAX_HELD = 1_000
/** How much time a rate limit may catch up on after late timers, in milliseconds. */
const CATCH_UP_MS = 50

export function makeLane(organization: OrganizationId, webhook: number): Lane {
  return {
    key: laneKey(organization, webhook),
    organization,
    webhook,
    target: null,
    loadedAt: 0,
    isStale: false,
    revision: null,
    bodiesSince: 0,
    queue: [],
    queueStart: 0,
    inFlight: 0,
    breaker: closedBreaker,
    failedStart: 0,
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

/** Records that deliveries may be due, even if a claim is running at that moment. */
export function markWork(lane: Lane): void {
  lane.hasWork = true
  lane.wakes++
}

/** Records that nothing more can be claimed for now. */
export function markDrained(lane: Lane): void {
  lane.hasWork = false
}

/** Records that the settings have changed, so that they are loaded again before the next claim. */
export function markStale(lane: Lane): void {
  lane.isStale = true
}

/**
 * Records the revision that a claim returned. Erasing a person increases the revision, so that no previously cached body is sent.
 * `claim` is the number of the claim in this process.
 */
export function noteRevision(lane: Lane, revision: number, claim: number): void {
  if (lane.revision === revision) return
  lane.revision = revision
  lane.bodiesSince = claim
}

/** Records that at `at` a delivery becomes due, or the breaker may be probed. */
export function expectDue(lane: Lane, at: number): void {
  lane.nextDue = Math.min(lane.nextDue, at)
}

/** If the next due time has passed, records that deliveries may be due. */
export function raiseDue(lane: Lane, now: number): void {
  if (lane.nextDue > now) return
  lane.nextDue = Number.POSITIVE_INFINITY
  markWork(lane)
}

/**
 * Returns whether the settings must be loaded because there is work to do and they are missing, stale or old. `now` is monotonic.
 */
export function needsSettings(lane: Lane, now: number): boolean {
  if (!lane.hasWork && queued(lane) === 0) return false
  return lane.target === null || lane.isStale || lane.loadedAt < now - SETTINGS_AGE
}

/** Uses newly loaded settings. `now` is monotonic. */
export function applyTarget(lane: Lane, target: Target, now: number): void {
  // The breaker in memory is newer than the recorded one, unless a settings change has closed the recorded one.
  if (lane.target === null || target.breaker.openUntil === null) lane.breaker = target.breaker
  // The attempt was made before this program started. The only known fact is when it opened the breaker.
  if (lane.target === null) lane.failedStart = (lane.breaker.openUntil ?? 0) - lane.breaker.pause
  lane.target = target
  heedRequest(lane)
  lane.loadedAt = now
  lane.isStale = false
  lane.failing = target.failing
}

/** Returns whether the lane has had nothing to do since `oldest` (monotonic). */
export function isIdle(lane: Lane, oldest: number): boolean {
  const isBusy = lane.hasWork || lane.inFlight > 0 || queued(lane) > 0
  return !isBusy && lane.usedAt < oldest && lane.nextDue === Number.POSITIVE_INFINITY
}

export function isOpen(lane: Lane, now: number): boolean {
  return breakerState(lane.breaker, now) === 'open'
}

/** Returns the number of deliveries that are claimed but not yet sent. */
export function queued(lane: Lane): number {
  return lane.queue.length - lane.queueStart
}

/**
 * Returns how many more deliveries to claim. This is the number likely to be sent within half a second. More are claimed only
 * after half of those are used up, so that claims are rare. For a slow or failing receiver, it is at most the number that can be
 * in flight.
 */
export function wantedOf(lane: Lane, now: number): number {
  const { target } = lane
  if (!lane.hasWork || !target) return 0
  const allowed = allowedInFlight(lane.breaker, target.concurrency, now)
  const held = queued(lane) + lane.inFlight
  const room = Math.min(allowed * (1 + ahead(lane)), MAX_HELD, (target.ratePerSecond ?? MAX_HELD) * 2) - held
  return room > 0 && (held <= room || held < allowed) ? room : 0
}

/** Returns how many deliveries in a claim are retries: a quarter or, if there is little room, every fourth delivery. */
export function retriesAmong(lane: Lane, most: number): number {
  lane.turn += most
  const retries = Math.floor(lane.turn / 4)
  lane.turn %= 4
  return Math.min(retries, most)
}

/** Returns whether the next delivery in the queue may be sent now. */
export function mayStart(lane: Lane, now: number): boolean {
  const { target } = lane
  if (!target || queued(lane) === 0) return false
  if (lane.inFlight >= allowedInFlight(lane.breaker, target.concurrency, now)) return false
  if (target.ratePerSecond === null || lane.nextStart <= now) return true
  // If the time is more than one request away, the clock was set back after the time was calculated.
  return lane.nextStart > now + 1_000 / target.ratePerSecond
}

/** Takes the next delivery out of the queue. */
export function takeNext(lane: Lane): Claimed | undefined {
  const next = lane.queue[lane.queueStart++]
  if (lane.queueStart >= lane.queue.length) {
    lane.queue = []
    lane.queueStart = 0
  }
  return next
}

/** Counts a request that starts now, and calculates when the rate limit allows the next request. */
export function countStart(lane: Lane, now: number): void {
  lane.inFlight++
  const rate = lane.target?.ratePerSecond
  if (rate) lane.nextStart = Math.min(Math.max(lane.nextStart, now - CATCH_UP_MS), now) + 1_000 / rate
}

/** Counts a finished request. Adjusts the breaker and how far ahead to claim. */
export function countEnd(
  lane: Lane,
  { duration, succeeded }: AttemptOutcome,
  { startedAt, endedAt }: { startedAt: number; endedAt: number },
): void {
  lane.inFlight--
  lane.usedAt = performance.now()
  learnDuration(lane, duration, succeeded)
  lane.breaker = recordAttempt(lane.breaker, succeeded, endedAt)
  if (!succeeded) lane.failedStart = Math.max(lane.failedStart, startedAt)
  heedRequest(lane)
  if (lane.breaker.openUntil !== null) expectDue(lane, lane.breaker.openUntil)
}

/** Lets one delivery probe the receiver if someone has requested an attempt since the last failed attempt was started. */
function heedRequest(lane: Lane): void {
  const requestedAt = lane.target?.probeRequestedAt ?? 0
  if (requestedAt > lane.failedStart) lane.breaker = probeAt(lane.breaker, requestedAt)
}

/** Takes everything out of the queue. */
export function emptyQueue(lane: Lane): Claimed[] {
  const left = lane.queue.slice(lane.queueStart)
  lane.queue = []
  lane.queueStart = 0
  return left
}

/** Adjusts the average duration. Failures count as slow, so that few deliveries are claimed while the receiver is failing. */
export function learnDuration(lane: Lane, duration: number, succeeded: boolean): void {
  lane.averageMs += ((succeeded ? duration : SLOW_MS) - lane.averageMs) / 8
}

function ahead(lane: Lane): number {
  return Math.min(Math.floor(AHEAD_MS / Math.max(lane.averageMs, 1)), MAX_AHEAD)
}
