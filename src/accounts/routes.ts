import type { FastifyReply, FastifyRequest } from 'fastify'
import { organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam } from '../platform/pagination.ts'
import { getSettings } from '../settings/service.ts'
import type { Accounts } from './accounts.ts'
import { acceptance, accepted, invitation, invitationParams, invited } from './schema.ts'
import * as service from './service.ts'

type Deps = service.AccountsDeps & { accounts: Accounts }

/** How people get in: invitations, and better-auth's own addresses. */
export function registerAccountRoutes(app: App, deps: Deps): void {
  registerInvitations(app, deps)
  registerSignIn(app, deps)
}

function registerInvitations(app: App, deps: Deps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/members/:id/invite',
    config: { access: 'admin' },
    schema: {
      tags: ['Members'],
      summary: 'Mail a member the link to join',
      params: idParam,
      response: { 201: invited },
    },
    handler: async (request, reply) => {
      const organization = organizationOf(request)
      const { name } = await getSettings(deps.database.executor, organization)
      const made = accept(
        await service.inviteMember(deps, { organization, member: request.params.id, invitedBy: name }),
      )
      reply.code(201)
      return { email: made.email, expires_at: made.expiresAt }
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/public/invitations/:token',
    config: { access: 'public' },
    schema: {
      tags: ['Members'],
      summary: 'Show an invitation',
      params: invitationParams,
      response: { 200: invitation },
    },
    handler: async (request) => accept(await service.showInvitation(deps, request.params.token)).invitation,
  })
  app.route({
    method: 'POST',
    url: '/api/v1/public/invitations/:token/accept',
    config: { access: 'public' },
    schema: {
      tags: ['Members'],
      summary: 'Join by an invitation',
      params: invitationParams,
      body: acceptance,
      response: { 200: accepted },
    },
    handler: async (request) => {
      const { token } = request.params
      const { email } = accept(await service.acceptInvitation(deps, { token, password: request.body.password }))
      return { email }
    },
  })
}

/** Everything under /api/auth is answered by better-auth, which speaks the Fetch API. */
function registerSignIn(app: App, { accounts, url }: Deps): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    schema: { hide: true },
    handler: async (request, reply) => sendFetched(reply, await accounts.handle(toFetchRequest(request, url))),
  })
}

function toFetchRequest(request: FastifyRequest, url: string): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'content-length') headers.set(name, String(value))
  }
  headers.set('x-forwarded-for', request.ip)
  const body = request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}
  return new Request(new URL(request.url, url), { method: request.method, headers, ...body })
}

async function sendFetched(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status)
  for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie)
  return reply.serializer(String).send(await response.text())
}
