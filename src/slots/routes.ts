import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { getMeetingTypeAt } from '../meeting-types/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { App } from '../platform/http-server.ts'
import { idParam } from '../platform/pagination.ts'
import { explainQuery, explanation, slotsAnswer, slotsParams, slotsQuery } from './schema.ts'
import { explainStart, listSlots, listSlotsOfType } from './service.ts'

interface Deps {
  database: Database
  clock: Clock
}

export function registerSlotRoutes(app: App, { database, clock }: Deps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/public/pages/:page/meeting-types/:slug/slots',
    config: { access: 'public' },
    schema: {
      tags: ['Public'],
      summary: 'List the starts that can be booked',
      params: slotsParams,
      querystring: slotsQuery,
      response: { 200: slotsAnswer },
    },
    handler: async ({ params, query }) => {
      const { organization, meetingType } = accept(await getMeetingTypeAt(database.executor, params))
      return accept(await listSlots(database.executor, { organization, meetingType, query, now: clock.now() })).slots
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/meeting-types/:id/slots',
    config: { access: 'member' },
    schema: {
      tags: ['Meeting types'],
      summary: 'List the starts that can be booked, whatever its visibility',
      description: 'Members ask about the meeting types that they host.',
      params: idParam,
      querystring: slotsQuery,
      response: { 200: slotsAnswer },
    },
    handler: async (request) => {
      const question = { actor: actorOf(request), id: request.params.id, query: request.query, now: clock.now() }
      return accept(await listSlotsOfType(database.executor, question)).slots
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/meeting-types/:id/explain',
    config: { access: 'member' },
    schema: {
      tags: ['Meeting types'],
      summary: 'Explain which rule admits or refuses a start, for each host',
      params: idParam,
      querystring: explainQuery,
      response: { 200: explanation },
    },
    handler: async (request) => {
      const { id } = request.params
      const start = Temporal.Instant.from(request.query.start).epochMilliseconds
      const question = { actor: actorOf(request), id, start, now: clock.now() }
      return accept(await explainStart(database.executor, question)).explanation
    },
  })
}
