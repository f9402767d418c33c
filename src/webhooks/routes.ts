import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import {
  deliveriesQuery,
  deliveryDetailSchema,
  deliverySchema,
  diagnosisSchema,
  historyHourSchema,
  historyQuery,
  replayInputSchema,
  replayPreviewQuery,
  replayPreviewSchema,
  replaySchema,
  rotatedSecretSchema,
  testAnswerSchema,
  testInputSchema,
  webhookInputSchema,
  webhookPatchSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './schema.ts'
import {
  changeWebhook,
  checkWebhookTarget,
  createWebhook,
  deleteWebhook,
  diagnoseWebhook,
  getDelivery,
  getWebhook,
  listDeliveries,
  listReplays,
  listWebhooks,
  previewReplay,
  readHistory,
  replayDeliveries,
  resendDelivery,
  rotateSecret,
  sendTest,
  type WebhooksDeps,
} from './service.ts'

const url = '/api/v1/webhooks'
const access = 'admin'
const tags = ['Webhooks']

export function registerWebhookRoutes(app: App, deps: WebhooksDeps): void {
  registerWebhooks(app, deps)
  registerChanges(app, deps)
  registerChecks(app, deps)
  registerHistory(app, deps)
  registerDeliveries(app, deps)
  registerReplays(app, deps)
}

/** Before the handler, whose transaction must not wait for a name's servers. */
function checkTarget(deps: WebhooksDeps) {
  return async (request: FastifyRequest) => {
    const target = (request.body as { url?: string }).url
    if (target !== undefined) accept(await checkWebhookTarget(deps, target))
  }
}

function found(request: FastifyRequest<{ Params: { id: number } }>) {
  return { organization: organizationOf(request), id: request.params.id }
}

function registerWebhooks(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access },
    schema: { tags, summary: 'List webhooks', querystring: pageQuery, response: { 200: listOf(webhookSchema) } },
    handler: (request) => listWebhooks(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access },
    schema: { tags, summary: 'Get a webhook', params: idParam, response: { 200: webhookSchema } },
    handler: async (request) => accept(await getWebhook(deps, found(request))).webhook,
  })
  app.route({
    method: 'POST',
    url,
    config: { access },
    schema: {
      tags,
      summary: 'Create a webhook',
      description: 'The answer holds its secret, which is never shown again.',
      body: webhookInputSchema,
      response: { 201: webhookWithSecretSchema },
    },
    preHandler: checkTarget(deps),
    handler: async (request, reply) => {
      const creation = { organization: organizationOf(request), input: request.body }
      const { webhook, secret } = accept(await createWebhook(deps, creation))
      reply.code(201)
      return { ...webhook, secret }
    },
  })
}

function registerChanges(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access },
    schema: {
      tags,
      summary: 'Change a webhook',
      description: 'Absent fields stay as they are. Disabling it fails what waits.',
      params: idParam,
      body: webhookPatchSchema,
      response: { 200: webhookSchema },
    },
    preHandler: checkTarget(deps),
    handler: async (request) => accept(await changeWebhook(deps, { ...found(request), patch: request.body })).webhook,
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access },
    schema: { tags, summary: 'Delete a webhook and its deliveries', params: idParam, response: { 204: z.void() } },
    handler: async (request, reply) => {
      accept(await deleteWebhook(deps, found(request)))
      return reply.code(204).send()
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/:id/rotate-secret`,
    config: { access },
    schema: {
      tags,
      summary: 'Replace the secret of a webhook',
      description: 'For 24 hours the secret before signs too.',
      params: idParam,
      response: { 200: rotatedSecretSchema },
    },
    handler: async (request) => {
      const { secret, publicKey, previousUntil } = accept(await rotateSecret(deps, found(request)))
      return { secret, public_key: publicKey, previous_valid_until: previousUntil }
    },
  })
}

function registerChecks(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/:id/test`,
    config: { access, idempotency: 'after' },
    schema: {
      tags,
      summary: 'Send a realistic sample now',
      description: 'It carries bookbell-test: 1, a webhook-id that begins with test_, and the id 0.',
      params: idParam,
      body: testInputSchema,
      response: { 200: testAnswerSchema },
    },
    handler: async (request) => accept(await sendTest(deps, { ...found(request), action: request.body.action })).test,
  })
  app.route({
    method: 'POST',
    url: `${url}/:id/diagnose`,
    config: { access, idempotency: 'after' },
    schema: {
      tags,
      summary: 'Check a webhook step by step',
      params: idParam,
      response: { 200: diagnosisSchema },
    },
    handler: async (request) => accept(await diagnoseWebhook(deps, found(request))).diagnosis,
  })
}

