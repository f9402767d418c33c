import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { refuseForeignOrigin } from '../access/origin.ts'
import { accept, type Outcome, Problem, type Refusal, refuse } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import type { Accounts, SignedInUser } from './accounts.ts'
import { secondStepCookie } from './better-auth.ts'
import { type Oidc, PROVIDER } from './oidc.ts'
import {
  oidcStartedSchema,
  oidcStartSchema,
  type proofSchema,
  secondStepSchema,
  signInAnswerSchema,
  signInMethodsSchema,
  signInSchema,
} from './schema.ts'
import { type OwnerProof, passSecondStep, refuseSecondStep } from './second-factor.ts'
import type { AccountsDeps } from './service.ts'
import { deleteSessionByToken } from './session-store.ts'
import { BROWSER_COOKIE, codeCounter, passwordCounter } from './sign-in-budget.ts'
import {
  admitAttempt,
  countTry,
  findBrowser,
  findByPassword,
  recordFailure,
  recordSignIn,
  recordSignOut,
  type SignInPlace,
  settleTries,
} from './signing-in.ts'
import { findUser } from './store.ts'

/** `oidc` is undefined if no provider is configured. */
export type AccountRoutesDeps = AccountsDeps & { accounts: Accounts; oidc: Oidc | undefined }

/**
 * Registers the routes for signing in, step by step, and signing out. Only those better-auth routes that the pages use are
 * available.
 */
export function registerSignIn(app: App, deps: AccountRoutesDeps): void {
  registerPasswordStep(app, deps)
  registerSecondStep(app, deps)
  registerProvider(app, deps)
  registerSignOut(app, deps)
}

function registerPasswordStep(app: App, deps: AccountRoutesDeps): void {
  const afterwards = workAfterwards(app)
  app.route({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    config: { audit: 'sign_in.succeeded' },
    schema: { hide: true, body: signInSchema, response: { 200: signInAnswerSchema } },
    handler: async (request, reply) => {
      refuseForeignOrigin(request, deps.url)
      const admission = await admitAttempt(deps, { email: request.body.email, ...placeOf(request) })
      if (!admission.ok) throw tooMany(admission.seconds)
      const user = await findByPassword(deps, request.body)
      if (user === undefined) {
        afterwards(() => recordFailure(deps, { email: request.body.email, by: placeOf(request) }))
        throw new Problem(refuse('unauthenticated', 'The email address or the password is wrong.'))
      }
      await settleTries(deps, admission.counters)
      return enter(deps, request, reply, user)
    },
  })
}

/** Signs in a person who has passed the first factor, or requests the second factor. */
async function enter(
  deps: AccountRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  user: string,
): Promise<{ second_factor: boolean }> {
  const { accounts } = deps
  const headers = toHeaders(request)
  const second_factor = (await findUser(deps.database.executor, user))?.twoFactorEnabled === true
  if (second_factor) {
    setCookies(reply, await accounts.startSecondStep({ user, headers }))
  } else {
    setCookies(reply, await accounts.startSession({ user, secondFactor: null, headers }))
    await welcome(deps, request, reply, user)
  }
  return { second_factor }
}

/** Records the sign-in, and marks the browser as known. */
export async function welcome(deps: AccountRoutesDeps, request: FastifyRequest, reply: FastifyReply, user: string) {
  const known = await recordSignIn(deps, { user, place: placeOf(request) })
  if (known !== undefined) setBrowserCookie(reply, deps, known)
}

