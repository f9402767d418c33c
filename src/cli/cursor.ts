import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Activity } from '../activities/schema.ts'
import { StartError } from '../errors.ts'
import { askServer, type ServerAccess } from '../platform/api-client.ts'
import { makeDirectory } from '../platform/directory.ts'
import { codeOf, messageOf } from '../platform/thrown.ts'

/** The state of `bookbell listen` between runs. */
export interface Memory {
  server: string
  organization: number
  forward_to: string | null
  /** The time of the feed's first activity, which identifies the database. Null if the feed was empty. */
  feed: string | null
  /** All activities up to this cursor have been handled. */
  cursor: string
  /** The signing secret, stored so that a receiver has to be configured only once. */
  secret: string | null
  saved_at: string
}

/** Returns the path of the file for one server, organization and target URL. */
export function cursorPath(
  directory: string,
  { server, organization, forward_to }: Pick<Memory, 'server' | 'organization' | 'forward_to'>,
): string {
  const host = new URL(server).host.replace(/[^a-z0-9.]+/g, '-')
  const digest = createHash('sha256').update(`${server} ${forward_to}`).digest('hex').slice(0, 8)
  return join(directory, 'listen', `${host}-${organization}-${digest}.json`)
}

/** Reads the state of an earlier run. Returns undefined if this is the first run. Throws a StartError if the file is invalid. */
export function readMemory(path: string): Memory | undefined {
  try {
    const memory = JSON.parse(readFileSync(path, 'utf8'))
    if (!/^\d+$/.test(memory.cursor)) throw new Error('it contains no cursor')
    return memory
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new StartError(
      `The cursor in ${path} cannot be read (${messageOf(cause)}). Delete the file, or choose another with --cursor-file.`,
      { cause },
    )
  }
}

/** Replaces the file atomically, so a killed process leaves the previous cursor. Only its owner can read it, because it contains a secret. */
export function writeMemory(path: string, memory: Memory): void {
  try {
    makeDirectory(dirname(path))
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${path}.${process.pid}`, path)
  } catch (cause) {
    throw new StartError(
      `The cursor cannot be stored in ${path} (${messageOf(cause)}). Make the folder writable, or choose another file with --cursor-file.`,
      { cause },
    )
  }
}

/** Returns the time of the first activity. Returns null if the feed is empty. */
async function identifyFeed(access: ServerAccess): Promise<string | null> {
  const { data } = await askServer<{ data: Activity[] }>(access, '/api/v1/activities?limit=1')
  return data[0]?.created_at ?? null
}

/** The position to start from. */
export interface Start {
  cursor: string
  /** The feed's identity. */
  feed: string | null
  /** The position in words, for the console. */
  words: string
}

/** Finds the position to start from: the requested position, otherwise the stored one, otherwise the end of the feed. */
export async function findStart(
  access: ServerAccess,
  from: string | undefined,
  stored: Memory | undefined,
): Promise<Start> {
  const feed = await identifyFeed(access)
  const { after, words } = chooseStart(from, stored, feed)
  // The server checks that the feed reaches this far, because a cursor from another feed would skip activities.
  const path = `/api/v1/activities?after=${after}&limit=1`
  const page = await askServer<{ next_cursor: string }>(access, path).catch((cause) => {
    throw new StartError(
      `${cause.message.replace(/\.?$/, '.')} Use --from start to read the feed from its start, or --from now to begin with new activities.`,
      { cause },
    )
  })
  return { cursor: after === 'latest' ? page.next_cursor : after, feed, words }
}

function chooseStart(from: string | undefined, stored: Memory | undefined, feed: string | null) {
  if (from === 'now') return { after: 'latest', words: 'from now on' }
  if (from !== undefined) return { after: from === 'start' ? '0' : from, words: `from ${from} on` }
  if (!stored) return { after: 'latest', words: 'from now on' }
  const { cursor, saved_at, feed: known } = stored
  if (known === null || known === feed) {
    return { after: cursor, words: `continuing after cursor ${cursor}, saved at ${saved_at}` }
  }
  return { after: '0', words: 'from the start of the feed, because the database is not the same as last time' }
}
