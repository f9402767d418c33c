import { z } from 'zod'
import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { MOST_BYTES, UPLOAD, uploadTypes } from '../images/image.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, readPage } from '../platform/pagination.ts'
import { bytesOf, registerUploads } from '../platform/uploads.ts'
import { memberInputSchema, memberPatchSchema, memberSchema, membersQuerySchema } from './schema.ts'
import {
  changeMember,
  createMember,
  deleteMember,
  getMember,
  listMembers,
  type MembersDeps,
  removePhoto,
  setPhoto,
} from './service.ts'

const url = '/api/v1/members'
const tags = ['Members']

export function registerMemberRoutes(app: App, deps: MembersDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
  registerUploads(app, (uploads) => registerPhotos(uploads, deps))
}

function registerPhotos(app: App, deps: MembersDeps): void {
  app.route({
    method: 'PUT',
    url: `${url}/:id/photo`,
    bodyLimit: MOST_BYTES,
    config: { access: 'member', audit: 'member.changed', upload: uploadTypes },
    schema: {
      tags,
      summary: "Upload a member's photo",
      description: `Admins can do this for all members. Other members can do this for themselves. ${UPLOAD}`,
      params: idParamSchema,
      response: { 200: memberSchema },
    },
    handler: async (request) => {
      const photo = { ...request.params, bytes: bytesOf(request) }
      return accept(await setPhoto(deps, actorOf(request), photo)).member
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id/photo`,
    config: { access: 'member', audit: 'member.changed' },
    schema: {
      tags,
      summary: "Remove a member's photo",
      params: idParamSchema,
      response: { 200: memberSchema },
    },
    handler: async (request) => accept(await removePhoto(deps, actorOf(request), request.params)).member,
  })
}

function registerReads(app: App, deps: MembersDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List members',
      description: 'Managers and admins can list all members. Other members can only list themselves.',
      querystring: membersQuerySchema,
      response: { 200: listOf(memberSchema) },
    },
    handler: (request) => {
      const { search, meeting_type: meetingType, ids } = request.query
      const filter = { search, meetingType, ids: ids?.split(',').map(Number) }
      return listMembers(deps, actorOf(request), { ...readPage(request.query), ...filter })
    },
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a member', params: idParamSchema, response: { 200: memberSchema } },
    handler: async (request) =>
      accept(await getMember(deps.database.executor, actorOf(request), request.params)).member,
  })
}

function registerChanges(app: App, deps: MembersDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin', audit: 'member.created' },
    schema: { tags, summary: 'Create a member', body: memberInputSchema, response: { 201: memberSchema } },
    handler: async (request, reply) => {
      const { member } = accept(await createMember(deps, actorOf(request), request.body))
      reply.code(201)
      return member
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'member', audit: 'member.changed' },
    schema: {
      tags,
      summary: 'Change a member',
      description:
        "Admins can change all members. Managers can change all members' limits. Members can change themselves, except for their role and email address. If you change the email address of a member who has not joined yet, the invitation becomes invalid, and you must send a new one.",
      params: idParamSchema,
      body: memberPatchSchema,
      response: { 200: memberSchema },
    },
    handler: async (request) =>
      accept(await changeMember(deps, actorOf(request), { ...request.body, ...request.params })).member,
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin', audit: 'member.deleted' },
    schema: {
      tags,
      summary: 'Delete a member',
      description:
        'Rejected if the member hosts a meeting type, owns a schedule that a meeting type uses, has upcoming meetings, or is the last admin.',
      params: idParamSchema,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteMember(deps, actorOf(request), request.params))
      return reply.code(204).send()
    },
  })
}
