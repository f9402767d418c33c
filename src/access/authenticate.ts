import type { FastifyRequest } from 'fastify'
import { errors, type Outcome, Problem, type Refusal, refuse } from '../errors.ts'
import { readBearer } from '../platform/bearer.ts'
import { clientOf } from '../platform/client-address.ts'
import type { App } from '../platform/http-server.ts'
import { refuseClient } from '../platform/public-access.ts'
import { hasRole, type Identity, type MemberRole, type OrganizationId } from './gate.ts'
import { hintOf } from './hint.ts'
import { type IdempotencyDeps, withIdempotency } from './idempotency.ts'
import { refuseForeignOrigin } from './origin.ts'

/**
 * Finds the member who is signed in with a session cookie. If `organization` is given and they belong to it, finds their
 * membership there. If their organization refuses the session, says why.
 */
export interface Sessions {
  findActor(headers: Headers, organization?: OrganizationId): Promise<Outcome<{ identity: Identity }> | undefined>
  /** Returns whether the person signed in, or confirmed their identity, a short time ago. */
  isFresh(headers: Headers): Promise<boolean>
}

/**
 * Finds the actor that an API key belongs to. Refuses a key that does not exist, has expired or may not be used from the address.
 */
export interface ApiKeys {
  findActor(used: { key: string; address: string }): Promise<Outcome<{ identity: Identity }>>
}

export interface GateDeps extends IdempotencyDeps {
  sessions: Sessions
  apiKeys: ApiKeys
  /** The server's public URL. */
  url: string
  /**
   * Counts a request with a refused API key. Returns 0 if the request may be processed, otherwise how many seconds the client
   * must wait.
   */
  spendFailedKey?: (client: string) => Promise<number>
}

const READING = new Set(['GET', 'HEAD'])

/**
 * Authenticates requests to every route that is registered afterwards. `config.access` says who may use a route. A route under
 * /api/v1 without it throws at startup. Every POST under /api/v1 accepts an Idempotency-Key.
 */
export function registerGate(app: App, deps: GateDeps): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1/')) return
    if (!route.config?.access)
      throw new Error(`${route.method} ${route.url} has no config.access. Declare who may use it.`)
    if (route.method === 'POST') route.handler = withIdempotency(deps, route.handler)
  })
  app.addHook('onRequest', async (request) => {
    const { access, secret = false, fresh = false } = request.routeOptions.config
    if (!access || access === 'public') {
      request.findViewer = (organization) => identifyIn(deps, request, organization)
      return
    }
    const found = await identify(deps, request)
    if (!found.ok && readBearer(request.headers.authorization) !== undefined) await limitFailedKeys(deps, request)
    if (!found.ok) throw new Problem(found, errors[found.code][0] === 401 ? { 'www-authenticate': 'Bearer' } : {})
    const { identity } = found
    const refusal =
      (identity.role === 'read_only' ? refuseReader(request.method, secret) : refuseRole(identity.role, access)) ??
      (fresh ? await refuseStale(deps, request, identity) : undefined)
    if (refusal) throw new Problem(refusal)
    request.actor = { ...identity, address: request.ip, log: request.log }
    request.isStillAllowed = async () => permissionsOf(await identify(deps, request)) === permissionsOf(found)
  })
}

/**
 * Keys cannot be guessed, but attempts to guess one must not use much of the server's capacity. A client with a valid key is
 * never refused.
 */
async function limitFailedKeys({ spendFailedKey }: GateDeps, { ip }: FastifyRequest): Promise<void> {
  const seconds = (await spendFailedKey?.(clientOf(ip))) ?? 0
  if (seconds > 0) throw refuseClient(seconds)
}

function refuseReader(method: string, secret: boolean): Refusal | undefined {
  if (!READING.has(method)) return refuse('forbidden', 'This API key is read-only. Use a key with a different role.')
  return secret
    ? refuse(
        'forbidden',
        'A read-only API key cannot read secrets, emails or personal data. Use a key with the role admin.',
      )
    : undefined
}

/** Someone who finds an open session or a key must not get access to what this check protects. */
async function refuseStale(
  { sessions }: GateDeps,
  request: FastifyRequest,
  { kind }: Identity,
): Promise<Refusal | undefined> {
  if (kind === 'api_key') return refuse('forbidden', 'API keys cannot do this. Sign in at /admin.')
  if (await sessions.isFresh(cookiesOf(request))) return undefined
  return refuse('fresh_sign_in_required', 'Confirm your identity in the admin, or sign in again.')
}

const cookiesOf = ({ headers }: FastifyRequest) => new Headers({ cookie: headers.cookie ?? '' })

function refuseRole(role: MemberRole, needed: MemberRole): Refusal | undefined {
  if (hasRole(role, needed)) return undefined
  return refuse('forbidden', `This requires the role ${needed}, but your role is ${role}. Ask an admin.`)
}

/** Returns an actor's permissions in a comparable form. A changed name does not change the permissions. */
function permissionsOf(found: Outcome<{ identity: Identity }>): string {
  return JSON.stringify(found.ok ? { ...found.identity, name: undefined } : null)
}

async function identifyIn(deps: GateDeps, request: FastifyRequest, organization: OrganizationId) {
  const found = await identify(deps, request, organization)
  return found.ok && found.identity.organization === organization ? found.identity : undefined
}

async function identify(
  deps: GateDeps,
  request: FastifyRequest,
  organization?: OrganizationId,
): Promise<Outcome<{ identity: Identity }>> {
  const key = readBearer(request.headers.authorization)
  if (key !== undefined) return identifyKey(deps, request, key)
  if (request.headers.cookie) {
    refuseForeignOrigin(request, deps.url)
    const found = await deps.sessions.findActor(cookiesOf(request), organization)
    if (found) return found
  }
  return refuse(
    'unauthenticated',
    'Send an API key of this organization: Authorization: Bearer bb_…. Create keys at /admin.',
  )
}

async function identifyKey({ apiKeys }: GateDeps, { ip, log }: FastifyRequest, key: string) {
  const found = await apiKeys.findActor({ key, address: ip })
  if (!found.ok) log.info({ hint: hintOf(key), code: found.code, address: ip }, 'API key refused')
  return found
}
