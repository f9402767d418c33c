import type { FastifyRequest } from 'fastify'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'
import { getDelivery, listDeliveries, readHistory } from './listing.ts'
import { listReplays, previewReplay, replayDeliveries } from './replays.ts'
import { resendDelivery, retryNow } from './resending.ts'
import {
  deliveriesQuerySchema,
  deliveryDetailSchema,
  deliverySchema,
  historyHourSchema,
  historyQuerySchema,
  replayInputSchema,
  replayPreviewQuerySchema,
  replayPreviewSchema,
  replaySchema,
} from './schema.ts'
import type { DeliveriesDeps } from './service.ts'

const url = '/api/v1/webhooks/:id'
const access = 'admin'
const tags = ['Webhooks']

export function registerDeliveryRoutes(app: App, deps: DeliveriesDeps): void {
  registerHistory(app, deps)
  registerDeliveries(app, deps)
  registerRetry(app, deps)
  registerReplays(app, deps)
}

/** The webhook in the URL. */
function webhookOf(request: FastifyRequest<{ Params: { id: number } }>): { webhook: number } {
  return { webhook: request.params.id }
}

function registerHistory(app: App, deps: DeliveriesDeps): void {
  app.route({
    method: 'GET',
    url: `${url}/history`,
    config: { access },
    schema: {
      tags,
      summary: "Get a webhook's attempts by hour",
      description: 'The oldest hour comes first. Hours without attempts are left out.',
      params: idParamSchema,
      querystring: historyQuerySchema,
      response: { 200: listOf(historyHourSchema) },
    },
    handler: async (request) => {
      const { hours } = request.query
      const history = accept(await readHistory(deps, organizationOf(request), { ...webhookOf(request), hours }))
      return { data: history.hours, next_cursor: null }
    },
  })
}

function registerDeliveries(app: App, deps: DeliveriesDeps): void {
  app.route({
    method: 'GET',
    url: `${url}/deliveries`,
    config: { access },
    schema: {
      tags,
      summary: "List a webhook's deliveries, newest first",
      params: idParamSchema,
      querystring: deliveriesQuerySchema,
      response: { 200: listOf(deliverySchema) },
    },
    handler: async (request) => {
      const { query } = request
      const list = { ...webhookOf(request), query, page: readPage(query, 2) }
      return accept(await listDeliveries(deps, organizationOf(request), list)).page
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/deliveries/:id',
    config: { access },
    schema: {
      tags,
      summary: 'Get a delivery with its attempts',
      params: idParamSchema,
      response: { 200: deliveryDetailSchema },
    },
    handler: async (request) => accept(await getDelivery(deps, organizationOf(request), request.params)).delivery,
  })
  app.route({
    method: 'POST',
    url: '/api/v1/deliveries/:id/resend',
    config: { access, audit: 'delivery.resent' },
    schema: {
      tags,
      summary: 'Resend a delivery',
      description:
        'The delivery is sent immediately, before all others, even while sending is paused because the webhook keeps failing. A settled delivery is sent as a new delivery, with all retries.',
      params: idParamSchema,
      response: { 201: deliveryDetailSchema },
    },
    handler: async (request, reply) => {
      const { delivery } = accept(await resendDelivery(deps, actorOf(request), request.params))
      reply.code(201)
      return delivery
    },
  })
}

function registerRetry(app: App, deps: DeliveriesDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/retry`,
    config: { access, audit: 'delivery.resent' },
    schema: {
      tags,
      summary: "Send a webhook's next pending delivery now",
      description:
        'If the delivery succeeds, the other pending deliveries are sent when they are due. Returns 409 if no delivery is pending.',
      params: idParamSchema,
      response: { 201: deliveryDetailSchema },
    },
    handler: async (request, reply) => {
      const { delivery } = accept(await retryNow(deps, actorOf(request), webhookOf(request)))
      reply.code(201)
      return delivery
    },
  })
}

function registerReplays(app: App, deps: DeliveriesDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/replay`,
    config: { access, audit: 'webhook.replayed' },
    schema: {
      tags,
      summary: "Replay a webhook's deliveries",
      params: idParamSchema,
      body: replayInputSchema,
      response: { 201: replaySchema },
    },
    handler: async (request, reply) => {
      const wanted = { ...webhookOf(request), input: request.body }
      const { replay } = accept(await replayDeliveries(deps, actorOf(request), wanted))
      reply.code(201)
      return replay
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/replay/preview`,
    config: { access },
    schema: {
      tags,
      summary: 'Count the deliveries that a replay would queue',
      params: idParamSchema,
      querystring: replayPreviewQuerySchema,
      response: { 200: replayPreviewSchema },
    },
    handler: async (request) => {
      const wanted = { ...webhookOf(request), input: request.query }
      const { queued } = accept(await previewReplay(deps, organizationOf(request), wanted))
      return { queued }
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/replays`,
    config: { access },
    schema: {
      tags,
      summary: "List a webhook's replays and their progress, newest first",
      params: idParamSchema,
      querystring: pageQuerySchema,
      response: { 200: listOf(replaySchema) },
    },
    handler: async (request) => {
      const list = { ...webhookOf(request), page: readPage(request.query) }
      return accept(await listReplays(deps, organizationOf(request), list)).page
    },
  })
}
