import { z } from 'zod'
import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import { schedule, scheduleInput, schedulePatch, timeOff, timeOffInput, timeOffParams } from './schema.ts'
import * as service from './service.ts'

const url = '/api/v1/schedules'
const tags = ['Schedules']
const timeOffUrl = '/api/v1/members/:id/time-off'

export function registerScheduleRoutes(app: App, deps: service.SchedulesDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
  registerTimeOff(app, deps)
}

function registerReads(app: App, { database }: service.SchedulesDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List schedules',
      description: 'Members see their own and the shared ones, managers and admins all.',
      querystring: pageQuery,
      response: { 200: listOf(schedule) },
    },
    handler: (request) => service.listSchedules(database.executor, actorOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a schedule', params: idParam, response: { 200: schedule } },
    handler: async (request) =>
      accept(await service.getSchedule(database.executor, actorOf(request), request.params.id)).schedule,
  })
}

function registerChanges(app: App, deps: service.SchedulesDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Create a schedule',
      description: 'Managers and admins make them for everybody, members for themselves.',
      body: scheduleInput,
      response: { 201: schedule },
    },
    handler: async (request, reply) => {
      const creation = { actor: actorOf(request), input: request.body }
      const created = accept(await service.createSchedule(deps, creation)).schedule
      reply.code(201)
      return created
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Change a schedule',
      description: 'Absent fields stay as they are. Meetings that were booked are not changed.',
      params: idParam,
      body: schedulePatch,
      response: { 200: schedule },
    },
    handler: async (request) => {
      const change = { actor: actorOf(request), id: request.params.id, patch: request.body }
      return accept(await service.changeSchedule(deps, change)).schedule
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Delete a schedule',
      description: 'Refused while a meeting type keeps to it.',
      params: idParam,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await service.deleteSchedule(deps, { actor: actorOf(request), id: request.params.id }))
      return reply.code(204).send()
    },
  })
}

function registerTimeOff(app: App, deps: service.SchedulesDeps): void {
  app.route({
    method: 'GET',
    url: timeOffUrl,
    config: { access: 'member' },
    schema: {
      tags,
      summary: "List a member's time off",
      params: idParam,
      querystring: pageQuery,
      response: { 200: listOf(timeOff) },
    },
    handler: async (request) => {
      const wanted = { member: request.params.id, page: readPage(request.query) }
      return accept(await service.listTimeOff(deps.database.executor, actorOf(request), wanted)).list
    },
  })
  app.route({
    method: 'POST',
    url: timeOffUrl,
    config: { access: 'member' },
    schema: { tags, summary: 'Take time off', params: idParam, body: timeOffInput, response: { 201: timeOff } },
    handler: async (request, reply) => {
      const creation = { actor: actorOf(request), member: request.params.id, input: request.body }
      const created = accept(await service.createTimeOff(deps, creation)).timeOff
      reply.code(201)
      return created
    },
  })
  app.route({
    method: 'DELETE',
    url: `${timeOffUrl}/:time_off`,
    config: { access: 'member' },
    schema: { tags, summary: 'Delete time off', params: timeOffParams, response: { 204: z.void() } },
    handler: async (request, reply) => {
      const { id: member, time_off: id } = request.params
      accept(await service.deleteTimeOff(deps, { actor: actorOf(request), member, id }))
      return reply.code(204).send()
    },
  })
}
