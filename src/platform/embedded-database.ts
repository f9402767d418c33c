import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite, type Transaction as PgliteTransaction } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import type { PGlite as KyselyPglite } from 'kysely'
import { StartError } from '../errors.ts'
import { columnParsers } from './column-parsers.ts'
import { closeToOthers, makeDirectory } from './directory.ts'
import { messageOf } from './thrown.ts'

/** The caches are small, because an embedded database shares the memory of the single process that uses it. */
const SETTINGS = ['shared_buffers=16MB', 'min_wal_size=32MB', 'max_wal_size=128MB', 'timezone=UTC']

interface EmbeddedDatabase {
  pglite: PGlite
  /** The client passed to Kysely. */
  client: KyselyPglite
  /** Runs SQL text with several statements in the open transaction. */
  runScript(text: string): Promise<void>
  /** Frees the directory for other processes. */
  release(): void
}

/**
 * Opens the embedded PostgreSQL in `directory`, or in memory if it is null. Throws a StartError if another process has it open.
 */
export async function openEmbedded(directory: string | null): Promise<EmbeddedDatabase> {
  const release = directory === null ? () => {} : lockDirectory(directory)
  if (directory !== null) closeToOthers(directory)
  try {
    const pglite = await PGlite.create({
      ...(directory === null ? {} : { fs: new PrivateFiles(join(directory, 'postgres')) }),
      extensions: { btree_gist },
      parsers: columnParsers,
      startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])],
    })
    return { pglite, release, ...makeClient(pglite) }
  } catch (cause) {
    release()
    throw new StartError(
      `The embedded database in ${directory} cannot be opened: ${cause}. Restore a backup, or set BOOKBELL_DATA to another directory.`,
      { cause },
    )
  }
}

/** The PGlite file operations that set permissions. */
interface FileOperations {
  setattr(node: unknown, attributes: { mode?: number }): void
  mknod(parent: unknown, name: string, mode: number, device: number): unknown
}

const OTHERS = 0o077

/** Creates files that only this user can use. PGlite itself makes each new file accessible to everyone, regardless of the umask. */
class PrivateFiles extends NodeFS {
  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...given)
    const restrict = (module: { NODEFS?: { node_ops: FileOperations } }) => {
      const operations = module.NODEFS?.node_ops
      if (!operations) throw new Error('This version of PGlite has no NODEFS.')
      const { setattr, mknod } = operations
      operations.setattr = (node, { mode, ...rest }) =>
        setattr(node, mode === undefined ? rest : { ...rest, mode: mode & ~OTHERS })
      operations.mknod = (parent, name, mode, device) => mknod(parent, name, mode & ~OTHERS, device)
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), restrict] } }
  }
}

/**
 * Kysely's PGlite dialect sends one statement at a time, and only one transaction is open at a time. Scripts therefore run in
 * that transaction.
 */
function makeClient(pglite: PGlite): Pick<EmbeddedDatabase, 'client' | 'runScript'> {
  let open: PgliteTransaction | undefined
  const client: KyselyPglite = {
    get closed() {
      return pglite.closed
    },
    get ready() {
      return pglite.ready
    },
    get waitReady() {
      return pglite.waitReady
    },
    close: () => pglite.close(),
    query: (...given) => pglite.query(...given),
    transaction: (work) =>
      pglite
        .transaction((tx) => {
          open = tx
          return work(tx)
        })
        .finally(() => {
          open = undefined
        }),
  }
  const runScript = async (text: string) => {
    if (!open) throw new Error('A script needs an open transaction.')
    await open.exec(text)
  }
  return { client, runScript }
}

/**
 * Locks the directory for this process and returns the function that unlocks it. SQLite's file lock is a kernel lock. It ends
 * with the process, even after a crash, so there are no stale locks.
 */
function lockDirectory(directory: string): () => void {
  const lock = openLock(directory)
  try {
    lock.exec('pragma journal_mode = off; begin exclusive')
  } catch (cause) {
    lock.close()
    throw new StartError(
      `Another Bookbell process uses the embedded database in ${directory}. Stop it first, set BOOKBELL_DATA to another directory, or use a PostgreSQL server with DATABASE_URL, which any number of processes can share.`,
      { cause },
    )
  }
  return () => lock.close()
}

function openLock(directory: string): DatabaseSync {
  try {
    makeDirectory(directory)
    return new DatabaseSync(join(directory, 'lock'))
  } catch (cause) {
    throw new StartError(
      `Cannot write to ${directory} (${messageOf(cause)}). Make the directory writable, or set BOOKBELL_DATA to another one.`,
      { cause },
    )
  }
}
