import { existsSync } from 'node:fs'
import { type Config, readDatabaseConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { loadSecrets, openDatabase, secretPath } from '../main.ts'
import { readBackup, restoreBackup } from '../platform/backup.ts'
import type { Database } from '../platform/database.ts'
import { checkSecret } from '../platform/secret-probe.ts'

/**
 * The number of activity ids to skip. Activities created after the backup used ids that the restored database does not know.
 * These ids must not be used again, because receivers drop ids that they have already seen.
 */
const SKIPPED_IDS = 1_000_000

/** Restores a backup into an empty database. */
export async function restore(path: string): Promise<void> {
  const config = readDatabaseConfig()
  const { head } = await readBackup(path)
  const database = await openDatabase(config)
  try {
    const count = await restoreBackup(database, path, { leaveOut: { activities_id: SKIPPED_IDS } })
    console.log(`Restored ${count.rows} rows of ${count.tables} tables, from a backup taken at ${head.taken_at}.`)
    console.log(await describeSecret(config, database))
  } finally {
    await database.close()
  }
}

/**
 * Reports whether the configured secret can decrypt the restored database. Does not generate a secret, because a new secret could
 * not decrypt it.
 */
async function describeSecret(config: Config, database: Database): Promise<string> {
  const path = secretPath(config)
  const remedy = `Before you start the server, put the original server's secret in ${path} or BOOKBELL_SECRET.`
  if (!config.secret && !existsSync(path)) return `A backup does not contain the secret. ${remedy}`
  try {
    await checkSecret({ database }, loadSecrets(config))
    return 'The secret matches. You can start the server.'
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return `The configured secret does not match the backup. ${remedy}`
  }
}
