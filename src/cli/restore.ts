import { existsSync } from 'node:fs'
import { type Config, readDatabaseConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { loadSecrets, openDatabase, secretPath } from '../main.ts'
import { readBackup, restoreBackup } from '../platform/backup.ts'
import type { Database } from '../platform/database.ts'
import { checkSecret } from '../platform/secret-probe.ts'

/**
 * Activities that were sent after the backup was taken had ids that the restored database knows nothing of. Receivers drop what
 * has an id that they know, so none of those may come again: so many are left out.
 */
const LEFT_OUT_IDS = 1_000_000

/** Fills an empty database from a backup. */
export async function restore(path: string): Promise<void> {
  const config = readDatabaseConfig()
  const { head } = await readBackup(path)
  const database = await openDatabase(config)
  try {
    const count = await restoreBackup(database, path, { leaveOut: { activities_id: LEFT_OUT_IDS } })
    console.log(`Restored ${count.rows} rows of ${count.tables} tables, as they were at ${head.taken_at}.`)
    console.log(await describeSecret(config, database))
  } finally {
    await database.close()
  }
}

/** Whether the secret of these settings reads what was restored. None is made: it would be the wrong one. */
async function describeSecret(config: Config, database: Database): Promise<string> {
  const path = secretPath(config)
  const remedy = `Before you start the server, put the secret that the backup was taken with into ${path} or BOOKBELL_SECRET.`
  if (!config.secret && !existsSync(path)) return `The secret is not part of a backup. ${remedy}`
  try {
    await checkSecret({ database }, loadSecrets(config))
    return 'The secret fits: the server can be started.'
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return `The secret that is there is not the one of the backup. ${remedy}`
  }
}
