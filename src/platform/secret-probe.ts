import { sql } from 'kysely'
import { StartError } from '../errors.ts'
import type { Database, Executor } from './database.ts'
import type { Secrets } from './secrets.ts'

const PROBE = 'secret_probe'

/**
 * Checks that the secret can decrypt the data in the database. Processes that share a database must share the secret. If an older
 * value of BOOKBELL_SECRET decrypts the probe, the probe is encrypted again with the first value, so that the older value can be
 * removed.
 *
 * @throws {StartError} if none of the values can decrypt the data.
 */
export async function checkSecret({ database }: { database: Database }, secrets: Secrets): Promise<void> {
  await database.transaction(async (tx) => {
    // If two processes start at the same time with different secrets on an empty database, only one of them may create the probe.
    await sql`lock table server_settings in share row exclusive mode`.execute(tx)
    const probe = await readProbe(tx)
    if (probe !== undefined) decryptProbe(probe, secrets)
    if (probe === undefined || !secrets.isCurrent(probe)) await writeProbe(tx, secrets.encrypt(PROBE))
  })
}

async function readProbe(executor: Executor): Promise<Buffer | undefined> {
  const { rows } = await sql<{ value: string }>`select value from server_settings where name = ${PROBE}`.execute(
    executor,
  )
  return rows[0] && Buffer.from(rows[0].value, 'base64')
}

async function writeProbe(executor: Executor, ciphertext: Buffer): Promise<void> {
  await sql`
    insert into server_settings (name, value) values (${PROBE}, ${ciphertext.toString('base64')})
    on conflict (name) do update set value = excluded.value`.execute(executor)
}

function decryptProbe(probe: Buffer, secrets: Secrets): void {
  try {
    secrets.decrypt(probe)
  } catch (cause) {
    throw new StartError(
      'BOOKBELL_SECRET is not the value that this database was created with. Use the same value in every process that shares the database. To change it, put the new value first and keep the old one after a comma.',
      { cause },
    )
  }
}
