import type { FastifyReply, FastifyRequest } from 'fastify'
import { organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam } from '../platform/pagination.ts'
import type { Accounts } from './accounts.ts'
import {
  acceptanceInputSchema,
  acceptedInvitationSchema,
  invitationParamsSchema,
  invitationSchema,
  sentInvitationSchema,
} from './schema.ts'
import * as service from './service.ts'

type AccountRoutesDeps = service.AccountsDeps & { accounts: Accounts }

/** Invitations, and the sign-in routes of better-auth. */
export function registerAccountRoutes(app: App, deps: AccountRoutesDeps): void {
  registerInvitations(app, deps)
  registerSignIn(app, deps)
}

function registerInvitations(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/members/:id/invite',
    config: { access: 'admin' },
    schema: {
      tags: ['Members'],
      summary: 'Mail a member an invitation',
      params: idParam,
      response: { 201: sentInvitationSchema },
    },
    handler: async (request, reply) => {
      const member = request.params.id
      const { invitation } = accept(await service.inviteMember(deps, organizationOf(request), { member }))
      reply.code(201)
      return invitation
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/public/invitations/:token',
    config: { access: 'public' },
    schema: {
      tags: ['Members'],
      summary: 'Show an invitation',
      params: invitationParamsSchema,
      response: { 200: invitationSchema },
    },
    handler: async (request) => accept(await service.showInvitation(deps, request.params)).invitation,
  })
  app.route({
    method: 'POST',
    url: '/api/v1/public/invitations/:token/accept',
    config: { access: 'public' },
    schema: {
      tags: ['Members'],
      summary: 'Accept an invitation',
      params: invitationParamsSchema,
      body: acceptanceInputSchema,
      response: { 200: acceptedInvitationSchema },
    },
    handler: async (request) => {
      const { token } = request.params
      const { email } = accept(await service.acceptInvitation(deps, { token, password: request.body.password }))
      return { email }
    },
  })
}

/** better-auth, which uses the Fetch API, handles every request under /api/auth. */
function registerSignIn(app: App, { accounts, url }: AccountRoutesDeps): void {
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
