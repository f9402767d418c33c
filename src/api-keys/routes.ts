import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'

import { apiKeyInputSchema, apiKeySchema, newApiKeySchema } from './schema.ts'
import { type ApiKeysDeps, createApiKey, deleteApiKey, listApiKeys } from './service.ts'

const url = '/api/v1/api-keys'
const tags = ['API keys']

/** Registers the routes for an organization's API keys. */
export function registerApiKeyRoutes(app: App, deps: ApiKeysDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'List API keys', querystring: pageQuerySchema, response: { 200: listOf(apiKeySchema) } },
    handler: (request) => listApiKeys(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin', audit: 'api_key.created' },
    schema: {
      tags,
      summary: 'Create an API key',
      description:
        "A key's role, expiry date and networks cannot be changed later. Create another key instead. See docs/api-keys.md.",
      body: apiKeyInputSchema,
      response: { 201: newApiKeySchema },
    },
    handler: async (request, reply) => {
      const { apiKey } = accept(await createApiKey(deps, actorOf(request), request.body))
      reply.code(201)
      return apiKey
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'api_key.deleted' },
    schema: { tags, summary: 'Delete an API key', params: idParamSchema, response: { 204: z.void() } },
    handler: async (request, reply) => {
      accept(await deleteApiKey(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}
