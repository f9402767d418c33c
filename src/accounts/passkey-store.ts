import type { Executor, Transaction } from '../platform/database.ts'
import type { NewRow, Row } from '../platform/tables.ts'

export type PasskeyRow = Row<'passkeys'>

/** Lists a person's passkeys, oldest first. */
export async function listPasskeys(executor: Executor, user: string): Promise<PasskeyRow[]> {
  return executor.selectFrom('passkeys').selectAll().where('user_id', '=', user).orderBy('created_at').execute()
}

/** Returns the passkey with this id and locks it, because its counter may only increase. */
export async function lockPasskey(tx: Transaction, id: string): Promise<PasskeyRow | undefined> {
  return tx.selectFrom('passkeys').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Inserts a passkey. Returns undefined if it already exists. */
export async function insertPasskey(tx: Transaction, values: NewRow<'passkeys'>): Promise<PasskeyRow | undefined> {
  return tx
    .insertInto('passkeys')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function recordUse(
  tx: Transaction,
  { id, counter, now }: { id: string; counter: number; now: string },
): Promise<void> {
  await tx.updateTable('passkeys').set({ counter, last_used_at: now }).where('id', '=', id).execute()
}

/** Renames a person's passkey. */
export async function renamePasskey(
  executor: Executor,
  { user, id, name }: { user: string; id: string; name: string },
): Promise<PasskeyRow | undefined> {
  return executor
    .updateTable('passkeys')
    .set({ name })
    .where('user_id', '=', user)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Deletes a person's passkey. */
export async function deletePasskey(tx: Transaction, { user, id }: { user: string; id: string }): Promise<void> {
  await tx.deleteFrom('passkeys').where('user_id', '=', user).where('id', '=', id).execute()
}

/** Deletes all of a person's passkeys. Returns false if there was nothing to delete. */
export async function deletePasskeys(tx: Transaction, user: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('passkeys').where('user_id', '=', user).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Stores a challenge's purpose until it expires. `identifier` is the challenge's hash. */
export async function insertChallenge(
  executor: Executor,
  { identifier, value, now, expiresAt }: { identifier: string; value: string; now: string; expiresAt: string },
): Promise<void> {
  const times = { createdAt: now, updatedAt: now, expiresAt }
  await executor
    .insertInto('verification')
    .values({ id: identifier, identifier, value, ...times })
    .execute()
}

/** Uses up a challenge. Returns false if it is unknown, expired or for a different purpose. */
export async function takeChallenge(
  executor: Executor,
  { identifier, value, now }: { identifier: string; value: string; now: string },
): Promise<boolean> {
  const { numDeletedRows } = await executor
    .deleteFrom('verification')
    .where('identifier', '=', identifier)
    .where('value', '=', value)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
