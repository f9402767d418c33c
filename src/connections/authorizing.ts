import { createHash } from 'node:crypto'
import { generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi'
import { type Actor, type FindViewer, limitedTo } from '../access/gate.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, refuse, refuseField } from '../errors.ts'
import { lockMembers } from '../members/service.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import { MINUTE, SECOND } from '../time/durations.ts'
import { type OAuthCredentials, toCredentials } from './access-tokens.ts'
import * as authorizations from './authorization-store.ts'
import type { SendToCalendar } from './calendar-client.ts'
import * as claims from './claim-store.ts'
import { auditObject, type ConnectingDeps, isFull, renewAccess } from './connecting.ts'
import { makeOAuthClient } from './oauth-client.ts'
import { describeUnconfigured, type OAuthProvider, type OAuthProviders } from './oauth-providers.ts'
import type { AuthorizationInput, SignInProblem } from './schema.ts'
import { findVisible, refuseMissing } from './showing.ts'
import * as store from './store.ts'

export interface AuthorizingDeps extends ConnectingDeps {
  logger: Pick<Logger, 'warn'>
  send: SendToCalendar
  providers: OAuthProviders
  /** The server's public URL. */
  url: string
}

/** How long a sign-in at the provider may take. */
const VALID_FOR = 10 * MINUTE
/** How long the provider may take to exchange a code. The browser waits. */
const EXCHANGE_WITHIN = 20 * SECOND

/**
 * Starts signing in at a provider. Returns the address that the member's browser must open. The sign-in is bound to the member and
 * the organization, and can return once within ten minutes.
 */
export async function startAuthorization(
  deps: AuthorizingDeps,
  actor: Actor,
  { provider: name, member, connection }: AuthorizationInput,
): Promise<Outcome<{ url: string }>> {
  const { database, clock, secrets, providers, url } = deps
  if (member !== undefined && (limitedTo(actor) ?? member) !== member)
    return refuse('forbidden', 'Members can only connect their own calendars. Ask the member to do it.')
  if (member !== undefined && member !== actor.memberId)
    return refuseField('member', 'must be the member who is signed in. Ask the member to connect the account')
  if (actor.kind !== 'member')
    return refuse('forbidden', 'API keys cannot do this, because a person must sign in. Sign in at /admin.')
  const provider = providers[name]
  if (!provider) return refuse('conflict', describeUnconfigured(name))
  const { organization, memberId } = actor
  if (connection !== undefined) {
    const row = await findVisible(database.executor, actor, connection)
    if (!row || row.member_id !== memberId || row.provider !== name) return refuseMissing(connection)
  }
  const state = generateRandomState()
  const verifier = generateRandomCodeVerifier()
  const now = clock.now()
  await database.transaction((tx) =>
    authorizations.insertAuthorization(tx, organization, {
      member_id: memberId,
      provider: name,
      connection_id: connection ?? null,
      state_hash: hashOf(state),
      verifier: secrets.encrypt(verifier),
      expires_at: toTimestamp(now + VALID_FOR),
      now: toTimestamp(now),
    }),
  )
  const client = makeOAuthClient(deps.send, provider)
  return { ok: true, url: await client.authorizationUrl({ redirectUri: redirectUriOf(url), state, verifier }) }
}

/** A browser that returns from a provider. */
export interface Return {
  parameters: URLSearchParams
  findViewer: FindViewer
  address: string
}

export type ReturnResult = { ok: true; connection: number } | { ok: false; problem: SignInProblem }

/**
 * Completes signing in: exchanges the code, and creates the connection, or gives it new access. Only the member who started it can
 * complete it, in a browser in which they are signed in to Bookbell.
 */
export async function completeAuthorization(deps: AuthorizingDeps, returned: Return): Promise<ReturnResult> {
  const { executor } = deps.database
  const { parameters, findViewer, address } = returned
  const state = parameters.get('state') ?? ''
  const found = await authorizations.findAuthorization(executor, hashOf(state))
  if (!found) return fail('expired')
  const { organization_id: organization } = found
  const viewer = await findViewer(organization)
  if (viewer?.kind !== 'member' || viewer.memberId !== found.member_id) return fail('other_session')
  const isTaken = await authorizations.takeAuthorization(executor, organization, hashOf(state))
  if (!isTaken || Date.parse(found.expires_at) <= deps.clock.now()) return fail('expired')
  if (parameters.get('error') === 'access_denied') return fail('denied')
  const provider = deps.providers[found.provider]
  if (!provider) return fail('failed')
  const verifier = deps.secrets.decrypt(found.verifier)
  const granted = await exchange(deps, provider, { parameters, state, verifier })
  if (!granted.ok) return granted
  return saveAccess(deps, { ...viewer, address }, { found, provider, credentials: granted.credentials })
}

function fail(problem: SignInProblem): { ok: false; problem: SignInProblem } {
  return { ok: false, problem }
}

async function exchange(
  deps: AuthorizingDeps,
  provider: OAuthProvider,
  returned: { parameters: URLSearchParams; state: string; verifier: string },
): Promise<{ ok: true; credentials: OAuthCredentials } | { ok: false; problem: SignInProblem }> {
  const client = makeOAuthClient(deps.send, provider)
  try {
    const callback = { ...returned, redirectUri: redirectUriOf(deps.url) }
    const granted = await client.exchange(callback, AbortSignal.timeout(EXCHANGE_WITHIN))
    // People can untick permissions.
    const missing = provider.scopes.filter((scope) => granted.scopes !== null && !includesScope(granted.scopes, scope))
    if (missing.length > 0) return fail('permission_missing')
    if (granted.refreshToken === null) throw new Error('the provider granted no refresh token')
    return { ok: true, credentials: toCredentials(granted, deps.clock.now(), granted.refreshToken) }
  } catch (error) {
    deps.logger.warn({ err: error, provider: provider.title }, 'a calendar account could not be connected')
    return fail('failed')
  }
}

/** Microsoft may return a scope with the address of its API, and in lower case. */
function includesScope(granted: readonly string[], scope: string): boolean {
  const wanted = scope.toLowerCase()
  return granted.some((one) => one.toLowerCase() === wanted || one.toLowerCase().endsWith(`/${wanted}`))
}

async function saveAccess(
  deps: AuthorizingDeps,
  actor: Actor & { memberId: number },
  saved: { found: authorizations.AuthorizationRow; provider: OAuthProvider; credentials: OAuthCredentials },
): Promise<ReturnResult> {
  const { database, secrets } = deps
  const { organization, memberId } = actor
  const credentials = secrets.encrypt(JSON.stringify(saved.credentials))
  return database.transaction(async (tx) => {
    if ((await lockMembers(tx, organization, [memberId])).length === 0) return fail('other_session')
    const id = saved.found.connection_id
    if (id === null) return addConnection(tx, deps, { ...saved, actor, credentials })
    const row = await findVisible(tx, actor, id)
    if (!row) return fail('expired')
    await renewAccess(tx, organization, { id, credentials, now: deps.clock.timestamp() })
    await recordAudit(tx, actor, { action: 'connection.changed', object: auditObject(row), clock: deps.clock })
    return { ok: true, connection: id }
  })
}

async function addConnection(
  tx: Transaction,
  { clock }: AuthorizingDeps,
  added: {
    actor: Actor & { memberId: number }
    found: authorizations.AuthorizationRow
    provider: OAuthProvider
    credentials: Buffer
  },
): Promise<ReturnResult> {
  const { actor, found, provider, credentials } = added
  const { organization, memberId } = actor
  if (await isFull(tx, organization, memberId)) return fail('too_many')
  const row = await store.insertConnection(tx, organization, {
    member_id: memberId,
    provider: found.provider,
    name: provider.connectionName,
    credentials,
    created_at: clock.timestamp(),
  })
  await claims.wakeSync(tx)
  await recordAudit(tx, actor, { action: 'connection.created', object: auditObject(row), clock })
  return { ok: true, connection: row.id }
}

function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest()
}

/** The address to which providers return. It must be registered there. */
function redirectUriOf(url: string): string {
  return `${url}/api/v1/connections/callback`
}
