import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import { clientOf } from './client-address.ts'
import type { App } from './http-server.ts'

/** How many public reads one client may send per minute to one process. */
const READS_PER_MINUTE = 600

export interface PublicLimits {
  /** Counts a write of a client; returns the seconds until the next one is allowed, 0 if this one is. */
  spendWrite: (client: string) => Promise<number>
}

/**
 * Allows public calls from pages of every origin. If there are limits, they limit those calls, sign-ins and calls of the account
 * page by client (an IPv4 address, or the /64 of an IPv6 address). Writes are counted for all processes, reads by each process.
 */
export async function registerPublicAccess(app: App, { limits }: { limits: PublicLimits | null }): Promise<void> {
  await app.register(cors, {
    hook: 'onRequest',
    delegator: (request, callback) =>
      callback(null, { origin: request.url.startsWith('/api/v1/public/') ? '*' : false }),
  })
  if (limits === null) return
  app.addHook('onRequest', async (request) => {
    if (!isLimited(request) || isRead(request)) return
    const seconds = await limits.spendWrite(clientOf(request.ip))
    if (seconds > 0) throw refuseClient(seconds)
  })
  await app.register(rateLimit, {
    timeWindow: '1 minute',
    max: READS_PER_MINUTE,
    keyGenerator: (request) => clientOf(request.ip),
    allowList: (request) => !isLimited(request) || !isRead(request),
    errorResponseBuilder: (_request, { ttl }) => refuseClient(Math.ceil(ttl / 1000)),
  })
}

function refuseClient(seconds: number): Problem {
  const detail = `Too many requests from your address. Try again in ${seconds} seconds.`
  return new Problem(refuse('rate_limited', detail), { 'retry-after': String(seconds) })
}

/** Public calls, and those of the sign-in and account pages. */
const LIMITED = ['/api/v1/public/', '/api/auth/', '/api/account']

/** Checks the matched route, because a URL can be spelled in many ways (`/api/v1/%70ublic/`). */
function isLimited(request: FastifyRequest): boolean {
  const { url } = request.routeOptions
  return url !== undefined && LIMITED.some((start) => url.startsWith(start))
}

function isRead(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS'
}
