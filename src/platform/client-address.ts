import ipaddr from 'ipaddr.js'

/** The number of leading bits of an IPv6 address that identify one customer. Providers assign a /64 or a larger range. */
const IPV6_CLIENT_BITS = 64

/**
 * Returns an address without the port, brackets and zone that a proxy may add. Returns undefined if the text is not an address.
 */
export function readAddress(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare
  return ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare).toString() : undefined
}

/** Returns the key that limits use to count an address: an IPv4 address, or the /64 of an IPv6 address. */
export function clientOf(address: string): string {
  const read = readAddress(address)
  if (read === undefined) return 'unknown'
  const parsed = ipaddr.parse(read)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_CLIENT_BITS}`)
  return `${network.toString()}/${IPV6_CLIENT_BITS}`
}

/**
 * Returns the entries of X-Forwarded-For without their ports. An entry that is not an address was not written by a
 * trusted proxy, so it is dropped together with everything before it.
 */
export function readForwardedFor(header: string): string {
  const entries = header.split(',').map(readAddress)
  const last = entries.lastIndexOf(undefined)
  return entries.slice(last + 1).join(', ')
}

/** Returns whether an address is in one of the given addresses or CIDR ranges. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const read = readAddress(address)
  if (read === undefined) return false
  const parsed = ipaddr.parse(read)
  return ranges.some((range) => {
    const [network, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.parse(range), undefined]
    if (network.kind() !== parsed.kind()) return false
    return parsed.match(network, bits ?? (network.kind() === 'ipv4' ? 32 : 128))
  })
}

/** Normalizes an address or a CIDR range: `10.1.2.3/8` becomes `10.0.0.0/8`. Returns undefined if the text is neither. */
export function readNetwork(text: string): string | undefined {
  const [address = '', bits] = text.trim().split('/', 2)
  const read = readAddress(address)
  if (read === undefined || address.includes('%') || /[[\]]|\.\d+:/.test(address)) return undefined
  if (bits === undefined) return text.includes('/') ? undefined : read
  const parsed = ipaddr.parse(read)
  // A range of mapped IPv4 addresses would never match, because clients' addresses are in IPv4 form.
  const isMapped = parsed.kind() === 'ipv4' && address.includes(':')
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (parsed.kind() === 'ipv4' ? 32 : 128) || isMapped) return undefined
  const range = `${read}/${Number(bits)}`
  const network = parsed.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  return `${network.networkAddressFromCIDR(range).toString()}/${Number(bits)}`
}
