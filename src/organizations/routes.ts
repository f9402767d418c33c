import { z } from 'zod'
import { actorOf } from '../access/gate.ts'
import { accept, Problem, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { actorAnswerSchema, deletionInputSchema, setupAnswerSchema, setupInputSchema } from './schema.ts'
import { deleteOrganization, describeActor, type OrganizationsDeps, type SetupDeps, setUp } from './service.ts'

const tags = ['Organization']

/**
 * Registers the routes for setting up the first organization, for showing the request's actor, and for deleting an organization.
 */
export function registerOrganizationRoutes(app: App, deps: SetupDeps): void {
  registerSetup(app, deps)
  registerActor(app, deps)
  registerDeletion(app, deps)
}

function registerSetup(app: App, deps: SetupDeps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/public/setup',
    config: { access: 'public', idempotency: 'setup', audit: 'organization.created' },
    schema: {
      tags,
      summary: 'Create the first organization with the one-time setup link',
      body: setupInputSchema,
      response: { 201: setupAnswerSchema },
    },
    handler: async (request, reply) => {
      const created = accept(await setUp(deps, { ...request.body, address: request.ip }))
      const { organization, member, apiKey, bookingUrl } = created
      reply.code(201)
      return { organization, member, api_key: apiKey, booking_url: bookingUrl }
    },
  })
}

function registerActor(app: App, deps: OrganizationsDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/me',
    config: { access: 'member' },
    schema: { tags, summary: 'Get the owner of the API key or session', response: { 200: actorAnswerSchema } },
    handler: (request) => describeActor(deps, actorOf(request)),
  })
}

function registerDeletion(app: App, deps: OrganizationsDeps): void {
  app.route({
    method: 'DELETE',
    url: '/api/v1/organization',
    config: { access: 'admin', audit: 'organization.deleted' },
    schema: {
      tags,
      summary: 'Delete the organization and everything in it',
      description:
        "Requires an admin who is signed in; API keys are not accepted. The organization immediately becomes inaccessible: its keys, pages, links and webhooks stop working, pending emails are not sent, and accounts that belong to no other organization are deleted. The organization's data is deleted in the background. This cannot be undone. See docs/privacy.md.",
      body: deletionInputSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      const actor = actorOf(request)
      if (actor.kind === 'api_key')
        throw new Problem(
          refuse(
            'forbidden',
            'An API key cannot delete the organization. Sign in as an admin, or run bookbell organizations delete on the server.',
          ),
        )
      accept(await deleteOrganization(deps, actor, request.body))
      return reply.code(204).send()
    },
  })
}
