import type { Database } from '../platform/database.ts'
import type { App } from '../platform/http-server.ts'
import { loadableByOtherSites } from '../platform/response-headers.ts'
import { imageParamsSchema } from './schema.ts'
import { findImage } from './service.ts'

const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * Serves photos and logos to everyone, because booking pages, emails and other sites show them. The path changes with the
 * content.
 */
export function registerImageRoutes(app: App, { database }: { database: Database }): void {
  app.route({
    method: 'GET',
    url: '/images/:hash',
    schema: { hide: true, params: imageParamsSchema },
    handler: async (request, reply) => {
      const image = await findImage(database.executor, request.params.hash)
      if (!image) return reply.callNotFound()
      return reply
        .headers({
          'cache-control': `public, max-age=${YEAR_SECONDS}, immutable`,
          'content-security-policy': "default-src 'none'; sandbox",
          'content-disposition': 'inline',
          ...loadableByOtherSites,
        })
        .type(image.content_type)
        .send(Buffer.from(image.bytes))
    },
  })
}
