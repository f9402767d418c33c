import { hashPassword, verifyPassword } from 'better-auth/crypto'
import type { Database, Transaction } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY } from '../time/durations.ts'
import { type BetterAuth, openBetterAuth, type SecondFactor } from './better-auth.ts'

/** Sign-in, sessions and second factors, implemented with better-auth. */
export interface Accounts {
  /** Handles a request under /api/auth. */
  handle(request: Request): Promise<Response>
  /** Returns the person whose session cookie is in the headers, or undefined. */
  findUser(headers: Headers): Promise<SignedInUser | undefined>
  /** Starts a session for a person who has proven their identity. Returns its cookies. */
  startSession(start: { user: string; secondFactor: SecondFactor | null; headers: Headers }): Promise<string[]>
  /** Asks a person who has passed the first factor for the second one. Returns the cookies that identify this sign-in. */
  startSecondStep(start: { user: string; headers: Headers }): Promise<string[]>
  /** Returns the person whose second step the headers belong to, or undefined. */
  findSecondStep(headers: Headers): Promise<string | undefined>
  /** Returns better-auth's API. Its statements run in the given transaction. */
  within(tx: Transaction): BetterAuth['api']
}

/** A person and the session in which they are signed in. */
export interface SignedInUser {
  userId: string
  sessionId: string
  /** The organization that the session acts in, if the person has chosen one. They may no longer be a member of it. */
  organization: number | null
  /** How the person has verified a second factor. Null if they have not verified one. */
  secondFactor: SecondFactor | null
}

export interface AccountsOptions {
  database: Database
  secrets: Secrets
  url: string
}

/** The maximum age of a session, in days. */
export const SESSION_DAYS = 90

export function createAccounts({ database, secrets, url }: AccountsOptions): Accounts {
  const auth = openBetterAuth({ executor: database.executor, secrets, url })
  return {
    handle: (request) => auth.handler(request),
    async findUser(headers) {
      const found = await auth.api.getSession({ headers })
      if (!found || found.session.createdAt.getTime() < Date.now() - SESSION_DAYS * DAY) return undefined
      const { id: sessionId, userId, activeOrganization, secondFactor } = found.session
      return {
        userId,
        sessionId,
        organization: activeOrganization ?? null,
        secondFactor: parseSecondFactor(secondFactor),
      }
    },
    async startSession({ user, secondFactor, headers }) {
      const body = { userId: user, secondFactor }
      return cookiesOf(await auth.api.startSession({ body, headers, asResponse: true }))
    },
    async startSecondStep({ user, headers }) {
      return cookiesOf(await auth.api.startSecondStep({ body: { userId: user }, headers, asResponse: true }))
    },
    async findSecondStep(headers) {
      return (await auth.api.findSecondStep({ headers })).userId ?? undefined
    },
    within: (tx) => openBetterAuth({ executor: tx, secrets, url }).api,
  }
}

function parseSecondFactor(stored: string | null | undefined): SecondFactor | null {
  return stored === 'code' || stored === 'passkey' ? stored : null
}

function cookiesOf(response: Response): string[] {
  if (!response.ok) throw new Error(`better-auth returned ${response.status} for an internal call.`)
  return response.headers.getSetCookie()
}

/** Hashes a password with scrypt, in better-auth's format. */
export async function hashUserPassword(password: string): Promise<string> {
  return hashPassword(password)
}

/** Returns whether a password matches a stored hash. */
export async function isUserPassword(hash: string, password: string): Promise<boolean> {
  return verifyPassword({ hash, password })
}
