import { sql } from 'kysely'
import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Settings } from './schema.ts'

/** Locks the whole table until the end of the transaction, so that two processes cannot create the first organization at once. */
export async function lockOrganizations(tx: Transaction): Promise<void> {
  await sql`lock table organizations in share row exclusive mode`.execute(tx)
}

/** The oldest organization of the server. */
export async function findFirstOrganization(executor: Executor): Promise<OrganizationId | undefined> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    select organization_id from organizations order by organization_id limit 1`.execute(executor)
  return rows[0]?.organization_id
}

export async function insertOrganization(
  tx: Transaction,
  { name, now }: { name: string; now: string },
): Promise<OrganizationId> {
  const { rows } = await sql<{ organization_id: OrganizationId }>`
    insert into organizations (name, created_at) values (${name}, ${now}) returning organization_id`.execute(tx)
  return rows[0]!.organization_id
}

/** Until the end of the transaction nobody else changes the settings of this organization. Does not hinder bookings. */
export async function lockOrganization(tx: Transaction, organization: OrganizationId): Promise<void> {
  await sql`select from organizations where organization_id = ${organization} for no key update`.execute(tx)
}

export async function findSettings(executor: Executor, organization: OrganizationId): Promise<Settings> {
  const { rows } = await sql<Settings>`
    select organization_id as id, name, brand_color, logo_url, created_at from organizations
    where organization_id = ${organization}`.execute(executor)
  return rows[0]!
}

export async function saveSettings(tx: Transaction, organization: OrganizationId, settings: Settings): Promise<void> {
  await sql`
    update organizations set name = ${settings.name}, brand_color = ${settings.brand_color}, logo_url = ${settings.logo_url}
    where organization_id = ${organization}`.execute(tx)
}
