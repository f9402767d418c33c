import fastify, {
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
import { findUnstorableText } from './json-text.ts'

/** The HTTP server with Zod schemas: validation, types and OpenAPI from one definition. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

const BODY_LIMIT_BYTES = 256 * 1024
/** How long a client may take to send a request: whoever drips one byte a minute must not hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 60_000
/** How long a stop waits for requests under way: a little longer than the longest, a webhook's test. */
const STOP_GRACE_MS = 17_000
/** Of a path into a body that somebody sent: enough to find it. */
const PATH_SHOWN = 200

export interface HttpServerOptions {
  logger: FastifyBaseLogger
  /** Addresses or ranges of the reverse proxies whose forwarding headers count. */
  trustProxy: string[]
  /** Checks each answer against its schema (tests); costs too much for every day. */
  checkAnswers?: boolean
  /** How long a stop waits for requests under way before it breaks them off, in milliseconds. */
  stopGraceMs?: number
}

/** Makes the server without routes: how bodies are read and how every refusal is answered as a problem document (RFC 9457). */
export function createHttpServer({ logger, trustProxy, checkAnswers = false, ...rest }: HttpServerOptions): App {
  const app: App = fastify({
    loggerInstance: logger,
    // Requests are counted by the metrics; only failures are logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    routerOptions: { maxParamLength: 500 },
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Requests under way are finished on close; idle keep-alive connections are closed at once.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => sendRefusal(reply as unknown as FastifyReply, toRefusal(error)),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(({ schema }) => (checkAnswers ? checkedSerializer(schema as z.ZodType) : JSON.stringify))
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    parseJson(body as string, done),
  )
  boundStop(app, rest.stopGraceMs ?? STOP_GRACE_MS)
  app.addHook('onRequest', refuseNulInAddress)
  app.addHook('onRequest', ignoreTypeOfNothing)
  app.addHook('preValidation', fillAbsentBody)
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(
      reply,
      refuse(
        'not_found',
        `There is no ${request.method} ${request.url.split('?')[0]}. The addresses are listed at /api/docs.`,
      ),
    ),
  )
  return app
}

/** A client that never ends its request must not keep the process from stopping. */
function boundStop(app: App, graceMs: number): void {
  let grace: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    grace = setTimeout(() => app.server.closeAllConnections(), graceMs)
  })
  app.addHook('onClose', async () => clearTimeout(grace))
}

/** Answers a refusal as a problem document. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal, headers: Record<string, string> = {}): FastifyReply {
  const [status, title] = errors[refusal.code]
  const problem = {
    type: `urn:bookbell:error:${refusal.code}`,
    title,
    status,
    code: refusal.code,
    detail: refusal.detail,
    ...(refusal.errors ? { errors: refusal.errors } : {}),
  }
  return reply.code(status).headers(headers).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

function answerError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendRefusal(reply, error.refusal, error.headers)
  const refusal = toRefusal(error)
  if (refusal.code === 'internal_error')
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
  return sendRefusal(reply, refusal)
}

function toRefusal(error: FastifyError): Refusal {
  if (hasZodFastifySchemaValidationErrors(error)) return refuseInput(error)
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('body_too_large', `A body may have at most ${BODY_LIMIT_BYTES / 1024} KiB. Send less.`)
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
        'The server could not answer. It has been logged; try again, and tell the operator if it stays.',
      )
}

function refuseInput(error: FastifyError): Refusal {
  const issues = (error.validation ?? []) as unknown as {
    instancePath: string
    message?: string
    params?: { issue?: { keys?: string[] } }
  }[]
  const fields: FieldError[] = issues.map((issue) => ({
    path: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message: issue.message ?? 'is not valid',
  }))
  const where =
    error.validationContext === 'body' ? 'body' : error.validationContext === 'querystring' ? 'query' : 'address'
  const detail = fields.map((field) => (field.path ? `${field.path}: ${field.message}` : field.message)).join('; ')
  return refuse('invalid_input', `The ${where} is not valid. ${detail}.`, fields)
}

function parseJson(body: string, done: (error: Error | null, value?: unknown) => void): void {
  try {
    done(null, readJson(body))
  } catch (error) {
    done(error as Problem)
  }
}

function readJson(body: string): unknown {
  if (body === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (error) {
    throw new Problem(refuse('malformed_json', `The body is not valid JSON: ${(error as Error).message}.`))
  }
  // A text that PostgreSQL cannot store has to be spelled with an escape, so most bodies need no walk.
  const path = body.includes('\\u') ? findUnstorableText(value)?.slice(0, PATH_SHOWN) : undefined
  if (path === undefined) return value
  const message = 'contains a NUL character or half of a surrogate pair, which no text can hold; leave it out'
  throw new Problem(refuse('invalid_input', `${path}: ${message}.`, [{ path, message }]))
}

async function refuseNulInAddress(request: FastifyRequest): Promise<void> {
  if (/%00/.test(request.url))
    throw new Problem(refuse('malformed_request', 'The address contains a NUL character (%00). Leave it out.'))
}

/** A body of no bytes is absent, whatever type is named for it (`curl -d ''` calls it a form). */
async function ignoreTypeOfNothing(request: FastifyRequest): Promise<void> {
  if (request.headers['content-length'] === '0') delete request.headers['content-type']
}

/** An absent body means `{}`. */
async function fillAbsentBody(request: FastifyRequest): Promise<void> {
  if (request.method === 'POST' && request.body === undefined) request.body = {}
}

function checkedSerializer(schema: z.ZodType): (data: unknown) => string {
  return (data) => {
    const text = JSON.stringify(data)
    const checked = schema.safeParse(JSON.parse(text))
    if (!checked.success) throw new Error(`The answer does not match its schema: ${checked.error.message}`)
    return text
  }
}
