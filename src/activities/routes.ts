import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf, limitedTo } from '../access/gate.ts'
import { accept, Problem, refuseField } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { openReader, sendEventStream } from '../platform/event-stream.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, pageQuerySchema } from '../platform/pagination.ts'
import { idInDigitsSchema } from '../platform/text-schema.ts'
import { Wakes } from '../platform/wakes.ts'
import { listActivityTypes } from './catalogue.ts'
import { actionSchema, activitySchema, meetingKindSchema } from './schema.ts'
import { FEED_CHANNEL, type FeedStart, getActivity, readFeed } from './service.ts'
import { type StreamTimes, streamFeed, streamTimes } from './stream.ts'

export interface ActivityDeps {
  database: Database
  clock: Clock
  /** The server's public URL (`BOOKBELL_URL`). */
  url: string
  /** For tests. Defaults to the usual intervals. */
  streamTimes?: StreamTimes
}

const cursor = z.string().max(20).optional()

const filterQuery = z.object({
  after: cursor.meta({
    description:
      'The `next_cursor` of the previous response. To start at the beginning, use `0` or leave it out. To get only new activities, use `latest`',
  }),
  action: z
    .union([actionSchema, z.array(actionSchema)])
    .optional()
    .meta({ description: 'Return only activities with this action. Can be repeated' }),
  meeting: idInDigitsSchema.optional(),
})

const listQuery = filterQuery.extend({
  limit: pageQuerySchema.shape.limit,
  cursor: cursor.meta({ description: 'The same as `after`, for consistency with other lists' }),
})

const feedSchema = z.strictObject({
  data: z.array(activitySchema),
  next_cursor: z.string().meta({ description: 'The cursor to pass as `after` in the next request' }),
  has_more: z.boolean(),
})

const activityTypeSchema = z.strictObject({
  action: actionSchema,
  kind: meetingKindSchema,
  description: z.string(),
  schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema (2020-12) of the body' }),
  example: activitySchema,
})

/** Registers the activity feed: `/api/v1/activities`, a single activity, and the feed as server-sent events. */
export function registerActivityRoutes(app: App, deps: ActivityDeps): void {
  const wakes = new Wakes(FEED_CHANNEL)
  app.addHook('onReady', () => wakes.start(deps.database))
  app.addHook('preClose', () => wakes.stop())
  registerList(app, deps)
  registerGet(app, deps)
  registerStream(app, deps, wakes)
  registerTypes(app, deps)
}

function registerList(app: App, { database }: ActivityDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/activities',
    config: { access: 'member' },
    schema: {
      tags: ['Activities'],
      summary: 'List activities in commit order',
      description:
        'Members can list the activities of meetings that they host. Managers and admins can list all activities.',
      querystring: listQuery,
      response: { 200: feedSchema },
    },
    handler: async (request, reply) => {
      const { limit, cursor, ...query } = request.query
      const after = readStart('after', query.after ?? cursor)
      const asked = { ...readerOf(request), after, ...readFilter(query), limit }
      const { page } = accept(await readFeed(database, asked))
      const bodies = page.activities.map((activity) => activity.body).join(',')
      return sendText(reply, `{"data":[${bodies}],"next_cursor":"${page.next}","has_more":${page.hasMore}}`)
    },
  })
}

function registerGet(app: App, { database }: ActivityDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/activities/:id',
    config: { access: 'member' },
    schema: {
      tags: ['Activities'],
      summary: 'Get an activity, byte for byte as it was sent',
      params: idParamSchema,
      response: { 200: activitySchema },
    },
    handler: async (request, reply) => {
      const asked = { ...readerOf(request), id: request.params.id }
      return sendText(reply, accept(await getActivity(database, asked)).body)
    },
  })
}

function registerStream(app: App, { database, streamTimes: times = streamTimes }: ActivityDeps, wakes: Wakes): void {
  app.route({
    method: 'GET',
    url: '/api/v1/activities/stream',
    config: { access: 'member' },
    schema: {
      tags: ['Activities'],
      summary: 'Stream activities as server-sent events',
      description:
        'Each message is one activity, and its message id is the cursor after that activity. The stream continues after `Last-Event-ID`, or else after `after`. Each process allows up to 100 streams per organization, and rejects additional streams with 429. A heartbeat is sent at least every 15 seconds. The stream ends after 15 minutes, and the client then reconnects.',
      querystring: filterQuery,
    },
    handler: async (request, reply) => {
      const reading = readerOf(request)
      const last = request.headers['last-event-id']
      const after = last ? readStart('Last-Event-ID', String(last)) : readStart('after', request.query.after)
      const asked = { ...reading, after, ...readFilter(request.query) }
      // Refuses a cursor from another feed before the stream starts.
      accept(await readFeed(database, { ...asked, limit: 1 }))
      const isStillAllowed = request.isStillAllowed ?? (async () => false)
      const reader = openReader(wakes, String(reading.organization))
      return sendEventStream(reply, streamFeed(database, reader, { ...asked, times, isStillAllowed }), () =>
        reader.end(),
      )
    },
  })
}

function registerTypes(app: App, { clock, url }: ActivityDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/activity-types',
    config: { access: 'public' },
    schema: {
      tags: ['Activities'],
      summary: 'List all activity types, with the JSON Schema and an example of each body',
      response: { 200: listOf(activityTypeSchema) },
    },
    handler: () => ({ data: listActivityTypes({ now: clock.now(), url }), next_cursor: null }),
  })
}

/** Sends JSON that is already text. The frozen bodies are sent byte for byte. */
function sendText(reply: FastifyReply, json: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').serializer(String).send(json)
}

/** Returns the organization, and which of its activities the actor may see. */
function readerOf(request: FastifyRequest) {
  const actor = actorOf(request)
  return { organization: actor.organization, limitedTo: limitedTo(actor) }
}

function readFilter({ action, meeting }: z.infer<typeof filterQuery>) {
  return { actions: action === undefined ? undefined : [action].flat(), meeting }
}

function readStart(path: string, text: string | undefined): FeedStart {
  if (text === 'latest') return text
  const position = Number(text || 0)
  if (/^\d*$/.test(text ?? '') && Number.isSafeInteger(position)) return position
  throw new Problem(refuseField(path, 'is not a cursor of the feed; pass a next_cursor unchanged, or leave it out'))
}
