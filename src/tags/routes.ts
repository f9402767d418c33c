import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, readPage, searchQuerySchema } from '../platform/pagination.ts'
import { tagInputSchema, tagPatchSchema, tagSchema } from './schema.ts'
import { createTag, deleteTag, getTag, listTags, renameTag, type TagsDeps } from './service.ts'

const url = '/api/v1/tags'
const tags = ['Tags']

export function registerTagRoutes(app: App, deps: TagsDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
}

function registerReads(app: App, deps: TagsDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List tags',
      querystring: searchQuerySchema('the name'),
      response: { 200: listOf(tagSchema) },
    },
    handler: (request) =>
      listTags(deps, organizationOf(request), { ...readPage(request.query), search: request.query.search }),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a tag', params: idParamSchema, response: { 200: tagSchema } },
    handler: async (request) => accept(await getTag(deps, organizationOf(request), request.params)).tag,
  })
}

function registerChanges(app: App, deps: TagsDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member', audit: 'tag.created' },
    schema: { tags, summary: 'Create a tag', body: tagInputSchema, response: { 201: tagSchema } },
    handler: async (request, reply) => {
      const { tag } = accept(await createTag(deps, actorOf(request), request.body))
      reply.code(201)
      return tag
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'tag.changed' },
    schema: {
      tags,
      summary: 'Rename a tag',
      description: 'Not possible while a meeting uses the tag (409 `tag_in_use`).',
      params: idParamSchema,
      body: tagPatchSchema,
      response: { 200: tagSchema },
    },
    handler: async (request) =>
      accept(await renameTag(deps, actorOf(request), { ...request.params, ...request.body })).tag,
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'tag.deleted' },
    schema: {
      tags,
      summary: 'Delete a tag',
      description: 'Not possible while a meeting uses the tag (409 `tag_in_use`).',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteTag(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}
