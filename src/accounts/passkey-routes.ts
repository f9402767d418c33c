import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { refuseForeignOrigin } from '../access/origin.ts'
import { accept } from '../errors.ts'
import type { App } from '../platform/http-server.ts'
import { listOf } from '../platform/pagination.ts'
import * as passkeys from './passkeys.ts'
import {
  newPasskeySchema,
  passkeyNameSchema,
  passkeyParamsSchema,
  passkeySchema,
  passkeySignInSchema,
  proofSchema,
  signInAnswerSchema,
} from './schema.ts'
import { addressCounter } from './sign-in-budget.ts'
import {
  type AccountRoutesDeps,
  changeAsOwner,
  placeOf,
  refuseTooMany,
  requireSignedIn,
  setCookies,
  toHeaders,
  welcome,
} from './sign-in-routes.ts'
import { countTry, settleTries } from './signing-in.ts'

/** Registers the routes for the signed-in person's passkeys and for signing in with a passkey. */
export function registerPasskeys(app: App, deps: AccountRoutesDeps): void {
  registerOwnPasskeys(app, deps)
  registerPasskeySignIn(app, deps)
}

function registerOwnPasskeys(app: App, deps: AccountRoutesDeps): void {
  const url = '/api/account/passkeys'
  app.route({
    method: 'GET',
    url,
    schema: { hide: true, response: { 200: listOf(passkeySchema) } },
    handler: async (request) => {
      const data = await passkeys.listOwnPasskeys(deps, await requireSignedIn(deps, request))
      return { data, next_cursor: null }
    },
  })
  app.route({
    method: 'POST',
    url: `${url}/options`,
    config: { audit: { none: 'has no effect before the passkey is added' } },
    schema: { hide: true, body: proofSchema },
    handler: async (request) => {
      const { options } = await changeAsOwner(deps, request, (proof) => passkeys.startRegistration(deps, proof))
      return options
    },
  })
  app.route({
    method: 'POST',
    url,
    config: { audit: 'passkey.added' },
    schema: { hide: true, body: newPasskeySchema, response: { 201: passkeySchema } },
    handler: async (request, reply) => {
      const user = await requireSignedIn(deps, request)
      const response = request.body.response as RegistrationResponseJSON
      const added = { name: request.body.name, response, by: placeOf(request) }
      const { passkey } = accept(await passkeys.addPasskey(deps, user, added))
      reply.code(201)
      return passkey
    },
  })
  app.route({
    method: 'PATCH',
    url: `${url}/:id`,
    config: { audit: { none: 'a name that only its owner sees' } },
    schema: { hide: true, params: passkeyParamsSchema, body: passkeyNameSchema, response: { 200: passkeySchema } },
    handler: async (request) => {
      const user = await requireSignedIn(deps, request)
      return accept(await passkeys.renamePasskey(deps, user, { ...request.params, ...request.body })).passkey
    },
  })
  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { audit: 'passkey.removed' },
    schema: { hide: true, params: passkeyParamsSchema },
    handler: async (request, reply) => {
      const user = await requireSignedIn(deps, request)
      accept(await passkeys.removePasskey(deps, user, { ...request.params, by: placeOf(request) }))
      return reply.code(204).send()
    },
  })
}

function registerPasskeySignIn(app: App, deps: AccountRoutesDeps): void {
  app.route({
    method: 'POST',
    url: '/api/auth/passkey/options',
    config: { audit: { none: 'does not sign anyone in yet' } },
    schema: { hide: true },
    handler: async (request) => {
      refuseForeignOrigin(request, deps.url)
      return passkeys.startPasskeySignIn(deps)
    },
  })
  app.route({
    method: 'POST',
    url: '/api/auth/sign-in/passkey',
    config: { audit: 'sign_in.succeeded' },
    schema: { hide: true, body: passkeySignInSchema, response: { 200: signInAnswerSchema } },
    handler: async (request, reply) => {
      refuseForeignOrigin(request, deps.url)
      const counter = addressCounter(request.ip)
      refuseTooMany(await countTry(deps, counter))
      const response = request.body.response as AuthenticationResponseJSON
      const { user } = accept(await passkeys.verifyPasskey(deps, { response }))
      await settleTries(deps, [counter])
      const headers = toHeaders(request)
      setCookies(reply, await deps.accounts.startSession({ user, secondFactor: 'passkey', headers }))
      await welcome(deps, request, reply, user)
      return { second_factor: false }
    },
  })
}
