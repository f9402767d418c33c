import { z } from 'zod'
import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParam, listOf, pageQuery, readPage } from '../platform/pagination.ts'
import { member, memberInput, memberPatch } from './schema.ts'
import { changeMember, createMember, deleteMember, getMemberFor, listMembersFor, type MembersDeps } from './service.ts'

const url = '/api/v1/members'
const tags = ['Members']

export function registerMemberRoutes(app: App, deps: MembersDeps): void {
  registerReads(app, deps)
  registerChanges(app, deps)
}

function registerReads(app: App, { database }: MembersDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'List members',
      description: 'Members see themselves, managers and admins everybody.',
      querystring: pageQuery,
      response: { 200: listOf(member) },
    },
    handler: (request) => listMembersFor(database.executor, actorOf(request), readPage(request.query)),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: { tags, summary: 'Get a member', params: idParam, response: { 200: member } },
    handler: async (request) =>
      accept(await getMemberFor(database.executor, actorOf(request), request.params.id)).member,
  })
}

function registerChanges(app: App, deps: MembersDeps): void {
  app.route({
    method: 'POST',
    url,
    config: { access: 'admin' },
    schema: { tags, summary: 'Create a member', body: memberInput, response: { 201: member } },
    handler: async (request, reply) => {
      const creation = { organization: organizationOf(request), input: request.body }
      const { member: created } = accept(await createMember(deps, creation))
      reply.code(201)
      return created
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { access: 'member' },
    schema: {
      tags,
      summary: 'Change a member',
      description:
        'Admins change everybody; managers the limits of everybody; each member themselves, but neither role nor e-mail address.',
      params: idParam,
      body: memberPatch,
      response: { 200: member },
    },
    handler: async (request) => {
      const change = { actor: actorOf(request), id: request.params.id, patch: request.body }
      return accept(await changeMember(deps, change)).member
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Delete a member',
      description: 'Refused while they host a meeting type, have upcoming meetings, or are the last admin.',
      params: idParam,
      response: { 204: z.void() },
    },
    handler: async (request, reply) => {
      accept(await deleteMember(deps, organizationOf(request), { id: request.params.id }))
      return reply.code(204).send()
    },
  })
}
