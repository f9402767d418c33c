import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf, viewerOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { CalendarDeps } from '../notifications/service.ts'
import { clientOf } from '../platform/client-address.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, readPage } from '../platform/pagination.ts'
import { slotsAnswerSchema, slotsQuerySchema } from '../slots/schema.ts'
import { cancelUpcomingOf, countUpcomingOf } from './cancelling.ts'
import { confirmHold, getHold } from './holding.ts'
import * as hosts from './host-commands.ts'
import * as links from './link-commands.ts'
import { type RefreshingDeps, refreshForHold, refreshForLink, refreshForPage } from './refreshing.ts'
import {
  attendeeParamsSchema,
  attendeeViewSchema,
  bookingInputSchema,
  cancelledUpcomingSchema,
  cancelUpcomingInputSchema,
  holdParamsSchema,
  holdSchema,
  meetingCountsQuerySchema,
  meetingCountsSchema,
  meetingSchema,
  meetingsQuerySchema,
  messageInputSchema,
  pendingConfirmationSchema,
  publicBookingInputSchema,
  rescheduleInputSchema,
  taggingParamsSchema,
  typeParamsSchema,
  upcomingCountSchema,
  upcomingQuerySchema,
} from './schema.ts'
import * as service from './service.ts'

const url = '/api/v1/meetings'
const linkUrl = '/api/v1/public/attendees/:external_id'
const tags = ['Meetings']
const publicTags = ['Public']

export function registerMeetingRoutes(app: App, deps: service.MeetingsDeps & CalendarDeps & RefreshingDeps): void {
  registerReads(app, deps)
  registerBooking(app, deps)
  registerHolds(app, deps)
  registerCommands(app, deps)
  registerCancelling(app, deps)
  registerTagging(app, deps)
  registerLinks(app, deps)
}

