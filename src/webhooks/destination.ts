import type { Message, ShownRequest } from '../deliveries/targets.ts'
import type { Secrets } from '../platform/secrets.ts'
import { type Headers, hideCredentials } from './custom-headers.ts'
import { commonHeaders, type Destination, headersByName, writeHeaders } from './request.ts'
import { parseSecret, publicKeyOf, type SigningKey } from './signature.ts'
import type { WebhookRow } from './store.ts'

/** The data needed to decrypt a webhook's secrets and headers and to write its requests. */
export interface DestinationDeps {
  secrets: Secrets
  version: string
}

/** Returns where a webhook's requests go and how they are signed at `now`. Throws if its secrets cannot be decrypted. */
export function destinationOf(
  { secrets, version }: DestinationDeps,
  row: WebhookRow,
  { url, trust, now }: Pick<Destination, 'url' | 'trust'> & { now: number },
): Destination {
  const headers = commonHeaders(version, decryptHeaders(secrets, row))
  return { url, trust, headers, keys: signingKeys(secrets, row, now) }
}

/** Returns a request as it can be shown: complete, except for credentials in the custom headers. */
export function showRequest(
  { secrets, version }: DestinationDeps,
  row: WebhookRow,
  { message, now }: { message: Message; now: number },
): ShownRequest {
  const headers = commonHeaders(version, hideCredentials(decryptHeaders(secrets, row)))
  const keys = signingKeys(secrets, row, now)
  return { request_url: row.url, request_headers: headersByName(writeHeaders({ headers, keys }, message, now)) }
}

/**
 * Reconstructs an attempt's request from the values it was built from, because storing each request would double the database
 * cost of an attempt. If the webhook's URL, headers or secret have changed since then, or cannot be decrypted, returns only the
 * headers that do not depend on them.
 */
export function reconstructRequest(
  deps: DestinationDeps,
  row: WebhookRow | undefined,
  { message, now }: { message: Message; now: number },
): ShownRequest {
  const isSame = row !== undefined && now >= Date.parse(row.sending_changed_at)
  if (isSame && canDecrypt(deps.secrets, row, now)) return showRequest(deps, row, { message, now })
  const headers = writeHeaders({ headers: commonHeaders(deps.version, {}), keys: [] }, message, now)
  return { request_url: null, request_headers: headersByName(headers) }
}

/** Returns the encrypted current secret, and the encrypted previous secret while it still signs. */
export function signingSecrets(row: WebhookRow, now: number): Uint8Array[] {
  const { secret, previous_secret: previous, previous_secret_until: until } = row
  return previous && until && Date.parse(until) > now ? [secret, previous] : [secret]
}

/** Returns the value that a receiver verifies with: the secret itself for `v1`, the public key for `v1a`. */
export function verifierOf(secret: string): string {
  return publicKeyOf(secret) ?? secret
}

/** Encrypts custom headers. Returns null if there are no headers. */
export function encryptHeaders(secrets: Secrets, headers: Headers): Buffer | null {
  return Object.keys(headers).length === 0 ? null : secrets.encrypt(JSON.stringify(headers))
}

/** Decrypts a webhook's custom headers. */
export function decryptHeaders(secrets: Secrets, { headers }: Pick<WebhookRow, 'headers'>): Headers {
  return headers === null ? {} : JSON.parse(secrets.decrypt(headers))
}

function signingKeys(secrets: Secrets, row: WebhookRow, now: number): SigningKey[] {
  return signingSecrets(row, now).map((secret) => parseSecret(secrets.decrypt(secret)))
}

/**
 * Returns whether this process has the BOOKBELL_SECRET that the webhook was encrypted with. Another process may have used a newer
 * one.
 */
function canDecrypt(secrets: Secrets, row: WebhookRow, now: number): boolean {
  try {
    signingKeys(secrets, row, now)
    decryptHeaders(secrets, row)
    return true
  } catch {
    return false
  }
}
