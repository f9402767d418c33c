import { betterAuth } from 'better-auth'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import type { KyselyPlugin } from 'kysely'
import { isLoopbackUrl } from '../config.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'

/** Sign-in, sessions and passwords of people, by better-auth. */
export interface Accounts {
  /** Answers everything under /api/auth. */
  handle(request: Request): Promise<Response>
  /** The person whose session cookie the headers carry, or undefined. */
  findUser(headers: Headers): Promise<{ userId: string } | undefined>
}

export interface AccountsOptions {
  database: Database
  secrets: Secrets
  url: string
  /** Whether many tries to sign in from one address are refused. */
  limitTries: boolean
  /** Mails the link by which a person chooses a new password. */
  sendResetLink(reset: { userId: string; link: string; validMinutes: number }): Promise<void>
}

const RESET_MINUTES = 60

/** Makes the accounts of one server. */
export function createAccounts({ database, secrets, url, limitTries, sendResetLink }: AccountsOptions): Accounts {
  const auth = betterAuth({
    appName: 'Bookbell',
    baseURL: url,
    basePath: '/api/auth',
    trustedOrigins: ownOrigins(url),
    secret: secrets.derive('sessions').toString('base64'),
    database: { db: database.executor.withPlugin(datesForBetterAuth), type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      // People come by the setup link or an invitation; nobody signs up by themselves.
      disableSignUp: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      resetPasswordTokenExpiresIn: RESET_MINUTES * 60,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) =>
        sendResetLink({ userId: user.id, link: `${url}/reset-password/${token}`, validMinutes: RESET_MINUTES }),
    },
    session: { expiresIn: 30 * 24 * 60 * 60, updateAge: 24 * 60 * 60 },
    rateLimit: {
      enabled: limitTries,
      window: 60,
      max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    advanced: { cookiePrefix: 'bookbell', defaultCookieAttributes: { sameSite: 'lax', httpOnly: true } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  return {
    handle: (request) => auth.handler(request),
    async findUser(headers) {
      const found = await auth.api.getSession({ headers })
      return found ? { userId: found.user.id } : undefined
    },
  }
}

/** What is stored of a password (scrypt, in better-auth's form). */
export async function hashUserPassword(password: string): Promise<string> {
  return hashPassword(password)
}

/** Whether a password is the one that was stored. */
export async function isUserPassword(hash: string, password: string): Promise<boolean> {
  return verifyPassword({ hash, password })
}

/** A developer's own server is reached by any of the machine's names. */
function ownOrigins(url: string): string[] {
  if (!isLoopbackUrl(url)) return [url]
  const { port } = new URL(url)
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}${port && `:${port}`}`)
}

/** Our columns of instants are texts; better-auth compares dates. */
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
