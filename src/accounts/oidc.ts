import { AsyncLocalStorage } from 'node:async_hooks'
import { z } from 'zod'
import type { OidcSettings } from '../config.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { messageOf } from '../platform/thrown.ts'
import { type BetterAuth, openBetterAuth } from './better-auth.ts'
import { auditPerson, type Place } from './person-audit.ts'
import type { OidcProblem } from './schema.ts'
import { tokenOf } from './second-factor.ts'
import { joinByEmail } from './service.ts'
import * as sessions from './session-store.ts'
import * as store from './store.ts'

export interface OidcDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  url: string
  settings: OidcSettings
  log: { warn(object: object, message: string): void }
}

/**
 * Sign-in with an OpenID Connect provider, implemented with better-auth. It uses the authorization code flow with PKCE, state and
 * nonce.
 */
export interface Oidc {
  /** The provider's name, as shown to people. */
  name: string
  /** Returns the provider's URL that the browser must open, and the cookies of this sign-in. */
  start(start: { headers: Headers; returnTo: string }): Promise<Outcome<{ location: string; cookies: string[] }>>
  /**
   * Handles the return from the provider. `signedIn` is the person signed in to this browser, who is linking their account.
   * Refuses with a code for the sign-in page.
   */
  complete(request: Request, attempt: OidcVisitor): Promise<OidcResult>
}

export interface OidcVisitor {
  signedIn: string | undefined
  by: Place
}

export type OidcResult =
  | { ok: true; user: string; location: string; cookies: string[]; token: string }
  | { ok: false; problem: OidcProblem; cookies: string[] }

/** Identifies the provider in the column `providerId` and in the redirect URI. */
export const PROVIDER = 'oidc'
const TIMEOUT_MS = 10_000

/** A sign-in attempt with the provider, after the provider redirects back. */
interface Attempt extends OidcVisitor {
  user?: string
  problem?: OidcProblem
}

export function createOidc(deps: OidcDeps): Oidc {
  const { settings, database } = deps
  const attempts = new AsyncLocalStorage<Attempt>()
  let opened: Promise<BetterAuth> | undefined
  /** The provider's metadata is read at the first sign-in and again after a failure. Sign-ins with a password never depend on it. */
  const open = () => {
    opened ??= openProvider(deps, attempts).catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const fail = (error: unknown): Refusal => {
    deps.log.warn({ problem: messageOf(error), issuer: settings.issuer }, 'the OpenID Connect provider cannot be used')
    const remedy = 'Try again later, or sign in with your password.'
    return refuse(
      'provider_unreachable',
      `${settings.name} cannot be reached, or its configuration does not match this server's settings. ${remedy}`,
    )
  }
  return {
    name: settings.name,
    async start({ headers, returnTo }) {
      try {
        const auth = await open()
        const body = { provider: PROVIDER, callbackURL: returnTo, errorCallbackURL: '/admin', disableRedirect: true }
        const response = await auth.api.signInSocial({ body, headers, asResponse: true })
        const { url: location } = startedSchema.parse(await response.json())
        return { ok: true, location, cookies: response.headers.getSetCookie() }
      } catch (error) {
        return fail(error)
      }
    },
    async complete(request, visitor) {
      const attempt: Attempt = { ...visitor }
      const auth = await open().catch(fail)
      if ('ok' in auth) return { ok: false, problem: 'failed', cookies: [] }
      const response = await attempts.run(attempt, () => auth.handler(request))
      const cookies = response.headers.getSetCookie()
      const location = response.headers.get('location') ?? ''
      const error = URL.parse(location, deps.url)?.searchParams.get('error')
      if (attempt.user === undefined || error || response.status !== 302) {
        const problem = attempt.problem ?? (error === 'access_denied' ? 'cancelled' : 'failed')
        return { ok: false, problem, cookies: cookies.filter((cookie) => !cookie.includes('session_token=')) }
      }
      const token = tokenOf(cookies)
      if (visitor.signedIn === attempt.user) {
        // The person has linked their account, so they keep their existing session with its second factor.
        await sessions.deleteSessionByToken(database.executor, token)
        return { ok: true, user: attempt.user, location, cookies: [], token }
      }
      return { ok: true, user: attempt.user, location, cookies, token }
    },
  }
}

const startedSchema = z.object({ url: z.url() })

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
})

async function openProvider(deps: OidcDeps, attempts: AsyncLocalStorage<Attempt>): Promise<BetterAuth> {
  const { issuer, clientId, clientSecret, name } = deps.settings
  const discoveryUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(discoveryUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`${discoveryUrl} returned ${response.status}`)
  const found = discoverySchema.parse(await response.json())
  // OpenID Connect Discovery 1.0, section 4.3: any other issuer could be another provider.
  if (found.issuer !== issuer) throw new Error(`${discoveryUrl} belongs to another issuer, ${found.issuer}`)
  const isBasic = found.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true
  return openBetterAuth({
    executor: deps.database.executor,
    secrets: deps.secrets,
    url: deps.url,
    oidc: {
      providerId: PROVIDER,
      name,
      discoveryUrl,
      clientId,
      clientSecret,
      scopes: ['openid', 'email', 'profile'],
      pkce: true,
      authentication: isBasic ? 'basic' : 'post',
      requireIdTokenVerification: true,
      disableImplicitSignUp: true,
      disableSignUp: true,
      accountSubject: ({ profile }) => subjectOf(deps, String(profile.sub)),
      mapProfileToUser: async (profile) => {
        const attempt = attempts.getStore()
        if (attempt) await matchPerson(deps, attempt, profileSchema.parse(profile))
        return {}
      },
    },
  })
}

const profileSchema = z.object({
  sub: z.coerce.string(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional(),
})

/** The issuer is included, because another issuer may use the same subjects. */
function subjectOf({ settings }: OidcDeps, sub: string): string {
  return `${settings.issuer} ${sub}`
}

/**
 * Finds the person with a verified identity and links their account, in one transaction. First looks for someone already linked,
 * then for someone whose address the provider has verified, and then for someone invited to this address. An address that this
 * server has not verified could belong to someone else's account, so that person must be signed in to it.
 */
async function matchPerson(deps: OidcDeps, attempt: Attempt, profile: z.output<typeof profileSchema>): Promise<void> {
  const { database, clock } = deps
  const subject = subjectOf(deps, profile.sub)
  const { email = '', email_verified = false } = profile
  const found = await database.transaction(async (tx): Promise<{ user: string } | { problem: OidcProblem }> => {
    const linked = await store.findLinkedUser(tx, { provider: PROVIDER, subject })
    if (linked !== undefined) return { user: linked }
    if (!email_verified || email === '') return { problem: 'address_not_verified' }
    const known = await store.findUserByEmail(tx, email)
    if (known && !known.emailVerified && known.id !== attempt.signedIn) return { problem: 'account_not_proven' }
    const user = known?.id ?? (await joinByEmail(tx, { email, by: attempt.by, clock }))
    if (user === undefined) return { problem: 'address_unknown' }
    await store.setEmailVerified(tx, user)
    await store.linkUser(tx, { user, provider: PROVIDER, subject, now: clock.timestamp() })
    await auditPerson(tx, { user, action: 'oidc.linked', by: attempt.by, clock })
    return { user }
  })
  Object.assign(attempt, found)
}
