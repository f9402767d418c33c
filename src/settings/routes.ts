import { actorOf, organizationOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import { MOST_BYTES, UPLOAD, uploadTypes } from '../images/image.ts'
import type { App } from '../platform/http-server.ts'
import { bytesOf, registerUploads } from '../platform/uploads.ts'
import { settingsPatchSchema, settingsSchema } from './schema.ts'
import { changeSettings, getSettings, removeLogo, setLogo } from './service.ts'

const url = '/api/v1/organization'
const tags = ['Organization']

export function registerSettingsRoutes(app: App, deps: Parameters<typeof changeSettings>[0]): void {
  app.route({
    method: 'GET',
    url,
    config: { access: 'member' },
    schema: { tags, summary: 'Get the organization of the API key or session', response: { 200: settingsSchema } },
    handler: (request) => getSettings(deps.database.executor, organizationOf(request)),
  })
  app.route({
    method: 'PATCH',
    url,
    config: { access: 'admin', audit: 'settings.changed' },
    schema: { tags, summary: 'Change the organization', body: settingsPatchSchema, response: { 200: settingsSchema } },
    handler: async (request) => accept(await changeSettings(deps, actorOf(request), request.body)).settings,
  })
  registerUploads(app, (uploads) => registerLogo(uploads, deps))
}

function registerLogo(app: App, deps: Parameters<typeof changeSettings>[0]): void {
  app.route({
    method: 'PUT',
    url: `${url}/logo`,
    bodyLimit: MOST_BYTES,
    config: { access: 'admin', audit: 'settings.changed', upload: uploadTypes },
    schema: {
      tags,
      summary: "Upload the organization's logo",
      description: UPLOAD,
      response: { 200: settingsSchema },
    },
    handler: async (request) => accept(await setLogo(deps, actorOf(request), { bytes: bytesOf(request) })).settings,
  })
  app.route({
    method: 'DELETE',
    url: `${url}/logo`,
    config: { access: 'admin', audit: 'settings.changed' },
    schema: { tags, summary: "Remove the organization's logo", response: { 200: settingsSchema } },
    handler: (request) => removeLogo(deps, actorOf(request)),
  })
}
