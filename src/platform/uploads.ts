import type { App } from './http-server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media types of a body that is a file, for the API document. */
    upload?: readonly string[]
  }
}

/** Registers routes whose body is a file, which they get as the bytes that were sent, whatever type was declared. */
export function registerUploads(app: App, register: (uploads: App) => void): void {
  app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    register(uploads as unknown as App)
  })
}

/** Returns the uploaded bytes; none if there is no body. */
export function bytesOf({ body }: { body: unknown }): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
