import { z } from 'zod'
import { actionSchema } from '../activities/schema.ts'
import { subscriptionShape } from '../activities/subscription.ts'
import { attemptSchema } from '../deliveries/schema.ts'
import { findingCodes } from '../platform/finding.ts'
import { paragraphs } from '../platform/text-schema.ts'
import { checkHeaderName } from './custom-headers.ts'

/** The API schemas of webhooks. */

export type { Subscription } from '../activities/subscription.ts'

const id = z.int()
const timestamp = z.iso.datetime({ precision: 6 })

export const webhookStates = ['enabled', 'paused', 'disabled'] as const
const state = z.enum(webhookStates).meta({
  description:
    'enabled: deliveries are sent. paused: deliveries are queued, but not sent. disabled: no deliveries are queued, and pending deliveries fail',
})
const ordering = z.enum(['none', 'meeting']).meta({
  description: 'meeting: each delivery waits until the previous delivery for the same meeting has succeeded or failed',
})
const signing = z.enum(['v1', 'v1a']).meta({ description: 'v1: HMAC-SHA256 with a shared secret. v1a: Ed25519' })

const headers = z
  .record(
    z
      .string()
      .min(1)
      .max(100)
      .check((context) => {
        const problem = checkHeaderName(context.value)
        if (problem) context.issues.push({ code: 'custom', message: problem, input: context.value })
      }),
    z
      .string()
      .max(1_000)
      .regex(/^[\x20-\x7e\x80-\xff]*$/, 'must be one line of Latin-1 text'),
  )
  .refine((map) => Object.keys(map).length <= 20, 'must not have more than 20 headers')
  .meta({
    description:
      'Custom request headers. Credentials are returned as "(hidden)". If you send "(hidden)", the stored value does not change',
  })

const settings = {
  url: z.string().trim().min(1).max(2_048),
  description: paragraphs(500).nullable(),
  ...subscriptionShape,
  headers,
  ordering,
  concurrency: z.int().min(1).max(256).meta({ description: 'The maximum number of concurrent requests' }),
  rate_limit_per_second: z.int().min(1).max(10_000).nullable(),
  state,
}

export const webhookInputSchema = z.strictObject({
  url: settings.url,
  description: settings.description.default(null),
  actions: settings.actions.default(null),
  filter: settings.filter.default(null),
  headers: settings.headers.default({}),
  ordering: settings.ordering.default('none'),
  concurrency: settings.concurrency.default(16),
  rate_limit_per_second: settings.rate_limit_per_second.default(null),
  state: settings.state.default('enabled'),
  signing: signing.default('v1'),
})
export type WebhookInput = z.infer<typeof webhookInputSchema>

export const webhookPatchSchema = z.strictObject(settings).partial()
export type WebhookPatch = z.infer<typeof webhookPatchSchema>

/**
 * Whether a test request uses a setting. As with test requests in Stripe and Svix, the settings that determine which activities
 * are sent, and when, are ignored. A new setting must be added here, or the code does not compile.
 */
const usedByTests: Record<keyof WebhookPatch, boolean> = {
  url: true,
  headers: true,
  description: false,
  state: false,
  actions: false,
  filter: false,
  ordering: false,
  concurrency: false,
  rate_limit_per_second: false,
}

/** The names of the settings that a test request ignores. */
export const ignoredByTests = Object.entries(usedByTests).flatMap(([name, used]) => (used ? [] : [name]))

/** A webhook's recent health. Rates and percentiles are null if there were no attempts. */
export const healthSchema = z.strictObject({
  hours: z.int().meta({ description: 'The number of hours that these statistics cover' }),
  attempts: z.int(),
  success_rate: z.number().min(0).max(1).nullable(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  pending: z.int().meta({ description: 'The number of pending deliveries, counted up to 10000' }),
  next_attempt_at: timestamp.nullable().meta({
    description: 'The time of the next attempt. Null if no delivery is pending, or if the webhook is not enabled',
  }),
  breaker: z.enum(['closed', 'open', 'probing']).meta({
    description:
      'open: too many attempts failed, so nothing is sent before next_attempt_at. probing: one delivery is sent at a time',
  }),
  failing_since: timestamp.nullable(),
  last_failure_at: timestamp.nullable(),
  last_failure: z.string().nullable(),
  last_failed_delivery: id
    .nullable()
    .meta({ description: 'The id of the delivery with the most recent failed attempt' }),
})
export type Health = z.infer<typeof healthSchema>

export const webhookSchema = z.strictObject({
  id,
  url: z.string(),
  description: z.string().nullable(),
  ...subscriptionShape,
  headers: z.record(z.string(), z.string()),
  ordering,
  concurrency: z.int(),
  rate_limit_per_second: z.int().nullable(),
  signing,
  public_key: z.string().nullable().meta({ description: 'The key that verifies v1a signatures. Null for v1' }),
  state,
  state_reason: z
    .enum(['by_admin', 'gone', 'failing'])
    .nullable()
    .meta({ description: 'gone: the receiver returned 410. failing: all attempts failed for five days' }),
  state_changed_at: timestamp,
  created_at: timestamp,
  health: healthSchema,
})
export type Webhook = z.infer<typeof webhookSchema>

const secret = z.string().meta({ description: 'An admin who has just signed in can also see the secret later' })
export const webhookWithSecretSchema = webhookSchema.extend({ secret })
export const rotatedSecretSchema = z.strictObject({
  secret,
  public_key: z.string().nullable(),
  previous_valid_until: timestamp.meta({
    description: 'The time until which requests are also signed with the previous secret',
  }),
})

export const shownSecretSchema = rotatedSecretSchema.extend({
  previous_valid_until: rotatedSecretSchema.shape.previous_valid_until.nullable(),
})
export type ShownSecret = z.infer<typeof shownSecretSchema>

export const testInputSchema = z.strictObject({ action: actionSchema })
export const testAnswerSchema = z.strictObject({
  delivered: z.boolean(),
  webhook_id_header: z.string(),
  body: z.string(),
  attempt: attemptSchema,
})
export type TestAnswer = z.infer<typeof testAnswerSchema>

export const diagnosisSchema = z.strictObject({
  ok: z.boolean(),
  response: z
    .strictObject({
      status: z.int(),
      location: z.string().nullable().meta({ description: 'The URL that a redirect points to' }),
      body: z.string().meta({ description: 'The first 2,000 characters of the body' }),
      truncated: z.boolean(),
    })
    .nullable()
    .meta({ description: "The receiver's response. Null if there was no response" }),
  steps: z.array(
    z.strictObject({
      step: z.enum(['address', 'dns', 'connection', 'tls', 'request', 'answer']),
      verdict: z.enum(['ok', 'warning', 'failed', 'not_checked']),
      code: z.enum(findingCodes).meta({ description: 'A stable code for the result' }),
      values: z
        .record(z.string(), z.union([z.string(), z.number()]))
        .meta({ description: 'The facts in `found`, such as `host`, `status` or `error`' }),
      found: z.string().meta({ description: 'A description of the result, in English' }),
      remedy: z
        .string()
        .nullable()
        .meta({ description: 'How to fix the problem, in English. Null if nothing needs to be fixed' }),
      duration_ms: z.number(),
    }),
  ),
})
export type Diagnosis = z.infer<typeof diagnosisSchema>
