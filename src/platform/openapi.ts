import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { App } from './http-server.ts'
import { completeDocument } from './openapi-document.ts'

export interface OpenApiOptions {
  version: string
  /** The server URL that the document shows. */
  url: string
  /** The `webhooks` section (OpenAPI 3.1): the requests sent to webhooks. */
  webhooks: Record<string, unknown>
}

/**
 * The viewer sets styles from its script. Everything else must come from our own files. The policy also works over plain HTTP on
 * a local network.
 */
const VIEWER_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "font-src 'self' data:",
  "frame-ancestors 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self' 'unsafe-inline'",
].join('; ')

/** Adds every route that is registered afterwards to the document at /api/docs. */
export async function registerOpenApi(app: App, { version, url, webhooks }: OpenApiOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bookbell',
        version,
        description: 'Self-hosted scheduling with webhooks you can rely on.',
        license: { name: 'MIT' },
      },
      servers: [{ url }],
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: bb_…' } } },
      security: [{ apiKey: [] }],
      ...({ webhooks } as object),
    },
    transform: describeRoute,
    transformObject: (document) => completeDocument('openapiObject' in document ? document.openapiObject : {}),
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: true,
    transformStaticCSP: () => VIEWER_POLICY,
    theme: {
      title: 'Bookbell API',
      css: [{ filename: 'bookbell.css', content: '.swagger-ui .topbar { display: none }' }],
    },
    uiConfig: { docExpansion: 'none', persistAuthorization: false },
  })
}

/** The body of a route that accepts a file. */
const FILE = { type: 'string', format: 'binary' }

/** Describes a route from its schemas. Public calls do not need an API key. */
function describeRoute(input: Parameters<typeof jsonSchemaTransform>[0]): ReturnType<typeof jsonSchemaTransform> {
  const { schema, url } = jsonSchemaTransform(input)
  const { access, upload } = input.route.config ?? {}
  const described = upload ? { ...schema, consumes: [...upload], body: FILE } : schema
  return { schema: access === 'public' ? { ...described, security: [] } : described, url }
}
