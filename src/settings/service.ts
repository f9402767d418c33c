import type { OrganizationId } from '../access/gate.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Settings, SettingsPatch } from './schema.ts'
import * as store from './store.ts'

export interface SettingsDeps {
  database: Database
}

/** Locks all organizations until the end of the transaction, so that two processes cannot create the first one at once. */
export async function lockOrganizations(tx: Transaction): Promise<void> {
  await store.lockOrganizations(tx)
}

/** The oldest organization of the server; undefined before the setup. */
export async function findFirstOrganization(executor: Executor): Promise<OrganizationId | undefined> {
  return store.findFirstOrganization(executor)
}

/** Stores a new organization with default settings and returns its id. It has no members and no API keys yet. */
export async function addOrganization(
  tx: Transaction,
  { name, clock }: { name: string; clock: Clock },
): Promise<OrganizationId> {
  return store.insertOrganization(tx, { name, now: clock.timestamp() })
}

/**
 * Makes changes of what can be booked and by whom (members, meeting types, pages) take turns within an organization, so that
 * a rule that spans rows (a free slug, the last admin, a host who exists) holds until the commit. Bookings do not wait for it.
 */
export async function lockSettings(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.lockOrganization(tx, organization)
}

/** The settings of a proven organization. */
export async function getSettings(executor: Executor, organization: OrganizationId): Promise<Settings> {
  return store.findSettings(executor, organization)
}

/** Changes what is given and leaves the rest. */
export async function changeSettings(
  { database }: SettingsDeps,
  organization: OrganizationId,
  patch: SettingsPatch,
): Promise<Settings> {
  return database.transaction(async (tx) => {
    await store.lockOrganization(tx, organization)
    const changed = { ...(await store.findSettings(tx, organization)), ...patch }
    await store.saveSettings(tx, organization, changed)
    return changed
  })
}
