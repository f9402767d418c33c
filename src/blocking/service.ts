import type { Actor, OrganizationId } from '../access/gate.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, refuseField, refuseNotFound } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { blockingForms, normalizeBlocked } from './blocking.ts'
import type { BlockedAttendee, BlockedAttendeeInput } from './schema.ts'
import * as store from './store.ts'

export interface BlockingDeps {
  database: Database
  clock: Clock
}

/** Lists blocked addresses and domains, oldest first. */
export async function listBlockedAttendees(
  { database }: BlockingDeps,
  organization: OrganizationId,
  page: PageRequest,
): Promise<{ data: BlockedAttendee[]; next_cursor: string | null }> {
  return toPage(await store.listBlocked(database.executor, organization, page), page.limit, ({ id }) => [id])
}

/**
 * Blocks an address or a domain, so that it cannot book anything on the organization's pages. Existing bookings stay.
 * Blocking it again returns the same entry.
 */
export async function blockAttendee(
  { database, clock }: BlockingDeps,
  actor: Actor,
  input: BlockedAttendeeInput,
): Promise<Outcome<{ blocked: BlockedAttendee }>> {
  const normal = normalizeBlocked(input.value)
  if (!normal) return refuseField('value', 'must be an email address, or a domain such as example.com')
  const { kind, value } = normal
  const { organization } = actor
  return database.transaction(async (tx) => {
    const blocked = await store.insertBlocked(tx, organization, { kind, value, now: clock.timestamp() })
    if (!blocked) {
      const existing = await store.findBlocked(tx, organization, { kind, value })
      if (!existing) throw new Error('A blocked attendee is neither new nor stored.')
      return { ok: true, blocked: existing }
    }
    const object = { type: 'blocked_attendee', id: blocked.id, label: value } as const
    await recordAudit(tx, actor, { action: 'attendee.blocked', object, clock })
    return { ok: true, blocked }
  })
}

/** Unblocks an address or a domain. */
export async function unblockAttendee(
  { database, clock }: BlockingDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    const row = await store.deleteBlocked(tx, actor.organization, id)
    if (!row) return refuseNotFound('blocked attendee', id, 'GET /api/v1/blocked-attendees lists them.')
    const object = { type: 'blocked_attendee', id, label: row.value } as const
    await recordAudit(tx, actor, { action: 'attendee.unblocked', object, clock })
    return { ok: true }
  })
}

/** Returns whether an email address, or its domain, is blocked. */
export async function isBlocked(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<boolean> {
  return store.isBlocked(executor, organization, blockingForms(email))
}

/** Returns the form in which a blocked email address is stored. It is the form of its mailbox. */
export function blockedForm(email: string): string {
  return blockingForms(email).address
}

/** Returns the entry that blocks an address itself rather than its domain, for exporting a person's data. */
export async function findBlockOf(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<BlockedAttendee | undefined> {
  return store.findBlocked(executor, organization, { kind: 'address', value: blockedForm(email) })
}

/** Deletes the entry that blocks an address that is being erased. */
export async function deleteBlockOf(
  tx: Transaction,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<void> {
  await store.deleteBlockedAddress(tx, organization, blockedForm(email))
}
