import { z } from 'zod'
import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema } from '../platform/pagination.ts'
import { calendarFeedSchema, feedTokenSchema, newCalendarFeedSchema } from './schema.ts'
import { type CalendarFeedsDeps, createFeed, FEED_PATH, getFeed, readFeed, revokeFeed } from './service.ts'

const url = '/api/v1/members/:id/calendar-feed'
const tags = ['Members']

/** How many meetings in a feed cost one additional unit of a client's read limit. */
const MEETINGS_PER_UNIT = 50

/**
 * Registers the routes for a host's calendar feed: a calendar file of their meetings, to which calendar programs can subscribe.
 */
export function registerCalendarFeedRoutes(app: App, deps: CalendarFeedsDeps): void {
  registerSettings(app, deps)
  registerFeed(app, deps)
}

function registerSettings(app: App, deps: CalendarFeedsDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: "Get the state of a member's calendar feed",
      description: 'Available to the member and to admins.',
      params: idParamSchema,
      response: { 200: calendarFeedSchema },
    },
    handler: async (request) => accept(await getFeed(deps, actorOf(request), request.params)).feed,
  })
  app.route({
    method: 'POST',
    url,
    config: { access: 'member', audit: 'calendar_feed.created' },
    schema: {
      tags,
      summary: 'Create a calendar feed, or replace its URL',
      description:
        "Only the member can do this. Calendar programs can subscribe to the URL to show the member's meetings. The previous URL stops working.",
      params: idParamSchema,
      response: { 201: newCalendarFeedSchema },
    },
    handler: async (request, reply) => {
      const { feed } = accept(await createFeed(deps, actorOf(request), request.params))
      reply.code(201)
      return feed
    },
  })
  app.route({
    method: 'DELETE',
    url,
    config: { access: 'member', audit: 'calendar_feed.revoked' },
    schema: {
      tags,
      summary: 'Revoke a calendar feed',
      description: 'The feed URL stops working immediately. Available to the member and to admins.',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await revokeFeed(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}

function registerFeed(app: App, deps: CalendarFeedsDeps): void {
  app.route({
    method: 'GET',
    url: `${FEED_PATH}:token.ics`,
    config: { access: 'public' },
    schema: {
      tags: ['Public'],
      summary: "Get a host's meetings as a calendar file",
      description:
        "Returns up to 2,000 meetings from the last 30 and the next 400 days, in the host's language (RFC 5545). Send the ETag in If-None-Match to get 304 if nothing has changed.",
      params: feedTokenSchema,
      response: {
        200: { description: 'The calendar file', content: { 'text/calendar': { schema: z.string() } } },
        304: { description: 'The client has the current file', content: { 'text/calendar': { schema: z.void() } } },
      },
    },
    handler: async (request, reply) => {
      const knownEtags = (request.headers['if-none-match'] ?? '').split(/\s*,\s*/)
      const { text, etag, meetings } = accept(await readFeed(deps, { ...request.params, knownEtags }))
      request.spendUnits?.(Math.floor(meetings / MEETINGS_PER_UNIT))
      // Programs must revalidate each time with the ETag that they have.
      reply.headers({ etag, 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex, nofollow' })
      if (text === null) return reply.code(304).send()
      return reply
        .header('content-disposition', 'inline; filename="meetings.ics"')
        .type('text/calendar; charset=utf-8')
        .serializer(String)
        .send(text)
    },
  })
}
