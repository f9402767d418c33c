import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { MINUTE } from '../time/durations.ts'
import { claimToken, settleToken } from './authorization-store.ts'
import type { GrantedTokens, OAuthClient } from './oauth-client.ts'
import { ProviderError } from './provider.ts'
import { findCredentials } from './store.ts'

/** The data that is stored, encrypted, to reach an account with OAuth. */
export interface OAuthCredentials {
  refreshToken: string
  accessToken: string
  /** Epoch milliseconds. */
  expiresAt: number
}

export interface TokenDeps {
  database: Database
  clock: Clock
  secrets: Secrets
}

/** The access tokens of one connection. */
export interface AccessTokens {
  /**
   * Returns a token that is valid for at least a minute, and that is not the `rejected` one. Throws a ProviderError if the provider
   * grants none.
   */
  get(signal: AbortSignal, rejected?: string): Promise<string>
}

/** A token that expires sooner is not used. */
const MARGIN = MINUTE
/** How long a claim lasts. A refresh is one request of at most 30 seconds. */
const LEASE = MINUTE
/** How often, and how many times, a process looks whether another one has refreshed the token. */
const LOOK_EVERY_MS = 100
const MOST_LOOKS = 600

/**
 * Only one process refreshes a connection's token at a time, because a provider may replace the refresh token with every use. The
 * process claims the connection's token for a minute: a lock would keep a transaction open during a request.
 */
export function makeAccessTokens(
  deps: TokenDeps,
  { organization, connection, client }: { organization: OrganizationId; connection: number; client: OAuthClient },
): AccessTokens {
  const { database, clock, secrets } = deps
  const { executor } = database

  function tokenIn(stored: Uint8Array, rejected: string | undefined): string | null {
    const { accessToken, expiresAt } = readOAuthCredentials(secrets, stored)
    return accessToken !== rejected && expiresAt > clock.now() + MARGIN ? accessToken : null
  }

  async function refreshClaimed(stored: Uint8Array, claim: string, signal: AbortSignal): Promise<string> {
    let credentials: Buffer | null = null
    try {
      const before = readOAuthCredentials(secrets, stored)
      const after = toCredentials(await client.refresh(before.refreshToken, signal), clock.now(), before.refreshToken)
      credentials = secrets.encrypt(JSON.stringify(after))
      return after.accessToken
    } finally {
      await settleToken(executor, organization, { id: connection, claim, credentials })
    }
  }

  return {
    async get(signal, rejected) {
      for (let looks = 0; looks < MOST_LOOKS; looks++) {
        const stored = await findCredentials(executor, organization, connection)
        if (!stored) throw new ProviderError('This connection was deleted.', { next: 'give_up' })
        const known = tokenIn(stored, rejected)
        if (known !== null) return known
        const now = clock.now()
        const claim = randomUUID()
        const times = { now: toTimestamp(now), until: toTimestamp(now + LEASE) }
        const claimed = await claimToken(executor, organization, { id: connection, claim, ...times })
        if (claimed) {
          // Another process may have refreshed it just before the claim.
          const current = tokenIn(claimed, rejected)
          if (current === null) return refreshClaimed(claimed, claim, signal)
          await settleToken(executor, organization, { id: connection, claim, credentials: null })
          return current
        }
        await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => {
          throw new ProviderError('Reading was stopped.', { next: 'retry' })
        })
      }
      throw new ProviderError('Another process does not finish signing in to this account.', { next: 'retry' })
    },
  }
}

/** Returns the credentials to store. `refreshToken` stays valid if the provider did not return a new one. */
export function toCredentials(granted: GrantedTokens, now: number, refreshToken: string): OAuthCredentials {
  return {
    refreshToken: granted.refreshToken ?? refreshToken,
    accessToken: granted.accessToken,
    expiresAt: now + granted.validFor,
  }
}

/** Decrypts the credentials of an account with OAuth. */
export function readOAuthCredentials(secrets: Secrets, stored: Uint8Array): OAuthCredentials {
  return JSON.parse(secrets.decrypt(stored)) as OAuthCredentials
}
