import { z } from 'zod'
import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { CalendarDeps } from '../notifications/service.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, readPage } from '../platform/pagination.ts'
import { slotsAnswerSchema, slotsQuerySchema } from '../slots/schema.ts'
import {
  attendeeParams,
  attendeeView,
  bookingInput,
  meeting,
  meetingsQuery,
  messageInput,
  publicBookingInput,
  rescheduleInput,
  taggingParams,
  typeParams,
} from './schema.ts'
import * as service from './service.ts'

const url = '/api/v1/meetings'
const linkUrl = '/api/v1/public/attendees/:external_id'
const tags = ['Meetings']
const publicTags = ['Public']

export function registerMeetingRoutes(app: App, deps: service.MeetingsDeps & CalendarDeps): void {
  registerReads(app, deps)
  registerBooking(app, deps)
  registerCommands(app, deps)
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
      summary: 'List meetings in the order of their starts',
      description: 'Members see the meetings that they host, managers and admins all.',
      querystring: meetingsQuery,
      response: { 200: listOf(meeting) },
    },
    handler: (request) => {
      const { query } = request
      const {
        from,
        to,
        status,
        meeting_type: meetingType,
        host,
        attendee_email: attendeeEmail,
        tag,
        search,
        order,
      } = query
      const filter = { from, to, status, meetingType, host, attendeeEmail, tag, search, order }
      return service.listMeetings(deps, { actor: actorOf(request), filter, page: readPage(query, 2) })
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a meeting', params: idParam, response: { 200: meeting } },
    handler: async (request) => {
      const { id } = request.params
      return accept(await service.getMeeting(deps, { actor: actorOf(request), id })).meeting
    },
  })
}

function registerBooking(app: App, deps: service.MeetingsDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Book for somebody',
      description: 'A host may overrule hours and rules, but never another meeting. Needs no approval.',
      body: bookingInput,
      response: { 201: meeting },
    },
    handler: async (request, reply) => {
      const { meeting_type: meetingType, ...input } = request.body
      const booked = accept(await service.bookForSomebody(deps, { actor: actorOf(request), meetingType, input }))
      reply.code(201)
      return booked.meeting
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/public/pages/:page/meeting-types/:slug/meetings',
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Book a meeting',
      description:
        '409 `slot_taken`: the time is busy or full; 409 `already_booked`; 422 `not_bookable`: another rule, named in `detail`.',
      params: typeParams,
      body: publicBookingInput,
      response: { 201: attendeeView },
    },
    handler: async (request, reply) => {
      const { view } = accept(await service.bookOnPage(deps, { ...request.params, input: request.body }))
      reply.code(201)
      return view
    },
  })
}

const commands = [
  ['meetings', 'approve', 'Approve everybody who waits', service.approveMeeting],
  ['meetings', 'decline', 'Decline everybody who waits', service.declineMeeting],
  ['meetings', 'cancel', 'Cancel a meeting', service.cancelMeeting],
  ['attendees', 'approve', 'Approve one attendee', service.approveAttendee],
  ['attendees', 'decline', 'Decline one attendee', service.declineAttendee],
  ['attendees', 'cancel', 'Remove one attendee', service.cancelAttendee],
] as const

function registerCommands(app: App, deps: service.MeetingsDeps): void {
  for (const [noun, verb, summary, run] of commands) {
    app.route({
      method: 'POST',
      url: `/api/v1/${noun}/:id/${verb}`,
      config: { access: 'member' },
      schema: { tags, summary, params: idParam, body: messageInput, response: { 200: meeting } },
      handler: async (request) => {
        const command = { actor: actorOf(request), id: request.params.id, message: request.body.message }
        return accept(await run(deps, command)).meeting
      },
    })
  }
  app.route({
    method: 'POST',
    url: `${url}/:id/reschedule`,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Move a meeting to another start',
      description: 'A host may overrule hours and rules, but never another meeting. The approval stays as it is.',
      params: idParam,
      body: rescheduleInput,
      response: { 200: meeting },
    },
    handler: async (request) => {
      const command = { actor: actorOf(request), id: request.params.id, ...request.body }
      return accept(await service.rescheduleMeeting(deps, command)).meeting
    },
  })
}

function registerTagging(app: App, deps: service.MeetingsDeps): void {
  for (const [method, summary, run] of [
    ['PUT', 'Add a tag, made on its first use', service.tagMeeting],
    ['DELETE', 'Remove a tag', service.untagMeeting],
  ] as const) {
    app.route({
      method,
      url: `${url}/:id/tags/:name`,
      config: { access: 'member' },
      schema: { tags, summary, params: taggingParams, response: { 200: meeting } },
      handler: async (request) => accept(await run(deps, { actor: actorOf(request), ...request.params })).meeting,
    })
  }
}

function registerLinks(app: App, deps: service.MeetingsDeps & CalendarDeps): void {
  app.route({
    method: 'GET',
    url: linkUrl,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'The meeting as the person with this link may see it',
      params: attendeeParams,
      response: { 200: attendeeView },
    },
    handler: async ({ params }) => accept(await service.getAttendeeView(deps, params.external_id)).view,
  })
  app.route({
    method: 'GET',
    url: `${linkUrl}/calendar.ics`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Download the calendar entry of the meeting',
      description:
        'The same iCalendar entry that the mails carry (RFC 5545): tentative until a host approves, cancelled once the meeting is cancelled or declined. Names the hosts with their e-mail addresses.',
      params: attendeeParams,
      response: { 200: { description: 'The calendar entry', content: { 'text/calendar': { schema: z.string() } } } },
    },
    handler: async ({ params }, reply) => {
      const { entry } = accept(await service.getCalendarFile(deps, params.external_id))
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
      summary: 'Where the meeting could be moved',
      description: 'The time of the meeting itself does not count as busy.',
      params: attendeeParams,
      querystring: slotsQuerySchema.omit({ host: true }),
      response: { 200: slotsAnswerSchema },
    },
    handler: async ({ params, query }) =>
      accept(await service.listSlotsOfLink(deps, { externalId: params.external_id, query })).slots,
  })
  app.route({
    method: 'POST',
    url: `${linkUrl}/cancel`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Cancel: an attendee leaves, a host cancels the meeting',
      params: attendeeParams,
      body: messageInput,
      response: { 200: attendeeView },
    },
    handler: async ({ params, body }) =>
      accept(await service.cancelByLink(deps, { externalId: params.external_id, ...body })).view,
  })
  app.route({
    method: 'POST',
    url: `${linkUrl}/reschedule`,
    config: { access: 'public' },
    schema: {
      tags: publicTags,
      summary: 'Move the meeting to another start',
      params: attendeeParams,
      body: rescheduleInput,
      response: { 200: attendeeView },
    },
    handler: async ({ params, body }) =>
      accept(await service.rescheduleByLink(deps, { externalId: params.external_id, ...body })).view,
  })
  app.route({
    method: 'GET',
    url: '/m/:external_id/conference',
    schema: { hide: true, params: attendeeParams, response: { 302: z.void() } },
    handler: async ({ params }, reply) => {
      const room = await service.findConference(deps, params.external_id)
      return reply.redirect(room ?? `/m/${encodeURIComponent(params.external_id)}`)
    },
  })
}
