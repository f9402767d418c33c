import { betterAuth } from 'better-auth'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import type { KyselyPlugin } from 'kysely'
import { isLoopbackUrl } from '../config.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY, SECOND } from '../time/durations.ts'

/** Sign-in, sessions and passwords, by better-auth. */
export interface Accounts {
  /** Handles every request under /api/auth. */
  handle(request: Request): Promise<Response>
  /** The person whose session cookie is in the headers, or undefined. */
  findUser(headers: Headers): Promise<SignedInUser | undefined>
}

/** A person and the session that they are signed in with. */
export interface SignedInUser {
  userId: string
  sessionId: string
  /** The organization that the session acts in, if the person has chosen one. It may no longer be one of theirs. */
  organization: number | null
}

export interface AccountsOptions {
  database: Database
  secrets: Secrets
  url: string
}

/** A session ends when it was not used for this long, and at the latest after this long, in days. */
const SESSION_IDLE_DAYS = 30
export const SESSION_DAYS = 90
const SECONDS_PER_DAY = DAY / SECOND

export function createAccounts({ database, secrets, url }: AccountsOptions): Accounts {
  const auth = betterAuth({
    appName: 'Bookbell',
    baseURL: url,
    basePath: '/api/auth',
    trustedOrigins: ownOrigins(url),
    secret: secrets.derive('sessions').toString('base64'),
    database: { db: database.executor.withPlugin(datesForBetterAuth), type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      // Accounts are created by the setup link or an invitation only.
      disableSignUp: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
    },
    verification: { storeIdentifier: 'hashed' },
    session: {
      expiresIn: SESSION_IDLE_DAYS * SECONDS_PER_DAY,
      updateAge: SECONDS_PER_DAY,
      additionalFields: { activeOrganization: { type: 'number', required: false, input: false } },
    },
    // Tries are counted in the database, see sign-in-budget.ts.
    rateLimit: { enabled: false },
    advanced: { cookiePrefix: 'bookbell', defaultCookieAttributes: { sameSite: 'lax', httpOnly: true } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  return {
    handle: (request) => auth.handler(request),
    async findUser(headers) {
      const found = await auth.api.getSession({ headers })
      if (!found || found.session.createdAt.getTime() < Date.now() - SESSION_DAYS * DAY) return undefined
      const { id: sessionId, userId, activeOrganization } = found.session
      return { userId, sessionId, organization: activeOrganization ?? null }
    },
  }
}

/** Hashes a password with scrypt, in better-auth's format. */
export async function hashUserPassword(password: string): Promise<string> {
  return hashPassword(password)
}

/** Whether a password matches a stored hash. */
export async function isUserPassword(hash: string, password: string): Promise<boolean> {
  return verifyPassword({ hash, password })
}

/** A server on loopback can be reached by any of the machine's names. */
function ownOrigins(url: string): string[] {
  if (!isLoopbackUrl(url)) return [url]
  const { port } = new URL(url)
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}${port && `:${port}`}`)
}

/** Timestamps are read as text, but better-auth expects Date objects. */
const datesForBetterAuth: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(withDates) }),
}

function withDates(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /[a-z]At$/.test(name) ? new Date(value) : value,
    ]),
  )
}
