import { rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { Problem, StartError } from '../errors.ts'
import { type BackupSocket, listenPrivately } from './backup-socket.ts'
import type { Logger } from './log.ts'
import { messageOf } from './thrown.ts'

/**
 * Lets server administration commands change the embedded database, which only the running server can open. A command sends a
 * JSON object over a socket in the data directory and receives a JSON object in response. Anyone who can use that socket can
 * already read and write the directory.
 */
export type OperatorCommands = Record<string, (input: Record<string, string>) => Promise<object>>

/** How long a command may take to arrive, in milliseconds. */
const ARRIVAL_MS = 5_000

const requestSchema = z.object({ command: z.string(), input: z.record(z.string(), z.string()) })
const answerSchema = z.object({ result: z.looseObject({}).optional(), problem: z.string().optional() })

/** Opens the socket. Logs a warning if the directory cannot contain one. */
export async function openOperatorSocket(
  { logger, commands }: { logger: Logger; commands: OperatorCommands },
  directory: string,
): Promise<BackupSocket> {
  const path = socketPath(directory)
  await rm(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket)).on('error', () => {})
    socket.setTimeout(ARRIVAL_MS, () => socket.destroy())
    answer(socket, commands)
      .catch((error) => ({ problem: error instanceof Problem ? error.refusal.detail : messageOf(error) }))
      .then((result) => socket.end(JSON.stringify(result)))
  })
  try {
    await listenPrivately(server, path)
  } catch (error) {
    logger.warn({ problem: messageOf(error), path }, 'some commands work only while this server is stopped')
  }
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

async function answer(socket: Socket, commands: OperatorCommands): Promise<object> {
  const { command, input } = requestSchema.parse(JSON.parse(await readText(socket)))
  // The time limit does not apply to the command itself.
  socket.setTimeout(0)
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (!run) throw new Error(`the running server does not know the command ${command}; restart it with this version`)
  return { result: await run(input) }
}

/**
 * Makes the running server execute a command. Returns undefined if no server has the directory open. Throws a StartError if the
 * command fails.
 */
export async function sendToServer(
  directory: string,
  request: { command: string; input: Record<string, string> },
): Promise<Record<string, unknown> | undefined> {
  const socket = connect({ path: socketPath(directory), allowHalfOpen: true })
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  if (!connected) return undefined
  socket.end(JSON.stringify(request))
  const { result, problem } = answerSchema.parse(JSON.parse(await readText(socket)))
  if (problem !== undefined) throw new StartError(problem)
  return result
}

/** Unlike an async iterator, this leaves the socket open for the response. */
function readText(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8')
  return new Promise((resolve, reject) => {
    socket.on('data', (part) => {
      text += part
    })
    socket.once('end', () => resolve(text)).once('error', reject)
    socket.once('close', () => reject(new Error('The connection was closed.')))
  })
}

function socketPath(directory: string): string {
  return join(directory, 'operator.sock')
}
