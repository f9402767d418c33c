import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './http-server.ts'

const YEAR_SECONDS = 365 * 24 * 60 * 60

/** Browser features that none of our pages use. */
const UNUSED_FEATURES = ['camera', 'geolocation', 'microphone', 'payment', 'usb']

/** For resources that other sites' pages load: a frame, a script, an image (Fetch, `Cross-Origin-Resource-Policy`). */
export const loadableByOtherSites = { 'cross-origin-resource-policy': 'cross-origin' } as const

/**
 * Sets the security headers of every response. Headers that a route has already set are kept. With `https`, a browser that has
 * visited the server once no longer uses plain HTTP (RFC 6797). Browsers accept `Cross-Origin-Opener-Policy` only from `https`
 * and loopback addresses, and log an error for any other address.
 */
export function registerResponseHeaders(app: App, { https, loopback }: { https: boolean; loopback: boolean }): void {
  const common: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': UNUSED_FEATURES.map((name) => `${name}=()`).join(', '),
    ...(https || loopback ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
    ...(https ? { 'strict-transport-security': `max-age=${YEAR_SECONDS}` } : {}),
  }
  const everywhere = Object.entries(common)
  const onPublicCalls = Object.entries({ ...common, ...loadableByOtherSites })
  app.addHook('onSend', (request, reply, payload, done) => {
    setMissing(reply, isPublicCall(request) ? onPublicCalls : everywhere)
    // Responses contain personal data and secrets that are shown only once, so caches must not store them.
    if (isApiCall(request) && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    done(null, payload)
  })
}

function setMissing(reply: FastifyReply, headers: readonly (readonly [string, string])[]): void {
  for (const [name, value] of headers) if (!reply.hasHeader(name)) reply.header(name, value)
}

/** The API document viewer has files that may be cached. */
function isApiCall({ url }: FastifyRequest): boolean {
  return url.startsWith('/api/') && !url.startsWith('/api/docs/')
}

function isPublicCall(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/api/v1/public/') === true
}
