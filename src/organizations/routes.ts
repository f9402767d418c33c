import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage, toPage } from '../platform/pagination.ts'
import type { Secrets } from '../platform/secrets.ts'
import { actorAnswer, apiKey, apiKeyInput, newApiKey, setupAnswer, setupInput } from './schema.ts'
import * as service from './service.ts'

interface Deps {
  database: Database
  clock: Clock
  secrets: Secrets
}

/** The organization itself: its setup and API keys. */
export function registerOrganizationRoutes(app: App, deps: Deps): void {
  registerSetup(app, deps)
  registerApiKeys(app, deps)
}

function registerSetup(app: App, deps: Deps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/public/setup',
    config: { access: 'public', idempotency: 'setup' },
    schema: {
      tags: ['Organization'],
      summary: 'Create the first organization with the one-time setup link',
      body: setupInput,
      response: { 201: setupAnswer },
    },
    handler: async (request, reply) => {
      const { organization, member, apiKey: key } = accept(await service.setUp(deps, request.body))
      reply.code(201)
      return { organization, member, api_key: key }
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/me',
    config: { access: 'member' },
    schema: { tags: ['Organization'], summary: 'Who the key or session belongs to', response: { 200: actorAnswer } },
    handler: (request) => service.describeActor(deps, actorOf(request)),
  })
}

function registerApiKeys(app: App, deps: Deps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/api-keys',
    config: { access: 'admin' },
    schema: { tags: ['API keys'], summary: 'List API keys', querystring: pageQuery, response: { 200: listOf(apiKey) } },
    handler: async (request) => {
      const keys = await service.listApiKeys(deps, organizationOf(request), readPage(request.query))
      return toPage(keys, request.query.limit, (key) => [key.id])
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/api-keys',
    config: { access: 'admin' },
    schema: { tags: ['API keys'], summary: 'Create an API key', body: apiKeyInput, response: { 201: newApiKey } },
    handler: async (request, reply) => {
      reply.code(201)
      return service.createApiKey(deps, organizationOf(request), request.body.name)
    },
  })
  app.route({
    method: 'DELETE',
    url: '/api/v1/api-keys/:id',
    config: { access: 'admin' },
    schema: { tags: ['API keys'], summary: 'Delete an API key', params: idParam, response: { 204: z.void() } },
    handler: async (request, reply) => {
      accept(await service.deleteApiKey(deps, organizationOf(request), request.params.id))
      return reply.code(204).send()
    },
  })
}
