import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { renewSecondFactors, resetSecondFactor } from './accounts/second-factor.ts'
import { type Bookbell, type BookbellOptions, createBookbell } from './app.ts'
import type { Config } from './config.ts'
import { renewCredentials } from './connections/renewing.ts'
import { accept, StartError } from './errors.ts'
import { listAccountMails } from './notifications/service.ts'
import { bootstrapOwner, deleteOrganizationNamed, needsSetup, setupToken } from './organizations/service.ts'
import { writeBackup } from './platform/backup.ts'
import { type BackupSocket, openBackupSocket } from './platform/backup-socket.ts'
import { systemClock } from './platform/clock.ts'
import { type Database, openPglite, openPostgres } from './platform/database.ts'
import { closeToOthers, makeDirectory } from './platform/directory.ts'
import { createLogger, type Logger } from './platform/log.ts'
import { migrate } from './platform/migrations.ts'
import { type OperatorCommands, openOperatorSocket } from './platform/operator-socket.ts'
import { checkSecret } from './platform/secret-probe.ts'
import { makeSecrets, type Secrets } from './platform/secrets.ts'
import { codeOf, messageOf } from './platform/thrown.ts'
import { version } from './platform/version.ts'
import { renewSecrets } from './webhooks/secret-rotation.ts'

/** The minimum length of a secret, in characters. */
const MIN_SECRET_LENGTH = 16

/** A running server. */
export interface RunningServer {
  url: string
  /** The one-time link for the owner. Undefined once an organization exists. */
  setupUrl: string | undefined
  bookbell: Bookbell
  database: Database
  /** Finishes the work in flight, then stops everything. */
  stop(): Promise<void>
}

/** Opens the configured database without migrating it. */
export function openDatabase(config: Config): Promise<Database> {
  return config.databaseUrl ? openPostgres(config.databaseUrl) : openPglite(config.dataDirectory)
}

