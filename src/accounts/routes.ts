import type { FastifyReply, FastifyRequest } from 'fastify'
import { organizationOf } from '../access/gate.ts'
import { refuseForeignOrigin } from '../access/origin.ts'
import { accept, Problem, type Refusal, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf } from '../platform/pagination.ts'
import type { Accounts, SignedInUser } from './accounts.ts'
import { endSession, getAccount, listOwnSessions, renameAccount, switchOrganization } from './own-account.ts'
import {
  acceptanceInputSchema,
  acceptedInvitationSchema,
  accountPatchSchema,
  accountSchema,
  accountSessionSchema,
  invitationParamsSchema,
  invitationSchema,
  passwordChangeSchema,
  resetRequestSchema,
  resetSchema,
  sentInvitationSchema,
  sessionParamsSchema,
  signInSchema,
  switchSchema,
} from './schema.ts'
import * as service from './service.ts'
import { BROWSER_COOKIE, passwordCounter } from './sign-in-budget.ts'
import { admitAttempt, countTry, makeBrowserKnown, recordSignIn } from './signing-in.ts'

type AccountRoutesDeps = service.AccountsDeps & { accounts: Accounts }

/** Invitations, and the sign-in routes of better-auth. */
export function registerAccountRoutes(app: App, deps: AccountRoutesDeps): void {
  registerInvitations(app, deps)
  registerPasswords(app, deps)
  registerOwnAccount(app, deps)
  registerOwnSessions(app, deps)
  registerSignIn(app, deps)
}

function registerInvitations(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/members/:id/invite',
    config: { access: 'admin' },
    schema: {
      tags: ['Members'],
      summary: 'E-mail an invitation to a member',
      params: idParamSchema,
      response: { 201: sentInvitationSchema },
    },
    handler: async (request, reply) => {
      const member = request.params.id
      const { invitation } = accept(await service.inviteMember(deps, organizationOf(request), { member }))
      reply.code(201)
      return invitation
    },
  })
  app.route({
    method: 'GET',
    url: '/api/v1/public/invitations/:token',
    config: { access: 'public' },
    schema: {
      tags: ['Members'],
      summary: 'Show an invitation',
      params: invitationParamsSchema,
      response: { 200: invitationSchema },
    },
    handler: async (request) => {
      const user = (await findSignedIn(deps, request))?.userId
      return accept(await service.showInvitation(deps, { token: request.params.token, user })).invitation
    },
  })
  app.route({
    method: 'POST',
    url: '/api/v1/public/invitations/:token/accept',
    config: { access: 'public' },
    schema: {
      tags: ['Members'],
      summary: 'Accept an invitation',
      description:
        'A person who has an account on this server must be signed in to it (401 otherwise); anyone else chooses a password.',
      params: invitationParamsSchema,
      body: acceptanceInputSchema,
      response: { 200: acceptedInvitationSchema },
    },
    handler: async (request, reply) => {
      const signedIn = (await findSignedIn(deps, request))?.userId
      const acceptance = { token: request.params.token, password: request.body.password, user: signedIn }
      const { email, user } = accept(await service.acceptInvitation(deps, acceptance))
      setBrowserCookie(reply, deps, makeBrowserKnown(deps, user))
      return { email }
    },
  })
}

/** The person whose session the request has, if it comes from our own pages. */
async function findSignedIn({ accounts, url }: AccountRoutesDeps, request: FastifyRequest) {
  if (!request.headers.cookie) return undefined
  refuseForeignOrigin(request, url)
  return accounts.findUser(new Headers({ cookie: request.headers.cookie }))
}

async function requireSignedIn(deps: AccountRoutesDeps, request: FastifyRequest): Promise<SignedInUser> {
  const user = await findSignedIn(deps, request)
  if (!user) throw new Problem(refuse('unauthenticated', 'Sign in at /admin.'))
  return user
}

/** A forgotten password, and a changed one. */
function registerPasswords(app: App, deps: AccountRoutesDeps): void {
  const afterwards = workAfterwards(app)
  app.route({
    method: 'POST',
    url: '/api/auth/request-password-reset',
    schema: { hide: true, body: resetRequestSchema },
    handler: async (request, reply) => {
      afterwards(() => service.requestPasswordReset(deps, request.body))
      return reply.code(202).send({ status: true })
    },
  })
  app.route({
    method: 'POST',
    url: '/api/auth/reset-password',
    schema: { hide: true, body: resetSchema },
    handler: async (request, reply) => {
      const { token, newPassword: password } = request.body
      const { user } = accept(await service.resetPassword(deps, { token, password, address: request.ip }))
      setBrowserCookie(reply, deps, makeBrowserKnown(deps, user))
      return { status: true }
    },
  })
  app.route({
    method: 'POST',
    url: '/api/account/password',
    schema: { hide: true, body: passwordChangeSchema },
    handler: async (request) => {
      const { userId: user, sessionId: session } = await requireSignedIn(deps, request)
      const { current_password: current, new_password: password } = request.body
      refuseTooMany(await countTry(deps, passwordCounter(user)))
      const change = { user, session, current, password, address: request.ip }
      accept(await service.changePassword(deps, change))
      return { status: true }
    },
  })
}

