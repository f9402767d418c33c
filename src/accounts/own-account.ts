import { type Outcome, refuseNotFound } from '../errors.ts'
import { listMemberships } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { getSettings } from '../settings/service.ts'
import type { SignedInUser } from './accounts.ts'
import { type Oidc, PROVIDER } from './oidc.ts'
import { auditPerson, type Place } from './person-audit.ts'
import type { Account, AccountSession } from './schema.ts'
import { countRecoveryCodes } from './second-factor.ts'
import * as sessions from './session-store.ts'
import * as store from './store.ts'

interface OwnAccountDeps {
  database: Database
}

/** Returns the signed-in person's account, with the organizations that they belong to. */
export async function getAccount(
  { database, secrets, oidc }: OwnAccountDeps & { secrets: Secrets; oidc: Oidc | undefined },
  { userId, secondFactor }: SignedInUser,
): Promise<Account> {
  const { executor } = database
  const user = await store.findUser(executor, userId)
  const memberships = await listMemberships({ database }, userId)
  const organizations = await Promise.all(
    memberships.map(async ({ organization, role }) => {
      const { name, require_second_factor } = await getSettings(executor, organization)
      return { id: organization, name, role, require_second_factor }
    }),
  )
  return {
    name: user?.name ?? '',
    email: user?.email ?? '',
    has_password: user?.password_hash != null,
    provider: oidc
      ? { name: oidc.name, linked: await store.isLinked(executor, { user: userId, provider: PROVIDER }) }
      : null,
    second_factor: {
      enabled: user?.twoFactorEnabled === true,
      proven: secondFactor !== null,
      recovery_codes: await countRecoveryCodes({ database, secrets }, { user: userId }),
    },
    organizations,
  }
}

/** Changes an account's name. The member's names in the organizations stay unchanged. */
export async function renameAccount(
  { database }: OwnAccountDeps,
  { userId }: SignedInUser,
  { name }: { name: string },
): Promise<void> {
  await database.transaction((tx) => store.setName(tx, { user: userId, name }))
}

/** Makes the session act in another of the person's organizations. Refuses an organization that they do not belong to. */
export async function switchOrganization(
  { database }: OwnAccountDeps,
  { userId, sessionId }: SignedInUser,
  { organization: wanted }: { organization: number },
): Promise<Outcome> {
  const memberships = await listMemberships({ database }, userId)
  const membership = memberships.find(({ organization }) => organization === wanted)
  if (!membership) return refuseNotFound('organization', wanted, 'GET /api/account lists yours.')
  const { organization } = membership
  await database.transaction((tx) => sessions.setActiveOrganization(tx, organization, { session: sessionId }))
  return { ok: true }
}

/** Lists the signed-in person's sessions, newest first. */
export async function listOwnSessions(
  { database }: OwnAccountDeps,
  { userId, sessionId }: SignedInUser,
): Promise<AccountSession[]> {
  // Sessions are created by better-auth, which uses the machine's clock.
  const rows = await sessions.listSessions(database.executor, { user: userId, now: new Date().toISOString() })
  return rows.map(({ id, createdAt, updatedAt, ipAddress, userAgent }) => ({
    id,
    current: id === sessionId,
    created_at: createdAt,
    last_used_at: updatedAt,
    address: ipAddress || null,
    browser: userAgent || null,
  }))
}

/** Ends one of the signed-in person's sessions. */
export async function endSession(
  { database, clock }: OwnAccountDeps & { clock: Clock },
  { userId: user }: SignedInUser,
  { id, by }: { id: string; by: Place },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    if (!(await sessions.deleteSession(tx, { user, id })))
      return refuseNotFound('session', id, 'GET /api/account/sessions lists them.')
    await auditPerson(tx, { user, action: 'session.ended', by, clock })
    return { ok: true }
  })
}
