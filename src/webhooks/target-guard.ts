import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Finding } from '../platform/finding.ts'
import type { VetAddress } from '../platform/http-connection.ts'

/**
 * Decides which addresses a webhook may reach (SSRF protection). The same rules apply to creating, testing, diagnosing and
 * delivering.
 *
 * A URL is checked twice. `checkUrl` checks its text (form, scheme, port, literal address). When a connection is opened, `vetFor`
 * checks every address that the name resolves to.
 */
export interface TargetPolicy {
  /** Whether loopback targets are allowed. This is the case if the server's own address is loopback. */
  loopback: boolean
  /** Additional ranges that are allowed (`BOOKBELL_WEBHOOK_ALLOW`). */
  ranges: readonly AddressRange[]
  /** The prefix of the built-in inspector's URLs (`https://book.example.com/inspect/`), which are always allowed. */
  inspector: string | null
  /**
   * Called with a refused address that a name resolved to, so that the operator can see it in the log. The finding does not
   * contain the address.
   */
  onRefused?: (address: string, what: string) => void
}

/** A parsed CIDR range. */
export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** How much a target is trusted. `inspector` targets are our own and skip the address rules. */
export type Trust = 'inspector' | 'outside'

export type UrlVerdict = { ok: true; url: URL; trust: Trust } | { ok: false; refusal: Finding }

const URL_MAX_LENGTH = 2_048

/**
 * IPv4 ranges that are not public: the blocks in the IANA IPv4 Special-Purpose Address Registry (except plain unicast), multicast
 * (RFC 5771), and the virtual address where Azure serves machine metadata.
 */
const special4: readonly (readonly [cidr: string, what: string])[] = [
  ['0.0.0.0/8', 'this network (RFC 791)'],
  ['10.0.0.0/8', 'a private network (RFC 1918)'],
  ['100.64.0.0/10', 'a shared carrier network (RFC 6598)'],
  ['127.0.0.0/8', 'loopback, the server itself (RFC 1122)'],
  ['169.254.0.0/16', 'link-local, where clouds serve their metadata (RFC 3927)'],
  ['172.16.0.0/12', 'a private network (RFC 1918)'],
  ['192.0.0.0/24', 'reserved for protocol assignments (RFC 6890)'],
  ['192.0.2.0/24', 'reserved for documentation (RFC 5737)'],
  ['192.31.196.0/24', 'the AS112 service (RFC 7535)'],
  ['192.52.193.0/24', 'automatic multicast tunnelling (RFC 7450)'],
  ['192.88.99.0/24', 'the former 6to4 relay (RFC 7526)'],
  ['192.168.0.0/16', 'a private network (RFC 1918)'],
  ['192.175.48.0/24', 'the AS112 service (RFC 7534)'],
  ['198.18.0.0/15', 'reserved for benchmarks (RFC 2544)'],
  ['198.51.100.0/24', 'reserved for documentation (RFC 5737)'],
  ['203.0.113.0/24', 'reserved for documentation (RFC 5737)'],
  ['168.63.129.16/32', 'where a cloud serves its metadata'],
  ['224.0.0.0/4', 'multicast (RFC 5771)'],
  ['255.255.255.255/32', 'broadcast (RFC 919)'],
  ['240.0.0.0/4', 'reserved (RFC 1112)'],
]

/** The IANA IPv6 Special-Purpose Address Registry. Nothing outside 2000::/3 is global unicast either. */
const special6: readonly (readonly [cidr: string, what: string])[] = [
  ['::1/128', 'loopback, the server itself (RFC 4291)'],
  ['::/128', 'unspecified (RFC 4291)'],
  ['::ffff:0:0/96', 'an IPv4-mapped address (RFC 4291)'],
  ['::ffff:0:0:0/96', 'an IPv4-translated address (RFC 7915)'],
  ['::/96', 'an IPv4-compatible address (RFC 4291)'],
  ['64:ff9b::/96', 'a NAT64 address (RFC 6052)'],
  ['64:ff9b:1::/48', 'a local NAT64 address (RFC 8215)'],
  ['100::/64', 'a black hole (RFC 6666)'],
  ['100:0:0:1::/64', 'a dummy prefix (RFC 9780)'],
  ['2001::/32', 'a Teredo tunnel (RFC 4380)'],
  ['2001::/23', 'reserved for protocol assignments (RFC 2928)'],
  ['2001:db8::/32', 'reserved for documentation (RFC 3849)'],
  ['2002::/16', 'a 6to4 tunnel (RFC 3056)'],
  ['2620:4f:8000::/48', 'the AS112 service (RFC 7534)'],
  ['3fff::/20', 'reserved for documentation (RFC 9637)'],
  ['5f00::/16', 'reserved for segment routing (RFC 9602)'],
  ['fc00::/7', 'a private network (RFC 4193)'],
  ['fe80::/10', 'link-local (RFC 4291)'],
  ['fec0::/10', 'a site-local network (RFC 3879)'],
  ['ff00::/8', 'multicast (RFC 4291)'],
]

