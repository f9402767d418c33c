import { randomBytes, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './http-server.ts'

type Encoding = 'br' | 'gzip'

/** Shorter answers fit into one packet with their headers. */
const SHORTEST_BYTES = 1_000
/** Text: JSON, pages, calendar files, scripts. A stream, such as one of events, is never compressed, whatever its type. */
const COMPRESSIBLE = /^(text\/|application\/([a-z.]+\+)?(json|javascript|xml)\b|image\/svg\+xml)/
/** The longest padding: longer than what a correctly guessed character saves, many times over. */
const LONGEST_PADDING = 64

/**
 * Brotli at 4 takes as long as gzip at 3 and halves its result: two months of slots shrink from 41 kB to 1.6 kB in half a
 * millisecond, on zlib's own threads.
 */
const compressors: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  gzip: (content) => promisify(gzip)(content, { level: 3 }),
}

/**
 * Compresses answers to GET with Brotli or gzip. The length of a compressed answer can reveal a secret in it to someone who also
 * chooses a part of it and watches the connection (the BREACH attack): docs/security.md says what is not compressed for that
 * reason, and what is padded.
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

/** Whether the answer has secrets: routes that say so, everything about accounts, and what sets a cookie. */
function isSecret({ routeOptions: { url = '', config } }: FastifyRequest, reply: FastifyReply): boolean {
  return config.secret === true || /^\/api\/(auth\/|v1\/account)/.test(url) || reply.hasHeader('set-cookie')
}

/** Whether another site makes this browser send requests with its cookie: only so could it choose what the answer contains. */
function isCausedByOtherSite({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return headers.cookie !== undefined && (site === 'cross-site' || site === 'same-site')
}

/** Caches must keep one answer for each encoding. */
function addVary(reply: FastifyReply): void {
  const known = [reply.getHeader('vary') ?? []].flat().join(', ')
  reply.header('vary', known ? `${known}, Accept-Encoding` : 'Accept-Encoding')
}

/** A random text of random length, which hides the length of what is next to it. */
function makePadding(): string {
  return randomBytes(LONGEST_PADDING).toString('base64url').slice(0, randomInt(1, LONGEST_PADDING))
}

/** The best encoding that the client accepts (RFC 9110, 12.5.3); undefined if it has to be none. */
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
