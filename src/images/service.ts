import type { OrganizationId } from '../access/gate.ts'
import type { Clock } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { hashOf, type Image, type ImageUse } from './image.ts'
import * as store from './store.ts'

/** Stores an image and returns the hash in its path. `member` is the owner of a photo, or null for a logo. */
export async function addImage(
  tx: Transaction,
  organization: OrganizationId,
  { image, use, member = null, clock }: { image: Image; use: ImageUse; member?: number | null; clock: Clock },
): Promise<string> {
  const hash = hashOf(image, { organization, use, member })
  const { content_type, bytes } = image
  await store.insertImage(tx, organization, {
    hash,
    content_type,
    bytes: Buffer.from(bytes),
    created_at: clock.timestamp(),
  })
  return hash
}

/** Deletes an image that is no longer used. */
export async function removeImage(tx: Transaction, organization: OrganizationId, hash: string): Promise<void> {
  await store.deleteImage(tx, organization, hash)
}

/** Returns the image with this hash. Returns undefined if it does not exist or was replaced. */
export async function findImage(executor: Executor, hash: string): Promise<Image | undefined> {
  return store.findImage(executor, hash)
}

/** Returns an image as a `data:` URL. Returns undefined if it does not exist. */
export async function imageAsUrl(executor: Executor, hash: string): Promise<string | undefined> {
  const image = await store.findImage(executor, hash)
  return image && `data:${image.content_type};base64,${Buffer.from(image.bytes).toString('base64')}`
}
