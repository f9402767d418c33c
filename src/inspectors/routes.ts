import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { openReader, sendEventStream } from '../platform/event-stream.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'
import { numberInDigits } from '../platform/text-schema.ts'
import { Wakes } from '../platform/wakes.ts'
import { inspectorInputSchema, inspectorPatchSchema, inspectorRequestSchema, inspectorSchema } from './schema.ts'
import {
  changeInspector,
  createInspector,
  deleteInspector,
  findLastRequestId,
  INSPECTOR_CHANNEL,
  type InspectorsDeps,
  listInspectors,
  listRequests,
  openPage,
  recordRequest,
  wakeOf,
} from './service.ts'
import { streamRequests } from './stream.ts'

const url = '/api/v1/inspectors'
const publicUrl = '/api/v1/public/inspect/:token'
const tags = ['Inspectors']
const tokenParam = z.strictObject({ token: z.string().max(100) })

/** The maximum size of a request. It is larger than any activity. A smaller part is stored. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024

/** Registers the inspectors' API, their inbound URLs, and the routes that their pages read. */
export function registerInspectorRoutes(app: App, deps: InspectorsDeps): void {
  registerSettings(app, deps)
  registerChanges(app, deps)
  registerInbound(app, deps)
  registerPage(app, deps)
  registerStream(app, deps)
}

function registerSettings(app: App, deps: InspectorsDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin', secret: true },
    schema: {
      tags,
      summary: 'List inspectors',
      querystring: pageQuerySchema,
      response: { 200: listOf(inspectorSchema) },
    },
    handler: (request) => listInspectors(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin', audit: 'inspector.created' },
    schema: {
      tags,
      summary: 'Create a URL that records every request sent to it',
      body: inspectorInputSchema,
      response: { 201: inspectorSchema },
    },
    handler: async (request, reply) => {
      reply.code(201)
      return createInspector(deps, actorOf(request), { input: request.body })
    },
  })
}

function registerChanges(app: App, deps: InspectorsDeps): void {
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'inspector.changed' },
    schema: {
      tags,
      summary: "Change an inspector's name, or the status that it returns",
      params: idParamSchema,
      body: inspectorPatchSchema,
      response: { 200: inspectorSchema },
    },
    handler: async (request) => {
      const change = { ...request.params, patch: request.body }
      return accept(await changeInspector(deps, actorOf(request), change)).inspector
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'inspector.deleted' },
    schema: {
      tags,
      summary: 'Delete an inspector and all requests that it recorded',
      params: idParamSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      accept(await deleteInspector(deps, actorOf(request), request.params))
      return reply.code(204).send(null)
    },
  })
}

/** Accepts any method and any body without parsing it. This is a separate scope with one parser for everything. */
function registerInbound(app: App, deps: InspectorsDeps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) =>
      done(null, body),
    )
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/inspect/in/:token',
      exposeHeadRoute: false,
      config: { audit: { none: 'records a request for the inspector itself' } },
      bodyLimit: BODY_LIMIT_BYTES,
      schema: { hide: true },
      // In all other scopes, the server rejects invalid content types. In this scope, every body is read as bytes. The original
      // content type is in the raw headers.
      onRequest: async (request) => {
        request.headers['content-type'] = 'application/octet-stream'
      },
      handler: async (request, reply) => {
        const { token } = request.params as { token: string }
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const received = { method: request.method, rawHeaders: request.raw.rawHeaders, body }
        const { status } = accept(await recordRequest(deps, { token, request: received }))
        return reply.code(status).type('text/plain; charset=utf-8').send('Recorded by the inspector\n')
      },
    })
  })
}

function registerPage(app: App, deps: InspectorsDeps): void {
  app.route({
    method: 'GET',
    url: `${publicUrl}/requests`,
    config: { access: 'public' },
    schema: {
      tags,
      summary: "List an inspector's requests, newest first",
      params: tokenParam,
      querystring: pageQuerySchema,
      response: { 200: listOf(inspectorRequestSchema) },
    },
    handler: async (request) => {
      const { owner } = accept(await openPage(deps, request.params.token))
      const { organization, inspector } = owner
      return listRequests(deps, organization, { inspector, page: readPage(request.query) })
    },
  })
}

function registerStream(app: App, { database }: InspectorsDeps): void {
  const wakes = new Wakes(INSPECTOR_CHANNEL)
  app.addHook('onReady', () => wakes.start(database))
  app.addHook('preClose', () => wakes.stop())
  app.route({
    method: 'GET',
    url: `${publicUrl}/stream`,
    config: { access: 'public' },
    schema: {
      tags,
      summary: "Stream an inspector's requests as server-sent events",
      description:
        'Continues after `Last-Event-ID`, or else after the request with the id `after`. Without either, the stream starts with the next request.',
      params: tokenParam,
      querystring: z.object({
        after: numberInDigits(z.number('must be an id in digits').int().min(0).max(Number.MAX_SAFE_INTEGER)).optional(),
      }),
    },
    handler: async (request, reply) => {
      const { token } = request.params
      const { owner } = accept(await openPage({ database }, token))
      const last = Number(request.headers['last-event-id'] || Number.NaN)
      const requested = Number.isSafeInteger(last) ? last : request.query.after
      const after = requested ?? (await findLastRequestId({ database }, owner.organization, owner))
      const reader = openReader(wakes, wakeOf(owner))
      return sendEventStream(reply, streamRequests({ database }, reader, { owner, token, after }), () => reader.end())
    },
  })
}
