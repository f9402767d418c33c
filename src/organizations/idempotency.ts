import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { Problem, refuse, refuseField } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import * as store from './store.ts'

interface Deps {
  database: Database
  clock: Clock
  secrets: Secrets
}

const DAY = 24 * 60 * 60 * 1000

/**
 * Wraps a POST handler, so that a repeat with the same Idempotency-Key and body gets the first answer again.
 * The answer is kept in the transaction of the change: a process killed in between leaves both or neither. Only answers 2xx
 * are kept; a refusal rolls the key back with everything else. Without the header the handler runs as it is. Kept answers
 * are encrypted: some hold what is shown only once, such as an API key or a webhook's secret.
 */
export function withIdempotency(deps: Deps, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function run(this: unknown, request, reply) {
    const use = await readUse(deps, request)
    const answer = () => (handler as (...values: unknown[]) => unknown).call(this, request, reply)
    if (!use) return answer()
    const kept = await (request.routeOptions.config.idempotency === 'after'
      ? answerThenKeep(deps, { use, request, reply, answer })
      : deps.database.transaction(() => answerOnce(deps, { use, request, reply, answer })))
    return reply.type('application/json; charset=utf-8').serializer(String).send(kept)
  }
}

interface Call {
  use: store.IdempotencyUse
  request: FastifyRequest
  reply: FastifyReply
  answer: () => unknown
}

/** Gives the answer as text: the kept one, or the handler's, which is then kept. Inside the transaction of the change. */
async function answerOnce({ database, clock, secrets }: Deps, { use, request, reply, answer }: Call): Promise<string> {
  return database.transaction(async (tx) => {
    const bodyHash = hashBody(request.body)
    const times = { now: clock.timestamp(), dayAgo: toTimestamp(clock.now() - DAY) }
    if (!(await store.takeIdempotencyKey(tx, use, bodyHash, times)))
      return repeat(await store.findFirstAnswer(tx, use), bodyHash, { reply, secrets })
    const value = await answer()
    if (value === reply) throw new Error('A POST handler returns its answer and leaves the sending to the server.')
    const text = JSON.stringify(value ?? null)
    await store.keepFirstAnswer(tx, use, reply.statusCode, secrets.encrypt(text).toString('base64'))
    return text
  })
}

/** For handlers that speak to the outside, which no transaction may wait for: the key is kept when the answer is there. */
async function answerThenKeep(deps: Deps, call: Call): Promise<string> {
  const first = await store.findFirstAnswer(deps.database.executor, call.use)
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

async function readUse({ database }: Deps, request: FastifyRequest): Promise<store.IdempotencyUse | undefined> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key.length === 0 || key.length > 255) {
    throw new Problem(refuseField('Idempotency-Key', 'must have 1 to 255 characters'))
  }
  const owner = await findOwner(database, request)
  return owner && { ...owner, key, route: `${request.method} ${request.url.split('?')[0]}` }
}

/** The organization and scope of a key: the API key or member that asks, or the page or attendee of a public call. */
async function findOwner({ executor }: Database, request: FastifyRequest) {
  const { actor } = request
  if (actor)
    return {
      organization: actor.organization,
      scope: actor.kind === 'api_key' ? `api_key ${actor.apiKeyId}` : `member ${actor.memberId}`,
    }
  const { page, external_id: externalId } = request.params as { page?: string; external_id?: string }
  const organization = page
    ? await store.findOrganizationOfPage(executor, page)
    : externalId && (await store.findOrganizationOfAttendee(executor, externalId))
  return organization ? { organization, scope: page ? `page ${page}` : `attendee ${externalId}` } : undefined
}

function hashBody(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(body ?? {}))
    .digest('base64')
}
