import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import fastify, {
  type ConnectionError,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { hasZodFastifySchemaValidationErrors, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { errors, type FieldError, Problem, type Refusal, refuse } from '../errors.ts'
import { clientOf, isInRanges, readForwardedFor } from './client-address.ts'
import { findUnstorableText } from './json-text.ts'
import { messageOf } from './thrown.ts'

/** The HTTP server with Zod schemas. One definition is used for validation, types and OpenAPI. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

const BODY_LIMIT_BYTES = 256 * 1024
/** How long a client may take to send a request. A client that sends one byte a minute must not hold a connection forever. */
const REQUEST_TIMEOUT_MS = 60_000
/** How long shutdown waits for requests in flight. This is slightly longer than the longest request, a webhook test. */
const STOP_GRACE_MS = 17_000
/** How long a connection stays open after the response to a request that is not valid HTTP. */
const LINGER_MS = 1_000
const PROBLEM_TYPE = 'application/problem+json'
/** The refusal for each error code of Node's HTTP parser. */
const UNREADABLE: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: refuse('headers_too_large', 'The headers are longer than 16 KiB. Send fewer or shorter ones.'),
  ERR_HTTP_REQUEST_TIMEOUT: refuse('request_timeout', 'The request did not arrive in time. Send it again.'),
}
/** How many characters of a JSON path an error shows. This is enough to find the field. */
const PATH_SHOWN = 200

export interface HttpServerOptions {
  logger: FastifyBaseLogger
  /** The addresses or ranges of the reverse proxies whose forwarding headers are trusted. */
  trustProxy: string[]
  /** Whether to validate each response against its schema. For tests only, because it is too slow for production. */
  checkAnswers?: boolean
  /** How long shutdown waits for requests in flight before it aborts them, in milliseconds. */
  stopGraceMs?: number
  /** Called with the address of a peer that sends X-Forwarded-For but is not in `trustProxy`. */
  onUntrustedProxy?: (address: string) => void
}

/** Creates the server without routes. It parses bodies and sends every refusal as a problem document (RFC 9457). */
export function createHttpServer({ logger, trustProxy, checkAnswers = false, ...rest }: HttpServerOptions): App {
  const app: App = fastify({
    loggerInstance: logger,
    // Metrics count the requests. The log contains only failures.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    routerOptions: { maxParamLength: 500 },
    requestTimeout: REQUEST_TIMEOUT_MS,
    clientErrorHandler: answerUnreadable,
    // On close, requests in flight are finished, and idle keep-alive connections are closed immediately.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => sendRefusal(reply as unknown as FastifyReply, toRefusal(error)),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(({ schema }) => (checkAnswers ? checkedSerializer(schema as z.ZodType) : JSON.stringify))
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    parseJson(String(body), done),
  )
  boundStop(app, rest.stopGraceMs ?? STOP_GRACE_MS)
  app.addHook('onRequest', normalizeForwardedFor({ trustProxy, ...rest }))
  app.addHook('onRequest', refuseNulInAddress)
  app.addHook('onRequest', ignoreTypeOfNothing)
  app.addHook('preValidation', fillAbsentBody)
  const logTooMany = logRefusedClients()
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    if (error instanceof Problem && error.refusal.code === 'rate_limited') logTooMany(request)
    return answerError(error, request, reply)
  })
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(
      reply,
      refuse(
        'not_found',
        `There is no ${request.method} ${request.url.split('?')[0]}. The endpoints are listed at /api/docs.`,
      ),
    ),
  )
  return app
}

/** A client that never finishes its request must not prevent the process from stopping. */
function boundStop(app: App, graceMs: number): void {
  let grace: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    grace = setTimeout(() => app.server.closeAllConnections(), graceMs)
  })
  app.addHook('onClose', async () => clearTimeout(grace))
}

