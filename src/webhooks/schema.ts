import { z } from 'zod'
import { actionSchema } from '../activities/schema.ts'
import { pageQuery } from '../platform/pagination.ts'
import { numberInDigits, paragraphs } from '../platform/text-schema.ts'
import { instantSchema } from '../time/schema.ts'
import { checkHeaderName } from './custom-headers.ts'

/** The wire definition of webhooks, deliveries and attempts. */

const id = z.int()
const timestamp = z.iso.datetime({ precision: 6 })

export const webhookStates = ['enabled', 'paused', 'disabled'] as const
const state = z.enum(webhookStates).meta({
  description:
    'enabled: delivers. paused: deliveries are made and wait. disabled: none are made, and those that waited have failed',
})
const ordering = z.enum(['none', 'meeting']).meta({
  description: 'meeting: each delivery waits until the one before it of the same meeting is settled',
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
  .refine((map) => Object.keys(map).length <= 20, 'may hold at most 20 headers')
  .meta({ description: 'Further request headers. Credentials are answered as "(hidden)"; sent back so, they stay' })

const settings = {
  url: z.string().trim().min(1).max(2_048),
  description: paragraphs(500).nullable(),
  actions: z.array(actionSchema).min(1).nullable().meta({ description: 'Which activities; null: all of them' }),
  headers,
  ordering,
  concurrency: z.int().min(1).max(256).meta({ description: 'How many requests may be under way at once' }),
  rate_limit_per_second: z.int().min(1).max(10_000).nullable(),
  state,
}

export const webhookInputSchema = z.strictObject({
  url: settings.url,
  description: settings.description.default(null),
  actions: settings.actions.default(null),
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

/** How a webhook has done lately. Shares and percentiles are null where nothing was attempted. */
export const healthSchema = z.strictObject({
  hours: z.int().meta({ description: 'Over how many hours the figures are' }),
  attempts: z.int(),
  success_rate: z.number().min(0).max(1).nullable(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  pending: z.int().meta({ description: 'Deliveries that wait; counted up to 10000' }),
  breaker: z.enum(['closed', 'open', 'probing']),
  failing_since: timestamp.nullable(),
  last_failure_at: timestamp.nullable(),
  last_failure: z.string().nullable(),
})
export type Health = z.infer<typeof healthSchema>

export const webhookSchema = z.strictObject({
  id,
  url: z.string(),
  description: z.string().nullable(),
  actions: z.array(actionSchema).nullable(),
  headers: z.record(z.string(), z.string()),
  ordering,
  concurrency: z.int(),
  rate_limit_per_second: z.int().nullable(),
  signing,
  public_key: z.string().nullable().meta({ description: 'With which a receiver verifies v1a; null for v1' }),
  state,
  state_reason: z
    .enum(['by_admin', 'gone', 'failing'])
    .nullable()
    .meta({ description: 'gone: the receiver answered 410. failing: nothing succeeded for five days' }),
  state_changed_at: timestamp,
  created_at: timestamp,
  health: healthSchema,
})
export type Webhook = z.infer<typeof webhookSchema>

const secret = z.string().meta({ description: 'Shown this once' })
export const webhookWithSecretSchema = webhookSchema.extend({ secret })
export const rotatedSecretSchema = z.strictObject({
  secret,
  public_key: z.string().nullable(),
  previous_valid_until: timestamp.meta({ description: 'Until then the secret before signs too' }),
})

export const attemptSchema = z.strictObject({
  number: z.int(),
  started_at: timestamp,
  duration_ms: z.int(),
  request_url: z.string().nullable().meta({
    description: "null where the webhook's address, own headers or secret have been changed since the attempt",
  }),
  request_headers: z.record(z.string(), z.string()).meta({
    description: 'Credentials are answered as "(hidden)". Without a request_url: only those that are still known',
  }),
  status: z.int().nullable(),
  response_headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullable(),
  response_body: z.string().nullable().meta({ description: 'The first 16 KiB' }),
  response_truncated: z.boolean(),
  error: z
    .strictObject({
      kind: z.enum([
        'guard',
        'name',
        'protocol',
        'redirect',
        'refused',
        'reset',
        'status',
        'stopped',
        'timeout',
        'tls',
        'unreachable',
      ]),
      stage: z.enum(['name', 'connect', 'tls', 'headers', 'body']),
      message: z.string().meta({ description: 'What happened and what to do about it' }),
    })
    .nullable(),
})
export type AttemptView = z.infer<typeof attemptSchema>

const deliveryStatus = z.enum(['pending', 'delivered', 'failed'])

export const deliverySchema = z.strictObject({
  id,
  webhook: id,
  activity: id,
  meeting: id,
  action: actionSchema,
  status: deliveryStatus,
  failure_reason: z.enum(['attempts_used_up', 'too_old', 'gone', 'webhook_disabled']).nullable(),
  attempts: z.int(),
  next_attempt_at: timestamp.nullable(),
  replay: id.nullable(),
  created_at: timestamp,
  settled_at: timestamp.nullable(),
})
export type Delivery = z.infer<typeof deliverySchema>

export const deliveryDetailSchema = deliverySchema.omit({ attempts: true }).extend({
  webhook_id_header: z.string().meta({ description: 'What every attempt carries as webhook-id' }),
  body: z.string().meta({ description: 'What every attempt sends' }),
  attempts: z.array(attemptSchema),
})
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>

export const deliveriesQuery = pageQuery.extend({
  status: deliveryStatus.optional(),
  action: actionSchema.optional(),
  since: instantSchema.optional(),
})
export type DeliveriesQuery = z.infer<typeof deliveriesQuery>

export const testInputSchema = z.strictObject({ action: actionSchema })
export const testAnswerSchema = z.strictObject({
  delivered: z.boolean(),
  webhook_id_header: z.string(),
  body: z.string(),
  attempt: attemptSchema,
})

export const replayInputSchema = z.strictObject({
  since: instantSchema,
  until: instantSchema.optional(),
  only: z.enum(['failed', 'missed', 'all']).meta({
    description: 'failed: what was given up. missed: what was never queued, as while disabled. all: everything again',
  }),
})
export type ReplayInput = z.infer<typeof replayInputSchema>

export const replayPreviewQuery = replayInputSchema
export const replayPreviewSchema = z.strictObject({
  queued: z.int().meta({ description: 'How many deliveries the replay would queue' }),
})

/** The attempts of a webhook in the hour that begins then. */
export const historyHourSchema = z.strictObject({ hour: timestamp, succeeded: z.int(), failed: z.int() })
export type HistoryHour = z.infer<typeof historyHourSchema>

const MOST_HOURS = 30 * 24
export const historyQuery = z.strictObject({
  hours: numberInDigits(z.number('must be a whole number').int().min(1).max(MOST_HOURS).meta({ default: 24 })).default(
    24,
  ),
})

export const replaySchema = z.strictObject({
  id,
  since: timestamp,
  until: timestamp,
  only: z.enum(['failed', 'missed', 'all']),
  queued: z.int().meta({ description: 'How many deliveries it has queued' }),
  pending: z.int().meta({ description: 'How many of those still wait or are under way' }),
  delivered: z.int(),
  failed: z.int().meta({ description: 'How many of those have been given up' }),
  created_at: timestamp,
})
export type Replay = z.infer<typeof replaySchema>

export const diagnosisSchema = z.strictObject({
  ok: z.boolean(),
  steps: z.array(
    z.strictObject({
      step: z.enum(['address', 'dns', 'connection', 'tls', 'request', 'answer']),
      verdict: z.enum(['ok', 'warning', 'failed', 'not_checked']),
      found: z.string(),
      remedy: z.string().nullable(),
      duration_ms: z.number(),
    }),
  ),
})
export type Diagnosis = z.infer<typeof diagnosisSchema>
