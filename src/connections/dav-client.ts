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

/** A resource of a server, with the properties that it has. */
export interface DavResource {
  url: string
  properties: XmlElement
}

/** Requests of WebDAV (RFC 4918) and CalDAV (RFC 4791) with the member's password. */
export interface DavClient {
  /** Sends a request, and returns its answer, whatever its status. */
  send(request: DavRequest, signal: AbortSignal): Promise<HttpResponse & { url: string }>
  /** Sends PROPFIND or REPORT, and returns the resources. Throws a ProviderError if the answer is not a complete list. */
  list(request: DavRequest, signal: AbortSignal): Promise<DavResource[]>
}

export interface DavRequest {
  method: string
  url: string
  headers?: Record<string, string>
  body?: string
}

export function makeDavClient(transport: SendToCalendar, { username, password }: DavAccount): DavClient {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const send: DavClient['send'] = ({ method, url, headers = {}, body }, signal) =>
    transport({ method, url, headers: { authorization, ...headers }, signal, ...(body === undefined ? {} : { body }) })
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

/** An answer that is larger than the limit. */
export class TooLargeError extends ProviderError {
  constructor() {
    super('The calendar is larger than 20 MB, which is the limit.', { next: 'retry' })
  }
}

function notCalDav(): ProviderError {
  return new ProviderError('The server did not respond as a CalDAV server. Check the account address.', {
    next: 'retry',
  })
}

/** Turns an answer that is not the expected one into a ProviderError. Success with another body is not CalDAV. */
export function refuseDavAnswer(response: HttpResponse): never {
  if (response.status < 300 || response.status === 405) throw notCalDav()
  return refuseAnswer(response)
}

/** Returns null for a resource that is reported as missing. */
function readResponse(response: XmlElement, base: string): DavResource | null {
  const href = findElement(response, 'href')?.text.trim()
  const found = listElements(response, 'propstat').filter((part) =>
    / 2\d\d /.test(`${findElement(part, 'status')?.text} `),
  )
  if (!href || (found.length === 0 && findElement(response, 'status'))) return null
  const children = found.flatMap((part) => findElement(part, 'prop')?.children ?? [])
  return { url: canonicalUrl(href, base), properties: { name: 'prop', attributes: {}, text: '', children } }
}

/**
 * Writes a URL in one form, so that URLs can be compared: servers differ in which characters of a path they encode. Throws a
 * ProviderError if it is not a URL.
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
