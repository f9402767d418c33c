import { setTimeout as pause } from 'node:timers/promises'
import { endMemberships } from '../accounts/service.ts'
import { deleteApiKeys } from '../api-keys/service.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { deleteFeedsOfOrganization } from '../calendar-feeds/service.ts'
import { type Outcome, refuse, refuseField } from '../errors.ts'
import { closeInspectors } from '../inspectors/service.ts'
import { unpublishPages } from '../pages/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { wakingJob } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import type { OrganizationId } from '../platform/organization-id.ts'
import { deleteRows, deleteSomeRows, listOrganizationTables } from '../platform/organization-rows.ts'
import { advanceSetupSerial } from '../platform/setup-serial.ts'
import {
  findDeleting,
  findOrganizations,
  getSettings,
  lockDeleting,
  lockSettings,
  markDeleting,
  removeOrganization,
} from '../settings/service.ts'
import { SECOND } from '../time/durations.ts'
import { deleteWebhooks } from '../webhooks/service.ts'

export interface DeletionDeps {
  database: Database
  clock: Clock
}

/** The job that deletes the rows of organizations. */
export const DELETION_JOB = 'organization-deletion'

/** How many rows one statement deletes. */
const BATCH = 500
/** The pause between two statements, in milliseconds, so that other requests are served in the meantime. */
const PAUSE_MS = 10
/** How long requests that were already admitted may take before the organization's rows are deleted, in milliseconds. */
const GRACE_MS = 5 * SECOND

/**
 * Deletes an organization in two steps:
 *
 *   1. one transaction marks it and closes every access to it: API keys, memberships, invitations, pages, attendees' links,
 *      inspectors, calendar feeds, webhooks, emails. Accounts end with their last membership.
 *   2. the worker deletes its rows in small statements, table by table, and finally the organization's own row. If a
 *      process stops halfway, another one continues.
 *
 * Refused if the confirmation is not the organization's name.
 */
export async function deleteOrganization(
  { database, clock }: DeletionDeps,
  actor: AuditActor,
  { confirm }: { confirm: string },
): Promise<Outcome<{ name: string }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    await lockSettings(tx, organization)
    const { name } = await getSettings(tx, organization)
    if (confirm.trim() !== name)
      return refuseField(
        'confirm',
        `must be the name of the organization, "${name}", because deleting it cannot be undone`,
      )
    const now = clock.timestamp()
    if (!(await markDeleting(tx, organization, now))) return refuse('gone', `${name} is already being deleted.`)
    await recordAudit(tx, actor, {
      action: 'organization.deleted',
      object: { type: 'organization', id: organization, label: name },
      clock,
    })
    await deleteApiKeys(tx, organization)
    await unpublishPages(tx, organization)
    await closeInspectors(tx, organization)
    await deleteFeedsOfOrganization(tx, organization)
    await deleteWebhooks(tx, organization, now)
    await endMemberships(tx, organization)
    await advanceSetupSerial(tx)
    await tx.selectNoFrom(wakingJob(DELETION_JOB).as('woken')).execute()
    return { ok: true, name }
  })
}

/** Deletes an organization by its name or id, for the server administrator. */
export async function deleteOrganizationNamed(
  deps: DeletionDeps,
  { nameOrId, confirm }: { nameOrId: string; confirm: string },
): Promise<Outcome<{ organization: OrganizationId; name: string }>> {
  const found = await findOrganizations(deps.database.executor, nameOrId)
  const [first, second] = found
  if (!first) return refuse('not_found', `There is no organization with the id or name "${nameOrId}".`)
  if (second) {
    const ids = found.map(({ organization, name }) => `${organization} (${name})`).join(', ')
    return refuse(
      'conflict',
      `Several organizations match "${nameOrId}": ${ids}. Use the id of the organization to delete.`,
    )
  }
  const { organization, name } = first
  if (confirm !== name)
    return refuse('conflict', `--confirm must repeat the name "${name}", because deleting cannot be undone.`)
  const deleted = await deleteOrganization(deps, { kind: 'operator', organization }, { confirm })
  return deleted.ok ? { ok: true, organization, name } : deleted
}

/**
 * Deletes the rows of the organization that was marked first. Returns whether more work may be pending. Stops between two
 * statements if the signal is aborted.
 */
export async function deleteNextOrganization(
  deps: DeletionDeps & { logger?: Pick<Logger, 'info'> },
  signal?: AbortSignal,
): Promise<boolean> {
  const { database, clock, logger } = deps
  const next = await findDeleting(database.executor)
  if (!next) return false
  const age = clock.now() - Date.parse(next.deleting_at)
  if (age >= 0 && age < GRACE_MS) await pause(GRACE_MS - age, undefined, signal ? { signal } : {}).catch(() => {})
  if (signal?.aborted) return false
  const isDeleted = await deleteOrganizationRows(deps, next.organization, signal)
  if (isDeleted) logger?.info({ organization: next.organization }, 'organization deleted')
  return isDeleted
}

/** Deletes all rows of an organization that is being deleted. Returns false if the signal was aborted before the end. */
export async function deleteOrganizationRows(
  { database }: Pick<DeletionDeps, 'database'>,
  organization: OrganizationId,
  signal?: AbortSignal,
): Promise<boolean> {
  const tables = await listOrganizationTables(database.executor)
  for (const table of tables)
    while ((await deleteSomeRows(database.executor, organization, { table, limit: BATCH })) > 0) {
      if (signal?.aborted) return false
      await pause(PAUSE_MS)
    }
  await database.transaction(async (tx) => {
    // From this point, no request can insert a row, because foreign keys make each insert lock the organization's row first.
    if (!(await lockDeleting(tx, organization))) return
    for (const table of tables) await deleteRows(tx, organization, table)
    await removeOrganization(tx, organization)
  })
  return true
}
