import { randomInt } from 'node:crypto'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { deleteSessionCookie, setSessionCookie } from 'better-auth/cookies'
import { generateRandomString, type SecretConfig } from 'better-auth/crypto'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins/generic-oauth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { KyselyPlugin } from 'kysely'
import { z } from 'zod'
import { isLoopbackUrl } from '../config.ts'
import type { Executor } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY, MINUTE, SECOND } from '../time/durations.ts'

/** How a person has proven, in addition to the first factor, that the account is theirs. */
export type SecondFactor = 'code' | 'passkey'

export interface BetterAuthOptions {
  /** The pool, or a transaction in which every statement runs. */
  executor: Executor
  secrets: Secrets
  url: string
  /** The provider, if this instance handles sign-ins with one. */
  oidc?: GenericOAuthConfig
}

export type BetterAuth = ReturnType<typeof openBetterAuth>

/** How long a session can be unused before it ends, in days. */
const SESSION_IDLE_DAYS = 30
const SECONDS_PER_DAY = DAY / SECOND
/** How long the second step of a sign-in may take, in milliseconds. */
const SECOND_STEP_MS = 10 * MINUTE
/** The cookie of the second step, under the name used by better-auth's plugin. */
const SECOND_STEP_COOKIE = 'two_factor'

/** Configures better-auth for these tables. */
export function openBetterAuth({ executor, secrets, url, oidc }: BetterAuthOptions) {
  return betterAuth({
    appName: 'Bookbell',
    baseURL: url,
    basePath: '/api/auth',
    trustedOrigins: ownOrigins(url),
    secrets: listSecrets(secrets),
    database: { db: executor.withPlugin(datesForBetterAuth), type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      // Accounts are created only by the setup link or an invitation.
      disableSignUp: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
    },
    // Accounts are linked by oidc.ts, which contains the rules for linking. The provider's tokens are not stored.
    account: { accountLinking: { enabled: false }, updateAccountOnSignIn: false },
    verification: { storeIdentifier: 'hashed' },
    session: {
      expiresIn: SESSION_IDLE_DAYS * SECONDS_PER_DAY,
      updateAge: SECONDS_PER_DAY,
      additionalFields: {
        activeOrganization: { type: 'number', required: false, input: false },
        secondFactor: { type: 'string', required: false, input: false },
      },
    },
    // Attempts are counted in the database. See sign-in-budget.ts.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'bookbell',
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
      // Our migrations create the tables. Validation is off because it does not work inside a transaction.
      database: { validateSchema: false },
    },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      twoFactor({
        allowPasswordless: true,
        // A hard lock would let anyone who knows the password lock out the account's owner.
        accountLockout: { enabled: false },
        backupCodeOptions: { storeBackupCodes: 'encrypted', customBackupCodesGenerate: generateRecoveryCodes },
      }),
      sessionsOfOurs,
      ...(oidc ? [genericOAuth({ config: [oidc] })] : []),
    ],
  })
}

/** Starts sessions, and the second step of a sign-in, for people who have proven their identity to us. */
const sessionsOfOurs = {
  id: 'bookbell-sessions',
  endpoints: {
    startSession: createAuthEndpoint.serverOnly(
      {
        method: 'POST',
        body: z.object({ userId: z.string(), secondFactor: z.enum(['code', 'passkey']).nullable() }),
      },
      async (ctx) => {
        const { userId, secondFactor } = ctx.body
        const user = await ctx.context.internalAdapter.findUserById(userId)
        if (!user) throw new Error('The account was deleted.')
        const session = await ctx.context.internalAdapter.createSession(userId, false, { secondFactor })
        await setSessionCookie(ctx, { session, user })
        return ctx.json({ token: session.token })
      },
    ),
    startSecondStep: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const identifier = `2fa-${generateRandomString(32)}`
        const cookie = ctx.context.createAuthCookie(SECOND_STEP_COOKIE, { maxAge: SECOND_STEP_MS / SECOND })
        const expiresAt = new Date(Date.now() + SECOND_STEP_MS)
        const { internalAdapter, secret } = ctx.context
        await internalAdapter.createVerificationValue({ identifier, value: ctx.body.userId, expiresAt })
        await internalAdapter.createVerificationValue({
          identifier: `2fa-attempts-${identifier}`,
          value: '0',
          expiresAt,
        })
        deleteSessionCookie(ctx, true)
        await ctx.setSignedCookie(cookie.name, identifier, secret, cookie.attributes)
        return ctx.json({})
      },
    ),
    findSecondStep: createAuthEndpoint.serverOnly({ method: 'GET' }, async (ctx) => {
      const { name } = ctx.context.createAuthCookie(SECOND_STEP_COOKIE)
      const identifier = await ctx.getSignedCookie(name, ctx.context.secret)
      const found = identifier ? await ctx.context.internalAdapter.findVerificationValue(identifier) : null
      return ctx.json({ userId: found && found.expiresAt > new Date() ? found.value : null })
    }),
  },
} satisfies BetterAuthPlugin

/**
 * Returns the part of a Cookie header that the second step needs. A session cookie that is still present must not be used
 * instead.
 */
export function secondStepCookie(header: string | undefined): string {
  const cookies = (header ?? '').split(/;\s*/)
  return cookies.filter((cookie) => cookie.split('=')[0]?.endsWith(`bookbell.${SECOND_STEP_COOKIE}`)).join('; ')
}

/** Returns better-auth's keys. The first key encrypts, and each key can decrypt what it has encrypted. */
function listSecrets(secrets: Secrets): { version: number; value: string }[] {
  return secrets.deriveEach('sessions').map(({ id, key }) => ({ version: id, value: key.toString('base64') }))
}

/** Returns the same keys, for re-encrypting values. */
export function secretConfigOf(secrets: Secrets): SecretConfig {
  const keys = listSecrets(secrets)
  return {
    keys: new Map(keys.map(({ version, value }) => [version, value])),
    currentVersion: keys[0]?.version ?? 0,
  }
}

const RECOVERY_CODES = 10
/** Letters and digits that look alike are excluded. */
const CODE_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Generates codes such as `k7wd-9tqm-xx4e`, each with 59 bits of entropy. */
function generateRecoveryCodes(): string[] {
  const letter = () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]
  const group = () => Array.from({ length: 4 }, letter).join('')
  return Array.from({ length: RECOVERY_CODES }, () => [group(), group(), group()].join('-'))
}

/** A server on loopback can be reached by any of the machine's loopback names. */
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
