import type { OrganizationId } from '../access/gate.ts'
import type { Outcome } from '../errors.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Finding } from '../platform/finding.ts'
import type { OutgoingRequest } from '../platform/http-client.ts'
import type { Breaker } from './breaker.ts'
import type { AttemptView } from './schema.ts'

/**
 * The delivery engine's port: what the engine needs to know about webhooks. `webhooks/` implements it, and `delivery-engine.ts`
 * connects the two. The engine itself does not know URLs, secrets or other settings.
 */

/** A webhook of any organization, for workers that serve all organizations. */
export interface WebhookKey {
  organization: OrganizationId
  webhook: number
}

/** The message that one attempt sends. */
export interface Message {
  /** The `webhook-id`: `act_…`, or `test_…` for a test. */
  id: string
  action: string
  /** The delivery's id, or 0 for a test. */
  delivery: number
  /** 1 for the first attempt. */
  attempt: number
  body: Buffer
  test?: boolean
}

/** Writes and signs the request for one attempt at `now` (epoch milliseconds). */
export type WriteRequest = (message: Message, now: number) => OutgoingRequest

/** The webhook settings that deliveries depend on. */
export interface Target extends WebhookKey {
  /** Increases with every settings change. */
  revision: number
  /** Whether the webhook may receive requests now. False if it is paused or disabled. */
  enabled: boolean
  /** How many requests may be in flight at the same time. */
  concurrency: number
  ratePerSecond: number | null
  /** Whether deliveries of the same meeting wait for each other. */
  ordered: boolean
  /** Whether there are recorded failures that a success would clear. */
  failing: boolean
  /** The last recorded state of the breaker. */
  breaker: Breaker
  /** When someone last requested an immediate attempt (epoch milliseconds). */
  probeRequestedAt: number | null
  /** How to write the webhook's requests, or why no request may be sent to it. */
  requests: { ok: true; write: WriteRequest } | { ok: false; refusal: Finding }
}

/** The results for one webhook in a batch of attempts. */
export interface HealthChange extends WebhookKey {
  /** Whether an attempt succeeded, which clears earlier failures. */
  recovered: boolean
  /** The failures after the last success, and when the first of them happened (RFC 3339). */
  failures: number
  failingSince: string | null
  /** The last failure in plain words, and the delivery that failed. */
  lastFailure: string | null
  lastFailedDelivery: number | null
  /** Whether the receiver asked not to receive further deliveries (410 Gone). */
  gone: boolean
  breaker: Breaker
}

/** The webhook functions that the dispatcher needs. */
export interface TargetSource {
  /** Loads settings. Omits webhooks that do not exist or whose secrets this process cannot decrypt. */
  load(keys: readonly WebhookKey[]): Promise<Target[]>
  /**
   * Records the webhooks' results, in the order of their keys, and acts on them. Returns which of the webhooks are now failing.
   */
  recordHealth(changes: readonly HealthChange[]): Promise<(WebhookKey & { failing: boolean })[]>
}

/** The webhook functions that retention needs. */
export interface DeletedTargets {
  /** Lists some webhooks that are deleted but still have rows. */
  listDeleted(): Promise<WebhookKey[]>
  /** Removes a deleted webhook once it has no deliveries left. */
  removeDeleted(key: WebhookKey): Promise<void>
}

/** A request as the API shows it. */
export type ShownRequest = Pick<AttemptView, 'request_url' | 'request_headers'>

/** The webhook functions that the deliveries API needs. */
export interface TargetDirectory {
  /** Finds a webhook and whether it is disabled. Refuses with `not_found`. */
  find(executor: Executor, organization: OrganizationId, id: number): Promise<Outcome<{ disabled: boolean }>>
  /** Like `find`, but locks the webhook's settings until the transaction ends. */
  lock(tx: Transaction, organization: OrganizationId, id: number): Promise<Outcome<{ disabled: boolean }>>
  /** Records that someone requested an immediate attempt, which ends the breaker's pause. */
  requestProbe(tx: Transaction, organization: OrganizationId, id: number): Promise<void>
  /** Returns a function that reconstructs the request for an attempt that began at `now` (epoch milliseconds). */
  reconstructRequests(
    executor: Executor,
    organization: OrganizationId,
    webhook: number,
  ): Promise<(message: Message, now: number) => ShownRequest>
}

/** Returns the `webhook-id` of an activity. */
export function messageId(activity: number): string {
  return `act_${activity}`
}
