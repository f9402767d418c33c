import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, readPage } from '../platform/pagination.ts'
import { meetingTypeInputSchema, meetingTypePatchSchema, meetingTypeSchema, meetingTypesQuerySchema } from './schema.ts'
import {
  changeMeetingType,
  createMeetingType,
  deleteMeetingType,
  getMeetingType,
  listMeetingTypes,
  type MeetingTypesDeps,
} from './service.ts'

const url = '/api/v1/meeting-types'
const tags = ['Meeting types']

export function registerMeetingTypeRoutes(app: App, deps: MeetingTypesDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
}

function registerReads(app: App, deps: MeetingTypesDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List meeting types',
      querystring: meetingTypesQuerySchema,
      response: { 200: listOf(meetingTypeSchema) },
    },
    handler: (request) => {
      const { search, host } = request.query
      return listMeetingTypes(deps, organizationOf(request), { ...readPage(request.query), search, host })
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a meeting type', params: idParamSchema, response: { 200: meetingTypeSchema } },
    handler: async (request) =>
      accept(await getMeetingType(deps.database.executor, organizationOf(request), request.params)).meetingType,
  })
}

function registerChanges(app: App, deps: MeetingTypesDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin', audit: 'meeting_type.created' },
    schema: {
      tags,
      summary: 'Create a meeting type',
      body: meetingTypeInputSchema,
      response: { 201: meetingTypeSchema },
    },
    handler: async (request, reply) => {
      const { meetingType } = accept(await createMeetingType(deps, actorOf(request), request.body))
      reply.code(201)
      return meetingType
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'meeting_type.changed' },
    schema: {
      tags,
      summary: 'Change a meeting type',
      description: 'Fields that are left out keep their values. Existing meetings are not changed.',
      params: idParamSchema,
      body: meetingTypePatchSchema,
      response: { 200: meetingTypeSchema },
    },
    handler: async (request) => {
      const change = { id: request.params.id, patch: request.body }
      return accept(await changeMeetingType(deps, actorOf(request), change)).meetingType
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'meeting_type.deleted' },
    schema: {
      tags,
      summary: 'Delete a meeting type',
      description: 'Existing meetings remain and can still be cancelled or rescheduled.',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteMeetingType(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}
