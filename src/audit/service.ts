import type { Actor, OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import { afterCommit, type Database, type Executor, type Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { DAY } from '../time/durations.ts'
import type { AuditAction } from './action.ts'
import type { Change } from './changes.ts'
import { csvHeader, csvLine } from './csv.ts'
import type { AuditEntry, AuditFilter, AuditObjectType } from './schema.ts'
import * as store from './store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The audit action that changes through this route are recorded as, or why they are not in the audit log. Required for routes
     * that make changes.
     */
    audit?: AuditAction | { none: string }
  }
}

/** How long entries are kept, in days. */
export const AUDIT_DAYS = 400

/** How many entries an export reads at a time. */
const EXPORT_STEP = 500

export interface AuditDeps {
  database: Database
  clock: Clock
}

/** The actor of an action: an authenticated actor, a command on the server, or someone who is not signed in. */
export type AuditActor =
  | Actor
  | { kind: 'operator'; organization: OrganizationId }
  | ({ kind: 'visitor'; organization: OrganizationId } & Pick<Actor, 'address' | 'log'>)

/** An action and its object. `label` is how people recognize the object. Nothing in it may be secret. */
export interface AuditRecord {
  action: AuditAction
  object: { type: AuditObjectType; id?: number; label: string | null }
  changes?: readonly Change[]
  clock: Clock
}

/**
 * Records an action in the same transaction as its change, so that every change has an entry. After the commit, the action is
 * also written to the server's log, with ids only.
 */
export async function recordAudit(
  tx: Transaction,
  actor: AuditActor,
  { action, object, changes = [], clock }: AuditRecord,
): Promise<void> {
  const { id: actor_id, name: actor_name } = nameActor(actor)
  const address = 'address' in actor ? actor.address : null
  await store.insertEntry(tx, actor.organization, {
    created_at: clock.timestamp(),
    action,
    actor_kind: actor.kind,
    actor_id,
    actor_name,
    address,
    object_type: object.type,
    object_id: object.id ?? null,
    object_label: object.label,
    changes: JSON.stringify(changes),
  })
  if (!('log' in actor) || !actor.log) return
  const { log, kind, organization } = actor
  const line = {
    action,
    organization,
    actor: { kind, id: actor_id },
    object: { type: object.type, id: object.id },
    address,
  }
  afterCommit(tx, () => log.info(line, 'audit'))
}

function nameActor(actor: AuditActor): { id: number | null; name: string | null } {
  switch (actor.kind) {
    case 'member':
      return { id: actor.memberId, name: actor.name }
    case 'api_key':
      return { id: actor.apiKeyId, name: actor.name }
    case 'operator':
    case 'visitor':
      return { id: null, name: null }
  }
}

/** Lists the entries that match the filter, newest first. */
export async function listAudit(
  { database }: AuditDeps,
  organization: OrganizationId,
  { filter, page }: { filter: AuditFilter; page: PageRequest },
) {
  const read = { filter, before: page.after?.[0], limit: page.limit + 1 }
  const rows = await store.listEntries(database.executor, organization, read)
  return toPage(rows.map(showEntry), page.limit, ({ id }) => [id])
}

/** Yields the entries that match the filter as CSV lines, newest first. Reads them in steps. */
export async function* exportAudit(
  { database }: AuditDeps,
  organization: OrganizationId,
  { filter }: { filter: AuditFilter },
): AsyncGenerator<string> {
  yield csvHeader
  let before: number | undefined
  for (;;) {
    const rows = await store.listEntries(database.executor, organization, { filter, before, limit: EXPORT_STEP })
    if (rows.length > 0) yield rows.map((row) => csvLine(showEntry(row))).join('')
    if (rows.length < EXPORT_STEP) return
    before = rows.at(-1)?.id
  }
}

/** Lists entries that contain one of these texts, ignoring case, oldest first. For exporting a person's data. */
export async function listEntriesWith(
  executor: Executor,
  organization: OrganizationId,
  { texts }: { texts: readonly string[] },
): Promise<AuditEntry[]> {
  return (await store.findEntries(executor, organization, texts)).map(showEntry)
}

/** Deletes up to `limit` entries older than AUDIT_DAYS, in all organizations. Returns the number deleted. */
export async function deleteOldEntries({ database, clock }: AuditDeps, { limit }: { limit: number }): Promise<number> {
  return store.deleteOldEntries(database.executor, { before: toTimestamp(clock.now() - AUDIT_DAYS * DAY), limit })
}

/**
 * Erases a person, identified by these texts, and their former memberships from the entries. This includes actors, IP addresses,
 * labels and changed values.
 */
export async function eraseFromAudit(
  tx: Transaction,
  organization: OrganizationId,
  { texts, members }: { texts: readonly string[]; members: readonly number[] },
): Promise<void> {
  await store.eraseEntries(tx, organization, { texts, members, name: 'Erased person' })
}

function showEntry(row: store.AuditRow): AuditEntry {
  return {
    id: row.id,
    created_at: row.created_at,
    action: row.action,
    actor: { kind: row.actor_kind as AuditEntry['actor']['kind'], id: row.actor_id, name: row.actor_name },
    address: row.address,
    object: { type: row.object_type, id: row.object_id, label: row.object_label },
    changes: row.changes,
  }
}
