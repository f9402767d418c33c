import { z } from 'zod'
import { organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { openReader, sendEventStream } from '../platform/event-stream.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage, toPage } from '../platform/pagination.ts'
import { numberInDigits } from '../platform/text-schema.ts'
import { Wakes } from '../platform/wakes.ts'
import { inspectorInput, inspectorPatch, inspectorRequestSchema, inspectorSchema } from './schema.ts'
import {
  changeInspector,
  createInspector,
  deleteInspector,
  findLastRequestId,
  INSPECTOR_CHANNEL,
  type InspectorDeps,
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

/** More than any activity has; what is kept of it is less. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024

/** The inspector: its API, its inbound address, and what its page reads. */
export function registerInspectorRoutes(app: App, deps: InspectorDeps): void {
  registerSettings(app, deps)
  registerChanges(app, deps)
  registerInbound(app, deps)
  registerPage(app, deps)
  registerStream(app, deps)
}

function registerSettings(app: App, deps: InspectorDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'List inspectors', querystring: pageQuery, response: { 200: listOf(inspectorSchema) } },
    handler: async (request) => {
      const page = readPage(request.query)
      return toPage(await listInspectors(deps, organizationOf(request), page), page.limit, ({ id }) => [id])
    },
  })
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Create an address that records whatever is sent to it',
      body: inspectorInput,
      response: { 201: inspectorSchema },
    },
    handler: async (request, reply) => {
      reply.code(201)
      return createInspector(deps, organizationOf(request), request.body)
    },
  })
}

function registerChanges(app: App, deps: InspectorDeps): void {
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Change its name, or what it answers from now on',
      params: idParam,
      body: inspectorPatch,
      response: { 200: inspectorSchema },
    },
    handler: async (request) => {
      const asked = { organization: organizationOf(request), id: request.params.id, patch: request.body }
      return accept(await changeInspector(deps, asked)).inspector
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: { tags, summary: 'Delete it with all that it recorded', params: idParam, response: { 204: z.null() } },
    handler: async (request, reply) => {
      accept(await deleteInspector(deps, { organization: organizationOf(request), id: request.params.id }))
      return reply.code(204).send(null)
    },
  })
}

/** Takes any method and any body, of which the server understands nothing: a scope of its own, with one parser for all. */
function registerInbound(app: App, deps: InspectorDeps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) =>
      done(null, body),
    )
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/inspect/in/:token',
      exposeHeadRoute: false,
      bodyLimit: BODY_LIMIT_BYTES,
      schema: { hide: true },
      // The server refuses a content type that is none; here everything is bytes. What came stands in the raw headers.
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

function registerPage(app: App, deps: InspectorDeps): void {
  app.route({
    method: 'GET',
    url: `${publicUrl}/requests`,
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'List what an inspector received, newest first',
      params: tokenParam,
      querystring: pageQuery,
      response: { 200: listOf(inspectorRequestSchema) },
    },
    handler: async (request) => {
      const { owner } = accept(await openPage(deps.database.executor, request.params.token))
      const page = readPage(request.query)
      return toPage(await listRequests(deps, { owner, page }), page.limit, ({ id }) => [id])
    },
  })
}

function registerStream(app: App, { database }: InspectorDeps): void {
  const wakes = new Wakes(INSPECTOR_CHANNEL)
  app.addHook('onReady', () => wakes.start(database))
  app.addHook('preClose', () => wakes.stop())
  app.route({
    method: 'GET',
    url: `${publicUrl}/stream`,
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Follow what an inspector receives as server-sent events',
      description:
        'Goes on after `Last-Event-ID`, else after the request whose id is `after`, else with what comes next.',
      params: tokenParam,
      querystring: z.object({
        after: numberInDigits(z.number('must be an id in digits').int().min(0).max(Number.MAX_SAFE_INTEGER)).optional(),
      }),
    },
    handler: async (request, reply) => {
      const { owner } = accept(await openPage(database.executor, request.params.token))
      const last = Number(request.headers['last-event-id'] || Number.NaN)
      const asked = Number.isSafeInteger(last) ? last : request.query.after
      const after = asked ?? (await findLastRequestId(database.executor, owner))
      const reader = openReader(wakes, wakeOf(owner))
      return sendEventStream(reply, streamRequests(database, reader, { owner, after }), () => reader.end())
    },
  })
}
