import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'
import {
  bookingFormSchema,
  pageInputSchema,
  pageMeetingTypeParamsSchema,
  pagePatchSchema,
  pageSchema,
  publicPageSchema,
} from './schema.ts'
import {
  changePage,
  createPage,
  deletePage,
  getBookingForm,
  getPage,
  getPublicPage,
  listPages,
  type PagesDeps,
  setMeetingTypeOfPage,
} from './service.ts'

const url = '/api/v1/pages'
const publicUrl = '/api/v1/public/pages/:page'
const tags = ['Pages']
const publicTags = ['Public']
const address = z.string().max(500)

export function registerPageRoutes(app: App, deps: PagesDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
  registerMeetingTypesOfPage(app, deps)
  registerPublicReads(app, deps)
}

function registerReads(app: App, deps: PagesDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: { tags, summary: 'List pages', querystring: pageQuerySchema, response: { 200: listOf(pageSchema) } },
    handler: (request) => listPages(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a page', params: idParamSchema, response: { 200: pageSchema } },
    handler: async (request) => accept(await getPage(deps, organizationOf(request), request.params)).page,
  })
}

function registerChanges(app: App, deps: PagesDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin', audit: 'page.created' },
    schema: { tags, summary: 'Create a page', body: pageInputSchema, response: { 201: pageSchema } },
    handler: async (request, reply) => {
      const { page } = accept(await createPage(deps, actorOf(request), request.body))
      reply.code(201)
      return page
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'page.changed' },
    schema: {
      tags,
      summary: 'Change a page',
      params: idParamSchema,
      body: pagePatchSchema,
      response: { 200: pageSchema },
    },
    handler: async (request) => {
      const change = { id: request.params.id, patch: request.body }
      return accept(await changePage(deps, actorOf(request), change)).page
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'page.deleted' },
    schema: { tags, summary: 'Delete a page', params: idParamSchema, response: { 204: z.void() } },
    handler: async (request, reply) => {
      accept(await deletePage(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}

/** One meeting type on a page, so that two people who change different types do not undo each other's change. */
function registerMeetingTypesOfPage(app: App, deps: PagesDeps): void {
  const route = {
    url: `${url}/:id/meeting-types/:meeting_type`,
    config: { access: 'admin', audit: 'page.changed' },
  } as const
  const schema = { tags, params: pageMeetingTypeParamsSchema, response: { 200: pageSchema } }
  const set =
    (listed: boolean) => async (request: FastifyRequest<{ Params: { id: number; meeting_type: number } }>) => {
      const { id, meeting_type: meetingType } = request.params
      return accept(await setMeetingTypeOfPage(deps, actorOf(request), { id, meetingType, listed })).page
    }
  app.route({
    ...route,
    method: 'PUT',
    schema: {
      ...schema,
      summary: 'Add a meeting type to a page',
      description:
        'Adds the meeting type at the end. If the page already has the meeting type, its position does not change.',
    },
    handler: set(true),
  })
  app.route({
    ...route,
    method: 'DELETE',
    schema: {
      ...schema,
      summary: 'Remove a meeting type from a page',
      description: 'The meeting type is not deleted.',
    },
    handler: set(false),
  })
}

function registerPublicReads(app: App, deps: PagesDeps): void {
  app.route({
    method: 'GET',
    url: publicUrl,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Get a page with its public meeting types',
      params: z.strictObject({ page: address }),
      response: { 200: publicPageSchema },
    },
    handler: async ({ params }) => accept(await getPublicPage(deps, { slug: params.page })).page,
  })
  app.route({
    method: 'GET',
    url: `${publicUrl}/meeting-types/:slug`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Get the booking form of a meeting type',
      description: 'Includes hidden meeting types, but not disabled ones.',
      params: z.strictObject({ page: address, slug: address }),
      response: { 200: bookingFormSchema },
    },
    handler: async ({ params }) => accept(await getBookingForm(deps, params)).form,
  })
}