function registerSecondStep(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'POST',
    url: '/api/auth/sign-in/second-factor',
    config: { audit: 'sign_in.succeeded' },
    schema: { hide: true, body: secondStepSchema, response: { 200: signInAnswerSchema } },
    handler: async (request, reply) => {
      refuseForeignOrigin(request, deps.url)
      const headers = toHeaders(request)
      headers.set('cookie', secondStepCookie(request.headers.cookie))
      const user = await deps.accounts.findSecondStep(headers)
      if (user === undefined) throw new Problem(refuseSecondStep())
      const counter = codeCounter({ user, browser: findBrowser(deps, { user, cookie: request.headers.cookie }) })
      refuseTooMany(await countTry(deps, counter))
      const passed = await passSecondStep(deps, { user, headers, code: request.body.code })
      if (!passed.ok) await recordFailure(deps, { user, by: placeOf(request) })
      const { cookies } = accept(passed)
      await settleTries(deps, [counter])
      setCookies(reply, cookies)
      await welcome(deps, request, reply, user)
      return { second_factor: false }
    },
  })
}

/** Registers the routes for signing in with an OpenID Connect provider, if one is configured. */
function registerProvider(app: App, deps: AccountRoutesDeps): void {
  const { oidc } = deps
  app.route({
    method: 'GET',
    url: '/api/auth/methods',
    schema: { hide: true, response: { 200: signInMethodsSchema } },
    handler: async () => ({ provider: oidc?.name ?? null }),
  })
  if (!oidc) return
  app.route({
    method: 'POST',
    url: '/api/auth/sign-in/oidc',
    config: { audit: { none: 'does not sign anyone in yet' } },
    schema: { hide: true, body: oidcStartSchema, response: { 200: oidcStartedSchema } },
    handler: async (request, reply) => {
      refuseForeignOrigin(request, deps.url)
      const start = { headers: toHeaders(request), returnTo: request.body.return_to }
      const { location, cookies } = accept(await oidc.start(start))
      setCookies(reply, cookies)
      return { location }
    },
  })
  app.route({
    method: 'GET',
    url: `/api/auth/callback/${PROVIDER}`,
    schema: { hide: true },
    handler: async (request, reply) => {
      const signedIn = (await findSignedIn(deps, request))?.userId
      const found = await oidc.complete(toFetchRequest(request, deps.url), { signedIn, by: placeOf(request) })
      if (!found.ok) {
        setCookies(reply, found.cookies)
        return reply.redirect(`/admin?sign_in_problem=${found.problem}`)
      }
      return enterFromProvider(deps, request, reply, { ...found, isLinking: signedIn === found.user })
    },
  })
}

async function enterFromProvider(
  deps: AccountRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  found: { user: string; location: string; cookies: string[]; token: string; isLinking: boolean },
): Promise<FastifyReply> {
  const { user, location, cookies, token, isLinking } = found
  const account = await findUser(deps.database.executor, user)
  if (!isLinking && account?.twoFactorEnabled) {
    await deleteSessionByToken(deps.database.executor, token)
    setCookies(reply, await deps.accounts.startSecondStep({ user, headers: toHeaders(request) }))
    return reply.redirect('/admin?second_factor')
  }
  setCookies(reply, cookies)
  if (!isLinking) await welcome(deps, request, reply, user)
  return reply.redirect(location)
}

function registerSignOut(app: App, deps: AccountRoutesDeps): void {
  const { accounts, url } = deps
  for (const path of ['/sign-out', '/revoke-sessions'])
    app.route({
      method: 'POST',
      url: `/api/auth${path}`,
      config: { audit: 'session.ended' },
      schema: { hide: true },
      handler: async (request, reply) => {
        const signedIn = await findSignedIn(deps, request)
        const response = await accounts.handle(toFetchRequest(request, url))
        if (response.ok && signedIn) await recordSignOut(deps, { user: signedIn.userId, by: placeOf(request) })
        return sendFetched(reply, response)
      },
    })
}

/** Runs work after the response, so that its duration does not reveal anything. The server waits for it before it stops. */
export function workAfterwards(app: App): (work: () => Promise<void>) => void {
  const running = new Set<Promise<void>>()
  app.addHook('onClose', async () => void (await Promise.all(running)))
  return (work) => {
    const done: Promise<void> = new Promise<void>((resolve) => setImmediate(resolve))
      .then(work)
      .catch((err) => app.log.error({ err }, 'work after a response failed'))
      .finally(() => running.delete(done))
    running.add(done)
  }
}

