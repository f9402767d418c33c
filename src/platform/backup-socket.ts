import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Logger } from './log.ts'
import { messageOf } from './thrown.ts'

/**
 * Lets a second process back up the embedded database, which only one process can open. The running server writes the backup and
 * sends it over a socket in the data directory. Anyone who can use that socket can already read the directory. An API call would
 * not work, because an API key belongs to one organization and a backup contains all organizations.
 */
export interface BackupSocket {
  close(): Promise<void>
}

/** Writes a backup to a new file. */
export type WriteBackup = (path: string) => Promise<unknown>

/** What the server sends: a backup, or account emails. */
export type Handover = 'backup' | 'accounts'

/** Opens the socket. Logs a warning if the directory cannot contain one (its path is too long, or the file system does not support sockets). */
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
      logger.error({ problem: error.message }, 'a backup could not be sent')
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
 * Fetches a backup from the server that has the directory open and writes it to a new file. Returns false if no server has it
 * open. If the server stops in the meantime, the file is incomplete, and `readBackup` detects that.
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

/** Writes a temporary file first, so that a slow client does not hold the database for longer than it takes to write the file. */
async function handOver(socket: Socket, path: string, write: WriteBackup): Promise<void> {
  try {
    await write(path)
    await pipeline(createReadStream(path), socket)
  } finally {
    await rm(path, { force: true })
  }
}

/** Removes files left behind by a killed process. This process holds the directory's lock, so no other process is using them. */
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
