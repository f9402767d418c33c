import { z } from 'zod'
import { organizationOf } from '../access/gate.ts'
import { accept, Problem, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import { bookingForm, page, pageInput, pagePatch, publicPage } from './schema.ts'
import {
  changePage,
  createPage,
  deletePage,
  getPage,
  listPages,
  type PagesDeps,
  showBookingForm,
  showPage,
} from './service.ts'

const url = '/api/v1/pages'
const publicUrl = '/api/v1/public/pages/:page'
const tags = ['Pages']
const publicTags = ['Public']
const address = z.string().max(500)

export function registerPageRoutes(app: App, deps: PagesDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
  registerPublicReads(app, deps)
}

function registerReads(app: App, { database }: PagesDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: { tags, summary: 'List pages', querystring: pageQuery, response: { 200: listOf(page) } },
    handler: (request) => listPages(database.executor, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a page', params: idParam, response: { 200: page } },
    handler: async (request) => {
      const found = await getPage(database.executor, organizationOf(request), request.params.id)
      if (!found) throw new Problem(refuse('not_found', `There is no page ${request.params.id}.`))
      return found
    },
  })
}

function registerChanges(app: App, deps: PagesDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'Create a page', body: pageInput, response: { 201: page } },
    handler: async (request, reply) => {
      const { page: created } = accept(
        await createPage(deps, { organization: organizationOf(request), input: request.body }),
      )
      reply.code(201)
      return created
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: { tags, summary: 'Change a page', params: idParam, body: pagePatch, response: { 200: page } },
    handler: async (request) => {
      const change = { organization: organizationOf(request), id: request.params.id, patch: request.body }
      return accept(await changePage(deps, change)).page
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: { tags, summary: 'Delete a page', params: idParam, response: { 204: z.void() } },
    handler: async (request, reply) => {
      accept(await deletePage(deps, { organization: organizationOf(request), id: request.params.id }))
      return reply.code(204).send()
    },
  })
}

function registerPublicReads(app: App, { database }: PagesDeps): void {
  app.route({
    method: 'GET',
    url: publicUrl,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'A page and its public meeting types',
      params: z.strictObject({ page: address }),
      response: { 200: publicPage },
    },
    handler: async (request) => {
      const found = await showPage(database.executor, request.params.page)
      if (!found) throw new Problem(refuse('not_found', 'There is no page at this address.'))
      return found
    },
  })
  app.route({
    method: 'GET',
    url: `${publicUrl}/meeting-types/:slug`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'What the booking form of a meeting type needs',
      description: 'Hidden meeting types are found here, disabled ones are not.',
      params: z.strictObject({ page: address, slug: address }),
      response: { 200: bookingForm },
    },
    handler: async (request) => {
      const found = await showBookingForm(database.executor, request.params.page, request.params.slug)
      if (!found) throw new Problem(refuse('not_found', 'Nothing can be booked at this address.'))
      return found
    },
  })
}
