import type { OutgoingRequest } from '../platform/http-client.ts'
import { type SigningKey, signatureOf, signedPrefix } from './signature.ts'
import type { Trust } from './target-guard.ts'

/** Where and how a webhook's requests go: all that an attempt needs besides its body. */
export interface Destination {
  url: URL
  trust: Trust
  /** Names and values in turn: those that every request to this webhook carries. */
  headers: readonly string[]
  /** The present secret first, then the one before while it still signs. */
  keys: readonly SigningKey[]
}

/** What is sent in one attempt. */
export interface Message {
  /** `act_…`, or `test_…` for what is only a test. */
  id: string
  action: string
  delivery: number
  attempt: number
  body: Buffer
  test?: boolean
}

/** The headers that do not differ from request to request, the webhook's own ones among them. */
export function standingHeaders(version: string, custom: Record<string, string>): string[] {
  return [
    'content-type',
    'application/json',
    'user-agent',
    `Bookbell/${version}`,
    'accept-encoding',
    'identity',
    ...Object.entries(custom).flat(),
  ]
}

/** The request of one attempt, signed at `now` (epoch milliseconds). */
export function writeRequest(
  { url, trust, headers, keys }: Destination,
  message: Message,
  now: number,
): OutgoingRequest {
  const seconds = Math.floor(now / 1_000)
  const own = [
    'webhook-id',
    message.id,
    'webhook-timestamp',
    String(seconds),
    'webhook-signature',
    signatureOf(keys, signedPrefix(message.id, seconds), message.body),
    'bookbell-action',
    message.action,
    'bookbell-delivery',
    String(message.delivery),
    'bookbell-attempt',
    String(message.attempt),
  ]
  if (message.test) own.push('bookbell-test', '1')
  return { method: 'POST', url, trust, headers: headers.concat(own), body: message.body }
}

/** The `webhook-id` of an activity. */
export function messageId(activity: number): string {
  return `act_${activity}`
}
