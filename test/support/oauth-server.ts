import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault } from './provider-conformance.ts'

/** This server's registration at the counterparts. */
export const registration = { clientId: 'bookbell-tests', clientSecret: 'a client secret~of the tests & only' }

/** What a person does on the provider's page. */
export type Consent = 'all' | 'denied' | readonly string[]

/** A request to the API of a counterpart, signed by an account. */
export interface ApiCall {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: unknown
  account: string
}

export interface ApiAnswer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/** A stateful counterpart of a provider: its OAuth endpoints (RFC 6749, 7636 and 7009), and its API behind them. */
export interface OAuthServer {
  url: string
  /** Who is signed in to the provider in the browser. */
  signedInAs: string
  consent: Consent
  /** The API requests so far, such as `GET /calendar/v3/users/me/calendarList`. */
  requests: string[]
  /** How many times a token was refreshed, and how many refreshes were requested. */
  refreshes: number
  revoked: string[]
  /** Grants access directly, as after a sign-in. */
  grant(account: string): { refreshToken: string; accessToken: string; expiresAt: number }
  /** Makes the provider withdraw all access to an account. */
  revoke(account: string): void
  /** Makes all access tokens invalid. Refresh tokens stay valid. */
  expireTokens(): void
  /** Changes the response to every API request from now on. */
  fail(fault: Fault | undefined): void
  /** Changes the response to every request for tokens from now on. */
  failTokens(fault: Fault | undefined): void
  /** Lets the next write arrive, but not its response. */
  loseNextAnswer(): void
  /** Called before a token is refreshed. */
  beforeRefresh: () => Promise<void>
  stop(): Promise<void>
}

export interface OAuthServerSettings {
  paths: { authorization: string; token: string; revocation: string | null; api: string }
  /** Whether a refresh token can be used only once, because each use replaces it. */
  rotates: boolean
  /** Builds the response of the API to a rejected access token. */
  rejected: unknown
  answer(call: ApiCall): ApiAnswer
}

interface Grant {
  account: string
  scope: string
  challenge: string
  redirectUri: string
}

const VALID_FOR_SECONDS = 3_599

export async function startOAuthServer(settings: OAuthServerSettings): Promise<OAuthServer> {
  const { paths, rotates } = settings
  const codes = new Map<string, Grant>()
  const refreshTokens = new Map<string, { account: string; scope: string }>()
  const accessTokens = new Map<string, string>()
  let fault: Fault | undefined
  let tokenFault: Fault | undefined
  let isLosing = false
  const make = (prefix: string) => `${prefix}${randomBytes(12).toString('base64url')}`

  function issue(account: string, scope: string, refreshToken: string | null) {
    const accessToken = make('access.')
    accessTokens.set(accessToken, account)
    if (refreshToken !== null) refreshTokens.set(refreshToken, { account, scope })
    return {
      access_token: accessToken,
      expires_in: VALID_FOR_SECONDS,
      scope,
      token_type: 'Bearer',
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    }
  }

  function authorize(url: URL): ApiAnswer {
    const given = Object.fromEntries(url.searchParams)
    const { redirect_uri: redirectUri = '', state = '', scope = '' } = given
    const isValid =
      given.client_id === registration.clientId &&
      given.response_type === 'code' &&
      given.code_challenge_method === 'S256' &&
      redirectUri.endsWith('/api/v1/connections/callback')
    if (!isValid) return { status: 400, body: { error: 'invalid_request' } }
    const to = new URL(redirectUri)
    to.searchParams.set('state', state)
    if (running.consent === 'denied') to.searchParams.set('error', 'access_denied')
    else {
      const granted = running.consent === 'all' ? scope : running.consent.join(' ')
      const code = make('code.')
      const challenge = given.code_challenge ?? ''
      codes.set(code, { account: running.signedInAs, scope: granted, challenge, redirectUri })
      to.searchParams.set('code', code)
    }
    return { status: 302, headers: { location: to.href } }
  }

  async function answerToken(form: URLSearchParams): Promise<ApiAnswer> {
    if (form.get('client_id') !== registration.clientId || form.get('client_secret') !== registration.clientSecret)
      return { status: 401, body: { error: 'invalid_client' } }
    return form.get('grant_type') === 'authorization_code' ? answerCode(form) : answerRefresh(form)
  }

  function answerCode(form: URLSearchParams): ApiAnswer {
    const code = form.get('code') ?? ''
    const grant = codes.get(code)
    codes.delete(code)
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.challenge !== proof || grant.redirectUri !== form.get('redirect_uri'))
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Malformed auth code.' } }
    return { status: 200, body: issue(grant.account, grant.scope, make('refresh.')) }
  }

  async function answerRefresh(form: URLSearchParams): Promise<ApiAnswer> {
    running.refreshes++
    await running.beforeRefresh()
    const token = form.get('refresh_token') ?? ''
    const known = refreshTokens.get(token)
    if (!known)
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } }
    if (rotates) refreshTokens.delete(token)
    return { status: 200, body: issue(known.account, known.scope, rotates ? make('refresh.') : null) }
  }

  function answerRevocation(form: URLSearchParams): ApiAnswer {
    const token = form.get('token') ?? ''
    const known = refreshTokens.get(token)
    if (!known) return { status: 400, body: { error: 'invalid_token' } }
    running.revoked.push(token)
    running.revoke(known.account)
    return { status: 200, body: {} }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', running.url)
    const text = await readText(request)
    if (url.pathname === paths.authorization) return send(response, authorize(url))
    if (url.pathname === paths.token || url.pathname === paths.revocation) {
      if (tokenFault) return answerFault(response, tokenFault)
      const form = new URLSearchParams(text)
      return send(response, url.pathname === paths.token ? await answerToken(form) : answerRevocation(form))
    }
    running.requests.push(`${request.method} ${decodeURIComponent(url.pathname)}`)
    if (fault) return answerFault(response, fault)
    const account = accessTokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
    if (account === undefined) return send(response, { status: 401, body: settings.rejected })
    const { method = '', headers } = request
    const answer = settings.answer({ method, url, headers, body: text ? JSON.parse(text) : undefined, account })
    if (isLosing && method !== 'GET') {
      isLosing = false
      response.destroy()
      return
    }
    send(response, answer)
  }

  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const running: OAuthServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signedInAs: 'ada@example.com',
    consent: 'all',
    requests: [],
    refreshes: 0,
    revoked: [],
    beforeRefresh: async () => {},
    grant(account) {
      const { access_token, refresh_token } = issue(account, 'all', make('refresh.'))
      return { accessToken: access_token, refreshToken: refresh_token ?? '', expiresAt: Date.now() + 3_599_000 }
    },
    revoke(account) {
      for (const [token, known] of refreshTokens) if (known.account === account) refreshTokens.delete(token)
      for (const [token, known] of accessTokens) if (known === account) accessTokens.delete(token)
    },
    expireTokens: () => accessTokens.clear(),
    fail(given) {
      fault = given
    },
    failTokens(given) {
      tokenFault = given
    },
    loseNextAnswer() {
      isLosing = true
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return running
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, { status, headers = {}, body }: ApiAnswer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' }
  response.writeHead(status, { ...type, ...headers }).end(body === undefined ? undefined : JSON.stringify(body))
}

function answerFault(response: ServerResponse, fault: Fault): void {
  if ('status' in fault) {
    response.writeHead(fault.status, fault.headers).end(fault.body)
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"kind":"calendar#events","value":[],"items":[')
  if (fault.kind === 'cut') response.end()
}
