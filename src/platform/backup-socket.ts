import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Logger } from './log.ts'
import { messageOf } from './thrown.ts'

/**
 * How a second process gets a backup of the embedded database, which only one process can open: the running server makes it, and
 * hands it over on a socket in the data directory. Anyone who may use that socket may read the directory anyway. An API
 * call is not enough: an API key belongs to one organization, and a backup contains all of them.
 */
export interface BackupSocket {
  close(): Promise<void>
}

/** Writes a backup to a new file. */
export type WriteBackup = (path: string) => Promise<unknown>

/** What is handed over: a backup, or the mails about accounts. */
export type Handover = 'backup' | 'accounts'

/** Opens the socket. Logs a warning if the directory cannot have one (the path is too long, the file system has no sockets). */
export async function openBackupSocket(
  { logger, write }: { logger: Logger; write: WriteBackup },
  directory: string,
  what: Handover = 'backup',
): Promise<BackupSocket> {
  const path = socketPath(directory, what)
  await removeLeft(directory, what)
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket)).on('error', () => {})
    handOver(socket, join(directory, `${what}-${randomUUID()}.part`), write).catch((error) => {
      logger.error({ problem: error.message }, 'a backup could not be handed over')
      socket.destroy()
    })
  })
  try {
    await listenPrivately(server, path)
  } catch (error) {
    logger.warn({ problem: messageOf(error), path }, 'backups can be taken only while this server is stopped')
  }
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/**
 * Takes a backup from the server that has the directory open, into a new file. Returns false if no server has it open. The
 * file is incomplete if the server stopped meanwhile, which `readBackup` notices.
 */
export async function fetchBackup(directory: string, path: string, what: Handover = 'backup'): Promise<boolean> {
  const socket = connect(socketPath(directory, what))
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  if (!connected) return false
  await pipeline(socket, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  return true
}

function socketPath(directory: string, what: Handover): string {
  return join(directory, `${what}.sock`)
}

/** By way of a file of its own: however slowly it is taken, the database is held no longer than it takes to write it. */
async function handOver(socket: Socket, path: string, write: WriteBackup): Promise<void> {
  try {
    await write(path)
    await pipeline(createReadStream(path), socket)
  } finally {
    await rm(path, { force: true })
  }
}

/** Removes what a killed process left. This process holds the directory's lock, so no other one uses it. */
async function removeLeft(directory: string, what: Handover): Promise<void> {
  await rm(socketPath(directory, what), { force: true })
  if (!existsSync(directory)) return
  const left = (await readdir(directory)).filter((name) => name.startsWith(`${what}-`) && name.endsWith('.part'))
  for (const name of left) await rm(join(directory, name), { force: true })
}

/** Listens on a socket that only this user can use. */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  await chmod(path, 0o600)
}
