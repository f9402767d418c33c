import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { App } from './http-server.ts'

/** What one address may ask for in a minute, without a key. */
const READS_A_MINUTE = 600
const WRITES_A_MINUTE = 60

/** Opens the public calls to pages of every origin, and bounds them by address where the server is not a developer's own. */
export async function registerPublicAccess(app: App, { limited }: { limited: boolean }): Promise<void> {
  await app.register(cors, {
    hook: 'onRequest',
    delegator: (request, callback) =>
      callback(null, { origin: request.url.startsWith('/api/v1/public/') ? '*' : false }),
  })
  if (!limited) return
  await app.register(rateLimit, {
    timeWindow: '1 minute',
    max: (request) => (isRead(request) ? READS_A_MINUTE : WRITES_A_MINUTE),
    keyGenerator: (request) => `${isRead(request) ? 'read' : 'write'} ${request.ip}`,
    allowList: (request) => !isPublic(request),
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.ceil(ttl / 1000)
      return new Problem(
        refuse('rate_limited', `Too many requests came from your address. Try again in ${seconds} seconds.`),
        { 'retry-after': String(seconds) },
      )
    },
  })
}

/** By the route that answers: one address can be written in many ways (`/api/v1/%70ublic/`). */
function isPublic(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/api/v1/public/') === true
}

function isRead(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS'
}
