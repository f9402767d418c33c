import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readDatabaseConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { openDatabase, secretPath } from '../main.ts'
import { type Backup, readBackup, writeBackup } from '../platform/backup.ts'
import { fetchBackup } from '../platform/backup-socket.ts'
import { systemClock } from '../platform/clock.ts'
import { version } from '../platform/version.ts'

/** Writes everything that the database holds to a new file, whether the server runs or not. */
export async function backup(path: string): Promise<void> {
  const config = readDatabaseConfig()
  if (existsSync(path)) throw new StartError(`${path} is there already. Name a new file: a backup replaces none.`)
  const draft = `${path}.part`
  try {
    rmSync(draft, { force: true })
    const { count } = await copyDatabase(config, draft)
    renameSync(draft, path)
    console.log(`${path} holds ${count.rows} rows of ${count.tables} tables (${statSync(path).size} bytes).`)
    console.log(describeSecret(config))
  } catch (error) {
    throw explain(error, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Gives what the copy, read once more from its file, holds. */
async function copyDatabase(config: Config, path: string): Promise<Backup> {
  if (!config.databaseUrl) {
    checkThere(config)
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

/** Opening the embedded database would make one where there is none. */
function checkThere({ dataDirectory }: Config): void {
  if (existsSync(join(dataDirectory, 'postgres'))) return
  throw new StartError(
    `There is no database in ${dataDirectory}. Name its directory in BOOKBELL_DATA, or a PostgreSQL server in DATABASE_URL.`,
  )
}

function readFetched(path: string): Promise<Backup> {
  return readBackup(path).catch((cause) => {
    throw new StartError('The running server broke off before the backup was whole. Look in its log, then try again.', {
      cause,
    })
  })
}

/** A backup that lay beside its key would be as good as no encryption. */
function describeSecret(config: Config): string {
  const isHere = !config.secret && existsSync(secretPath(config))
  const place = isHere ? secretPath(config) : "BOOKBELL_SECRET (or the file secret in the server's BOOKBELL_DATA)"
  return `The secret is not part of it: keep ${place} in another place. Without it nobody can read the secrets of the webhooks in this backup, and no server starts with them.`
}

function explain(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (!/^E[A-Z]+$/.test(code ?? '')) return error
  return new StartError(
    `The backup cannot be written to ${path} (${message}). Name a file in a folder with room that you may write to.`,
    { cause: error },
  )
}
