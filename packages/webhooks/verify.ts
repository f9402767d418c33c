import type { Activity } from './activity.ts'

/** Headers in any framework's form: a `Headers` object, or names with values. */
export type IncomingHeaders = Headers | Record<string, string | readonly string[] | undefined>

export interface VerifyOptions {
  /** The maximum difference between the timestamp and now, in seconds. Defaults to 300. */
  tolerance?: number
  /** The time in milliseconds since 1970, for tests. */
  now?: () => number
}

/** A request whose signature was verified. */
export interface Delivered {
  activity: Activity
  /** The `webhook-id`. Duplicates have the same id, so store it to recognize them. */
  id: string
  /** The attempt number, starting at 1. */
  attempt: number
  /** Whether the request was sent with the "Test" button. */
  test: boolean
}

/** Thrown if a request cannot be verified. Respond with 401. */
export class WebhookVerificationError extends Error {
  readonly code: 'headers_missing' | 'timestamp_off' | 'signature_wrong' | 'body_malformed'

  constructor(code: WebhookVerificationError['code'], message: string) {
    super(message)
    this.name = 'WebhookVerificationError'
    this.code = code
  }
}

/**
 * Verifies the signature of a request (Standard Webhooks 1.0) and returns its content. `secret` is the webhook's secret, `whsec_…`,
 * or its public key, `whpk_…`, if it signs with a key pair. During a rotation, pass several. `body` must be the raw body, because
 * parsing and serializing it again changes its bytes.
 */
export async function verify(
  secret: string | readonly string[],
  headers: IncomingHeaders,
  body: string | Uint8Array,
  options: VerifyOptions = {},
): Promise<Delivered> {
  const { id, timestamp, signatures } = readSignature(headers)
  checkTimestamp(timestamp, options)
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const signed = join(new TextEncoder().encode(`${id}.${timestamp}.`), bytes)
  if (!(await isSigned([secret].flat(), signatures, signed))) {
    throw new WebhookVerificationError(
      'signature_wrong',
      "No signature matches the secret and the body. Use this webhook's secret, and verify the raw body before parsing it.",
    )
  }
  const attempt = Number(readHeader(headers, 'bookbell-attempt') ?? 1)
  return { activity: parse(bytes), id, attempt, test: readHeader(headers, 'bookbell-test') === '1' }
}

function readSignature(headers: IncomingHeaders) {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    readHeader(headers, name),
  )
  if (id && timestamp && signatures) return { id, timestamp, signatures }
  const message =
    'webhook-id, webhook-timestamp or webhook-signature is missing, so this is not a webhook request from Bookbell.'
  throw new WebhookVerificationError('headers_missing', message)
}

function readHeader(headers: IncomingHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name)
  const value = key === undefined ? undefined : headers[key]
  return typeof value === 'string' ? value : value?.[0]
}

function checkTimestamp(timestamp: string, { tolerance = 300, now = Date.now }: VerifyOptions): void {
  const away = Math.abs(now() / 1000 - Number(timestamp))
  if (/^\d+$/.test(timestamp) && away <= tolerance) return
  throw new WebhookVerificationError(
    'timestamp_off',
    `webhook-timestamp is more than ${tolerance} seconds from now. Either the request is old, or a clock is wrong.`,
  )
}

/** Tries every secret with every signature, because there are two of each after a rotation. */
async function isSigned(secrets: string[], signatures: string, signed: Uint8Array<ArrayBuffer>): Promise<boolean> {
  for (const secret of secrets) {
    const { scheme, algorithm, key } = await importSecret(secret)
    for (const signature of signatures.split(' ')) {
      const [version, value = ''] = signature.split(',')
      const given = version === scheme ? decodeBase64(value) : undefined
      // subtle.verify compares in constant time.
      if (given && (await crypto.subtle.verify(algorithm, key, given, signed))) return true
    }
  }
  return false
}

async function importSecret(secret: string) {
  const [prefix, text = ''] = secret.split('_', 2)
  const bytes = decodeBase64(text)
  if (!bytes?.length || (prefix !== 'whsec' && prefix !== 'whpk')) {
    throw new TypeError('A webhook secret must start with whsec_ (or whpk_ for a public key), followed by base64.')
  }
  if (prefix === 'whpk') {
    const key = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
    return { scheme: 'v1a', algorithm: 'Ed25519', key }
  }
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  return { scheme: 'v1', algorithm: 'HMAC', key }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

function parse(bytes: Uint8Array): Activity {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new WebhookVerificationError('body_malformed', 'The signature is valid, but the body is not JSON.')
  }
}
