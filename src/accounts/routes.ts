import { actorOf } from '../access/gate.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { idParamSchema, listOf } from '../platform/pagination.ts'
import { confirmSession } from './fresh-session.ts'
import { endSession, getAccount, listOwnSessions, renameAccount, switchOrganization } from './own-account.ts'
import { registerPasskeys } from './passkey-routes.ts'
import {
  acceptanceInputSchema,
  acceptedInvitationSchema,
  accountPatchSchema,
  accountSchema,
  accountSessionSchema,
  invitationParamsSchema,
  invitationSchema,
  newSecondFactorSchema,
  passwordChangeSchema,
  proofSchema,
  recoveryCodesSchema,
  resetRequestSchema,
  resetSchema,
  secondStepSchema,
  sentInvitationSchema,
  sessionParamsSchema,
  switchSchema,
} from './schema.ts'
import * as factors from './second-factor.ts'
import * as service from './service.ts'
import { passwordCounter, resetCounters } from './sign-in-budget.ts'
import {
  type AccountRoutesDeps,
  changeAsOwner,
  findSignedIn,
  placeOf,
  refuseTooMany,
  registerSignIn,
  requireSignedIn,
  setBrowserCookie,
  setCookies,
  toHeaders,
  workAfterwards,
} from './sign-in-routes.ts'
import { countTry, makeBrowserKnown, settleTries } from './signing-in.ts'

/** Registers the routes for invitations, and better-auth's sign-in routes. */
export function registerAccountRoutes(app: App, deps: AccountRoutesDeps): void {
  registerInvitations(app, deps)
  registerPasswords(app, deps)
  registerOwnAccount(app, deps)
  registerOwnSessions(app, deps)
  registerSecondFactor(app, deps)
  registerPasskeys(app, deps)
  registerSignIn(app, deps)
}

function registerInvitations(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/members/:id/invite',
    config: { access: 'admin', audit: 'invitation.sent' },
    schema: {
      tags: ['Members'],
      summary: 'Email an invitation to a member',
      params: idParamSchema,
      response: { 201: sentInvitationSchema },
    },
    handler: async (request, reply) => {
      const member = request.params.id
      const { invitation } = accept(await service.inviteMember(deps, actorOf(request), { member }))
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
      summary: 'Get an invitation',
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
    config: { access: 'public', audit: 'invitation.accepted' },
    schema: {
      tags: ['Members'],
      summary: 'Accept an invitation',
      description:
        'People who already have an account on this server must be signed in to it. Otherwise, the response is 401. Everyone else chooses a password.',
      params: invitationParamsSchema,
      body: acceptanceInputSchema,
      response: { 200: acceptedInvitationSchema },
    },
    handler: async (request, reply) => {
      const signedIn = (await findSignedIn(deps, request))?.userId
      const acceptance = {
        token: request.params.token,
        password: request.body.password,
        user: signedIn,
        by: placeOf(request),
      }
      const { email, user } = accept(await service.acceptInvitation(deps, acceptance))
      setBrowserCookie(reply, deps, makeBrowserKnown(deps, user))
      return { email }
    },
  })
}

/** Registers the routes for resetting and changing a password. */
function registerPasswords(app: App, deps: AccountRoutesDeps): void {
  const afterwards = workAfterwards(app)
  app.route({
    method: 'POST',
    url: '/api/auth/request-password-reset',
    config: { audit: 'password_reset.requested' },
    schema: { hide: true, body: resetRequestSchema },
    handler: async (request, reply) => {
      for (const counter of resetCounters({ email: request.body.email, address: request.ip }))
        refuseTooMany(await countTry(deps, counter), 'requests for this link')
      afterwards(() => service.requestPasswordReset(deps, { ...request.body, by: placeOf(request) }))
      return reply.code(202).send({ status: true })
    },
  })
  app.route({
    method: 'POST',
    url: '/api/auth/reset-password',
    config: { audit: 'password_reset.used' },
    schema: { hide: true, body: resetSchema },
    handler: async (request, reply) => {
      const { token, newPassword: password } = request.body
      const { user } = accept(await service.resetPassword(deps, { token, password, by: placeOf(request) }))
      setBrowserCookie(reply, deps, makeBrowserKnown(deps, user))
      return { status: true }
    },
  })
  app.route({
    method: 'POST',
    url: '/api/account/password',
    config: { audit: 'password.changed' },
    schema: { hide: true, body: passwordChangeSchema },
    handler: async (request) => {
      const { userId: user, sessionId: session } = await requireSignedIn(deps, request)
      const { current_password: current, new_password: password } = request.body
      refuseTooMany(await countTry(deps, passwordCounter(user)))
      const change = { user, session, current, password, by: placeOf(request) }
      accept(await service.changePassword(deps, change))
      await settleTries(deps, [passwordCounter(user)])
      return { status: true }
    },
  })
}

