import { Readable } from 'node:stream'
import { organizationOf } from '../access/gate.ts'
import type { App } from '../platform/http-server.ts'
import { listOf, readPage } from '../platform/pagination.ts'
import { auditEntrySchema, auditFilterSchema, auditQuerySchema } from './schema.ts'
import { type AuditDeps, exportAudit, listAudit } from './service.ts'

const url = '/api/v1/audit'
const tags = ['Audit log']

/** Registers the audit log's routes: who changed what in an organization, when, and from where. */
export function registerAuditRoutes(app: App, deps: AuditDeps): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'List audit log entries, newest first',
      querystring: auditQuerySchema,
      response: { 200: listOf(auditEntrySchema) },
    },
    handler: (request) => {
      const { limit, cursor, ...filter } = request.query
      return listAudit(deps, organizationOf(request), { filter, page: readPage({ limit, cursor }) })
    },
  })
  app.route({
    method: 'GET',
    url: `${url}.csv`,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Download the audit log as CSV',
      description:
        'Accepts the same filters as the list. Cells that a spreadsheet would interpret as a formula start with an apostrophe.',
      querystring: auditFilterSchema,
    },
    handler: async (request, reply) => {
      const lines = exportAudit(deps, organizationOf(request), { filter: request.query })
      return reply
        .headers({ 'content-disposition': 'attachment; filename="audit-log.csv"' })
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(Readable.from(lines, { objectMode: false }))
    },
  })
}
