import { isConfidentialHeader } from '../platform/confidential-headers.ts'
import { DAY } from '../time/durations.ts'
import { verifySignature } from '../webhooks/signature.ts'
import type { SignatureVerdict } from './schema.ts'

/** How long a request is kept, in milliseconds. */
export const REQUEST_LIFETIME = 7 * DAY

/** How many of an inspector's requests are kept (the newest ones). */
export const REQUESTS_KEPT = 200

/** How much of a body is kept, in bytes. The signature is checked over the whole body. */
export const BODY_BYTES_KEPT = 256 * 1024

/** A request as it arrived. */
export interface InboundRequest {
  method: string
  /** Names and values alternate, unchanged. */
  rawHeaders: string[]
  body: Buffer
}

/** The part of a request that is stored. */
export interface RecordedRequest {
  method: string
  headers: Record<string, string>
  body: string
  bodyBytes: number
  signature: SignatureVerdict
  action: string | null
}

/**
 * Returns the part of a request to store. `verifiers` are the secrets or public keys of the webhooks that point to the inspector.
 * `now` is in Unix seconds.
 */
export function toRecord(
  request: InboundRequest,
  { verifiers, now }: { verifiers: string[]; now: number },
): RecordedRequest {
  const headers = readHeaders(request.rawHeaders)
  return {
    method: request.method,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        isConfidentialHeader(name) ? '(not kept)' : storable(value),
      ]),
    ),
    body: storable(request.body.subarray(0, BODY_BYTES_KEPT).toString('utf8')),
    bodyBytes: request.body.length,
    signature: judgeSignature(headers, request.body, { verifiers, now }),
    action: readAction(request.body),
  }
}

/** Names are in lower case. Repeated headers are joined (RFC 9110 §5.3). */
function readHeaders(rawHeaders: string[]): Record<string, string> {
  const headers = new Map<string, string>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [rawName = '', value = ''] = rawHeaders.slice(index, index + 2)
    const name = rawName.toLowerCase()
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  return Object.fromEntries(headers)
}

function judgeSignature(
  headers: Record<string, string>,
  body: Buffer,
  { verifiers, now }: { verifiers: string[]; now: number },
): SignatureVerdict {
  if (!headers['webhook-signature']) return 'unsigned'
  return verifySignature(verifiers, headers, { body, now }).ok ? 'valid' : 'invalid'
}

function readAction(body: Buffer): string | null {
  try {
    const { action } = JSON.parse(body.toString('utf8'))
    return typeof action === 'string' ? storable(action.slice(0, 100)) : null
  } catch {
    return null
  }
}

/** PostgreSQL's text type cannot contain NUL or an unpaired surrogate. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}
