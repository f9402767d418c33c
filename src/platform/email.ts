/** The maximum length of an email address, in octets (RFC 5321, 4.5.3.1.3, excluding the angle brackets). */
const MAX_ADDRESS = 254
/** The maximum length of the part before the `@`, in octets (RFC 5321, 4.5.3.1.1). */
const MAX_LOCAL_PART = 64

/**
 * One atom of the part before the `@`: the `atext` of RFC 5322, 3.2.3, plus every character beyond ASCII, which RFC
 * 6531 adds. Spaces, controls and characters that change the direction of text are not allowed.
 */
const ATOM = /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\p{ASCII}\p{C}\p{Z}])+$/u

/** One label of a domain: letters and digits of any script, hyphens inside, at most 63 characters. */
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u

/**
 * Returns whether a text is an email address as RFC 5321 and RFC 6531 define it, excluding quoted local parts and address
 * literals. Examples: `o&leary@example.com`, `jörg@example.com`, `info@müller.de` and `a@xn--e1afmkfd.xn--p1ai`. The API, the
 * forms and the pages all use this rule.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const labels = text.slice(at + 1).split('.')
  return (
    at > 0 &&
    octets(text) <= MAX_ADDRESS &&
    octets(local) <= MAX_LOCAL_PART &&
    local.split('.').every((atom) => ATOM.test(atom)) &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    /[^\p{N}]/u.test(labels.at(-1) ?? '')
  )
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}
