import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readDatabaseConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { openDatabase, secretPath } from '../main.ts'
import { type Backup, readBackup, writeBackup } from '../platform/backup.ts'
import { fetchBackup } from '../platform/backup-socket.ts'
import { systemClock } from '../platform/clock.ts'
import { codeOf, messageOf } from '../platform/thrown.ts'
import { version } from '../platform/version.ts'

/** Writes a snapshot of the whole database to a new file, whether or not the server is running. */
export async function backup(path: string): Promise<void> {
  const config = readDatabaseConfig()
  if (existsSync(path))
    throw new StartError(`${path} already exists. Choose a new file, because a backup does not overwrite files.`)
  const draft = `${path}.part`
  try {
    rmSync(draft, { force: true })
    const { count } = await copyDatabase(config, draft)
    renameSync(draft, path)
    console.log(`Saved ${count.rows} rows of ${count.tables} tables to ${path} (${statSync(path).size} bytes).`)
    console.log(describeSecret(config))
  } catch (error) {
    throw explain(error, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Copies the database to a file, then reads the file and returns what it contains. */
async function copyDatabase(config: Config, path: string): Promise<Backup> {
  if (!config.databaseUrl) {
    checkExists(config)
    if (await fetchBackup(config.dataDirectory, path)) return readFetched(path)
  }
  const database = await openDatabase(config)
  try {
    await writeBackup(database, path, { program: version, takenAt: systemClock.timestamp() })
  } finally {
    await database.close()
  }
  return readBackup(path)
}

/** Opening the embedded database would create it if it did not exist. */
function checkExists({ dataDirectory }: Config): void {
  if (existsSync(join(dataDirectory, 'postgres'))) return
  throw new StartError(
    `There is no database in ${dataDirectory}. Set BOOKBELL_DATA to its directory, or DATABASE_URL to a PostgreSQL server.`,
  )
}

function readFetched(path: string): Promise<Backup> {
  return readBackup(path).catch((cause) => {
    throw new StartError('The running server stopped before the backup was complete. Check its log, then try again.', {
      cause,
    })
  })
}

/** A backup stored next to its key would not be protected by the encryption. */
function describeSecret(config: Config): string {
  const isFile = !config.secret && existsSync(secretPath(config))
  const place = isFile ? secretPath(config) : "BOOKBELL_SECRET (or the file secret in the server's BOOKBELL_DATA)"
  return `The backup does not contain the secret. Store ${place} separately. Without it, the webhook secrets in this backup cannot be read, and no server can start on the restored database.`
}

function explain(error: unknown, path: string): unknown {
  if (!/^E[A-Z]+$/.test(codeOf(error) ?? '')) return error
  return new StartError(
    `The backup cannot be written to ${path} (${messageOf(error)}). Choose a file in a writable folder with enough free space.`,
    { cause: error },
  )
}
