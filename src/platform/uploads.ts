import type { App } from './http-server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media types that are allowed as a file body, for the API document. */
    upload?: readonly string[]
  }
}

/** Registers routes whose body is a file. Their handlers receive the bytes unchanged, whatever media type was declared. */
export function registerUploads(app: App, register: (uploads: App) => void): void {
  app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    register(uploads as unknown as App)
  })
}

/** Returns the uploaded bytes, or no bytes if there is no body. */
export function bytesOf({ body }: { body: unknown }): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
