import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { actorAnswerSchema, setupAnswerSchema, setupInputSchema } from './schema.ts'
import { describeActor, type OrganizationsDeps, type SetupDeps, setUp } from './service.ts'

const tags = ['Organization']

/** The setup of the first organization, and who a request belongs to. */
export function registerOrganizationRoutes(app: App, deps: SetupDeps): void {
  registerSetup(app, deps)
  registerActor(app, deps)
}

function registerSetup(app: App, deps: SetupDeps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/public/setup',
    config: { access: 'public', idempotency: 'setup' },
    schema: {
      tags,
      summary: 'Create the first organization with the one-time setup link',
      body: setupInputSchema,
      response: { 201: setupAnswerSchema },
    },
    handler: async (request, reply) => {
      const { organization, member, apiKey } = accept(await setUp(deps, request.body))
      reply.code(201)
      return { organization, member, api_key: apiKey }
    },
  })
}

function registerActor(app: App, deps: OrganizationsDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/me',
    config: { access: 'member' },
    schema: { tags, summary: 'Who the key or session belongs to', response: { 200: actorAnswerSchema } },
    handler: (request) => describeActor(deps, actorOf(request)),
  })
}
