import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import type { Secrets } from '../platform/secrets.ts'
import { HOUR, MINUTE } from '../time/durations.ts'
import { readOAuthCredentials } from './access-tokens.ts'
import * as store from './authorization-store.ts'
import type { SendToCalendar } from './calendar-client.ts'
import { makeOAuthClient } from './oauth-client.ts'
import type { OAuthProviders } from './oauth-providers.ts'

export interface RevokingDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  logger: Pick<Logger, 'warn'>
  send: SendToCalendar
  providers: OAuthProviders
}

/** How often a revocation is attempted, and the time between attempts. */
const MOST_ATTEMPTS = 5
const AGAIN_AFTER = HOUR
const BATCH = 20

/** The job that revokes the access of deleted connections at their provider. */
export function makeRevocationJob(deps: RevokingDeps): Job {
  return {
    name: store.REVOCATION_JOB,
    everyMs: MINUTE,
    async run(signal) {
      const now = deps.clock.now()
      const times = { now: toTimestamp(now), until: toTimestamp(now + AGAIN_AFTER) }
      const due = await store.claimRevocations(deps.database.executor, { ...times, limit: BATCH })
      await Promise.all(due.map((one) => revoke(deps, one, signal)))
      return due.length === BATCH ? 'more' : 'done'
    },
  }
}

/** Never rejects. Access that cannot be revoked is forgotten after a few attempts: its member can still remove it at the provider. */
async function revoke(deps: RevokingDeps, one: store.ClaimedRevocation, signal: AbortSignal): Promise<void> {
  const { database, secrets, logger, send, providers } = deps
  const { organization_id: organization, id, attempts } = one
  let isDone = attempts >= MOST_ATTEMPTS
  try {
    // Only Google can revoke access.
    const provider = providers.google
    const { refreshToken } = readOAuthCredentials(secrets, one.credentials)
    if (provider) await makeOAuthClient(send, provider).revoke(refreshToken, signal)
    isDone = true
  } catch (error) {
    logger.warn({ err: error, attempts }, 'the access of a deleted connection could not be revoked')
  }
  if (isDone) await store.deleteRevocation(database.executor, organization, id)
}
