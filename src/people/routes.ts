import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { erasedSchema, eraseInputSchema, personExportSchema, personParamsSchema } from './schema.ts'
import { type ExportDeps, erasePerson, exportPerson } from './service.ts'

const url = '/api/v1/people'
const tags = ['People']

export function registerPeopleRoutes(app: App, deps: ExportDeps): void {
  app.route({
    method: 'GET',
    url: `${url}/:email/export`,
    config: { access: 'admin', secret: true, audit: 'person.exported' },
    schema: {
      tags,
      summary: "Export a person's data",
      description:
        'Returns everything that the organization stores about an email address, as one JSON document. Returns 404 if nothing is stored. See docs/privacy.md.',
      params: personParamsSchema,
      response: { 200: personExportSchema },
    },
    handler: async (request, reply) => {
      const { person } = accept(await exportPerson(deps, actorOf(request), request.params))
      reply.header('content-disposition', 'attachment; filename="person.json"')
      return person
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/:email/erase`,
    config: { access: 'admin', idempotency: 'after', isPersonal: true, audit: 'person.erased' },
    schema: {
      tags,
      summary: "Erase a person's data",
      description:
        'Overwrites everything that is stored about an email address with placeholders. Stored activities are overwritten too, so pending and resent deliveries contain the placeholders. The meetings remain. This cannot be undone. Returns 409 `conflict` if the person is a member or has an upcoming meeting. Delete the member or cancel the meeting first. Returns 404 if nothing is stored. See docs/privacy.md.',
      params: personParamsSchema,
      body: eraseInputSchema,
      response: { 200: erasedSchema },
    },
    handler: async (request) => accept(await erasePerson(deps, actorOf(request), request.params)).erased,
  })
}
