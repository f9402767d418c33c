import * as oauth from 'oauth4webapi'
import { readRetryAfter, type SendToCalendar } from './calendar-client.ts'
import type { OAuthProvider } from './oauth-providers.ts'
import { ProviderError } from './provider.ts'

/** What a provider granted. */
export interface GrantedTokens {
  accessToken: string
  /** How long the access token is valid, in milliseconds. */
  validFor: number
  /** Null if the provider keeps the previous one valid, or granted none. */
  refreshToken: string | null
  /** Null if everything that was requested was granted. */
  scopes: readonly string[] | null
}

/** The return of a browser from the provider. */
export interface Callback {
  parameters: URLSearchParams
  /** The state that was sent. */
  state: string
  verifier: string
  redirectUri: string
}

/** This server as a client of one provider (RFC 6749, with PKCE: RFC 7636). */
export interface OAuthClient {
  /** Returns the address at which the member signs in. */
  authorizationUrl(request: { redirectUri: string; state: string; verifier: string }): Promise<string>
  /** Exchanges the code of a callback. Throws a ProviderError. */
  exchange(callback: Callback, signal: AbortSignal): Promise<GrantedTokens>
  /** Gets a new access token. Throws a ProviderError, which asks to reconnect if access was revoked. */
  refresh(refreshToken: string, signal: AbortSignal): Promise<GrantedTokens>
  /** Revokes access. Throws a ProviderError. */
  revoke(refreshToken: string, signal: AbortSignal): Promise<void>
}

/** How long an access token is valid if the provider does not say it, in seconds. */
const USUAL_SECONDS = 3_600

export function makeOAuthClient(send: SendToCalendar, provider: OAuthProvider): OAuthClient {
  const { clientId, issuer } = provider
  const server: oauth.AuthorizationServer = {
    issuer,
    authorization_endpoint: provider.authorization,
    token_endpoint: provider.token,
    ...(provider.revocation === null ? {} : { revocation_endpoint: provider.revocation }),
  }
  const client: oauth.Client = { client_id: clientId }
  const secret = oauth.ClientSecretPost(provider.clientSecret)
  const through = (signal: AbortSignal) => ({
    [oauth.customFetch]: fetchThrough(send, signal),
    // Real providers use https; the guard decides which addresses may be reached.
    [oauth.allowInsecureRequests]: provider.token.startsWith('http:'),
  })

  return {
    async authorizationUrl({ redirectUri, state, verifier }) {
      const url = new URL(provider.authorization)
      const scopes = [...provider.scopes, ...(provider.offlineScope === null ? [] : [provider.offlineScope])]
      const parameters = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...provider.parameters,
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url.href
    },
    exchange: ({ parameters, state, verifier, redirectUri }, signal) =>
      describing(provider, async () => {
        const valid = oauth.validateAuthResponse(server, client, parameters, state)
        const options = through(signal)
        const response = await oauth.authorizationCodeGrantRequest(
          ...([server, client, secret, valid, redirectUri, verifier, options] as const),
        )
        refuseBusy(response, provider)
        return readTokens(await oauth.processAuthorizationCodeResponse(server, client, response))
      }),
    refresh: (refreshToken, signal) =>
      describing(provider, async () => {
        const options = through(signal)
        const response = await oauth.refreshTokenGrantRequest(server, client, secret, refreshToken, options)
        refuseBusy(response, provider)
        return readTokens(await oauth.processRefreshTokenResponse(server, client, response))
      }),
    revoke: (refreshToken, signal) =>
      describing(provider, async () => {
        const response = await oauth.revocationRequest(server, client, secret, refreshToken, through(signal))
        refuseBusy(response, provider)
        await oauth.processRevocationResponse(response)
      }),
  }
}

/** The secret must not follow a redirect, so none is followed. */
function fetchThrough(send: SendToCalendar, signal: AbortSignal) {
  return async (
    url: string,
    { method, headers, body }: { method: string; headers: Record<string, string>; body: URLSearchParams },
  ): Promise<Response> => {
    const response = await send({ method, url, headers, body: body.toString(), signal, redirects: 'refuse' })
    const kept = new Headers()
    for (const name of ['content-type', 'retry-after']) {
      const value = response.headers[name]
      if (typeof value === 'string') kept.set(name, value)
    }
    const hasBody = response.status >= 200 && response.status !== 204 && response.status !== 304
    return new Response(hasBody ? response.body : null, { status: response.status, headers: kept })
  }
}

function readTokens(found: oauth.TokenEndpointResponse): GrantedTokens {
  return {
    accessToken: found.access_token,
    validFor: (found.expires_in ?? USUAL_SECONDS) * 1_000,
    refreshToken: found.refresh_token ?? null,
    scopes: found.scope === undefined ? null : found.scope.split(' '),
  }
}

function refuseBusy({ status, headers }: Response, { title }: OAuthProvider): void {
  if (status !== 429 && status < 500) return
  throw new ProviderError(`${title} does not grant access at the moment (${status}). Bookbell will try again.`, {
    next: 'retry',
    retryAfter: readRetryAfter(headers.get('retry-after') ?? undefined),
  })
}

/** Errors after which only a new sign-in helps. The last three are Microsoft's. */
const REVOKED = new Set(['invalid_grant', 'interaction_required', 'consent_required', 'login_required'])

async function describing<T>(provider: OAuthProvider, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProviderError) throw error
    throw describeError(provider, error)
  }
}

function describeError({ title }: OAuthProvider, cause: unknown): ProviderError {
  const code = cause instanceof oauth.ResponseBodyError ? cause.error : null
  if (code !== null && REVOKED.has(code))
    return new ProviderError(
      `${title} no longer grants access to this account. The access was withdrawn, the password was changed, or it has expired. Connect the account again.`,
      { next: 'reconnect', cause },
    )
  if (code === 'invalid_client' || code === 'unauthorized_client')
    return new ProviderError(
      `${title} rejects this server's client ID or secret. The server administrator must correct them, as docs/calendars.md describes.`,
      { next: 'retry', cause },
    )
  return new ProviderError(`${title} did not grant access. Bookbell will try again.`, { next: 'retry', cause })
}
