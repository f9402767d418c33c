import type { OrganizationId } from '../access/gate.ts'
import type { Outcome } from '../errors.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { OutgoingRequest } from '../platform/http-client.ts'
import type { Finding } from '../platform/http-failure.ts'
import type { Breaker } from './breaker.ts'
import type { AttemptView } from './schema.ts'

/**
 * The port of the delivery engine: what it needs to know about webhooks. `webhooks/` implements it, and
 * `delivery-engine.ts` connects the two. The engine itself does not know URLs, secrets or other settings.
 */

/** A webhook of any organization, for workers that serve all of them. */
export interface WebhookKey {
  organization: OrganizationId
  webhook: number
}

/** What one attempt sends. */
export interface Message {
  /** The `webhook-id`: `act_…`, or `test_…` for a test. */
  id: string
  action: string
  /** The delivery's id; 0 for a test. */
  delivery: number
  /** 1 for the first. */
  attempt: number
  body: Buffer
  test?: boolean
}

/** Writes and signs the request of one attempt at `now` (epoch milliseconds). */
export type WriteRequest = (message: Message, now: number) => OutgoingRequest

/** The settings of a webhook that its deliveries depend on. */
export interface Target extends WebhookKey {
  /** Increases with every change of the settings. */
  revision: number
  /** Whether the webhook may receive requests now; false if it is paused or disabled. */
  enabled: boolean
  /** How many requests may be in flight at once. */
  concurrency: number
  ratePerSecond: number | null
  /** Whether deliveries of the same meeting wait for each other. */
  ordered: boolean
  /** Whether there are recorded failures that a success would clear. */
  failing: boolean
  /** The last recorded state of the breaker. */
  breaker: Breaker
  /** When someone last asked for an attempt at once (epoch milliseconds). */
  probeRequestedAt: number | null
  /** How to write its requests, or why nothing may be sent to it. */
  requests: { ok: true; write: WriteRequest } | { ok: false; refusal: Finding }
}

/** The results of one webhook in a batch of attempts. */
export interface HealthChange extends WebhookKey {
  /** Whether an attempt succeeded, which clears earlier failures. */
  recovered: boolean
  /** Failures after the last success, and when the first of them happened (RFC 3339). */
  failures: number
  failingSince: string | null
  /** The last failure in plain words, and the delivery that failed. */
  lastFailure: string | null
  lastFailedDelivery: number | null
  /** Whether the receiver asked for no more deliveries (410 Gone). */
  gone: boolean
  breaker: Breaker
}

/** What the dispatcher needs from webhooks. */
export interface TargetSource {
  /** Loads settings. Leaves out webhooks that do not exist or whose secrets this process cannot decrypt. */
  load(keys: readonly WebhookKey[]): Promise<Target[]>
  /** Records the results of webhooks, in the order of their keys, and acts on them. Returns which of them are now failing. */
  recordHealth(changes: readonly HealthChange[]): Promise<(WebhookKey & { failing: boolean })[]>
}

/** What retention needs from webhooks. */
export interface DeletedTargets {
  /** Some webhooks that are deleted but still have rows. */
  listDeleted(): Promise<WebhookKey[]>
  /** Removes a deleted webhook once it has no deliveries left. */
  removeDeleted(key: WebhookKey): Promise<void>
}

/** A request as the API shows it. */
export type ShownRequest = Pick<AttemptView, 'request_url' | 'request_headers'>

/** What the deliveries API needs from webhooks. */
export interface TargetDirectory {
  /** Finds a webhook and whether it is disabled. Refuses with `not_found`. */
  find(executor: Executor, organization: OrganizationId, id: number): Promise<Outcome<{ disabled: boolean }>>
  /** Like `find`, but locks the webhook's settings until the transaction ends. */
  lock(tx: Transaction, organization: OrganizationId, id: number): Promise<Outcome<{ disabled: boolean }>>
  /** Records that someone asks for an attempt at once, which ends the pause of the breaker. */
  requestProbe(tx: Transaction, organization: OrganizationId, id: number): Promise<void>
  /** Returns a function that reconstructs the request of an attempt that began at `now` (epoch milliseconds). */
  reconstructRequests(
    executor: Executor,
    organization: OrganizationId,
    webhook: number,
  ): Promise<(message: Message, now: number) => ShownRequest>
}

/** The `webhook-id` of an activity. */
export function messageId(activity: number): string {
  return `act_${activity}`
}
