import { createHash, createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { Problem, refuse, refuseField } from '../errors.ts'
import { clientOf } from '../platform/client-address.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY } from '../time/durations.ts'
import type { OrganizationId } from './gate.ts'
import * as store from './store.ts'

/**
 * Finds the organization that stores the Idempotency-Key of a public call. Returns undefined if the page, attendee or
 * invitation does not exist.
 */
export interface KeyOwners {
  findOfPage(executor: Executor, slug: string): Promise<OrganizationId | undefined>
  findOfAttendee(executor: Executor, externalId: string): Promise<OrganizationId | undefined>
  /** Also finds used invitations. */
  findOfInvitation(executor: Executor, token: string): Promise<OrganizationId | undefined>
  /** The organization that the setup has created. */
  findOfSetup(executor: Executor): Promise<OrganizationId | undefined>
  /** Makes other setups wait until the end of the transaction. */
  lockSetup(tx: Transaction): Promise<void>
}

export interface IdempotencyDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  keyOwners: KeyOwners
}

/** Visitors who share an address also share their keys, so a visitor's key must not be easy to guess. */
const LEAST_PUBLIC_KEY = 16

/**
 * Wraps a POST handler so that a retry with the same Idempotency-Key and body gets the first response again. The response is
 * stored in the same transaction as the change. If the process is killed, either both are stored or neither is. Only 2xx
 * responses are stored. A refusal rolls back the key with everything else. Without the header, the handler runs as usual. Stored
 * responses are encrypted, because some contain values that are shown only once, such as an API key or a webhook's secret.
 */
export function withIdempotency(deps: IdempotencyDeps, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function run(request, reply) {
    const key = readKey(request)
    const handle = () => handler.call(this, request, reply)
    if (key === undefined) return handle()
    const stored = await respondOnceByKey(deps, { key, request, reply, handle })
    return stored === undefined
      ? handle()
      : reply.type('application/json; charset=utf-8').serializer(String).send(stored)
  }
}

interface KeyedRequest {
  key: string
  request: FastifyRequest
  reply: FastifyReply
  /** Runs the route's handler and returns its response body. */
  handle: () => unknown
}

interface Call extends KeyedRequest {
  use: KeyUse
}

/** One request with a key, and the salt for the hash of its body. */
interface KeyUse extends store.IdempotencyUse {
  organization: OrganizationId
  salt?: string
}

/**
 * Returns the response as text. Returns undefined if no organization can store it because the page or invitation does not exist.
 */
async function respondOnceByKey(deps: IdempotencyDeps, call: KeyedRequest): Promise<string | undefined> {
  const { idempotency } = call.request.routeOptions.config
  if (idempotency === 'setup') return respondToSetup(deps, call)
  const use = await findUse(deps, call)
  if (!use) return undefined
  return idempotency === 'after' ? respondThenStore(deps, { ...call, use }) : respondOnce(deps, { ...call, use })
}

/** The setup creates the organization that stores its key, so a retry waits until the first request ends. */
async function respondToSetup(deps: IdempotencyDeps, call: KeyedRequest): Promise<string> {
  return deps.database.ambientTransaction(async (tx) => {
    await deps.keyOwners.lockSetup(tx)
    const within = (organization: OrganizationId) => ({ organization, scope: 'setup', ...nameUse(call, deps) })
    const existing = await deps.keyOwners.findOfSetup(tx)
    if (existing !== undefined) return respondOnce(deps, { ...call, use: within(existing) })
    const value = await call.handle()
    const created = await deps.keyOwners.findOfSetup(tx)
    if (created === undefined) throw new Error('The setup succeeded but created no organization.')
    return respondOnce(deps, { ...call, use: within(created), handle: () => value })
  })
}

/** Returns the stored response, or runs the handler and stores its response in the same transaction as the change. */
async function respondOnce(
  { database, clock, secrets }: IdempotencyDeps,
  { use, request, reply, handle }: Call,
): Promise<string> {
  return database.ambientTransaction(async (tx) => {
    const { organization, scope, route, key, salt } = use
    const body_hash = hashBody(request.body, salt)
    const dayAgo = toTimestamp(clock.now() - DAY)
    const claim = { scope, route, key, body_hash, created_at: clock.timestamp(), dayAgo }
    if (!(await store.claimIdempotencyKey(tx, organization, claim)))
      return replay(await store.findStoredResponse(tx, organization, { ...use, dayAgo }), body_hash, { reply, secrets })
    const value = await handle()
    if (value === reply) throw new Error('A POST handler must return its response, not send it.')
    const text = JSON.stringify(value ?? null)
    const answer = secrets.encrypt(text).toString('base64')
    await store.storeResponse(tx, organization, { scope, route, key, status: reply.statusCode, answer })
    return text
  })
}