function registerReads(app: App, deps: service.MeetingsDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List meetings, ordered by start time',
      description: 'Members can list the meetings that they host. Managers and admins can list all meetings.',
      querystring: meetingsQuerySchema,
      response: { 200: listOf(meetingSchema) },
    },
    handler: (request) => {
      const { query } = request
      const { status, order } = query
      const filter = { ...readFilter(query), status, order }
      return service.listMeetings(deps, actorOf(request), { filter, page: readPage(query, 2) })
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/counts`,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Count the meetings that are upcoming, pending, past, cancelled and declined',
      description: 'Accepts the same filters as the list. Each count stops at 1000, so 1000 means 1000 or more.',
      querystring: meetingCountsQuerySchema,
      response: { 200: meetingCountsSchema },
    },
    handler: (request) => service.countMeetings(deps, actorOf(request), readFilter(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a meeting', params: idParamSchema, response: { 200: meetingSchema } },
    handler: async (request) => {
      const { id } = request.params
      return accept(await service.getMeeting(deps, actorOf(request), { id })).meeting
    },
  })
}

/** Returns a query's filters. A date is converted to its first instant in the query's time zone. */
function readFilter(query: z.output<typeof meetingCountsQuerySchema>) {
  const { from, to, timezone, meeting_type: meetingType, host, attendee_email: attendeeEmail, tag, search } = query
  const instantOf = (time: string | number | undefined) =>
    typeof time === 'string' ? Temporal.PlainDate.from(time).toZonedDateTime(timezone).epochMilliseconds : time
  return { from: instantOf(from), to: instantOf(to), meetingType, host, attendeeEmail, tag, search }
}

/** The reason why meeting changes are not in the audit log. */
const isActivity = { none: 'a change of a meeting is an activity' }

function registerBooking(app: App, deps: service.MeetingsDeps & RefreshingDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member', audit: isActivity },
    schema: {
      tags,
      summary: "Book a meeting on someone's behalf",
      description: 'Hosts can override hours and rules, but cannot book over other meetings. No approval is needed.',
      body: bookingInputSchema,
      response: { 201: meetingSchema },
    },
    handler: async (request, reply) => {
      const { meeting_type: meetingType, ...input } = request.body
      const booked = accept(await service.bookForSomeone(deps, actorOf(request), { meetingType, input }))
      reply.code(201)
      return booked.meeting
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/public/pages/:page/meeting-types/:slug/meetings',
    config: { access: 'public', audit: isActivity },
    schema: {
      tags: publicTags,
      summary: 'Book a meeting',
      description:
        '202: the meeting type requires visitors to confirm their email address. The time is held for 15 minutes, and the emailed link books the meeting. 409 `slot_taken`: the time is busy or full. 422 `not_bookable`: another rule does not allow the start time; see `detail`. If a seat in a group meeting is booked again with the same email address, the response is the same as for any other booking, and the link to the existing seat is emailed.',
      params: typeParamsSchema,
      body: publicBookingInputSchema,
      response: { 201: attendeeViewSchema, 202: pendingConfirmationSchema },
    },
    preHandler: (request) => refreshForPage(deps, { ...request.params, host: request.body.host }),
    handler: async (request, reply) => {
      const booking = { ...request.params, input: request.body, client: clientOf(request.ip) }
      const booked = accept(await service.bookOnPage(deps, booking))
      reply.code('view' in booked ? 201 : 202)
      return 'view' in booked ? booked.view : booked.pending
    },
  })
}

function registerHolds(app: App, deps: service.MeetingsDeps & RefreshingDeps): void {
  const holdUrl = '/api/v1/public/holds/:hold'
  app.route({
    method: 'GET',
    url: holdUrl,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Get the meeting that a confirmation link would book',
      description: 'This request does not confirm the email address.',
      params: holdParamsSchema,
      response: { 200: holdSchema },
    },
    handler: async ({ params }) => accept(await getHold(deps, params.hold)).hold,
  })
  app.route({
    method: 'POST',
    url: `${holdUrl}/confirm`,
    config: { access: 'public', audit: isActivity },
    schema: {
      tags: publicTags,
      summary: 'Confirm the email address and book the meeting',
      description:
        'Repeating the request returns the same meeting. 410 `gone`: the time is no longer held. 409 and 422 have the same meaning as for a booking, and are returned if the time can no longer be booked.',
      params: holdParamsSchema,
      response: { 200: attendeeViewSchema },
    },
    preHandler: ({ params }) => refreshForHold(deps, { token: params.hold }),
    handler: async ({ params }) => accept(await confirmHold(deps, params.hold)).view,
  })
}

const commands = [
  ['meetings', 'approve', 'Approve all pending attendees', hosts.approveMeeting],
  ['meetings', 'decline', 'Decline all pending attendees', hosts.declineMeeting],
  ['meetings', 'cancel', 'Cancel a meeting', hosts.cancelMeeting],
  ['attendees', 'approve', 'Approve one attendee', hosts.approveAttendee],
  ['attendees', 'decline', 'Decline one attendee', hosts.declineAttendee],
  ['attendees', 'cancel', 'Remove one attendee', hosts.cancelAttendee],
] as const

function registerCommands(app: App, deps: service.MeetingsDeps): void {
  for (const [noun, verb, summary, run] of commands) {
    app.route({
      method: 'POST',
      url: `/api/v1/${noun}/:id/${verb}`,
      config: { access: 'member', audit: isActivity },
      schema: { tags, summary, params: idParamSchema, body: messageInputSchema, response: { 200: meetingSchema } },
      handler: async (request) => {
        const command = { id: request.params.id, message: request.body.message }
        return accept(await run(deps, actorOf(request), command)).meeting
      },
    })
  }
  app.route({
    method: 'POST',
    url: `${url}/:id/reschedule`,
    config: { access: 'member', audit: isActivity },
    schema: {
      tags,
      summary: 'Reschedule a meeting',
      description:
        'Hosts can override hours and rules, but cannot book over other meetings. The approval status does not change.',
      params: idParamSchema,
      body: rescheduleInputSchema,
      response: { 200: meetingSchema },
    },
    handler: async (request) => {
      const command = { id: request.params.id, ...request.body }
      return accept(await hosts.rescheduleMeeting(deps, actorOf(request), command)).meeting
    },
  })
}

function registerCancelling(app: App, deps: service.MeetingsDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/people/upcoming',
    config: { access: 'admin' },
    schema: {
      tags: ['People'],
      summary: 'Count the upcoming meetings for an email address or domain',
      querystring: upcomingQuerySchema,
      response: { 200: upcomingCountSchema },
    },
    handler: async (request) => ({ meetings: await countUpcomingOf(deps, actorOf(request), request.query.value) }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/people/cancel-upcoming',
    config: { access: 'admin', idempotency: 'after', audit: 'person.meetings_cancelled' },
    schema: {
      tags: ['People'],
      summary: 'Remove an email address or domain from all upcoming meetings',
      description:
        'Each request handles up to 50 meetings. Repeat the request until `remaining` is 0. A meeting that has no attendees left is cancelled. Activities are emitted and hosts are notified as for single cancellations. The attendee is notified unless the limit on emails to one address has been reached. To prevent new bookings, also use POST /api/v1/blocked-attendees.',
      body: cancelUpcomingInputSchema,
      response: { 200: cancelledUpcomingSchema },
    },
    handler: async (request) => {
      return cancelUpcomingOf(deps, actorOf(request), request.body)
    },
  })
}

function registerTagging(app: App, deps: service.MeetingsDeps): void {
  for (const [method, summary, run] of [
    ['PUT', 'Add a tag, which is created if it does not exist', hosts.tagMeeting],
    ['DELETE', 'Remove a tag', hosts.untagMeeting],
  ] as const) {
    app.route({
      method,
      url: `${url}/:id/tags/:name`,
      config: { access: 'member', audit: isActivity },
      schema: { tags, summary, params: taggingParamsSchema, response: { 200: meetingSchema } },
      handler: async (request) => accept(await run(deps, actorOf(request), request.params)).meeting,
    })
  }
}

const HOST_LINKS =
  "A host's link also requires a session of that host, or of a manager or admin of the organization. An API key with one of these roles works too. Otherwise, the response is 401 `sign_in_required`."

function registerLinks(app: App, deps: service.MeetingsDeps & CalendarDeps & RefreshingDeps): void {
  registerLinkReads(app, deps)
  registerLinkChanges(app, deps)
}

/** Returns the link that a request uses, and who makes the request. */
function useOf(request: FastifyRequest<{ Params: { external_id: string } }>): links.LinkUse {
  return { externalId: request.params.external_id, findViewer: viewerOf(request) }
}

function registerLinkReads(app: App, deps: service.MeetingsDeps & CalendarDeps): void {
  app.route({
    method: 'GET',
    url: linkUrl,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Get the meeting that this link belongs to',
      description: HOST_LINKS,
      params: attendeeParamsSchema,
      response: { 200: attendeeViewSchema },
    },
    handler: async (request) => accept(await links.getAttendeeView(deps, useOf(request))).view,
  })
  app.route({
    method: 'GET',
    url: `${linkUrl}/calendar.ics`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: "Download the meeting's calendar entry",
      description:
        "Returns the same iCalendar entry as the emails (RFC 5545). The entry is tentative until a host approves the meeting, and cancelled once the meeting is cancelled or declined. It contains the hosts' names and email addresses.",
      params: attendeeParamsSchema,
      response: { 200: { description: 'The calendar entry', content: { 'text/calendar': { schema: z.string() } } } },
    },
    handler: async (request, reply) => {
      const { entry } = accept(await links.getCalendarFile(deps, useOf(request)))
      return reply
        .headers({ 'content-disposition': 'attachment; filename="meeting.ics"', 'cache-control': 'no-store' })
        .type(`text/calendar; charset=utf-8; method=${entry.method}`)
        .serializer(String)
        .send(entry.text)
    },
  })
  app.route({
    method: 'GET',
    url: `${linkUrl}/slots`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'List the start times that the meeting can be rescheduled to',
      description: "The meeting's own time does not count as busy.",
      params: attendeeParamsSchema,
      querystring: slotsQuerySchema.omit({ host: true }),
      response: { 200: slotsAnswerSchema },
    },
    handler: async (request) => {
      const { query, spendUnits } = request
      return accept(await links.listSlotsOfLink(deps, { ...useOf(request), query, spendUnits })).slots
    },
  })
  app.route({
    method: 'GET',
    url: '/m/:external_id/conference',
    schema: { hide: true, params: attendeeParamsSchema, response: { 302: z.void() } },
    handler: async ({ params }, reply) => {
      const room = await links.findConference(deps, params.external_id)
      return reply.redirect(room ?? `/m/${encodeURIComponent(params.external_id)}`)
    },
  })
}

function registerLinkChanges(app: App, deps: service.MeetingsDeps & RefreshingDeps): void {
  app.route({
    method: 'POST',
    url: `${linkUrl}/cancel`,
    config: { access: 'public', audit: isActivity },
    schema: {
      tags: publicTags,
      summary: 'Leave the meeting (as an attendee) or cancel it (as a host)',
      description: HOST_LINKS,
      params: attendeeParamsSchema,
      body: messageInputSchema,
      response: { 200: attendeeViewSchema },
    },
    handler: async (request) => accept(await links.cancelByLink(deps, { ...useOf(request), ...request.body })).view,
  })
  app.route({
    method: 'POST',
    url: `${linkUrl}/reschedule`,
    config: { access: 'public', audit: isActivity },
    schema: {
      tags: publicTags,
      summary: 'Reschedule the meeting',
      description: HOST_LINKS,
      params: attendeeParamsSchema,
      body: rescheduleInputSchema,
      response: { 200: attendeeViewSchema },
    },
    preHandler: (request) => refreshForLink(deps, { externalId: request.params.external_id }),
    handler: async (request) => accept(await links.rescheduleByLink(deps, { ...useOf(request), ...request.body })).view,
  })
}