/** Sends a refusal as a problem document. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal, headers: Record<string, string> = {}): FastifyReply {
  const problem = problemOf(refusal)
  return reply.code(problem.status).headers(headers).type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem)
}

function problemOf({ code, detail, reason, errors: fields }: Refusal) {
  const [status, title] = errors[code]
  return {
    type: `urn:bookbell:error:${code}`,
    title,
    status,
    code,
    ...(reason ? { reason } : {}),
    detail,
    ...(fields ? { errors: fields.map((field) => ({ ...field, code: field.code ?? 'invalid' })) } : {}),
  }
}

/** Responds to bytes that are not a valid request. Writes to the socket directly, then closes the connection. */
function answerUnreadable(error: ConnectionError, socket: Socket): void {
  // The client has disconnected and cannot read a response.
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error)
  const problem = problemOf(UNREADABLE[error.code] ?? refuse('malformed_request', 'Not a valid HTTP/1.1 request.'))
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `content-type: ${PROBLEM_TYPE}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
  // Unread data would cause a reset. The client therefore gets time to read the response before the connection is closed.
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

/** How often a client that sends too many requests is logged, and how many clients are remembered. */
const REFUSED_LOG = { everyMs: 60_000, clients: 1_000 }

/** Logs clients that send too many requests, at most once a minute per client, so that they cannot fill the log. */
function logRefusedClients(): (request: FastifyRequest) => void {
  const logged = new Map<string, number>()
  return (request) => {
    const client = clientOf(request.ip)
    const now = performance.now()
    if (now - (logged.get(client) ?? Number.NEGATIVE_INFINITY) < REFUSED_LOG.everyMs) return
    if (logged.size >= REFUSED_LOG.clients) logged.clear()
    logged.set(client, now)
    request.log.info({ address: request.ip, route: request.routeOptions.url }, 'too many requests (429)')
  }
}

function answerError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendRefusal(reply, error.refusal, error.headers)
  const refusal = toRefusal(error, request.routeOptions.bodyLimit)
  if (refusal.code === 'internal_error')
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
  return sendRefusal(reply, refusal)
}

function toRefusal(error: FastifyError, bodyLimit = BODY_LIMIT_BYTES): Refusal {
  if (hasZodFastifySchemaValidationErrors(error)) return refuseInput(error)
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('body_too_large', `The body must not be larger than ${bodyLimit / 1024} KiB. Send a smaller one.`)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('unsupported_media_type', 'Send JSON with the header content-type: application/json.')
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return refuse('malformed_json', 'The body is empty. Send {} or leave out the content-type.')
  }
  const status = error.statusCode ?? 500
  return status >= 400 && status < 500
    ? refuse('malformed_request', `${error.message}.`.replace('..', '.'))
    : refuse(
        'internal_error',
        'The server could not process the request. The error has been logged. Try again, and contact the server administrator if the problem persists.',
      )
}

function refuseInput(error: FastifyError): Refusal {
  const fields = ((error.validation ?? []) as unknown as ValidationIssue[]).flatMap(readIssue)
  const where =
    error.validationContext === 'body' ? 'body' : error.validationContext === 'querystring' ? 'query' : 'address'
  const detail = fields.map((field) => (field.path ? `${field.path}: ${field.message}` : field.message)).join('; ')
  return refuse('invalid_input', `The ${where} is not valid. ${detail}.`, fields)
}

/** A Zod issue, in the form that the type provider passes on. */
interface ValidationIssue {
  keyword: string
  instancePath: string
  message?: string
  params?: IssueParams
}

interface IssueParams {
  keys?: string[]
  issues?: { message: string }[]
  errors?: { message: string }[][]
  origin?: string
  minimum?: number
  maximum?: number
}

/** Returns one error for each unknown field, and the inner messages of an issue if its own message is not clear. */
function readIssue({ keyword, instancePath, message = 'is not valid', params = {} }: ValidationIssue): FieldError[] {
  const path = instancePath.replace(/^\//, '').replaceAll('/', '.')
  if (params.keys)
    return params.keys.map((key) => {
      const name = key.slice(0, PATH_SHOWN)
      const message = 'is not a known field; leave it out, or check for a typo'
      return { path: path ? `${path}.${name}` : name, message, code: 'unknown' as const }
    })
  const inner = [...(params.issues ?? []), ...(params.errors ?? []).flat()].map((issue) => issue.message)
  return [
    {
      path,
      message:
        inner.length > 0 && /^Invalid (key|input)/.test(message)
          ? [...new Set(inner)].join(', or ')
          : addRemedy(message),
      ...kindOf(keyword, message, params),
    },
  ]
}

/** The kind of an issue, so that pages can translate it. */
function kindOf(keyword: string, message: string, { origin, minimum, maximum }: IssueParams) {
  const isNumber = origin === 'number' || origin === 'int'
  if (message.endsWith('received undefined')) return { code: 'required' as const }
  if (keyword === 'too_small' && minimum !== undefined) {
    if (!isNumber && minimum === 1) return { code: 'required' as const }
    return { code: isNumber ? ('too_small' as const) : ('too_short' as const), limit: minimum }
  }
  if (keyword === 'too_big' && maximum !== undefined)
    return { code: isNumber ? ('too_large' as const) : ('too_long' as const), limit: maximum }
  return { code: 'invalid' as const }
}

/** Turns Zod's message about a missing field into an instruction. */
function addRemedy(message: string): string {
  return message.replace(/^Invalid input: expected (\w+), received undefined$/, 'is missing; expected: $1')
}

function parseJson(body: string, done: (error: Error | null, value?: unknown) => void): void {
  try {
    done(null, readJson(body))
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)))
  }
}

function readJson(body: string): unknown {
  if (body === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    throw new Problem(refuse('malformed_json', `The body is not valid JSON: ${messageOf(error)}.`))
  }
  // In JSON text, the characters that PostgreSQL cannot store can appear only as escapes, so most bodies need no search.
  const path = body.includes('\\u') ? findUnstorableText(value)?.slice(0, PATH_SHOWN) : undefined
  if (path === undefined) return value
  const message = 'contains a NUL character or half of a surrogate pair, which cannot be stored; leave it out'
  throw new Problem(refuse('invalid_input', `${path}: ${message}.`, [{ path, message }]))
}

/**
 * Rewrites X-Forwarded-For once, so that `request.ip` is an address without a port, whatever the proxy wrote. If the
 * peer is not trusted, the header is reported and ignored.
 */
function normalizeForwardedFor({
  trustProxy,
  onUntrustedProxy,
}: Pick<HttpServerOptions, 'trustProxy' | 'onUntrustedProxy'>) {
  return (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    const header = request.headers['x-forwarded-for']
    if (header !== undefined) {
      const peer = request.socket.remoteAddress ?? ''
      if (!isInRanges(peer, trustProxy)) onUntrustedProxy?.(peer)
      request.headers['x-forwarded-for'] = readForwardedFor(String(header))
    }
    done()
  }
}

async function refuseNulInAddress(request: FastifyRequest): Promise<void> {
  if (/%00/.test(request.url))
    throw new Problem(refuse('malformed_request', 'The URL contains a NUL character (%00). Leave it out.'))
}

/** An empty body counts as absent, whatever its content type (`curl -d ''` sends it as a form). */
async function ignoreTypeOfNothing(request: FastifyRequest): Promise<void> {
  if (request.headers['content-length'] === '0') delete request.headers['content-type']
}

/** For every method that can have a body, an absent body means `{}`. */
async function fillAbsentBody(request: FastifyRequest): Promise<void> {
  if ((request.method === 'POST' || request.method === 'PATCH') && request.body === undefined) request.body = {}
}

function checkedSerializer(schema: z.ZodType): (data: unknown) => string {
  return (data) => {
    const text = JSON.stringify(data)
    const checked = schema.safeParse(JSON.parse(text))
    if (!checked.success) throw new Error(`The response does not match its schema: ${checked.error.message}`)
    return text
  }
}