/** Returns the person signed in to the request's session, if the request comes from our own pages. */
export async function findSignedIn({ accounts, url }: AccountRoutesDeps, request: FastifyRequest) {
  if (!request.headers.cookie) return undefined
  refuseForeignOrigin(request, url)
  return accounts.findUser(new Headers({ cookie: request.headers.cookie }))
}

/** Returns the same person, but throws a Problem if no one is signed in. */
export async function requireSignedIn(deps: AccountRoutesDeps, request: FastifyRequest): Promise<SignedInUser> {
  const user = await findSignedIn(deps, request)
  if (!user) throw new Problem(refuse('unauthenticated', 'Sign in at /admin.'))
  return user
}

/** Marks the browser as known for this account, for a year from now. */
export function setBrowserCookie(reply: FastifyReply, { url }: AccountRoutesDeps, value: string): void {
  const attributes = ['Path=/api/auth', `Max-Age=${365 * 24 * 60 * 60}`, 'HttpOnly', 'SameSite=Lax']
  if (url.startsWith('https:')) attributes.push('Secure')
  reply.header('set-cookie', [`${BROWSER_COOKIE}=${value}`, ...attributes].join('; '))
}

export function setCookies(reply: FastifyReply, cookies: string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie)
}

/**
 * Makes a change for the signed-in person. It requires proof that they own the account: their password, or a code. Only failed
 * proofs count as attempts. Throws a Problem for a refusal.
 */
export async function changeAsOwner<T extends object>(
  deps: AccountRoutesDeps,
  request: FastifyRequest<{ Body: z.output<typeof proofSchema> }>,
  change: (proof: OwnerProof & { by: SignInPlace }) => Promise<Outcome<T>>,
): Promise<T & { user: SignedInUser }> {
  const user = await requireSignedIn(deps, request)
  const counter = passwordCounter(user.userId)
  refuseTooMany(await countTry(deps, counter))
  const { password, code } = request.body
  const changed = accept(await change({ user, headers: toHeaders(request), password, code, by: placeOf(request) }))
  await settleTries(deps, [counter])
  return { ...changed, user }
}

/** Throws a Problem if the person must wait. */
export function refuseTooMany(seconds: number, what = 'attempts'): void {
  if (seconds > 0) throw tooMany(seconds, what)
}

function tooMany(seconds: number, what = 'attempts'): Problem {
  const remedy = what === 'attempts' ? ', or reset your password' : ''
  const detail = `Too many ${what}. Try again in ${seconds} seconds${remedy}.`
  return new Problem(refuse('rate_limited', detail), { 'retry-after': String(seconds) })
}

/** Returns where a request comes from: its trusted address, the log, and data that distinguishes browsers. */
export function placeOf(request: FastifyRequest): SignInPlace {
  const { cookie, 'user-agent': userAgent } = request.headers
  return { address: request.ip, log: request.log, cookie, userAgent }
}

/** Returns a request's headers as better-auth reads them, with the address that we trust. */
export function toHeaders(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'content-length') headers.set(name, String(value))
  }
  headers.set('x-forwarded-for', request.ip)
  return headers
}

function toFetchRequest(request: FastifyRequest, url: string): Request {
  const body = request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}
  return new Request(new URL(request.url, url), { method: request.method, headers: toHeaders(request), ...body })
}

/** The refusal for each better-auth status. Its own messages are for developers. */
const REFUSALS: Record<number, Refusal> = {
  400: refuse('invalid_input', 'This request is not valid.'),
  401: refuse('unauthenticated', 'The session has ended. Sign in.'),
  403: refuse('forbidden', 'This request came from another site.'),
}

async function sendFetched(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  if (!response.ok) throw toProblem(response)
  reply.code(response.status)
  for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
  setCookies(reply, response.headers.getSetCookie())
  return reply.serializer(String).send(await response.text())
}

function toProblem({ status }: Response): Problem {
  return new Problem(REFUSALS[status] ?? refuse('malformed_request', 'This request is not valid.'))
}
