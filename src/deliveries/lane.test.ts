import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrganizationId } from '../access/gate.ts'
import { closedBreaker } from './breaker.ts'
import {
  type Claimed,
  countStart,
  emptyQueue,
  type Lane,
  learnDuration,
  makeLane,
  mayStart,
  queued,
  retriesAmong,
  takeNext,
  wantedOf,
} from './lane.ts'
import type { Target } from './targets.ts'

const now = Date.UTC(2027, 2, 1)

function laneWith(settings: Partial<Target> = {}): Lane {
  const lane = makeLane(1 as OrganizationId, 1)
  lane.hasWork = true
  lane.target = {
    organization: lane.organization,
    webhook: lane.webhook,
    revision: 1,
    enabled: true,
    concurrency: 16,
    ratePerSecond: null,
    ordered: false,
    failing: false,
    breaker: closedBreaker,
    probeRequestedAt: null,
    requests: { ok: false, refusal: { code: 'target_not_public', found: 'This is a test.', remedy: 'Send nothing.' } },
    ...settings,
  }
  return lane
}

/** Takes and starts the next delivery, as the dispatcher does. */
function start(lane: Lane, at: number): Claimed | undefined {
  const next = takeNext(lane)
  countStart(lane, at)
  return next
}

function fill(lane: Lane, count: number): void {
  for (let n = 0; n < count; n++) lane.queue.push({ id: n } as Claimed)
}

test('for an unknown receiver, no more deliveries are claimed than may be in flight', () => {
  assert.equal(wantedOf(laneWith(), now), 16)
})

test('for a fast receiver, half a second of deliveries is claimed ahead, after half of that is used up', () => {
  const lane = laneWith()
  for (let n = 0; n < 50; n++) learnDuration(lane, 10, true)
  assert.equal(wantedOf(lane, now), 16 * 33)
  fill(lane, 300)
  assert.equal(wantedOf(lane, now), 0)
  emptyQueue(lane)
  fill(lane, 250)
  assert.equal(wantedOf(lane, now), 16 * 33 - 250)
})

test('failures count as slow', () => {
  const lane = laneWith()
  for (let n = 0; n < 50; n++) learnDuration(lane, 1, true)
  for (let n = 0; n < 50; n++) learnDuration(lane, 1, false)
  assert.equal(wantedOf(lane, now), 16)
})

test('nothing is claimed if no delivery is known to be due, or the breaker is open', () => {
  const idle = laneWith()
  idle.hasWork = false
  assert.equal(wantedOf(idle, now), 0)
  const open = laneWith()
  open.breaker = { failures: 10, openUntil: now + 1, pause: 10_000 }
  assert.equal(wantedOf(open, now), 0)
  assert.equal(wantedOf(open, now + 1), 1)
})

test('a quarter of each claim is for retries; if claims have room for only one delivery, every fourth claim is', () => {
  assert.equal(retriesAmong(laneWith(), 16), 4)
  const lane = laneWith()
  assert.deepEqual(
    [1, 1, 1, 1, 1, 1, 1, 1].map((most) => retriesAmong(lane, most)),
    [0, 0, 0, 1, 0, 0, 0, 1],
  )
})

test('deliveries start in order, as many as the concurrency allows', () => {
  const lane = laneWith({ concurrency: 2 })
  fill(lane, 3)
  assert.deepEqual([start(lane, now)?.id, start(lane, now)?.id], [0, 1])
  assert.equal(mayStart(lane, now), false)
  lane.inFlight--
  assert.equal(mayStart(lane, now), true)
  assert.equal(start(lane, now)?.id, 2)
  assert.equal(queued(lane), 0)
})

test('a rate limit spaces starts and makes up for at most fifty milliseconds', () => {
  const lane = laneWith({ ratePerSecond: 10 })
  fill(lane, 100)
  const starts: number[] = []
  for (let at = now; at < now + 1_000; at++) {
    if (!mayStart(lane, at)) continue
    start(lane, at)
    lane.inFlight = 0
    starts.push(at - now)
  }
  assert.ok(starts.length >= 10 && starts.length <= 11, String(starts))
})

test('a rate limit survives a clock that is set back', () => {
  const lane = laneWith({ ratePerSecond: 10 })
  fill(lane, 3)
  start(lane, now)
  lane.inFlight = 0
  assert.equal(mayStart(lane, now + 49), false)
  const before = now - 3_600_000
  assert.equal(mayStart(lane, before), true)
  start(lane, before)
  lane.inFlight = 0
  assert.equal(mayStart(lane, before + 50), false)
  assert.equal(mayStart(lane, before + 100), true)
})
