import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { OrganizationId } from '../access/gate.ts'
import { hashInvitationToken } from '../accounts/invitation.ts'
import { Problem, refuse, refuseField } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY } from '../time/durations.ts'
import * as store from './store.ts'

interface Deps {
  database: Database
  clock: Clock
  secrets: Secrets
}

/**
 * Wraps a POST handler, so that a repeat with the same Idempotency-Key and body gets the first answer again.
 * The answer is kept in the transaction of the change: a process killed in between leaves both or neither. Only answers 2xx
 * are kept; a refusal rolls the key back with everything else. Without the header the handler runs as it is. Kept answers
 * are encrypted: some hold what is shown only once, such as an API key or a webhook's secret.
 */
export function withIdempotency(deps: Deps, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function run(this: unknown, request, reply) {
    const key = readKey(request)
    const answer = () => (handler as (...values: unknown[]) => unknown).call(this, request, reply)
    if (key === undefined) return answer()
    const kept = await keptAnswer(deps, { key, request, reply, answer })
    return kept === undefined ? answer() : reply.type('application/json; charset=utf-8').serializer(String).send(kept)
  }
}

interface KeyedRequest {
  key: string
  request: FastifyRequest
  reply: FastifyReply
  answer: () => unknown
}

interface Call extends KeyedRequest {
  use: Use
}

/** One use of a key, and what its body is hashed with beside itself. */
interface Use extends store.IdempotencyUse {
  salt?: string
}

/** The answer as text; undefined where nobody is there to keep it: a page or an invitation that does not exist. */
async function keptAnswer(deps: Deps, call: KeyedRequest): Promise<string | undefined> {
  const { idempotency } = call.request.routeOptions.config
  if (idempotency === 'setup') return answerSetup(deps, call)
  const use = await findUse(deps, call)
  if (!use) return undefined
  return idempotency === 'after' ? answerThenKeep(deps, { ...call, use }) : answerOnce(deps, { ...call, use })
}

/** The setup makes the organization that keeps its key, so whoever repeats it waits for the first to end. */
async function answerSetup(deps: Deps, call: KeyedRequest): Promise<string> {
  return deps.database.transaction(async (tx) => {
    await store.lockSetup(tx)
    const within = (organization: OrganizationId) => ({ organization, scope: 'setup', ...nameUse(call) })
    const present = await store.findFirstOrganization(tx)
    if (present !== undefined) return answerOnce(deps, { ...call, use: within(present) })
    const value = await call.answer()
    const made = await store.findFirstOrganization(tx)
    if (made === undefined) throw new Error('A setup that succeeded has made no organization.')
    return answerOnce(deps, { ...call, use: within(made), answer: () => value })
  })
}

/** Gives the answer as text: the kept one, or the handler's, which is then kept. Inside the transaction of the change. */
async function answerOnce({ database, clock, secrets }: Deps, { use, request, reply, answer }: Call): Promise<string> {
  return database.transaction(async (tx) => {
    const bodyHash = hashBody(request.body, use.salt)
    const times = { now: clock.timestamp(), dayAgo: toTimestamp(clock.now() - DAY) }
    if (!(await store.takeIdempotencyKey(tx, use, bodyHash, times)))
      return repeat(await store.findFirstAnswer(tx, use, times.dayAgo), bodyHash, { reply, secrets })
    const value = await answer()
    if (value === reply) throw new Error('A POST handler returns its answer and leaves the sending to the server.')
    const text = JSON.stringify(value ?? null)
    await store.keepFirstAnswer(tx, use, reply.statusCode, secrets.encrypt(text).toString('base64'))
    return text
  })
}

/** For handlers that speak to the outside, which no transaction may wait for: the key is kept when the answer is there. */
async function answerThenKeep(deps: Deps, call: Call): Promise<string> {
  const dayAgo = toTimestamp(deps.clock.now() - DAY)
  const first = await store.findFirstAnswer(deps.database.executor, call.use, dayAgo)
  if (first) return repeat(first, hashBody(call.request.body), { reply: call.reply, secrets: deps.secrets })
  const answer = await call.answer()
  return answerOnce(deps, { ...call, answer: () => answer })
}

function repeat(
  first: store.FirstAnswer | undefined,
  bodyHash: string,
  { reply, secrets }: { reply: FastifyReply; secrets: Secrets },
): string {
  if (first?.body_hash !== bodyHash || first.answer === null) {
    throw new Problem(
      refuse(
        'idempotency_key_reused',
        'This Idempotency-Key came with another body before. Send the same body to get the first answer again, or a new key for a new request.',
      ),
    )
  }
  const answer = readAnswer(secrets, first.answer)
  reply.code(first.status ?? 200).header('idempotency-replayed', 'true')
  return answer
}

function readAnswer(secrets: Secrets, kept: string): string {
  try {
    return secrets.decrypt(Buffer.from(kept, 'base64'))
  } catch {
    throw new Problem(
      refuse(
        'conflict',
        'This was done, but its first answer can no longer be read, since BOOKBELL_SECRET has changed. Look at what there is, and send a new key for a new request.',
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
  return key
}

async function findUse({ database }: Deps, call: KeyedRequest): Promise<Use | undefined> {
  const owner = await findOwner(database, call.request)
  return owner && { ...nameUse(call), ...owner }
}

function nameUse({ key, request }: KeyedRequest) {
  return { key, route: `${request.method} ${request.url.split('?')[0]}` }
}

/** The organization and scope of a key: the API key or member that asks, or the page, attendee or invitation of a public call. */
async function findOwner(database: Database, request: FastifyRequest) {
  const { actor } = request
  if (actor)
    return {
      organization: actor.organization,
      scope: actor.kind === 'api_key' ? `api_key ${actor.apiKeyId}` : `member ${actor.memberId}`,
    }
  return findPublicOwner(database, request)
}

async function findPublicOwner({ executor }: Database, request: FastifyRequest) {
  const { page, external_id: externalId, token } = request.params as Record<string, string | undefined>
  if (token !== undefined) return findInvitation(executor, token, request)
  const organization = page
    ? await store.findOrganizationOfPage(executor, page)
    : externalId && (await store.findOrganizationOfAttendee(executor, externalId))
  return organization ? { organization, scope: page ? `page ${page}` : `attendee ${externalId}` } : undefined
}

/** The token is stored nowhere, so it is in no route; with it, nobody can guess a password from the hash of the body. */
async function findInvitation(executor: Executor, token: string, request: FastifyRequest) {
  const hash = hashInvitationToken(token)
  const organization = await store.findOrganizationOfInvitation(executor, hash)
  const route = `${request.method} ${request.routeOptions.url}`
  return organization && { organization, scope: `invitation ${hash.toString('base64')}`, route, salt: token }
}

function hashBody(body: unknown, salt = ''): string {
  return createHash('sha256')
    .update(salt + JSON.stringify(body ?? {}))
    .digest('base64')
}