/**
 * For handlers that call other servers. A transaction must not stay open during those calls, so the key is stored after the
 * handler has finished.
 */
async function respondThenStore(deps: IdempotencyDeps, call: Call): Promise<string> {
  const dayAgo = toTimestamp(deps.clock.now() - DAY)
  const { organization } = call.use
  const first = await store.findStoredResponse(deps.database.executor, organization, { ...call.use, dayAgo })
  if (first) return replay(first, hashBody(call.request.body), { reply: call.reply, secrets: deps.secrets })
  const value = await call.handle()
  return respondOnce(deps, { ...call, handle: () => value })
}

function replay(
  first: store.StoredResponse | undefined,
  bodyHash: string,
  { reply, secrets }: { reply: FastifyReply; secrets: Secrets },
): string {
  if (first?.body_hash !== bodyHash || first.answer === null) {
    throw new Problem(
      refuse(
        'idempotency_key_reused',
        'This Idempotency-Key was used with a different body. To get the first response again, send the same body. For a new request, use a new key.',
      ),
    )
  }
  const text = decryptResponse(secrets, first.answer)
  reply.code(first.status ?? 200).header('idempotency-replayed', 'true')
  return text
}

function decryptResponse(secrets: Secrets, stored: string): string {
  try {
    return secrets.decrypt(Buffer.from(stored, 'base64'))
  } catch {
    throw new Problem(
      refuse(
        'conflict',
        'This request succeeded before, but its response can no longer be read because BOOKBELL_SECRET has changed. Check the result, and use a new key for a new request.',
      ),
    )
  }
}

function readKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key.length === 0 || key.length > 255) {
    throw new Problem(refuseField('Idempotency-Key', 'must have 1 to 255 characters'))
  }
  if (!request.actor && key.length < LEAST_PUBLIC_KEY) {
    const message = `must have at least ${LEAST_PUBLIC_KEY} random characters, such as a UUID, if the request has no API key`
    throw new Problem(refuseField('Idempotency-Key', message))
  }
  return key
}

async function findUse(deps: IdempotencyDeps, call: KeyedRequest): Promise<KeyUse | undefined> {
  const owner = await findOwner(deps, call.request)
  return owner && { ...nameUse(call, deps), ...owner }
}

function nameUse({ key, request }: KeyedRequest, { secrets }: Pick<IdempotencyDeps, 'secrets'>) {
  const [path = ''] = request.url.split('?')
  const { isPersonal } = request.routeOptions.config
  return {
    key,
    route: `${request.method} ${isPersonal ? `${request.routeOptions.url} ${hashPath(secrets, path)}` : path}`,
  }
}

/** The path identifies a person. Without a secret key, the hash could be matched to a person by guessing. */
function hashPath(secrets: Secrets, path: string): string {
  return createHmac('sha256', secrets.derive('paths of idempotency keys')).update(path).digest('base64')
}

/** Returns a key's organization and scope: the API key or member, or a public call's page, attendee or invitation. */
async function findOwner(deps: IdempotencyDeps, request: FastifyRequest) {
  const { actor } = request
  if (actor)
    return {
      organization: actor.organization,
      scope: actor.kind === 'api_key' ? `api_key ${actor.apiKeyId}` : `member ${actor.memberId}`,
    }
  return findPublicOwner(deps, request)
}

async function findPublicOwner(deps: IdempotencyDeps, request: FastifyRequest) {
  const { executor } = deps.database
  const { page, external_id: externalId, token } = request.params as Record<string, string | undefined>
  if (token !== undefined) return findInvitation(deps, token, request)
  const organization = page
    ? await deps.keyOwners.findOfPage(executor, page)
    : externalId && (await deps.keyOwners.findOfAttendee(executor, externalId))
  if (!organization) return undefined
  // Each client has its own keys, so a key reveals nothing to other clients and cannot conflict with theirs.
  const client = createHash('sha256').update(clientOf(request.ip)).digest('base64url')
  return { organization, scope: `${page ? `page ${page}` : `attendee ${externalId}`} ${client}` }
}

/** The token itself is never stored, not even in the route. It salts the body's hash, so that passwords cannot be guessed from it. */
async function findInvitation({ database, keyOwners }: IdempotencyDeps, token: string, request: FastifyRequest) {
  const organization = await keyOwners.findOfInvitation(database.executor, token)
  const hash = createHash('sha256').update(token).digest('base64')
  const route = `${request.method} ${request.routeOptions.url}`
  return organization && { organization, scope: `invitation ${hash}`, route, salt: token }
}

function hashBody(body: unknown, salt = ''): string {
  return createHash('sha256')
    .update(salt + JSON.stringify(body ?? {}))
    .digest('base64')
}
