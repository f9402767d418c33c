import { getDomain } from 'tldts'
import type { HttpResponse } from '../platform/http-client.ts'
import { refuseAnswer, type SendToCalendar } from './calendar-client.ts'
import { findElement, listElements, parseXml, type XmlElement } from './dav-xml.ts'
import { ProviderError } from './provider.ts'

/** A member's account on a CalDAV server. */
export interface DavAccount {
  url: string
  username: string
  password: string
}

/** A resource on the server, with the requested properties. */
export interface DavResource {
  url: string
  properties: XmlElement
}

/** Sends WebDAV (RFC 4918) and CalDAV (RFC 4791) requests with the member's password. */
export interface DavClient {
  /** Sends a request, and returns the response whatever its status. */
  send(request: DavRequest, signal: AbortSignal): Promise<HttpResponse & { url: string }>
  /** Sends PROPFIND or REPORT, and returns the resources. Throws a ProviderError if the response is not a complete list. */
  list(request: DavRequest, signal: AbortSignal): Promise<DavResource[]>
}

export interface DavRequest {
  method: string
  url: string
  headers?: Record<string, string>
  body?: string
}

export function makeDavClient(transport: SendToCalendar, { url: start, username, password }: DavAccount): DavClient {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const send: DavClient['send'] = async ({ method, url, headers = {}, body }, signal) => {
    if (!isTrusted(url, start)) throw foreignServer(url)
    const content = body === undefined ? {} : { body }
    return transport({ method, url, headers: { authorization, ...headers }, signal, ...content })
  }
  return {
    send,
    async list({ headers, ...request }, signal) {
      const xml = { 'content-type': 'application/xml; charset=utf-8' }
      const response = await send({ ...request, headers: { ...xml, ...headers } }, signal)
      if (response.status !== 207) refuseDavAnswer(response)
      if (response.truncated) throw new TooLargeError()
      const root = await parseXml(response.body)
      if (root?.name !== 'multistatus') throw notCalDav()
      return listElements(root, 'response').flatMap((one) => readResponse(one, response.url) ?? [])
    },
  }
}

/** The response exceeds the size limit. */
export class TooLargeError extends ProviderError {
  constructor() {
    super('The calendar is larger than 20 MB, which is the limit.', { next: 'retry' })
  }
}

/**
 * Returns whether the password may be sent to a URL: it is on the server that the member entered, or on another one of the same
 * domain, because large providers spread accounts over several servers.
 */
export function isTrusted(url: string, start: string): boolean {
  const [to, from] = [new URL(url), new URL(start)]
  if (to.origin === from.origin) return true
  const domain = getDomain(to.hostname)
  return to.protocol === 'https:' && domain !== null && domain === getDomain(from.hostname)
}

function foreignServer(url: string): ProviderError {
  return new ProviderError(
    `The calendar is on another server (${new URL(url).host}), which is not sent the password. Connect with that server's address.`,
    { next: 'retry' },
  )
}

function notCalDav(): ProviderError {
  return new ProviderError('The server did not respond as a CalDAV server. Check the account address.', {
    next: 'retry',
  })
}

/**
 * Throws a ProviderError for an unexpected response. A successful response with another body means that the server does not
 * support CalDAV.
 */
export function refuseDavAnswer(response: HttpResponse): never {
  if (response.status < 300 || response.status === 405) throw notCalDav()
  return refuseAnswer(response)
}

/** Returns null for a resource that is reported as missing. Throws a ProviderError if the server could not read the resource. */
function readResponse(response: XmlElement, base: string): DavResource | null {
  const href = findElement(response, 'href')?.text.trim()
  const parts = listElements(response, 'propstat')
  const statuses = [response, ...parts].map(statusOf)
  if (statuses.some((status) => status >= 400 && status !== 404 && status !== 410 && status !== 401 && status !== 403))
    throw new ProviderError('The calendar server returned an incomplete list. Bookbell will try again.', {
      next: 'retry',
    })
  const found = parts.filter((part) => Math.floor(statusOf(part) / 100) === 2)
  if (!href || (found.length === 0 && findElement(response, 'status'))) return null
  const children = found.flatMap((part) => findElement(part, 'prop')?.children ?? [])
  return { url: canonicalUrl(href, base), properties: { name: 'prop', attributes: {}, text: '', children } }
}

/** Returns the status in `HTTP/1.1 200 OK`, or 0 if it is missing. */
function statusOf(element: XmlElement): number {
  return Number(/ (\d{3})(?: |$)/.exec(findElement(element, 'status')?.text.trim() ?? '')?.[1] ?? 0)
}

/**
 * Normalizes a URL so that URLs can be compared, because servers encode different characters of a path. Throws a ProviderError if
 * it is not a URL.
 */
export function canonicalUrl(href: string, base: string): string {
  const url = URL.parse(href, base)
  if (!url) throw notCalDav()
  url.pathname = url.pathname.split('/').map(recode).join('/')
  return url.href
}

function recode(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment))
  } catch {
    return segment
  }
}
