import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { findFreePort } from './free-port.ts'

export const client = { id: 'bookbell', secret: 'a client secret of the tests only' }

/** The provider's claims about a person. */
export interface ProviderPerson {
  sub: string
  email?: string
  email_verified?: boolean
}

/** A real OpenID Connect provider on loopback. Everyone who is redirected to it is signed in as `person`. */
export interface OidcProvider {
  issuer: string
  person: ProviderPerson
  stop: () => Promise<void>
}

export async function startOidcProvider(redirectUri: string, at?: number): Promise<OidcProvider> {
  const port = at ?? (await findFreePort())
  const issuer = `http://localhost:${port}`
  const running: OidcProvider = { issuer, person: { sub: 'someone' }, stop }
  const known = new Map<string, ProviderPerson>()
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a cookie key of the tests only'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ ...known.get(id), sub: id }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    const { sub } = running.person
    known.set(sub, running.person)
    void provider.interactionFinished(request, response, { login: { accountId: sub } })
  })
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  async function stop() {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return running
}

/** Opens a URL of the provider as a browser does, and follows its redirects until they lead back to `home`. */
export async function visitProvider(location: string, home: string): Promise<string> {
  const cookies = new Map<string, string>()
  for (let next = location, step = 0; step < 10; step++) {
    if (next.startsWith(home)) return next
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const to = response.headers.get('location')
    if (!to) throw new Error(`The provider answered ${response.status}: ${await response.text()}`)
    next = new URL(to, next).href
  }
  throw new Error('The provider redirects again and again.')
}
