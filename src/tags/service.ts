import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import type { Tag } from './schema.ts'
import * as store from './store.ts'

export interface TagsDeps {
  database: Database
  clock: Clock
}

/** Tags in the order in which they were made. */
export async function listTags({ database }: TagsDeps, organization: OrganizationId, page: PageRequest) {
  const rows = await store.listTags(database.executor, organization, page)
  return toPage(rows, page.limit, ({ id }) => [id])
}

export async function getTag(
  { database }: TagsDeps,
  { organization, id }: { organization: OrganizationId; id: number },
): Promise<Outcome<{ tag: Tag }>> {
  const tag = await store.findTag(database.executor, organization, id)
  return tag ? { ok: true, tag } : refuseMissing(id)
}

/** Makes a tag before its first use. Refuses a name that is in use. */
export async function createTag(
  { database, clock }: TagsDeps,
  { organization, name }: { organization: OrganizationId; name: string },
): Promise<Outcome<{ tag: Tag }>> {
  return database.transaction(async (tx) => {
    const tag = await store.insertTag(tx, organization, { name, now: clock.timestamp() })
    return tag ? { ok: true, tag } : refuseName(name)
  })
}

/** Gives a tag that no meeting carries another name. A tag that is carried keeps its name, so that no mirror drifts. */
export async function renameTag(
  { database }: TagsDeps,
  { organization, id, name }: { organization: OrganizationId; id: number; name: string | undefined },
): Promise<Outcome<{ tag: Tag }>> {
  return database.transaction(async (tx) => {
    const tag = await store.lockTag(tx, organization, id)
    if (!tag) return refuseMissing(id)
    if (name === undefined || name === tag.name) return { ok: true, tag }
    if (await store.isTagInUse(tx, organization, id)) return refuseInUse(tag, 'renamed')
    const renamed = await store.renameTag(tx, organization, { id, name })
    return renamed ? { ok: true, tag: { ...tag, name } } : refuseName(name)
  })
}

/** Deletes a tag that no meeting carries. */
export async function deleteTag(
  { database }: TagsDeps,
  { organization, id }: { organization: OrganizationId; id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    const tag = await store.lockTag(tx, organization, id)
    if (!tag) return refuseMissing(id)
    if (await store.isTagInUse(tx, organization, id)) return refuseInUse(tag, 'deleted')
    await store.deleteTag(tx, organization, id)
    return { ok: true }
  })
}

/** The tag of this name, made where there is none. It keeps its name to the end of the transaction. */
export async function takeTag(
  tx: Transaction,
  { clock }: { clock: Clock },
  { organization, name }: { organization: OrganizationId; name: string },
): Promise<Tag> {
  for (;;) {
    const kept = await store.keepTag(tx, organization, name)
    const tag = kept ?? (await store.insertTag(tx, organization, { name, now: clock.timestamp() }))
    // Where neither gave one, somebody made it in between: it is there at the next look.
    if (tag) return tag
  }
}

/** The tag of this name, or undefined. It keeps its name to the end of the transaction. */
export async function keepTag(tx: Transaction, organization: OrganizationId, name: string): Promise<Tag | undefined> {
  return store.keepTag(tx, organization, name)
}

function refuseMissing(id: number): Refusal {
  return refuse('not_found', `There is no tag ${id}. GET /api/v1/tags lists them.`)
}

function refuseName(name: string): Refusal {
  const message = `There is a tag ${JSON.stringify(name)} already; choose another name`
  return refuse('conflict', `${message}.`, [{ path: 'name', message }])
}

function refuseInUse(tag: Tag, wanted: string): Refusal {
  return refuse(
    'tag_in_use',
    `A meeting carries the tag ${JSON.stringify(tag.name)}, so it cannot be ${wanted}. Remove it from its meetings first.`,
  )
}