const specialRanges = [...special4, ...special6].map(([cidr, what]) => ({ range: parseRange(cidr), what }))
const loopbackRanges = ['127.0.0.0/8', '::1/128'].map(parseRange)
const mappedRange = parseRange('::ffff:0:0/96')
const nat64Range = parseRange('64:ff9b::/96')
const globalUnicast6 = parseRange('2000::/3')

/** Ports of other protocols, which must not receive HTTP requests (WHATWG Fetch, "port blocking"). */
const blockedPorts = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

/** Creates the policy from the settings: the server's own address and `BOOKBELL_WEBHOOK_ALLOW` (addresses and CIDRs). */
export function makeTargetPolicy(settings: {
  loopback: boolean
  allow: readonly string[]
  inspector: string | null
  onRefused?: (address: string, what: string) => void
}): TargetPolicy {
  const { allow, ...policy } = settings
  return { ...policy, ranges: allow.map(parseRange) }
}

/** Checks a URL's text. If it passes, it is normalized. Store and call `url.href`. */
export function checkUrl(policy: TargetPolicy, text: string): UrlVerdict {
  const shape = checkShape(text)
  if (shape) return { ok: false, refusal: shape }
  const url = new URL(text)
  const trust = isInspector(policy, url) ? 'inspector' : 'outside'
  const refusal = checkParts(policy, url, trust)
  return refusal ? { ok: false, refusal } : { ok: true, url, trust }
}

/**
 * Checks the address in a URL. `secure` says whether the target uses https. If it does not, the address must be allowed
 * explicitly. Returns null if a connection is allowed.
 */
export function checkAddress(policy: TargetPolicy, address: string, secure: boolean): Finding | null {
  const verdict = judgeAddress(policy, address)
  if (verdict === 'allowed') return null
  if (verdict !== 'public') return refuseAddress(address, verdict.what)
  return secure ? null : refuseInsecure()
}

/**
 * Checks an address that a name resolved to, in the same way. The finding does not contain the address, because the addresses of
 * names in an internal network are secret.
 */
export function checkResolved(policy: TargetPolicy, address: string, secure: boolean): Finding | null {
  const verdict = judgeAddress(policy, address)
  if (verdict === 'allowed') return null
  if (verdict === 'public') return secure ? null : refuseInsecure()
  policy.onRefused?.(address, verdict.what)
  return {
    code: 'target_not_public',
    found: 'The target resolves to an address that is not public, so webhooks cannot be sent to it.',
    remedy: REMEDY,
  }
}

function judgeAddress(policy: TargetPolicy, address: string): 'allowed' | 'public' | { what: string } {
  const plain = address.split('%')[0] ?? ''
  if (!isIP(plain)) return { what: 'not an IP address' }
  const parsed = ipaddr.parse(plain)
  if (isAllowed(policy, unmap(parsed))) return 'allowed'
  const what = specialKind(parsed)
  return what ? { what } : 'public'
}

/** Returns the check for every address that we connect to on behalf of a webhook. */
export function vetFor(policy: TargetPolicy): VetAddress {
  return (address, { trust, secure }) => (trust === 'inspector' ? null : checkResolved(policy, address, secure))
}

