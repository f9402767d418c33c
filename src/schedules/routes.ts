import { z } from 'zod'
import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'
import {
  scheduleInputSchema,
  schedulePatchSchema,
  scheduleSchema,
  timeOffInputSchema,
  timeOffParamsSchema,
  timeOffSchema,
} from './schema.ts'
import * as service from './service.ts'

const url = '/api/v1/schedules'
const tags = ['Schedules']
const timeOffUrl = '/api/v1/members/:id/time-off'

export function registerScheduleRoutes(app: App, deps: service.SchedulesDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
  registerTimeOff(app, deps)
}

function registerReads(app: App, deps: service.SchedulesDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List schedules',
      description: 'Members can list their own and shared schedules. Managers and admins can list all schedules.',
      querystring: pageQuerySchema,
      response: { 200: listOf(scheduleSchema) },
    },
    handler: (request) => service.listSchedules(deps, actorOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a schedule', params: idParamSchema, response: { 200: scheduleSchema } },
    handler: async (request) => accept(await service.getSchedule(deps, actorOf(request), request.params)).schedule,
  })
}

function registerChanges(app: App, deps: service.SchedulesDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member', audit: 'schedule.created' },
    schema: {
      tags,
      summary: 'Create a schedule',
      description:
        'Managers and admins can create schedules for everyone. Members can create schedules for themselves.',
      body: scheduleInputSchema,
      response: { 201: scheduleSchema },
    },
    handler: async (request, reply) => {
      const { schedule } = accept(await service.createSchedule(deps, actorOf(request), request.body))
      reply.code(201)
      return schedule
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'member', audit: 'schedule.changed' },
    schema: {
      tags,
      summary: 'Change a schedule',
      description: 'Fields that are left out keep their values. Existing meetings are not changed.',
      params: idParamSchema,
      body: schedulePatchSchema,
      response: { 200: scheduleSchema },
    },
    handler: async (request) => {
      const change = { id: request.params.id, patch: request.body }
      return accept(await service.changeSchedule(deps, actorOf(request), change)).schedule
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'member', audit: 'schedule.deleted' },
    schema: {
      tags,
      summary: 'Delete a schedule',
      description: 'Not possible while a meeting type uses the schedule.',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await service.deleteSchedule(deps, actorOf(request), request.params))
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
      params: idParamSchema,
      querystring: pageQuerySchema,
      response: { 200: listOf(timeOffSchema) },
    },
    handler: async (request) => {
      const list = { member: request.params.id, page: readPage(request.query) }
      return accept(await service.listTimeOff(deps, actorOf(request), list)).list
    },
  })
  app.route({
    method: 'POST',
    url: timeOffUrl,
    config: { access: 'member', audit: 'time_off.created' },
    schema: {
      tags,
      summary: 'Add time off',
      params: idParamSchema,
      body: timeOffInputSchema,
      response: { 201: timeOffSchema },
    },
    handler: async (request, reply) => {
      const creation = { member: request.params.id, input: request.body }
      const { timeOff } = accept(await service.createTimeOff(deps, actorOf(request), creation))
      reply.code(201)
      return timeOff
    },
  })
  app.route({
    method: 'DELETE',
    url: `${timeOffUrl}/:time_off`,
    config: { access: 'member', audit: 'time_off.deleted' },
    schema: { tags, summary: 'Delete time off', params: timeOffParamsSchema, response: { 204: z.void() } },
    handler: async (request, reply) => {
      const { id: member, time_off: id } = request.params
      accept(await service.deleteTimeOff(deps, actorOf(request), { member, id }))
      return reply.code(204).send()
    },
  })
}