/** Runs work after the response, so that the time it takes reveals nothing. The server waits for it when it stops. */
function workAfterwards(app: App): (work: () => Promise<void>) => void {
  const running = new Set<Promise<void>>()
  app.addHook('onClose', async () => void (await Promise.all(running)))
  return (work) => {
    const done: Promise<void> = new Promise<void>((resolve) => setImmediate(resolve))
      .then(work)
      .catch((err) => app.log.error({ err }, 'failed after a response'))
      .finally(() => running.delete(done))
    running.add(done)
  }
}

/** What a person can see and change of their own account. */
function registerOwnAccount(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'GET',
    url: '/api/account',
    schema: { hide: true, response: { 200: accountSchema } },
    handler: async (request) => getAccount(deps, await requireSignedIn(deps, request)),
  })
  app.route({
    method: 'PATCH',
    url: '/api/account',
    schema: { hide: true, body: accountPatchSchema, response: { 200: accountSchema } },
    handler: async (request) => {
      const user = await requireSignedIn(deps, request)
      await renameAccount(deps, user, request.body)
      return getAccount(deps, user)
    },
  })
  app.route({
    method: 'POST',
    url: '/api/account/organization',
    schema: { hide: true, body: switchSchema },
    handler: async (request) => {
      accept(await switchOrganization(deps, await requireSignedIn(deps, request), request.body))
      return { status: true }
    },
  })
}

function registerOwnSessions(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'GET',
    url: '/api/account/sessions',
    schema: { hide: true, response: { 200: listOf(accountSessionSchema) } },
    handler: async (request) => {
      const data = await listOwnSessions(deps, await requireSignedIn(deps, request))
      return { data, next_cursor: null }
    },
  })
  app.route({
    method: 'DELETE',
    url: '/api/account/sessions/:id',
    schema: { hide: true, params: sessionParamsSchema },
    handler: async (request, reply) => {
      accept(await endSession(deps, await requireSignedIn(deps, request), request.params))
      return reply.code(204).send()
    },
  })
}

/**
 * The addresses of better-auth that the pages use; every other one is not found. better-auth uses the Fetch API, and its errors
 * become problem documents.
 */
function registerSignIn(app: App, deps: AccountRoutesDeps): void {
  const { accounts, url } = deps
  app.route({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    schema: { hide: true, body: signInSchema },
    handler: async (request, reply) => {
      const { cookie, 'user-agent': userAgent } = request.headers
      const attempt = { email: request.body.email, address: request.ip, cookie, userAgent }
      const admission = await admitAttempt(deps, attempt)
      if (!admission.ok) return refuseTooMany(admission.seconds)
      const response = await accounts.handle(toFetchRequest(request, url))
      const known = response.ok ? await recordSignIn(deps, attempt, admission) : undefined
      const sent = sendFetched(reply, response)
      if (known !== undefined) setBrowserCookie(reply, deps, known)
      return sent
    },
  })
  for (const path of ['/sign-out', '/revoke-sessions'])
    app.route({
      method: 'POST',
      url: `/api/auth${path}`,
      schema: { hide: true },
      handler: async (request, reply) => sendFetched(reply, await accounts.handle(toFetchRequest(request, url))),
    })
}

/** The browser is known for this account from now on, for a year. */
function setBrowserCookie(reply: FastifyReply, { url }: AccountRoutesDeps, value: string): void {
  const attributes = ['Path=/api/auth', `Max-Age=${365 * 24 * 60 * 60}`, 'HttpOnly', 'SameSite=Lax']
  if (url.startsWith('https:')) attributes.push('Secure')
  reply.header('set-cookie', [`${BROWSER_COOKIE}=${value}`, ...attributes].join('; '))
}

function refuseTooMany(seconds: number): void {
  if (seconds === 0) return
  const detail = `Too many attempts. Try again in ${seconds} seconds, or reset your password.`
  throw new Problem(refuse('rate_limited', detail), { 'retry-after': String(seconds) })
}

function toFetchRequest(request: FastifyRequest, url: string): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'content-length') headers.set(name, String(value))
  }
  headers.set('x-forwarded-for', request.ip)
  const body = request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}
  return new Request(new URL(request.url, url), { method: request.method, headers, ...body })
}

/** What to say for each status of better-auth: its own texts are for developers. */
const REFUSALS: Record<number, Refusal> = {
  400: refuse('invalid_input', 'The e-mail address, password or code is not valid.'),
  401: refuse('unauthenticated', 'The e-mail address or the password is wrong, or the session has ended. Sign in.'),
  403: refuse('forbidden', 'This request came from another site.'),
}

async function sendFetched(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  if (!response.ok) throw toProblem(response)
  reply.code(response.status)
  for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie)
  return reply.serializer(String).send(await response.text())
}

function toProblem({ status }: Response): Problem {
  return new Problem(REFUSALS[status] ?? refuse('malformed_request', 'This request is not valid.'))
}