/** Returns a URL's host in the form that resolvers and certificates use: without IPv6 brackets and without a trailing dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/** Parses `10.0.0.0/8`, `fd00::/8` or a single address. Throws if it is neither. */
export function parseRange(text: string): AddressRange {
  if (text.includes('/')) return ipaddr.parseCIDR(text) as AddressRange
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function checkShape(text: string): Finding | null {
  if (text.length > URL_MAX_LENGTH)
    return {
      code: 'url_too_long',
      values: { limit: URL_MAX_LENGTH },
      found: `The URL is longer than ${URL_MAX_LENGTH} characters.`,
      remedy: 'Use a shorter URL.',
    }
  // The URL parser would remove or convert these characters, so the stored URL would differ from the given one.
  if (/[\p{Cc}\s\\]/u.test(text))
    return {
      code: 'url_has_forbidden_characters',
      found: 'The URL contains white space, a control character or a backslash.',
      remedy: 'Remove the character, or percent-encode it.',
    }
  if (/^[a-z][a-z\d+.-]*:\/*\[[^\]]*%/i.test(text))
    return {
      code: 'url_has_zone_id',
      found: 'The URL contains a network interface (a zone id, %…).',
      remedy: 'Use a public name.',
    }
  if (!URL.canParse(text))
    return {
      code: 'url_invalid',
      found: 'This is not a URL.',
      remedy: 'Enter a complete URL, such as https://example.com/hook.',
    }
  return null
}

function checkParts(policy: TargetPolicy, url: URL, trust: Trust): Finding | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    const scheme = url.protocol.slice(0, -1)
    return {
      code: 'url_scheme_unsupported',
      values: { scheme },
      found: `The scheme ${scheme} is not supported for webhooks.`,
      remedy: 'Use https://.',
    }
  }
  if (url.username || url.password) {
    return {
      code: 'url_has_credentials',
      found: 'The URL contains a user name or a password, which logs and proxies would show.',
      remedy: "Remove them, and send a token in one of the webhook's headers instead.",
    }
  }
  if (blockedPorts.has(portOf(url))) {
    return {
      code: 'url_port_blocked',
      values: { port: String(portOf(url)) },
      found: `Port ${portOf(url)} is used by a protocol other than HTTP.`,
      remedy: 'Use 443 or an unassigned port.',
    }
  }
  return trust === 'inspector' ? null : checkHost(policy, url)
}

function checkHost(policy: TargetPolicy, url: URL): Finding | null {
  const host = hostOf(url)
  if (host === '')
    return {
      code: 'url_without_host',
      found: 'The URL has no host.',
      remedy: 'Enter a complete URL, such as https://example.com/hook.',
    }
  const secure = url.protocol === 'https:'
  if (isIP(host)) return checkAddress(policy, host, secure)
  // RFC 6761 §6.3: these names are loopback, no matter what a resolver says.
  if (host === 'localhost' || host.endsWith('.localhost')) return checkAddress(policy, '127.0.0.1', secure)
  return null
}

function isInspector(policy: TargetPolicy, url: URL): boolean {
  return policy.inspector !== null && url.href.startsWith(policy.inspector)
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/**
 * Returns whether the configuration allows an address. A NAT64 address is allowed only if the embedded address is also allowed.
 */
function isAllowed(policy: TargetPolicy, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (policy.loopback && loopbackRanges.some((range) => isInside(address, range))) return true
  if (!policy.ranges.some((range) => isInside(address, range))) return false
  if (!isInside(address, nat64Range)) return true
  const inner = new ipaddr.IPv4(address.toByteArray().slice(12))
  return isAllowed(policy, inner) || specialKind(inner) === null
}

function specialKind(address: ipaddr.IPv4 | ipaddr.IPv6): string | null {
  const special = specialRanges.find(({ range }) => isInside(address, range))
  if (special) return special.what
  return address.kind() === 'ipv6' && !isInside(address, globalUnicast6)
    ? 'not a global unicast address (RFC 4291)'
    : null
}

function unmap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && isInside(address, mappedRange) ? address.toIPv4Address() : address
}

function isInside(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: AddressRange): boolean {
  return address.kind() === network.kind() && address.match(network, bits)
}

const REMEDY = 'Use a public address. The server administrator can allow a range with BOOKBELL_WEBHOOK_ALLOW.'

function refuseAddress(address: string, what: string): Finding {
  return {
    code: 'address_not_public',
    values: { address },
    found: `The target's address ${address} is ${what}, so webhooks cannot be sent to it.`,
    remedy: REMEDY,
  }
}

function refuseInsecure(): Finding {
  return {
    code: 'target_insecure',
    found: 'The target uses http://, which anyone on the network path can read and change.',
    remedy: 'Use https://. Without it, only targets that this server explicitly allows can be reached.',
  }
}
