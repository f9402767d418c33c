import { organizationOf } from '../access/gate.ts'
import { accept, Problem, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf, readPage } from '../platform/pagination.ts'
import { mailboxQuerySchema, mailSchema, mailSummarySchema } from './schema.ts'
import { getMail, listMails, type MailboxDeps } from './service.ts'

const url = '/api/v1/mailbox'
const tags = ['Mailbox']
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; sandbox"

export function registerMailboxRoutes(app: App, deps: MailboxDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: "List the organization's emails, newest first",
      querystring: mailboxQuerySchema,
      response: { 200: listOf(mailSummarySchema) },
    },
    handler: (request) =>
      listMails(deps, organizationOf(request), { page: readPage(request.query), status: request.query.status }),
  })
  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { access: 'admin', secret: true },
    schema: {
      tags,
      summary: 'Get an email with its text and calendar entry',
      params: idParamSchema,
      response: { 200: mailSchema },
    },
    handler: async (request) => accept(await getMail(deps, organizationOf(request), request.params.id)).mail,
  })
  app.route({
    method: 'GET',
    url: `${url}/:id/html`,
    config: { access: 'admin', secret: true },
    schema: { tags, summary: 'Get an email as HTML', params: idParamSchema },
    handler: async (request, reply) => {
      const { html } = accept(await getMail(deps, organizationOf(request), request.params.id)).mail
      if (html === null) throw new Problem(refuse('not_found', 'This email is confidential, so it is not shown.'))
      // A stranger's name may contain markup. Therefore no script runs, and only the email's own styles apply.
      return reply
        .headers({ 'content-security-policy': CONTENT_POLICY, 'x-content-type-options': 'nosniff' })
        .type('text/html; charset=utf-8')
        .serializer(String)
        .send(html)
    },
  })
}
