import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { readBearer } from './api-key.ts'
import { hasRole, type Identity } from './gate.ts'
import { type IdempotencyDeps, withIdempotency } from './idempotency.ts'
import { refuseForeignOrigin } from './origin.ts'
import { findActorOfKey } from './service.ts'

/** Finds the member who is signed in with a session cookie. */
export interface Sessions {
  findActor(headers: Headers): Promise<Identity | undefined>
}

export interface GateDeps extends IdempotencyDeps {
  sessions: Sessions
  /** The address that people use. */
  url: string
}

/**
 * Authenticates requests to every route that is registered afterwards. `config.access` says who may use a route; a route under
 * /api/v1 without it throws at start. Every POST under /api/v1 accepts an Idempotency-Key.
 */
export function registerGate(app: App, deps: GateDeps): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1/')) return
    if (!route.config?.access) throw new Error(`${route.method} ${route.url} has no config.access: say who may use it.`)
    if (route.method === 'POST') route.handler = withIdempotency(deps, route.handler)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (!access || access === 'public') return
    const identity = await identify(deps, request)
    if (!identity)
      throw new Problem(
        refuse(
          'unauthenticated',
          'Send an API key of this organization: Authorization: Bearer bb_…. Create keys at /admin.',
        ),
        { 'www-authenticate': 'Bearer' },
      )
    if (!hasRole(identity.role, access))
      throw new Problem(
        refuse('forbidden', `This requires the role ${access}; yours is ${identity.role}. Ask an admin.`),
      )
    request.actor = { ...identity, address: request.ip, log: request.log }
    request.isStillAllowed = async () => permissionsOf(await identify(deps, request)) === permissionsOf(identity)
  })
}

/** What an identity is allowed to do, in comparable form: a changed name is not a changed permission. */
function permissionsOf(identity: Identity | undefined): string {
  return JSON.stringify({ ...identity, name: undefined })
}

async function identify(deps: GateDeps, request: FastifyRequest): Promise<Identity | undefined> {
  const key = readBearer(request.headers.authorization)
  if (key !== undefined) return findActorOfKey(deps, key)
  if (!request.headers.cookie) return undefined
  refuseForeignOrigin(request, deps.url)
  return deps.sessions.findActor(new Headers({ cookie: request.headers.cookie }))
}
