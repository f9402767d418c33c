import type { Actor, OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseNotFound } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import type { Tag, TagInput, TagPatch } from './schema.ts'
import * as store from './store.ts'

export interface TagsDeps {
  database: Database
  clock: Clock
}

/** Lists tags, oldest first. */
export async function listTags(
  { database }: TagsDeps,
  organization: OrganizationId,
  page: PageRequest & { search?: string | undefined },
) {
  const rows = await store.listTags(database.executor, organization, page)
  return toPage(rows.map(showTag), page.limit, ({ id }) => [id])
}

export async function getTag(
  { database }: TagsDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ tag: Tag }>> {
  const row = await store.findTag(database.executor, organization, id)
  return row ? { ok: true, tag: showTag(row) } : refuseMissing(id)
}

/** Creates a tag. Refuses a name that is in use. */
export async function createTag(
  { database, clock }: TagsDeps,
  actor: Actor,
  { name }: TagInput,
): Promise<Outcome<{ tag: Tag }>> {
  return database.transaction(async (tx) => {
    const row = await store.insertTag(tx, actor.organization, { name, now: clock.timestamp() })
    if (!row) return refuseName(name)
    await recordAudit(tx, actor, { action: 'tag.created', object: auditObject(row), clock })
    return { ok: true, tag: showTag(row) }
  })
}

/** Renames a tag that no meeting uses. A tag in use keeps its name, so that copies of meetings in other systems stay correct. */
export async function renameTag(
  { database, clock }: TagsDeps,
  actor: Actor,
  { id, name }: TagPatch & { id: number },
): Promise<Outcome<{ tag: Tag }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.lockTag(tx, organization, id)
    if (!row) return refuseMissing(id)
    if (name === undefined || name === row.name) return { ok: true, tag: showTag(row) }
    if (await store.isTagInUse(tx, organization, id)) return refuseInUse(row.name, 'renamed')
    const renamed = await store.renameTag(tx, organization, { id, name })
    if (!renamed) return refuseName(name)
    const changes = changesBetween(row, { name })
    await recordAudit(tx, actor, { action: 'tag.changed', object: auditObject(renamed), changes, clock })
    return { ok: true, tag: showTag(renamed) }
  })
}

/** Deletes a tag that no meeting uses. */
export async function deleteTag({ database, clock }: TagsDeps, actor: Actor, { id }: { id: number }): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await store.lockTag(tx, organization, id)
    if (!row) return refuseMissing(id)
    if (await store.isTagInUse(tx, organization, id)) return refuseInUse(row.name, 'deleted')
    await store.deleteTag(tx, organization, id)
    await recordAudit(tx, actor, { action: 'tag.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

/** Returns the tag with this name, creating it if necessary. It cannot be renamed or deleted until the transaction ends. */
export async function findOrCreateTag(
  tx: Transaction,
  organization: OrganizationId,
  { name, clock }: { name: string; clock: Clock },
): Promise<Tag> {
  for (;;) {
    const locked = await store.lockTagName(tx, organization, name)
    const row = locked ?? (await store.insertTag(tx, organization, { name, now: clock.timestamp() }))
    // If neither returned a row, another transaction created the tag in the meantime, and the next iteration finds it.
    if (row) return showTag(row)
  }
}

/** Returns the tag with this name, or undefined. It cannot be renamed or deleted until the transaction ends. */
export async function lockTagName(
  tx: Transaction,
  organization: OrganizationId,
  { name }: { name: string },
): Promise<Tag | undefined> {
  const row = await store.lockTagName(tx, organization, name)
  return row && showTag(row)
}

function auditObject({ id, name }: store.TagRow) {
  return { type: 'tag', id, label: name } as const
}

function showTag({ id, name, created_at }: store.TagRow): Tag {
  return { id, name, created_at }
}

function refuseMissing(id: number): Refusal {
  return refuseNotFound('tag', id, 'GET /api/v1/tags lists them.')
}

function refuseName(name: string): Refusal {
  const message = `The tag ${JSON.stringify(name)} already exists; choose another name`
  return refuse('conflict', `${message}.`, [{ path: 'name', message, code: 'taken' }])
}

function refuseInUse(name: string, change: 'renamed' | 'deleted'): Refusal {
  return refuse(
    'tag_in_use',
    `The tag ${JSON.stringify(name)} is used by a meeting, so it cannot be ${change}. Remove the tag from all meetings first.`,
  )
}
