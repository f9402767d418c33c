import { z } from 'zod'
import { organizationOf } from '../access/gate.ts'
import { accept, Problem, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import { meetingType, meetingTypeInput, meetingTypePatch } from './schema.ts'
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

function registerReads(app: App, { database }: MeetingTypesDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: { tags, summary: 'List meeting types', querystring: pageQuery, response: { 200: listOf(meetingType) } },
    handler: (request) => listMeetingTypes(database.executor, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a meeting type', params: idParam, response: { 200: meetingType } },
    handler: async (request) => {
      const found = await getMeetingType(database.executor, organizationOf(request), request.params.id)
      if (!found) throw new Problem(refuse('not_found', `There is no meeting type ${request.params.id}.`))
      return found
    },
  })
}

function registerChanges(app: App, deps: MeetingTypesDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'Create a meeting type', body: meetingTypeInput, response: { 201: meetingType } },
    handler: async (request, reply) => {
      const creation = { organization: organizationOf(request), input: request.body }
      const { meetingType: created } = accept(await createMeetingType(deps, creation))
      reply.code(201)
      return created
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Change a meeting type',
      description: 'Absent fields stay as they are. Meetings that were booked are not changed.',
      params: idParam,
      body: meetingTypePatch,
      response: { 200: meetingType },
    },
    handler: async (request) => {
      const change = { organization: organizationOf(request), id: request.params.id, patch: request.body }
      return accept(await changeMeetingType(deps, change)).meetingType
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Delete a meeting type',
      description: 'Meetings that were booked stay, and can still be cancelled or moved.',
      params: idParam,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteMeetingType(deps, { organization: organizationOf(request), id: request.params.id }))
      return reply.code(204).send()
    },
  })
}
