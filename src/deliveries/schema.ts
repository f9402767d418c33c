import { z } from 'zod'
import { actionSchema } from '../activities/schema.ts'
import { pageQuerySchema } from '../platform/pagination.ts'
import { idInDigitsSchema, lineOfText, numberInDigits } from '../platform/text-schema.ts'
import { instantSchema } from '../time/schema.ts'

/** The API schemas of deliveries, attempts and replays. */

const id = z.int()
const timestamp = z.iso.datetime({ precision: 6 })

const errorKind = z.enum([
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
])

export const attemptSchema = z.strictObject({
  number: z.int(),
  started_at: timestamp,
  duration_ms: z.int(),
  request_url: z.string().nullable().meta({
    description: "Null if the webhook's URL, custom headers or secret have changed since the attempt",
  }),
  request_headers: z.record(z.string(), z.string()).meta({
    description:
      'Credentials are returned as "(hidden)". If request_url is null, this contains only the headers that are still known',
  }),
  status: z.int().nullable(),
  response_headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullable(),
  response_body: z.string().nullable().meta({ description: 'The first 16 KiB of the response body' }),
  response_truncated: z.boolean(),
  error: z
    .strictObject({
      kind: errorKind,
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
  meeting_name: z.string().nullable(),
  attendee: z.strictObject({ first_name: z.string(), last_name: z.string(), email: z.string() }).nullable().meta({
    description:
      "The attendee that the activity is about. For activities about a meeting, the meeting's first attendee",
  }),
  action: actionSchema,
  status: deliveryStatus,
  last_status: z
    .int()
    .nullable()
    .meta({ description: 'The HTTP status of the last attempt. Null if there was no response' }),
  last_error_kind: errorKind.nullable().meta({ description: 'How the last attempt failed. Null if it succeeded' }),
  failure_reason: z.enum(['attempts_used_up', 'too_old', 'gone', 'webhook_disabled']).nullable(),
  attempts: z.int(),
  next_attempt_at: timestamp.nullable(),
  replay: id.nullable(),
  created_at: timestamp,
  settled_at: timestamp.nullable(),
})
export type Delivery = z.infer<typeof deliverySchema>

export const deliveryDetailSchema = deliverySchema.omit({ attempts: true }).extend({
  sending: z.boolean().meta({
    description: 'Whether a dispatcher has claimed the delivery. If so, the result is available within seconds',
  }),
  webhook_id_header: z.string().meta({ description: 'The webhook-id header of every attempt' }),
  body: z.string().meta({ description: 'The request body of every attempt' }),
  attempts: z.array(attemptSchema),
})
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>

export const deliveriesQuerySchema = pageQuerySchema.extend({
  status: z
    .enum(['pending', 'retrying', 'delivered', 'failed'])
    .optional()
    .meta({ description: 'retrying: pending, with at least one failed attempt' }),
  status_code: numberInDigits(z.number('must be a whole number').int().min(100).max(599))
    .optional()
    .meta({ description: 'The HTTP status of the last attempt' }),
  error_kind: errorKind.optional().meta({ description: 'How the last attempt failed' }),
  action: actionSchema.optional(),
  meeting: idInDigitsSchema.optional().meta({ description: 'The id of a meeting' }),
  attendee: lineOfText(200).optional().meta({
    description: "The beginning of an attendee's email address, name or last name; not case-sensitive",
  }),
  since: instantSchema.optional().meta({ description: 'Created at this instant or later' }),
  until: instantSchema.optional().meta({ description: 'Created before this instant' }),
})
export type DeliveriesQuery = z.infer<typeof deliveriesQuerySchema>

export const replayInputSchema = z.strictObject({
  since: instantSchema,
  until: instantSchema.optional(),
  only: z.enum(['failed', 'missed', 'all']).meta({
    description:
      'failed: failed deliveries. missed: activities that were never queued, for example while the webhook was disabled. all: all activities',
  }),
})
export type ReplayInput = z.infer<typeof replayInputSchema>

export const replayPreviewQuerySchema = replayInputSchema
export const replayPreviewSchema = z.strictObject({
  queued: z.int().meta({ description: 'How many deliveries the replay would queue' }),
})

/** A webhook's attempts in the hour that starts at `hour`. */
export const historyHourSchema = z.strictObject({ hour: timestamp, succeeded: z.int(), failed: z.int() })
export type HistoryHour = z.infer<typeof historyHourSchema>

const MAX_HOURS = 30 * 24
export const historyQuerySchema = z.strictObject({
  hours: numberInDigits(z.number('must be a whole number').int().min(1).max(MAX_HOURS).meta({ default: 24 })).default(
    24,
  ),
})

export const replaySchema = z.strictObject({
  id,
  since: timestamp,
  until: timestamp,
  only: z.enum(['failed', 'missed', 'all']),
  queued: z.int().meta({ description: 'How many deliveries the replay queued' }),
  pending: z.int().meta({ description: 'How many of these deliveries are pending' }),
  delivered: z.int(),
  failed: z.int().meta({ description: 'How many of these deliveries have failed permanently' }),
  created_at: timestamp,
})
export type Replay = z.infer<typeof replaySchema>