/** Opens the configured database and migrates it. */
export async function openMigratedDatabase(config: Config): Promise<Database> {
  const database = await openDatabase(config)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

/** Starts the chosen roles. Throws a StartError with one clear sentence if it cannot. */
export async function startServer(
  config: Config,
  extra: Pick<BookbellOptions, 'sampleCalendar'> = {},
): Promise<RunningServer> {
  const logger = createLogger(config.logLevel)
  protectData(config, logger)
  const secrets = loadSecrets(config)
  const database = await openMigratedDatabase(config)
  try {
    await checkSecret({ database }, secrets)
    await renewSecrets({ database, secrets })
    await renewSecondFactors({ database, secrets })
    await renewCredentials({ database, secrets })
    if (config.owner) await bootstrapOwner({ database, clock: systemClock }, config.owner)
    const port = config.port === 0 ? await findFreePort(config.host) : config.port
    const url = config.url ?? `http://localhost:${port}`
    const bookbell = await createBookbell({
      config,
      url,
      database,
      clock: systemClock,
      secrets,
      logger,
      print: (text) => console.log(text),
      ...extra,
    })
    await listen(bookbell, config.host, port)
    await bookbell.start()
    const setupUrl = (await needsSetup({ database }))
      ? `${url}/setup/${await setupToken({ database, secrets })}`
      : undefined
    const sockets = config.databaseUrl ? [] : await openSockets(config, { database, secrets, logger, url })
    const stop = async () => {
      await Promise.all([bookbell.stop(), ...sockets.map((socket) => socket.close())])
      await database.close()
    }
    return { url, setupUrl, bookbell, database, stop }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The data directory contains secrets and password hashes, so no other user of the machine may read or change it. */
function protectData({ dataDirectory }: Config, logger: Logger): void {
  const { closed, failed } = closeToOthers(dataDirectory)
  if (closed > 0)
    logger.warn(
      { directory: dataDirectory, files: closed },
      'other users on this machine could access files in BOOKBELL_DATA; their access has been removed',
    )
  if (failed > 0)
    logger.error(
      { directory: dataDirectory, files: failed },
      'other users on this machine can access files in BOOKBELL_DATA that belong to another user; run chown on the directory',
    )
}

/**
 * Lets other processes on this machine read backups and account emails, and run server administration commands. With the embedded
 * database, only this process can do that.
 */
function openSockets(
  { dataDirectory }: Config,
  { database, secrets, logger, url }: { database: Database; secrets: Secrets; logger: Logger; url: string },
): Promise<BackupSocket[]> {
  const writeCopy = (path: string) =>
    writeBackup(database, path, { program: version, takenAt: systemClock.timestamp() })
  const writeMails = async (path: string) =>
    writeFileSync(path, JSON.stringify(await listAccountMails({ database, secrets, url }, { limit: SHOWN_MAILS })), {
      mode: 0o600,
    })
  return Promise.all([
    openBackupSocket({ logger, write: writeCopy }, dataDirectory),
    openBackupSocket({ logger, write: writeMails }, dataDirectory, 'accounts'),
    openOperatorSocket({ logger, commands: operatorCommands({ database, secrets }) }, dataDirectory),
  ])
}

/** The requests that commands can send to a running server. */
export function operatorCommands(deps: { database: Database; secrets: Secrets }): OperatorCommands {
  return {
    'reset-second-factor': async ({ email = '' }) =>
      accept(await resetSecondFactor({ ...deps, clock: systemClock }, { email })),
    'delete-organization': async ({ nameOrId = '', confirm = '' }) =>
      accept(await deleteOrganizationNamed({ ...deps, clock: systemClock }, { nameOrId, confirm })),
  }
}

/** The maximum number of account emails that `bookbell accounts mail` prints. */
export const SHOWN_MAILS = 20

/** Returns the server's secrets: BOOKBELL_SECRET, or the value that was generated on the first start and stored with the data. */
export function loadSecrets(config: Config): Secrets {
  if (config.secret) return makeSecrets(config.secret)
  const path = secretPath(config)
  try {
    return makeSecrets([readOrCreate(path)])
  } catch (error) {
    throw describeUnstorable(path, error)
  }
}

/** Returns the path of the file with the secret that was generated on the first start. */
export function secretPath(config: Config): string {
  return join(config.dataDirectory, 'secret')
}

/** Reads the secret's file. Creates it with a random value if it does not exist. */
function readOrCreate(path: string): string {
  makeDirectory(dirname(path))
  if (!existsSync(path)) writeAtomically(path, randomBytes(32).toString('base64url'))
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length < MIN_SECRET_LENGTH)
    throw new Error(`it has only ${secret.length} characters, which is too short for a secret`)
  return secret
}

/**
 * Writes a file completely or not at all, even if the process is killed halfway, because a truncated secret could be guessed. If
 * another process was faster, its file stays, so that both use the same value.
 */
function writeAtomically(path: string, text: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

function describeUnstorable(path: string, cause: unknown): StartError {
  return new StartError(
    `The secret cannot be stored in ${path} (${messageOf(cause)}). Make the directory writable, or set BOOKBELL_SECRET or BOOKBELL_DATA.`,
    { cause },
  )
}

async function listen({ app }: Bookbell, host: string, port: number): Promise<void> {
  const { level } = app.log
  // Otherwise Fastify would log another line for each address of the machine.
  if (level === 'info') app.log.level = 'warn'
  try {
    await app.listen({ host, port })
  } catch (cause) {
    throw cannotListen(cause, host, port)
  } finally {
    app.log.level = level
  }
}

function cannotListen(cause: unknown, host: string, port: number): StartError {
  const at = `cannot listen on ${host}:${port}`
  const code = codeOf(cause)
  if (code === 'EADDRINUSE')
    return new StartError(
      `PORT: ${at} (another program is using it). Stop that program, or choose another PORT or HOST.`,
      { cause },
    )
  if (code === 'EACCES')
    return new StartError(
      `PORT: ${at} (${messageOf(cause)}). Choose a PORT of 1024 or higher, or allow this user to use it.`,
      {
        cause,
      },
    )
  return new StartError(
    `HOST: ${at} (${messageOf(cause)}). Set it to an address of this machine, such as 127.0.0.1, or to 0.0.0.0 for all addresses.`,
    { cause },
  )
}

async function findFreePort(host: string): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve)).catch((cause) => {
    throw cannotListen(cause, host, 0)
  })
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('The probe has no port.')
  return address.port
}
