import type { Clock } from '../platform/clock.ts'
import type { HttpClient } from '../platform/http-client.ts'
import { makeSignal, type Signal } from '../platform/signal.ts'
import { type AttemptOutcome, judge } from './attempt.ts'
import { type Claimed, countEnd, countStart, expectDue, isOpen, type Lane, mayStart, wantedOf } from './lane.ts'
import type { Lanes } from './lanes.ts'
import { FAST_RESPONSE, MAX_IN_FLIGHT, MAX_SLOW_IN_FLIGHT } from './limits.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { makePacer } from './pace.ts'
import { type AttemptResult, decideNext } from './settlement.ts'
import { messageId } from './targets.ts'

export interface SendingDeps {
  clock: Clock
  client: HttpClient
  metrics: DeliveryMetrics
  lanes: Lanes
  /** Notified when there is room for more claims. */
  toClaim: Signal
  random: () => number
  /** Called with the result of each attempt. */
  settle: (result: AttemptResult) => void
}

/** Sends queued deliveries within the limits of their lanes and the process. */
export class Sending {
  readonly #deps: SendingDeps
  readonly #pacer = makePacer()
  readonly #drained = makeSignal()
  #running = true
  #inFlight = 0
  /** How many of those requests go to fast receivers. */
  #fastInFlight = 0
  #startScheduled = false
  #rateTimer: NodeJS.Timeout | undefined

  constructor(deps: SendingDeps) {
    this.#deps = deps
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Stops starting requests. */
  stopStarting(): void {
    this.#running = false
    clearTimeout(this.#rateTimer)
  }

  /** Resolves when no requests are in flight. */
  async drain(): Promise<void> {
    while (this.#inFlight > 0) await this.#drained.wait()
  }

  /** Starts the requests that are allowed now, one per lane in turn. */
  startRequests(): void {
    this.#startScheduled = false
    if (!this.#running) return
    const { clock, lanes } = this.#deps
    const now = clock.now()
    const fastAllowed = this.#pacer.limit()
    // A lane that has had its turn moves to the end. The lanes therefore come up repeatedly until none of them may start a
    // request.
    for (const lane of lanes.withQueue()) {
      if (this.#inFlight >= MAX_IN_FLIGHT) break
      this.#startOne(lane, { now, fastAllowed })
    }
    this.#scheduleRateLimited(now)
  }

  #startOne(lane: Lane, { now, fastAllowed }: { now: number; fastAllowed: number }): void {
    const { lanes } = this.#deps
    const isFast = lane.averageMs < FAST_RESPONSE
    if (isFast ? this.#fastInFlight >= fastAllowed : this.#inFlight >= MAX_SLOW_IN_FLIGHT && lane.inFlight > 0) return
    if (!mayStart(lane, now)) return
    const claimed = lanes.take(lane)
    if (!claimed) return
    if (claimed.startBefore < performance.now()) {
      lanes.releaseOne(lane, claimed)
      return
    }
    countStart(lane, now)
    this.#inFlight++
    if (isFast) this.#fastInFlight++
    void this.#send(lane, claimed, { startedAt: now, isFast })
  }

  async #send(lane: Lane, claimed: Claimed, { startedAt, isFast }: { startedAt: number; isFast: boolean }) {
    const { clock, lanes, metrics, random, settle, toClaim } = this.#deps
    const outcome = await this.#attempt(lane, claimed, startedAt)
    const endedAt = clock.now()
    const next = decideNext(claimed, outcome, { at: endedAt, random: random() })
    this.#inFlight--
    if (isFast) this.#fastInFlight--
    lanes.countAttempted()
    countEnd(lane, outcome, { startedAt, endedAt })
    if (isOpen(lane, endedAt)) lanes.release(lane)
    if (next.kind === 'retry') expectDue(lane, next.at)
    metrics.countAttempt(claimed, outcome, startedAt)
    settle({ claimed, webhook: lane.webhook, outcome, startedAt, endedAt, next })
    this.#scheduleStart()
    if (wantedOf(lane, endedAt) > 0) toClaim.notify()
    if (this.#inFlight === 0) this.#drained.notify()
  }

  async #attempt({ target }: Lane, claimed: Claimed, now: number): Promise<AttemptOutcome> {
    if (!target) throw new Error(`Delivery ${claimed.id} was started without the settings of its webhook.`)
    if (!target.requests.ok) {
      const failure = { kind: 'guard', stage: 'name', ...target.requests.refusal } as const
      return judge({ ok: false, response: null, failure, duration: 0 })
    }
    const message = {
      id: messageId(claimed.activity_id),
      action: claimed.action,
      delivery: claimed.id,
      attempt: claimed.attempts + 1,
      body: claimed.body,
    }
    return judge(await this.#deps.client.send(target.requests.write(message, now)))
  }

  /** Starts more requests in the next turn of the event loop, when the connections of finished requests are free again. */
  #scheduleStart(): void {
    if (this.#startScheduled) return
    this.#startScheduled = true
    setImmediate(() => this.startRequests())
  }

  /** Starts more requests when the first rate limit allows one. */
  #scheduleRateLimited(now: number): void {
    let next = Number.POSITIVE_INFINITY
    for (const lane of this.#deps.lanes.withQueue()) {
      if (lane.target?.ratePerSecond && lane.nextStart > now) next = Math.min(next, lane.nextStart)
    }
    clearTimeout(this.#rateTimer)
    if (next < Number.POSITIVE_INFINITY) this.#rateTimer = setTimeout(() => this.startRequests(), next - now)
  }
}
