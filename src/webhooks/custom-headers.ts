/**
 * The headers that a webhook's owner adds to its requests: which are possible, and which values are not shown again.
 */

/** Set by the delivery itself. */
const OURS = /^(webhook|bookbell)-|^(content-type|user-agent|accept-encoding|content-length|content-encoding|host)$/
/** About one connection, not about the request (RFC 9110 §7.6.1), or a request to change the protocol. */
const HOP_BY_HOP = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|http2-settings)$/
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const CREDENTIAL = /authorization|cookie|token|secret|password|passwd|credential|signature|api[-_]?key|auth/i

/** What a credential is answered as; sent back so, it stays as it is. */
export const HIDDEN = '(hidden)'

export type Headers = Record<string, string>

/** What is wrong with the name of a header, or undefined. */
export function checkHeaderName(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (!TOKEN.test(name)) return 'is not the name of a header; use letters, digits and hyphens'
  if (OURS.test(lower)) return `${name} is set by Bookbell and cannot be changed; choose another name`
  if (HOP_BY_HOP.test(lower)) return `${name} is about the connection and cannot be set; leave it out`
  return undefined
}

/** The headers with their names in lower case, as they are stored. A name in two spellings is one header: the last wins. */
export function normalizeHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]))
}

/** The headers as they may be shown: credentials hidden. */
export function hideCredentials(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, CREDENTIAL.test(name) ? HIDDEN : value]),
  )
}

/** New headers, in which a hidden value means the one that is stored. */
export function keepHidden(fresh: Headers, stored: Headers): Headers {
  return Object.fromEntries(
    Object.entries(normalizeHeaders(fresh)).map(([name, value]) => [
      name,
      value === HIDDEN ? (stored[name] ?? value) : value,
    ]),
  )
}
