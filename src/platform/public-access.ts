import cors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import { clientOf } from './client-address.ts'
import type { Clock } from './clock.ts'
import type { App } from './http-server.ts'
import { ReadBudget } from './read-budget.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Charges additional units for an expensive read without a key, before the work is done. One unit is about a
     * millisecond of work. Throws 429 if the client has used up its units.
     */
    spendUnits?: (units: number) => void
  }
}

/** How many units one client may read per minute from one process. A simple read costs one unit. */
const UNITS_PER_MINUTE = 600
/** How many requests per minute one client may send to the inspectors of one process. */
const INSPECTED_PER_MINUTE = 600

export interface PublicLimits {
  clock: Pick<Clock, 'now'>
  /** Counts a client's write. Returns 0 if it is allowed, otherwise the number of seconds to wait. */
  spendWrite: (client: string) => Promise<number>
}

/**
 * Allows public calls from pages of any origin. If there are limits, they apply to requests without a key and to the account
 * page's calls. Limits are per client (an IPv4 address, or the /64 of an IPv6 address). Writes are counted across all processes,
 * reads by each process.
 */
export async function registerPublicAccess(app: App, { limits }: { limits: PublicLimits | null }): Promise<void> {
  await app.register(cors, {
    hook: 'onRequest',
    delegator: (request, callback) =>
      callback(null, { origin: request.url.startsWith('/api/v1/public/') ? '*' : false }),
  })
  if (limits === null) return
  const reads = new ReadBudget(UNITS_PER_MINUTE, limits.clock)
  const inspected = new ReadBudget(INSPECTED_PER_MINUTE, limits.clock)
  app.addHook('onRequest', async (request) => {
    const client = clientOf(request.ip)
    const refuseAfter = (seconds: number) => {
      if (seconds > 0) throw refuseClient(seconds)
    }
    switch (limitOf(request)) {
      case 'write':
        return refuseAfter(await limits.spendWrite(client))
      case 'inspector':
        return refuseAfter(inspected.spend(client, 1))
      case 'read':
        request.spendUnits = (units) => refuseAfter(reads.spend(client, units))
        return request.spendUnits(1)
      case 'none':
        return
    }
  })
}

export function refuseClient(seconds: number): Problem {
  const detail = `Too many requests from your address. Try again in ${seconds} seconds.`
  return new Problem(refuse('rate_limited', detail), { 'retry-after': String(seconds) })
}

/** Public calls, and the sign-in and account pages' calls. */
const CALLS = ['/api/v1/public/', '/api/auth/', '/api/account']
/** The resources that the operator's tools read, and the pages' files. */
const UNLIMITED =
  /^\/(healthz|readyz|metrics|assets\/|fonts\/|favicon|apple-touch-icon|site\.webmanifest|robots|embed\.js)/

/** Checks the matched route, because the same URL can be written in many ways (`/api/v1/%70ublic/`). */
function limitOf({ routeOptions: { url = '/*', config }, method }: FastifyRequest) {
  const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
  if (url.startsWith('/inspect/in/')) return 'inspector'
  if (CALLS.some((start) => url.startsWith(start))) return isRead ? 'read' : 'write'
  // All other calls under /api/v1 need a key or a session, unless the route is declared public.
  if (url.startsWith('/api/v1/') && config.access !== 'public') return 'none'
  return UNLIMITED.test(url) ? 'none' : 'read'
}
