import { z } from 'zod'
import { organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import { tag, tagInput, tagPatch } from './schema.ts'
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
    schema: { tags, summary: 'List tags', querystring: pageQuery, response: { 200: listOf(tag) } },
    handler: (request) => listTags(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a tag', params: idParam, response: { 200: tag } },
    handler: async (request) =>
      accept(await getTag(deps, { organization: organizationOf(request), id: request.params.id })).tag,
  })
}

function registerChanges(app: App, deps: TagsDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member' },
    schema: { tags, summary: 'Create a tag', body: tagInput, response: { 201: tag } },
    handler: async (request, reply) => {
      const created = accept(await createTag(deps, { organization: organizationOf(request), name: request.body.name }))
      reply.code(201)
      return created.tag
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Rename a tag',
      description: 'A tag that a meeting carries keeps its name (409 `tag_in_use`).',
      params: idParam,
      body: tagPatch,
      response: { 200: tag },
    },
    handler: async (request) => {
      const change = { organization: organizationOf(request), id: request.params.id, name: request.body.name }
      return accept(await renameTag(deps, change)).tag
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Delete a tag',
      description: 'A tag that a meeting carries stays (409 `tag_in_use`).',
      params: idParam,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteTag(deps, { organization: organizationOf(request), id: request.params.id }))
      return reply.code(204).send()
    },
  })
}
