import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { App } from './http-server.ts'

/** How many public requests one address may send per minute. */
const READS_PER_MINUTE = 600
const WRITES_PER_MINUTE = 60

/** Allows public calls from pages of every origin, and rate-limits them by address if `limited`. */
export async function registerPublicAccess(app: App, { limited }: { limited: boolean }): Promise<void> {
  await app.register(cors, {
    hook: 'onRequest',
    delegator: (request, callback) =>
      callback(null, { origin: request.url.startsWith('/api/v1/public/') ? '*' : false }),
  })
  if (!limited) return
  await app.register(rateLimit, {
    timeWindow: '1 minute',
    max: (request) => (isRead(request) ? READS_PER_MINUTE : WRITES_PER_MINUTE),
    keyGenerator: (request) => `${isRead(request) ? 'read' : 'write'} ${request.ip}`,
    allowList: (request) => !isPublic(request),
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.ceil(ttl / 1000)
      return new Problem(
        refuse('rate_limited', `Too many requests from your address. Try again in ${seconds} seconds.`),
        { 'retry-after': String(seconds) },
      )
    },
  })
}

/** Checks the matched route, because a URL can be spelled in many ways (`/api/v1/%70ublic/`). */
function isPublic(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/api/v1/public/') === true
}

function isRead(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS'
}
