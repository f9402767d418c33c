import { type Outcome, refuse, refuseField } from '../errors.ts'
import type { Executor } from '../platform/database.ts'
import { MINUTE } from '../time/durations.ts'
import { isUserPassword, type SignedInUser } from './accounts.ts'
import { type OwnerProof, refuseUnproven, type SecondFactorDeps } from './second-factor.ts'
import * as factors from './second-factor-store.ts'
import * as sessions from './session-store.ts'
import * as store from './store.ts'

/** How long a session may show secrets after the person has signed in or confirmed their identity. */
const FRESH_MS = 10 * MINUTE

/** Returns whether the person has signed in, or confirmed their identity, within the last ten minutes. */
export async function isFreshSession(executor: Executor, { sessionId }: Pick<SignedInUser, 'sessionId'>) {
  const session = await sessions.findSession(executor, sessionId)
  if (!session) return false
  // Sessions are created by better-auth, which uses the machine's clock.
  return Date.parse(session.confirmedAt ?? session.createdAt) > Date.now() - FRESH_MS
}

/**
 * Refreshes the session as if the person had just signed in. Requires the same proof as a change to the second factor. Refuses
 * people who have neither a password nor an authenticator app, because they have to sign in again.
 */
export async function confirmSession(deps: SecondFactorDeps, proof: OwnerProof): Promise<Outcome> {
  const { userId, sessionId } = proof.user
  return deps.database.transaction(async (tx) => {
    const hash = (await store.findUser(tx, userId))?.password_hash
    if (hash && !(await isUserPassword(hash, proof.password ?? '').catch(() => false)))
      return refuseField('password', 'is not your current password', 'wrong')
    if (!hash && !(await factors.findSecondFactor(tx, userId)))
      return refuse('forbidden', 'Your account has neither a password nor an authenticator app. Sign in again.')
    const refusal = await refuseUnproven(tx, deps, proof)
    if (refusal) return refusal
    await sessions.setConfirmed(tx, { session: sessionId, at: new Date().toISOString() })
    return { ok: true }
  })
}
