/** The providers that members connect by signing in there. */
export type OAuthName = 'google' | 'microsoft'

/** The registration of this server at a provider. */
export interface OAuthClientSettings {
  clientId: string
  clientSecret: string
}

/** The registrations of this server. A provider without one cannot be connected. */
export interface OAuthSettings {
  google: OAuthClientSettings | undefined
  /** `tenant` says whose accounts can sign in: an organization's ID or domain, or `common` for all. */
  microsoft: (OAuthClientSettings & { tenant: string }) | undefined
}

/** The addresses of a provider. */
export interface OAuthEndpoints {
  issuer: string
  authorization: string
  token: string
  /** Null if the provider cannot revoke access. */
  revocation: string | null
  /** The address of the calendar API, without a slash at the end. */
  api: string
}

/** A provider as this server uses it. */
export interface OAuthProvider extends OAuthEndpoints, OAuthClientSettings {
  /** The provider's name in messages. */
  title: string
  /** The name of a new connection. */
  connectionName: string
  /** The permissions that are requested, all of which are needed. */
  scopes: readonly string[]
  /** The scope that asks for a refresh token, if the provider has one. */
  offlineScope: string | null
  /** Additional parameters of the authorization request. */
  parameters: Readonly<Record<string, string>>
}

export type OAuthProviders = Partial<Record<OAuthName, OAuthProvider>>

const GOOGLE_SCOPE = 'https://www.googleapis.com/auth/'

/** Builds the configured providers. `endpoints` replaces their addresses, for tests. */
export function makeOAuthProviders(
  { google, microsoft }: OAuthSettings,
  endpoints: Partial<Record<OAuthName, OAuthEndpoints>> = {},
): OAuthProviders {
  return {
    ...(google && {
      google: {
        ...google,
        ...(endpoints.google ?? googleEndpoints),
        title: 'Google',
        connectionName: 'Google Calendar',
        scopes: [`${GOOGLE_SCOPE}calendar.calendarlist.readonly`, `${GOOGLE_SCOPE}calendar.events`],
        offlineScope: null,
        // Without "consent", only the first sign-in of an account returns a refresh token.
        parameters: { access_type: 'offline', prompt: 'consent select_account' },
      },
    }),
    ...(microsoft && {
      microsoft: {
        ...microsoft,
        ...(endpoints.microsoft ?? microsoftEndpoints(microsoft.tenant)),
        title: 'Microsoft',
        connectionName: 'Outlook',
        scopes: ['Calendars.ReadWrite'],
        offlineScope: 'offline_access',
        parameters: { response_mode: 'query', prompt: 'select_account' },
      },
    }),
  }
}

const googleEndpoints: OAuthEndpoints = {
  issuer: 'https://accounts.google.com',
  authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  revocation: 'https://oauth2.googleapis.com/revoke',
  api: 'https://www.googleapis.com/calendar/v3',
}

function microsoftEndpoints(tenant: string): OAuthEndpoints {
  const issuer = `https://login.microsoftonline.com/${tenant}`
  return {
    issuer: `${issuer}/v2.0`,
    authorization: `${issuer}/oauth2/v2.0/authorize`,
    token: `${issuer}/oauth2/v2.0/token`,
    revocation: null,
    api: 'https://graph.microsoft.com/v1.0',
  }
}

/** Whether members connect this provider by signing in there. */
export function isOAuth(provider: string): provider is OAuthName {
  return provider === 'google' || provider === 'microsoft'
}

/** Says why a provider cannot be used, and what to do. */
export function describeUnconfigured(provider: OAuthName): string {
  const [title, prefix] = provider === 'google' ? ['Google', 'BOOKBELL_GOOGLE'] : ['Microsoft', 'BOOKBELL_MICROSOFT']
  return `This server is not set up for ${title} calendars. The server administrator must set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET, as docs/calendars.md describes.`
}