function registerHistory(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'GET',
    url: `${url}/:id/history`,
    config: { access },
    schema: {
      tags,
      summary: 'How the attempts of a webhook went, hour by hour',
      description: 'The oldest hour first; hours without an attempt are left out.',
      params: idParam,
      querystring: historyQuery,
      response: { 200: listOf(historyHourSchema) },
    },
    handler: async (request) => {
      const { hours } = accept(await readHistory(deps, { ...found(request), hours: request.query.hours }))
      return { data: hours, next_cursor: null }
    },
  })
}

function registerDeliveries(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'GET',
    url: `${url}/:id/deliveries`,
    config: { access },
    schema: {
      tags,
      summary: 'List the deliveries of a webhook, the newest first',
      params: idParam,
      querystring: deliveriesQuery,
      response: { 200: listOf(deliverySchema) },
    },
    handler: async (request) => {
      const { organization, id: webhook } = found(request)
      const page = readPage(request.query)
      return accept(await listDeliveries(deps, { organization, webhook, query: request.query, page })).page
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/deliveries/:id',
    config: { access },
    schema: {
      tags,
      summary: 'Get a delivery with its attempts',
      params: idParam,
      response: { 200: deliveryDetailSchema },
    },
    handler: async (request) => accept(await getDelivery(deps, found(request))).delivery,
  })
  app.route({
    method: 'POST',
    url: '/api/v1/deliveries/:id/resend',
    config: { access },
    schema: {
      tags,
      summary: 'Send a delivery again',
      description: 'A settled delivery is sent as a new one, with full retries; one that waits is sent at once.',
      params: idParam,
      response: { 201: deliveryDetailSchema },
    },
    handler: async (request, reply) => {
      const { delivery } = accept(await resendDelivery(deps, found(request)))
      reply.code(201)
      return delivery
    },
  })
}

function registerReplays(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/:id/replay`,
    config: { access },
    schema: {
      tags,
      summary: 'Queue again what a webhook has missed',
      params: idParam,
      body: replayInputSchema,
      response: { 201: replaySchema },
    },
    handler: async (request, reply) => {
      const { organization, id: webhook } = found(request)
      const { replay } = accept(await replayDeliveries(deps, { organization, webhook, input: request.body }))
      reply.code(201)
      return replay
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id/replay/preview`,
    config: { access },
    schema: {
      tags,
      summary: 'How many deliveries a replay would queue',
      params: idParam,
      querystring: replayPreviewQuery,
      response: { 200: replayPreviewSchema },
    },
    handler: async (request) => {
      const { organization, id: webhook } = found(request)
      const { queued } = accept(await previewReplay(deps, { organization, webhook, input: request.query }))
      return { queued }
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id/replays`,
    config: { access },
    schema: {
      tags,
      summary: 'List the replays of a webhook with their progress, the newest first',
      params: idParam,
      querystring: pageQuery,
      response: { 200: listOf(replaySchema) },
    },
    handler: async (request) => {
      const { organization, id: webhook } = found(request)
      return accept(await listReplays(deps, { organization, webhook, page: readPage(request.query) })).page
    },
  })
}
