import { randomBytes, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './http-server.ts'

type Encoding = 'br' | 'gzip'

/** Shorter responses fit into one packet together with their headers. */
const SHORTEST_BYTES = 1_000
/**
 * Text content: JSON, pages, calendar files, scripts. Streams, such as server-sent events, are never compressed, whatever their
 * type.
 */
const COMPRESSIBLE = /^(text\/|application\/([a-z.]+\+)?(json|javascript|xml)\b|image\/svg\+xml)/
/** The maximum length of the padding, many times the number of bytes saved by guessing a character correctly. */
const LONGEST_PADDING = 64

/**
 * Brotli at level 4 takes as long as gzip at level 3, and its output is half the size. For example, two months of slots shrink
 * from 41 kB to 1.6 kB in half a millisecond, on zlib's own threads.
 */
const compressors: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  gzip: (content) => promisify(gzip)(content, { level: 3 }),
}

/**
 * Compresses responses to GET requests with Brotli or gzip. The length of a compressed response can reveal a secret in it to
 * someone who also chooses part of the response and watches the connection (the BREACH attack). docs/security.md lists the
 * responses that are therefore padded or not compressed.
 */
export function registerCompression(app: App): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isCompressible(request, reply, payload)) return payload
    addVary(reply)
    const encoding = chooseEncoding(request.headers['accept-encoding'])
    const content = Buffer.from(payload)
    if (encoding === undefined || content.length < SHORTEST_BYTES) return payload
    const compressed = await compressors[encoding](content)
    reply.removeHeader('content-length').header('content-encoding', encoding)
    if (request.actor) reply.header('bookbell-padding', makePadding())
    return compressed
  })
}

function isCompressible(request: FastifyRequest, reply: FastifyReply, payload: unknown): payload is string | Buffer {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return false
  if (request.method !== 'GET' || isSecret(request, reply) || isCausedByOtherSite(request)) return false
  return !reply.hasHeader('content-encoding') && COMPRESSIBLE.test(String(reply.getHeader('content-type')))
}

/**
 * Returns whether the response contains secrets. This applies to routes that declare it, all account routes, and responses that
 * set a cookie.
 */
function isSecret({ routeOptions: { url = '', config } }: FastifyRequest, reply: FastifyReply): boolean {
  return config.secret === true || /^\/api\/(auth\/|v1\/account)/.test(url) || reply.hasHeader('set-cookie')
}

/**
 * Returns whether another site made this browser send the request together with the user's cookie. Only such a site could
 * influence the response's content.
 */
function isCausedByOtherSite({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return headers.cookie !== undefined && (site === 'cross-site' || site === 'same-site')
}

/** Caches must keep a separate response for each encoding. */
function addVary(reply: FastifyReply): void {
  const known = [reply.getHeader('vary') ?? []].flat().join(', ')
  reply.header('vary', known ? `${known}, Accept-Encoding` : 'Accept-Encoding')
}

/** Returns random text of random length, which hides the length of the text next to it. */
function makePadding(): string {
  return randomBytes(LONGEST_PADDING).toString('base64url').slice(0, randomInt(1, LONGEST_PADDING))
}

/** Returns the best encoding that the client accepts (RFC 9110, 12.5.3), or undefined if the response must not be compressed. */
export function chooseEncoding(header: string | string[] | undefined): Encoding | undefined {
  const weights = new Map([header ?? []].flat().join(',').split(',').map(readCoding))
  const weightOf = (encoding: Encoding) => weights.get(encoding) ?? weights.get('*') ?? 0
  const [br, gzip] = [weightOf('br'), weightOf('gzip')]
  if (br === 0 && gzip === 0) return undefined
  return br >= gzip ? 'br' : 'gzip'
}

function readCoding(text: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = text.toLowerCase().split(';')
  const weight = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
  return [coding.trim(), weight === undefined ? 1 : Number(weight) || 0]
}
