import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema, readPage } from '../platform/pagination.ts'
import {
  diagnosisSchema,
  ignoredByTests,
  rotatedSecretSchema,
  shownSecretSchema,
  testAnswerSchema,
  testInputSchema,
  webhookInputSchema,
  webhookPatchSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './schema.ts'
import { rotateSecret, showSecret } from './secret-rotation.ts'
import { changeWebhook, createWebhook, deleteWebhook, getWebhook, listWebhooks, type WebhooksDeps } from './service.ts'
import { checkWebhookTarget, diagnoseWebhook, sendTest } from './testing.ts'

const url = '/api/v1/webhooks'
const access = 'admin'
const tags = ['Webhooks']

export function registerWebhookRoutes(app: App, deps: WebhooksDeps): void {
  registerWebhooks(app, deps)
  registerChanges(app, deps)
  registerSecrets(app, deps)
  registerChecks(app, deps)
}

/** Runs before the handler, so that its transaction does not wait for DNS servers. */
function checkTarget(deps: WebhooksDeps) {
  return async (request: FastifyRequest) => {
    const target = (request.body as { url?: string }).url
    if (target !== undefined) accept(await checkWebhookTarget(deps, target))
  }
}

function registerWebhooks(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access },
    schema: { tags, summary: 'List webhooks', querystring: pageQuerySchema, response: { 200: listOf(webhookSchema) } },
    handler: (request) => listWebhooks(deps, organizationOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access },
    schema: { tags, summary: 'Get a webhook', params: idParamSchema, response: { 200: webhookSchema } },
    handler: async (request) => accept(await getWebhook(deps, organizationOf(request), request.params)).webhook,
  })
  app.route({
    method: 'POST',
    url,
    config: { access, audit: 'webhook.created' },
    schema: {
      tags,
      summary: 'Create a webhook',
      description:
        "The response contains the webhook's secret. After that, only an admin who has just signed in can see the secret.",
      body: webhookInputSchema,
      response: { 201: webhookWithSecretSchema },
    },
    preHandler: checkTarget(deps),
    handler: async (request, reply) => {
      const { webhook, secret } = accept(await createWebhook(deps, actorOf(request), { input: request.body }))
      reply.code(201)
      return { ...webhook, secret }
    },
  })
}

function registerChanges(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access, audit: 'webhook.changed' },
    schema: {
      tags,
      summary: 'Change a webhook',
      description: 'Fields that are left out keep their values. If you disable a webhook, its pending deliveries fail.',
      params: idParamSchema,
      body: webhookPatchSchema,
      response: { 200: webhookSchema },
    },
    preHandler: checkTarget(deps),
    handler: async (request) => {
      const change = { ...request.params, patch: request.body }
      return accept(await changeWebhook(deps, actorOf(request), change)).webhook
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access, audit: 'webhook.deleted' },
    schema: {
      tags,
      summary: 'Delete a webhook and its deliveries',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteWebhook(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}

function registerSecrets(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/:id/rotate-secret`,
    config: { access, audit: 'secret.rotated' },
    schema: {
      tags,
      summary: "Rotate a webhook's secret",
      description: 'For 24 hours, requests are also signed with the previous secret.',
      params: idParamSchema,
      response: { 200: rotatedSecretSchema },
    },
    handler: async (request) => {
      const { secret, publicKey, previousUntil } = accept(await rotateSecret(deps, actorOf(request), request.params))
      return { secret, public_key: publicKey, previous_valid_until: previousUntil }
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id/secret`,
    config: { access, secret: true, fresh: true, audit: 'secret.shown' },
    schema: {
      tags,
      summary: "Show a webhook's secret",
      description:
        'Requires the session of an admin who has signed in, or confirmed their identity, within the last ten minutes. Otherwise, the response is 403 `fresh_sign_in_required`. API keys are not accepted. Every call is recorded in the audit log.',
      params: idParamSchema,
      response: { 200: shownSecretSchema },
    },
    handler: async (request) => accept(await showSecret(deps, actorOf(request), request.params)).shown,
  })
}

function registerChecks(app: App, deps: WebhooksDeps): void {
  app.route({
    method: 'POST',
    url: `${url}/:id/test`,
    config: { access, idempotency: 'after', audit: { none: 'sends a sample and changes nothing' } },
    schema: {
      tags,
      summary: 'Send a test request now',
      description: `Sends a realistic sample with the header bookbell-test: 1, a webhook-id that starts with test_, and the id 0. The sample is sent even if the webhook is disabled or does not subscribe to the action. These settings are ignored: ${ignoredByTests.join(', ')}.`,
      params: idParamSchema,
      body: testInputSchema,
      response: { 200: testAnswerSchema },
    },
    handler: async (request) => {
      const wanted = { ...request.params, action: request.body.action }
      return accept(await sendTest(deps, organizationOf(request), wanted)).test
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/:id/diagnose`,
    config: { access, idempotency: 'after', audit: { none: 'sends a sample and changes nothing' } },
    schema: {
      tags,
      summary: 'Check a webhook step by step',
      params: idParamSchema,
      response: { 200: diagnosisSchema },
    },
    handler: async (request) => accept(await diagnoseWebhook(deps, organizationOf(request), request.params)).diagnosis,
  })
}
