import { findZone } from '../calendars/wall-clock.ts'
import { canonicalUrl, type DavClient, type DavResource, isTrusted } from './dav-client.ts'
import { findElement, listElements } from './dav-xml.ts'
import { type ProviderCalendar, ProviderError } from './provider.ts'

const NAMESPACES =
  'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"'

/** Builds a PROPFIND body that requests these properties. */
export function propfind(...properties: string[]): string {
  const names = properties.map((name) => `<${name}/>`).join('')
  return `<?xml version="1.0" encoding="utf-8"?><D:propfind ${NAMESPACES}><D:prop>${names}</D:prop></D:propfind>`
}

const LISTED = [
  'D:resourcetype',
  'D:displayname',
  'D:current-user-privilege-set',
  'C:calendar-timezone',
  'C:supported-calendar-component-set',
]

/**
 * Finds an account's calendars from the address that the member typed (RFC 6764, 6). The address may be a server, a user or a
 * calendar; for a calendar, only that calendar is returned. Throws a ProviderError.
 */
export async function findCalendars(
  client: DavClient,
  address: string,
  signal: AbortSignal,
): Promise<ProviderCalendar[]> {
  const start = canonicalUrl(address, address)
  const wellKnown = new URL('/.well-known/caldav', start).href
  let firstError: unknown
  for (const url of [start, wellKnown]) {
    try {
      const found = await findFrom(client, { url, start }, signal)
      if (found) return found
    } catch (error) {
      // A wrong password fails everywhere. Other errors may mean that this URL is a web page, and the server has its calendars
      // elsewhere.
      if (!(error instanceof ProviderError) || error.next === 'reconnect') throw error
      firstError ??= error
    }
  }
  throw (
    firstError ??
    new ProviderError('No calendars were found at this address. Check the account address.', { next: 'retry' })
  )
}

/** Where to look. `start` is the address that the member typed; it determines which servers may receive the password. */
interface Place {
  url: string
  start: string
}

async function findFrom(
  client: DavClient,
  { url, start }: Place,
  signal: AbortSignal,
): Promise<ProviderCalendar[] | null> {
  const properties = [...LISTED, 'D:current-user-principal', 'C:calendar-home-set']
  const [found] = await list(client, { url, depth: '0', properties }, signal)
  if (!found) return null
  const itself = toCalendar(found)
  if (itself) return [itself]
  const home = linkOf(found, 'calendar-home-set', start) ?? (await findHome(client, { found, start }, signal))
  if (home === null) return null
  const listed = await list(client, { url: home, depth: '1', properties: LISTED }, signal)
  return listed.filter((one) => isTrusted(one.url, start)).flatMap((one) => toCalendar(one) ?? [])
}

async function findHome(
  client: DavClient,
  { found, start }: { found: DavResource; start: string },
  signal: AbortSignal,
): Promise<string | null> {
  const principal = linkOf(found, 'current-user-principal', start)
  if (principal === null) return null
  const [user] = await list(client, { url: principal, depth: '0', properties: ['C:calendar-home-set'] }, signal)
  return user ? linkOf(user, 'calendar-home-set', start) : null
}

function list(
  client: DavClient,
  { url, depth, properties }: { url: string; depth: '0' | '1'; properties: string[] },
  signal: AbortSignal,
): Promise<DavResource[]> {
  return client.list({ method: 'PROPFIND', url, headers: { depth }, body: propfind(...properties) }, signal)
}

/**
 * Returns the URL in a property. Throws a ProviderError if the URL is on someone else's server, which must not receive the
 * password. Servers of the same domain are trusted, because large providers spread accounts across them.
 */
function linkOf({ url, properties }: DavResource, name: string, start: string): string | null {
  const href = findElement(properties, name, 'href')?.text.trim()
  if (!href) return null
  const link = canonicalUrl(href, url)
  if (!isTrusted(link, start))
    throw new ProviderError(
      `The server refers to another server (${new URL(link).host}) for the calendars. If this is correct, connect with that server's address instead.`,
      { next: 'give_up' },
    )
  return link
}

/** Returns null if the resource is not a calendar for events. */
function toCalendar({ url, properties }: DavResource): ProviderCalendar | null {
  if (!findElement(properties, 'resourcetype', 'calendar')) return null
  const components = listElements(findElement(properties, 'supported-calendar-component-set'), 'comp')
  if (components.length > 0 && !components.some(({ attributes }) => attributes.name === 'VEVENT')) return null
  const zone = /^TZID:(.+?)\s*$/im.exec(findElement(properties, 'calendar-timezone')?.text ?? '')?.[1]
  return {
    id: url,
    name: findElement(properties, 'displayname')?.text.trim() ?? '',
    timezone: zone ? findZone(zone) : null,
    isWritable: isWritable({ url, properties }),
  }
}

/** A server that does not report privileges is assumed to allow writing. */
function isWritable({ properties }: DavResource): boolean {
  const set = findElement(properties, 'current-user-privilege-set')
  if (!set) return true
  const privileges = listElements(set, 'privilege').flatMap(({ children }) => children.map(({ name }) => name))
  return ['all', 'write', 'write-content', 'bind'].some((name) => privileges.includes(name))
}
