import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'
import { blockedAttendeeInputSchema, blockedAttendeeSchema } from './schema.ts'
import { type BlockingDeps, blockAttendee, listBlockedAttendees, unblockAttendee } from './service.ts'

const url = '/api/v1/blocked-attendees'
const tags = ['Blocked attendees']

export function registerBlockingRoutes(app: App, deps: BlockingDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'List blocked email addresses and domains',
      querystring: pageQuerySchema,
      response: { 200: listOf(blockedAttendeeSchema) },
    },
    handler: (request) => listBlockedAttendees(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin', audit: 'attendee.blocked' },
    schema: {
      tags,
      summary: 'Block an email address or a domain',
      description:
        "A blocked person cannot book on the organization's pages, and the error does not mention the block. Existing meetings remain. To cancel them, use POST /api/v1/people/cancel-upcoming. Hosts can still book for the person.",
      body: blockedAttendeeInputSchema,
      response: { 201: blockedAttendeeSchema },
    },
    handler: async (request, reply) => {
      const { blocked } = accept(await blockAttendee(deps, actorOf(request), request.body))
      reply.code(201)
      return blocked
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'attendee.unblocked' },
    schema: {
      tags,
      summary: 'Unblock an email address or a domain',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await unblockAttendee(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}
