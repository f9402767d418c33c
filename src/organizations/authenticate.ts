import type { FastifyRequest } from 'fastify'
import { type Actor, hasRole } from '../access/gate.ts'
import { Problem, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { App } from '../platform/http-server.ts'
import type { Secrets } from '../platform/secrets.ts'
import { withIdempotency } from './idempotency.ts'
import { readBearer } from './organization.ts'
import * as service from './service.ts'

/** Who a session cookie belongs to. */
export interface Sessions {
  findUser(headers: Headers): Promise<{ userId: string } | undefined>
}

interface Deps {
  database: Database
  clock: Clock
  secrets: Secrets
  accounts: Sessions
  /** The address that people use. */
  url: string
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Puts the gate before every route that is registered afterwards: who may use it stands in its `config.access`, and a route
 * under /api/v1 without it is refused at start. Every POST under /api/v1 takes an Idempotency-Key.
 */
export function registerGate(app: App, deps: Deps): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1/')) return
    if (!route.config?.access)
      throw new Error(`${route.method} ${route.url} does not say who may use it: config.access.`)
    if (route.method === 'POST') route.handler = withIdempotency(deps, route.handler)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (!access || access === 'public') return
    const actor = await findActor(deps, request)
    if (!actor)
      throw new Problem(
        refuse(
          'unauthenticated',
          'Send an API key of this organization: Authorization: Bearer bb_…. Keys are made at /admin.',
        ),
        { 'www-authenticate': 'Bearer' },
      )
    if (!hasRole(actor.role, access))
      throw new Problem(refuse('forbidden', `This needs the role ${access}; yours is ${actor.role}. Ask an admin.`))
    request.actor = actor
  })
}

async function findActor(deps: Deps, request: FastifyRequest): Promise<Actor | undefined> {
  const key = readBearer(request.headers.authorization)
  if (key !== undefined) return service.findActorOfKey(deps, key)
  if (!request.headers.cookie) return undefined
  refuseForeignOrigin(request, deps.url)
  const user = await deps.accounts.findUser(new Headers({ cookie: request.headers.cookie }))
  return user && service.findActorOfUser(deps, user.userId)
}

/**
 * A page of another site must not act with somebody's cookie. Browsers say where a request comes from by Sec-Fetch-Site
 * (Fetch Metadata) or, older ones, by Origin; SameSite=Lax on the cookie is the second lock.
 */
function refuseForeignOrigin(request: FastifyRequest, url: string): void {
  if (SAFE_METHODS.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const own =
    site === undefined
      ? origin === undefined || origin === url || URL.parse(origin)?.host === request.host
      : site === 'same-origin' || site === 'none'
  if (!own)
    throw new Problem(
      refuse('forbidden', 'This request came from a page of another site. Use an API key for programs.'),
    )
}
