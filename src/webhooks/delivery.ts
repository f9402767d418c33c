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
export function writeRequest(destination: Destination, message: Message, now: number): OutgoingRequest {
  const { url, trust } = destination
  return { method: 'POST', url, trust, headers: writeHeaders(destination, message, now), body: message.body }
}

/** The headers of that request: names and values in turn. Without a key it stays unsigned. */
export function writeHeaders(
  { headers, keys }: Pick<Destination, 'headers' | 'keys'>,
  message: Message,
  now: number,
): string[] {
  const seconds = Math.floor(now / 1_000)
  const own = [
    'webhook-id',
    message.id,
    'webhook-timestamp',
    String(seconds),
    ...(keys.length > 0
      ? ['webhook-signature', signatureOf(keys, signedPrefix(message.id, seconds), message.body)]
      : []),
    'bookbell-action',
    message.action,
    'bookbell-delivery',
    String(message.delivery),
    'bookbell-attempt',
    String(message.attempt),
  ]
  if (message.test) own.push('bookbell-test', '1')
  return headers.concat(own)
}

/** Headers by their names. */
export function nameHeaders(headers: readonly string[]): Record<string, string> {
  return Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] as string]] : [])))
}

/** The `webhook-id` of an activity. */
export function messageId(activity: number): string {
  return `act_${activity}`
}
