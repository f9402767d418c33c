import { z } from 'zod'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import { organizationOf } from './gate.ts'
import { apiKeyInputSchema, apiKeySchema, newApiKeySchema } from './schema.ts'
import { type AccessDeps, createApiKey, deleteApiKey, listApiKeys } from './service.ts'

const url = '/api/v1/api-keys'
const tags = ['API keys']

/** The API keys of an organization. */
export function registerApiKeyRoutes(app: App, deps: AccessDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'List API keys', querystring: pageQuery, response: { 200: listOf(apiKeySchema) } },
    handler: (request) => listApiKeys(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'Create an API key', body: apiKeyInputSchema, response: { 201: newApiKeySchema } },
    handler: async (request, reply) => {
      reply.code(201)
      return createApiKey(deps, organizationOf(request), request.body)
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: { tags, summary: 'Delete an API key', params: idParam, response: { 204: z.void() } },
    handler: async (request, reply) => {
      accept(await deleteApiKey(deps, organizationOf(request), { id: request.params.id }))
      return reply.code(204).send()
    },
  })
}
