import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Activity } from '../activities/schema.ts'
import { StartError } from '../errors.ts'
import { askServer, type ServerAccess } from '../platform/api-client.ts'
import { makeDirectory } from '../platform/directory.ts'

/** What `bookbell listen` remembers from one run to the next. */
export interface Memory {
  server: string
  organization: number
  forward_to: string | null
  /** When the feed's first activity happened, which tells one database from another; null while there was none. */
  feed: string | null
  /** Everything up to here has been dealt with. */
  cursor: string
  /** What the forwarded requests are signed with, so that a receiver is told once. */
  secret: string | null
  saved_at: string
}

/** Where the memory of one use of `listen` is kept: a server's organization, and where its activities go. */
export function cursorPath(
  directory: string,
  { server, organization, forward_to }: Pick<Memory, 'server' | 'organization' | 'forward_to'>,
): string {
  const host = new URL(server).host.replace(/[^a-z0-9.]+/g, '-')
  const digest = createHash('sha256').update(`${server} ${forward_to}`).digest('hex').slice(0, 8)
  return join(directory, 'listen', `${host}-${organization}-${digest}.json`)
}

/** What an earlier run has left; undefined where there was none. Throws a StartError where the file holds something else. */
export function readMemory(path: string): Memory | undefined {
  try {
    const memory = JSON.parse(readFileSync(path, 'utf8'))
    if (!/^\d+$/.test(memory.cursor)) throw new Error('it holds no cursor')
    return memory
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StartError(
      `The cursor in ${path} cannot be read (${(cause as Error).message}). Remove the file, or name another with --cursor-file.`,
      { cause },
    )
  }
}

/** Replaces the file as a whole, so that a process killed on the way leaves the cursor before. For its owner alone: it holds a secret. */
export function writeMemory(path: string, memory: Memory): void {
  try {
    makeDirectory(dirname(path))
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${path}.${process.pid}`, path)
  } catch (cause) {
    throw new StartError(
      `The cursor cannot be kept in ${path} (${(cause as Error).message}). Make the folder writable, or name another file with --cursor-file.`,
      { cause },
    )
  }
}

/** When the first activity happened; null where nothing has. */
async function identifyFeed(access: ServerAccess): Promise<string | null> {
  const { data } = await askServer<{ data: Activity[] }>(access, '/api/v1/activities?limit=1')
  return data[0]?.created_at ?? null
}

/** Where to begin. */
export interface Start {
  cursor: string
  /** Which feed that is. */
  feed: string | null
  /** For people: what that means. */
  words: string
}

/** Finds where to begin: where it is told, else where it stopped, else with what happens from now on. */
export async function findStart(
  access: ServerAccess,
  from: string | undefined,
  stored: Memory | undefined,
): Promise<Start> {
  const feed = await identifyFeed(access)
  const { after, words } = chooseStart(from, stored, feed)
  // The server says whether the feed goes so far: a cursor of another one would skip what takes those positions.
  const path = `/api/v1/activities?after=${after}&limit=1`
  const page = await askServer<{ next_cursor: string }>(access, path).catch((cause) => {
    throw new StartError(`${cause.message} (--from start), or with what happens from now on (--from now).`, { cause })
  })
  return { cursor: after === 'latest' ? page.next_cursor : after, feed, words }
}

function chooseStart(from: string | undefined, stored: Memory | undefined, feed: string | null) {
  if (from === 'now' || (from === undefined && !stored)) return { after: 'latest', words: 'from now on' }
  if (from !== undefined) return { after: from === 'start' ? '0' : from, words: `from ${from} on` }
  const { cursor, saved_at, feed: known } = stored as Memory
  if (known === null || known === feed) {
    return { after: cursor, words: `going on after cursor ${cursor}, where it was at ${saved_at}` }
  }
  return { after: '0', words: 'from its start: it is another database than the last time' }
}
