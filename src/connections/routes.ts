import { z } from 'zod'
import { actorOf, viewerOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, readPage } from '../platform/pagination.ts'
import {
  authorizationInputSchema,
  authorizationSchema,
  calendarParamsSchema,
  calendarPatchSchema,
  connectionInputSchema,
  connectionPatchSchema,
  connectionSchema,
  connectionsQuerySchema,
  decidedChangesSchema,
  disconnectQuerySchema,
  hostChangesSchema,
} from './schema.ts'
import {
  type ConnectionsDeps,
  changeCalendar,
  changeConnection,
  completeAuthorization,
  createConnection,
  decideHostChanges,
  deleteConnection,
  getConnection,
  listConnections,
  startAuthorization,
  syncConnectionNow,
} from './service.ts'

const url = '/api/v1/connections'
const tags = ['Connections']

/** Registers the routes for members' calendars at other providers. */
export function registerConnectionRoutes(app: App, deps: ConnectionsDeps): void {
  registerReads(app, deps)
  registerSignIn(app, deps)
  registerChanges(app, deps)
}

function registerReads(app: App, deps: ConnectionsDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List connected calendars',
      description: 'Managers and admins can list all connections. Other members can only list their own.',
      querystring: connectionsQuerySchema,
      response: { 200: listOf(connectionSchema) },
    },
    handler: (request) => {
      const { member } = request.query
      return listConnections(deps, actorOf(request), { ...readPage(request.query), member })
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a connection', params: idParamSchema, response: { 200: connectionSchema } },
    handler: async (request) => accept(await getConnection(deps, actorOf(request), request.params)).connection,
  })
}

/** The page that is shown after a sign-in at a provider. */
const PAGE = '/admin/availability?tab=calendars'

function registerSignIn(app: App, deps: ConnectionsDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/authorize`,
    config: { access: 'member', audit: { none: 'connects nothing yet' } },
    schema: {
      tags,
      summary: 'Start connecting a Google or Microsoft account',
      description:
        "Returns the address at which the member signs in to the provider. The browser then returns to this server, which creates the connection. Requires the member's session, because a person must sign in. See docs/calendars.md.",
      body: authorizationInputSchema,
      response: { 200: authorizationSchema },
    },
    handler: async (request) => {
      const started = accept(await startAuthorization(deps, actorOf(request), request.body))
      return { url: started.url }
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/callback`,
    config: { access: 'public', audit: 'connection.created' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const parameters = new URL(request.url, deps.url).searchParams
      const returned = { parameters, findViewer: viewerOf(request), address: request.ip }
      const result = await completeAuthorization(deps, returned)
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
      const shown = result.ok ? `connection=${result.connection}` : `problem=${result.problem}`
      return reply.redirect(`${PAGE}&${shown}`)
    },
  })
}

function registerChanges(app: App, deps: ConnectionsDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member', audit: 'connection.created' },
    schema: {
      tags,
      summary: 'Connect a calendar',
      description:
        "The calendar's busy times block slots from now on. The member cannot be booked until the calendar has been read for the first time. See docs/calendars.md.",
      body: connectionInputSchema,
      response: { 201: connectionSchema },
    },
    handler: async (request, reply) => {
      const { connection } = accept(await createConnection(deps, actorOf(request), request.body))
      reply.code(201)
      return connection
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'member', audit: 'connection.changed' },
    schema: {
      tags,
      summary: 'Change a connection',
      description: 'Use this after the password has changed. The account is read and written again immediately.',
      params: idParamSchema,
      body: connectionPatchSchema,
      response: { 200: connectionSchema },
    },
    handler: async (request) =>
      accept(await changeConnection(deps, actorOf(request), { ...request.params, ...request.body })).connection,
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'member', audit: 'connection.deleted' },
    schema: {
      tags,
      summary: 'Disconnect a calendar',
      description: 'Deletes all data that was read from the calendar.',
      params: idParamSchema,
      querystring: disconnectQuerySchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteConnection(deps, actorOf(request), { ...request.params, ...request.query }))
      return reply.code(204).send()
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id/calendars/:calendar`,
    config: { access: 'member', audit: 'connection.changed' },
    schema: {
      tags,
      summary: 'Change which appointments in a calendar count as busy',
      params: calendarParamsSchema,
      body: calendarPatchSchema,
      response: { 200: connectionSchema },
    },
    handler: async (request) =>
      accept(await changeCalendar(deps, actorOf(request), { ...request.params, ...request.body })).connection,
  })
  app.route({
    method: 'POST',
    url: `${url}/:id/changes`,
    config: {
      access: 'member',
      audit: { none: 'moves and cancels meetings, which activities record' },
      idempotency: 'after',
    },
    schema: {
      tags,
      summary: 'Accept or undo changes that the host made in the calendar',
      description:
        'The `changes` of a connection are meetings that the host moved or deleted in the calendar. A meeting that cannot follow, for example because another meeting takes its new time, is restored in the calendar.',
      params: idParamSchema,
      body: hostChangesSchema,
      response: { 200: decidedChangesSchema },
    },
    handler: async (request) => {
      const decided = await decideHostChanges(deps, actorOf(request), { ...request.params, ...request.body })
      const { followed, restored } = accept(decided)
      return { followed, restored }
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/:id/sync`,
    config: {
      access: 'member',
      audit: { none: 'reads a calendar again, which happens all the time' },
      idempotency: 'after',
    },
    schema: {
      tags,
      summary: 'Read a calendar immediately',
      description: 'Returns 202 if this takes longer than 20 seconds. Reading then continues in the background.',
      params: idParamSchema,
      response: { 200: connectionSchema, 202: connectionSchema },
    },
    handler: async (request, reply) => {
      const { connection, isDone } = accept(await syncConnectionNow(deps, actorOf(request), request.params))
      reply.code(isDone ? 200 : 202)
      return connection
    },
  })
}
