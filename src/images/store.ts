import type { OrganizationId } from '../access/gate.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row } from '../platform/tables.ts'

/** Inserts an image unless it exists. */
export async function insertImage(
  tx: Transaction,
  organization: OrganizationId,
  image: Omit<NewRow<'images'>, 'organization_id'>,
): Promise<void> {
  await tx
    .insertInto('images')
    .values({ ...image, organization_id: organization })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteImage(tx: Transaction, organization: OrganizationId, hash: string): Promise<void> {
  await tx.deleteFrom('images').where('organization_id', '=', organization).where('hash', '=', hash).execute()
}

/** Finds an image by its hash, which is unique on the server. */
export async function findImage(
  executor: Executor,
  hash: string,
): Promise<Pick<Row<'images'>, 'content_type' | 'bytes'> | undefined> {
  return executor.selectFrom('images').select(['content_type', 'bytes']).where('hash', '=', hash).executeTakeFirst()
}
