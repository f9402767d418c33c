import type { Message } from '../deliveries/targets.ts'
import type { OutgoingRequest } from '../platform/http-client.ts'
import { type SigningKey, signatureOf, signedPrefix } from './signature.ts'
import type { Trust } from './target-guard.ts'

/** Where a webhook's requests go and how they are signed. This is everything that an attempt needs in addition to the message. */
export interface Destination {
  url: URL
  trust: Trust
  /** The headers for every request to this webhook. Names and values alternate. */
  headers: readonly string[]
  /** The current secret first, then the previous one while it still signs. */
  keys: readonly SigningKey[]
}

/** Returns the headers of every request to a webhook, including its custom headers. */
export function commonHeaders(version: string, custom: Record<string, string>): string[] {
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

/** Writes the request for one attempt, signed at `now` (epoch milliseconds). */
export function writeRequest(destination: Destination, message: Message, now: number): OutgoingRequest {
  const { url, trust } = destination
  return { method: 'POST', url, trust, headers: writeHeaders(destination, message, now), body: message.body }
}

/** Writes the headers of that request. Names and values alternate. Without a key, the request is not signed. */
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

/** Returns headers by name. In `headers`, names and values alternate. */
export function headersByName(headers: readonly string[]): Record<string, string> {
  return Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [])))
}
