import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A page on another site must not use someone's cookie. Browsers send a request's origin in Sec-Fetch-Site (Fetch Metadata) or,
 * if they are older, in Origin. SameSite=Lax on the cookie is the second line of defence.
 */
export function refuseForeignOrigin(request: FastifyRequest, url: string): void {
  if (SAFE_METHODS.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const own =
    site === undefined
      ? origin === undefined || origin === url || URL.parse(origin)?.host === request.host
      : site === 'same-origin' || site === 'none'
  if (!own) throw new Problem(refuse('forbidden', 'This request came from another site. Programs must use an API key.'))
}
