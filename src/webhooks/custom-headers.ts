import { isConfidentialHeader } from '../platform/confidential-headers.ts'

/** The custom headers of a webhook's requests: which names are allowed, and which values are never shown again. */

/** Headers that the delivery itself sets. */
const OURS = /^(webhook|bookbell)-|^(content-type|user-agent|accept-encoding|content-length|content-encoding|host)$/
/** Headers that concern a single connection rather than the request (RFC 9110 §7.6.1), or that request a protocol switch. */
const HOP_BY_HOP = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|http2-settings)$/
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Shown instead of a credential. Sending it back keeps the stored value. */
export const HIDDEN = '(hidden)'

export type Headers = Record<string, string>

/** Returns why a header name is not allowed, or undefined if it is allowed. */
export function checkHeaderName(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (!TOKEN.test(name)) return 'is not a valid header name; use letters, digits and hyphens'
  if (OURS.test(lower)) return `${name} is set by Bookbell and cannot be changed; choose another name`
  if (HOP_BY_HOP.test(lower)) return `${name} is a connection header and cannot be set; remove it`
  return undefined
}

/** Returns the headers with lower-case names, as they are stored. If a name occurs in two spellings, the last one wins. */
export function normalizeHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]))
}

/** Returns the headers with credentials hidden, so that they can be shown. */
export function hideCredentials(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isConfidentialHeader(name) ? HIDDEN : value]),
  )
}

/** Returns the new headers, with hidden values replaced by the stored ones. */
export function keepHidden(fresh: Headers, stored: Headers): Headers {
  return Object.fromEntries(
    Object.entries(normalizeHeaders(fresh)).map(([name, value]) => [
      name,
      value === HIDDEN ? (stored[name] ?? value) : value,
    ]),
  )
}