/** Registers the routes for viewing and changing one's own account. */
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
    config: { audit: { none: 'only the name of the account changes; names in organizations stay the same' } },
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
    config: { audit: { none: 'selects the organization of the session' } },
    schema: { hide: true, body: switchSchema },
    handler: async (request) => {
      accept(await switchOrganization(deps, await requireSignedIn(deps, request), request.body))
      return { status: true }
    },
  })
}

function registerOwnSessions(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'POST',
    url: '/api/account/confirm',
    config: { audit: { none: 'changes nothing; showing a secret is recorded' } },
    schema: { hide: true, body: proofSchema },
    handler: async (request) => {
      await changeAsOwner(deps, request, (proof) => confirmSession(deps, proof))
      return { status: true }
    },
  })
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
    config: { audit: 'session.ended' },
    schema: { hide: true, params: sessionParamsSchema },
    handler: async (request, reply) => {
      accept(await endSession(deps, await requireSignedIn(deps, request), { ...request.params, by: placeOf(request) }))
      return reply.code(204).send()
    },
  })
}

/** Registers the routes for the signed-in person's authenticator app. Each change needs their password. */
function registerSecondFactor(app: App, deps: AccountRoutesDeps): void {
  const url = '/api/account/second-factor'
  app.route({
    method: 'POST',
    url,
    config: { audit: { none: 'has no effect before it is confirmed' } },
    schema: { hide: true, body: proofSchema, response: { 201: newSecondFactorSchema } },
    handler: async (request, reply) => {
      const created = await changeAsOwner(deps, request, (proof) => factors.createSecondFactor(deps, proof))
      const { secret, uri, recoveryCodes: recovery_codes } = created
      reply.code(201)
      return { secret, uri, recovery_codes }
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/confirm`,
    config: { audit: 'second_factor.enabled' },
    schema: { hide: true, body: secondStepSchema, response: { 200: accountSchema } },
    handler: async (request, reply) => {
      const user = await requireSignedIn(deps, request)
      const confirmation = { user, headers: toHeaders(request), code: request.body.code, by: placeOf(request) }
      const { cookies } = accept(await factors.confirmSecondFactor(deps, confirmation))
      setCookies(reply, cookies)
      return getAccount(deps, { ...user, secondFactor: 'code' })
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/remove`,
    config: { audit: 'second_factor.disabled' },
    schema: { hide: true, body: proofSchema, response: { 200: accountSchema } },
    handler: async (request, reply) => {
      const { cookies, user } = await changeAsOwner(deps, request, (proof) => factors.removeSecondFactor(deps, proof))
      setCookies(reply, cookies)
      const { secondFactor } = user
      return getAccount(deps, { ...user, secondFactor: secondFactor === 'code' ? null : secondFactor })
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/recovery-codes`,
    config: { audit: 'second_factor.codes_replaced' },
    schema: { hide: true, body: proofSchema, response: { 201: recoveryCodesSchema } },
    handler: async (request, reply) => {
      const { recoveryCodes } = await changeAsOwner(deps, request, (proof) => factors.renewRecoveryCodes(deps, proof))
      reply.code(201)
      return { recovery_codes: recoveryCodes }
    },
  })
}
