import { sql } from 'kysely'
import type { Executor, Transaction } from '../platform/database.ts'
import type { Row } from '../platform/tables.ts'

export type SecondFactorRow = Pick<Row<'twoFactor'>, 'id' | 'userId' | 'secret' | 'backupCodes'>

/** Returns a person's authenticator app, if it is turned on. */
export async function findSecondFactor(executor: Executor, user: string): Promise<SecondFactorRow | undefined> {
  return executor
    .selectFrom('twoFactor')
    .select(['id', 'userId', 'secret', 'backupCodes'])
    .where('userId', '=', user)
    .where('verified', '=', true)
    .executeTakeFirst()
}

/** Lists all people's authenticator apps in the order of their ids, starting after the given id. */
export async function listSecondFactors(
  executor: Executor,
  { after, limit }: { after: string; limit: number },
): Promise<SecondFactorRow[]> {
  return executor
    .selectFrom('twoFactor')
    .select(['id', 'userId', 'secret', 'backupCodes'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Stores re-encrypted values, unless they were changed in the meantime. */
export async function replaceCiphertexts(
  executor: Executor,
  { former, secret, backupCodes }: { former: SecondFactorRow; secret: string; backupCodes: string },
): Promise<void> {
  await executor
    .updateTable('twoFactor')
    .set({ secret, backupCodes })
    .where('id', '=', former.id)
    .where('secret', '=', former.secret)
    .where('backupCodes', '=', former.backupCodes)
    .execute()
}

/** Turns off a person's authenticator app. Returns false if it was already off. */
export async function deleteSecondFactor(tx: Transaction, user: string): Promise<boolean> {
  await tx.deleteFrom('twoFactor').where('userId', '=', user).execute()
  const { numUpdatedRows } = await tx
    .updateTable('user')
    .set({ twoFactorEnabled: false, updatedAt: sql`now()` })
    .where('id', '=', user)
    .where('twoFactorEnabled', '=', true)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
