import { lookup, Resolver } from 'node:dns/promises'
import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'

/** One of a name's addresses. */
export interface ResolvedAddress {
  address: string
  family: 4 | 6
}

/** A name's addresses, and how many milliseconds they are valid for. */
export interface Resolution {
  addresses: readonly ResolvedAddress[]
  lifetime: number
}

/** Resolves a host name. Rejects with an error whose `code` says why (`ENOTFOUND`, `ETIMEOUT`, …). */
export type Resolve = (host: string) => Promise<Resolution>

const HOSTS_FILE = '/etc/hosts'
const QUERY_TIMEOUT = 3_000
const LOCAL_LIFETIME = 5_000

/**
 * Resolves names from the hosts file, then with its own DNS queries and, if DNS does not know the name, with the
 * system's resolver.
 *
 * The system's resolver alone (`getaddrinfo`) shares a few threads among all names, so a name whose servers never
 * respond would delay all others. Our own queries run in parallel and report how long an answer is valid.
 */
export function systemResolver(): Resolve {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT, tries: 2 })
  const hosts = hostsFile()
  return async (host) => {
    if (host === 'localhost' || host.endsWith('.localhost')) return local(['127.0.0.1', '::1'])
    const listed = await hosts(host)
    if (listed) return local(listed)
    const answers = await Promise.allSettled([query(resolver, host, 4), query(resolver, host, 6)])
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    const addresses = found.flatMap((resolution) => resolution.addresses)
    if (addresses.length > 0) return { addresses, lifetime: Math.min(...found.map(({ lifetime }) => lifetime)) }
    return resolveBySystem(host, answers)
  }
}

/** How long answers are cached, in milliseconds, and how many. */
export interface CacheBounds {
  now: () => number
  shortest: number
  longest: number
  /** How long a failure is cached, in milliseconds. */
  failure: number
  entries: number
}

const defaultBounds: CacheBounds = { now: Date.now, shortest: 1_000, longest: 30_000, failure: 1_000, entries: 1_000 }

/** Caches answers for as long as they are valid, within bounds. Concurrent lookups of one name share one query. */
export function cacheResolver(resolve: Resolve, bounds: Partial<CacheBounds> = {}): Resolve {
  const { now, shortest, longest, failure, entries } = { ...defaultBounds, ...bounds }
  const cache = new Map<string, { answer: Promise<Resolution>; until: number }>()
  return (host) => {
    const known = cache.get(host)
    if (known && known.until > now()) return known.answer
    const entry = { answer: resolve(host), until: Number.POSITIVE_INFINITY }
    cache.delete(host)
    cache.set(host, entry)
    const [oldest] = cache.keys()
    if (cache.size > entries && oldest !== undefined) cache.delete(oldest)
    entry.answer.then(
      ({ lifetime }) => {
        entry.until = now() + Math.min(Math.max(lifetime, shortest), longest)
      },
      () => {
        entry.until = now() + failure
      },
    )
    return entry.answer
  }
}

async function query(resolver: Resolver, host: string, family: 4 | 6): Promise<Resolution> {
  const records = await (family === 4 ? resolver.resolve4(host, { ttl: true }) : resolver.resolve6(host, { ttl: true }))
  const lifetime = Math.min(...records.map(({ ttl }) => ttl)) * 1_000
  return { addresses: records.map(({ address }) => ({ address, family })), lifetime }
}

/** For local network names and search domains. Not used if DNS did not respond at all. */
async function resolveBySystem(host: string, answers: PromiseSettledResult<unknown>[]): Promise<Resolution> {
  const [reason] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  if (reason?.code === 'ETIMEOUT' || reason?.code === 'ESERVFAIL') throw reason
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return local(found.map(({ address }) => address))
}

function local(addresses: readonly string[]): Resolution {
  return {
    addresses: addresses.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 })),
    lifetime: LOCAL_LIFETIME,
  }
}

/** Looks up names in the hosts file, which is read again after it has changed. */
function hostsFile(): (host: string) => Promise<string[] | undefined> {
  let known = new Map<string, string[]>()
  let readAt = -1
  return async (host) => {
    const changedAt = await stat(HOSTS_FILE).then(
      ({ mtimeMs }) => mtimeMs,
      () => -1,
    )
    if (changedAt !== readAt) {
      known = changedAt === -1 ? new Map() : parseHosts(await readFile(HOSTS_FILE, 'utf8'))
      readAt = changedAt
    }
    return known.get(host)
  }
}

/** Returns the names in a hosts file (hosts(5)) with their addresses. */
export function parseHosts(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!isIP(address)) continue
    for (const alias of aliases) {
      const name = alias.toLowerCase()
      names.set(name, [...(names.get(name) ?? []), address])
    }
  }
  return names
}
