import type { FastifyBaseLogger } from 'fastify'
import { actorOf, type OrganizationId } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingTypeAt } from '../meeting-types/service.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema } from '../platform/pagination.ts'
import {
  explainQuerySchema,
  explanationSchema,
  memberBusyQuerySchema,
  memberBusySchema,
  slotsAnswerSchema,
  slotsParamsSchema,
  slotsQuerySchema,
} from './schema.ts'
import { explainStart, listMemberBusy, listSlots, listSlotsOfType, type SlotsDeps, unitsOfSlots } from './service.ts'

export function registerSlotRoutes(app: App, deps: SlotsDeps): void {
  const { database, clock } = deps
  const noticeLook = makeLookNoticer(deps)
  app.route({
    method: 'GET',
    url: '/api/v1/public/pages/:page/meeting-types/:slug/slots',
    config: { access: 'public' },
    schema: {
      tags: ['Public'],
      summary: 'List the start times that can be booked',
      params: slotsParamsSchema,
      querystring: slotsQuerySchema,
      response: { 200: slotsAnswerSchema },
    },
    handler: async (request) => {
      const { params, query } = request
      const { organization, meetingType } = accept(await getMeetingTypeAt(database.executor, params))
      request.spendUnits?.(unitsOfSlots(meetingType, query))
      noticeLook({ organization, meetingType, log: request.log })
      return accept(await listSlots(database.executor, organization, { meetingType, query, now: clock.now() })).slots
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/meeting-types/:id/slots',
    config: { access: 'member' },
    schema: {
      tags: ['Meeting types'],
      summary: "List a meeting type's start times, even if it is hidden or disabled",
      description: 'Members can only do this for meeting types that they host.',
      params: idParamSchema,
      querystring: slotsQuerySchema,
      response: { 200: slotsAnswerSchema },
    },
    handler: async (request) => {
      const slots = { id: request.params.id, query: request.query }
      return accept(await listSlotsOfType(deps, actorOf(request), slots)).slots
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/meeting-types/:id/explain',
    config: { access: 'member' },
    schema: {
      tags: ['Meeting types'],
      summary: 'Explain which rules allow or block a start time, for each host',
      params: idParamSchema,
      querystring: explainQuerySchema,
      response: { 200: explanationSchema },
    },
    handler: async (request) => {
      const { id } = request.params
      const start = Temporal.Instant.from(request.query.start).epochMilliseconds
      return accept(await explainStart(deps, actorOf(request), { id, start })).explanation
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/members/:id/busy',
    config: { access: 'member' },
    schema: {
      tags: ['Members'],
      summary: 'List when a member works and is busy',
      description:
        'Contains only times, and the names of calendars: no titles and no people. Members can only see their own times. Managers and admins can see those of all members.',
      params: idParamSchema,
      querystring: memberBusyQuerySchema,
      response: { 200: memberBusySchema },
    },
    handler: async (request) =>
      accept(await listMemberBusy(deps, actorOf(request), { ...request.params, ...request.query })).busy,
  })
}

/** How often this process wakes a host's calendars, in milliseconds. */
const WAKE_EVERY = 30_000
/** How many meeting types are remembered. The oldest are forgotten. */
const MOST_LOOKS = 10_000

/** A view of a meeting type's slots. */
interface Look {
  organization: OrganizationId
  meetingType: MeetingType
  log: FastifyBaseLogger
}

/**
 * Returns a function that wakes the hosts' calendars, at most every 30 seconds for each meeting type. The caller does not wait
 * for it. A failure does not matter, because calendars are read every few minutes anyway.
 */
function makeLookNoticer({ wakeCalendars }: SlotsDeps): (look: Look) => void {
  const looks = new Map<number, number>()
  return ({ organization, meetingType: { id, hosts }, log }) => {
    const now = performance.now()
    if (!wakeCalendars || now - (looks.get(id) ?? Number.NEGATIVE_INFINITY) < WAKE_EVERY) return
    const [oldest] = looks.keys()
    if (looks.size >= MOST_LOOKS && oldest !== undefined) looks.delete(oldest)
    looks.set(id, now)
    const members = hosts.map(({ member }) => member)
    wakeCalendars(organization, members).catch((err) => log.warn({ err }, 'the calendars of hosts could not be woken'))
  }
}
