import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { codeOf } from './thrown.ts'

/**
 * Creates a directory and its parents, for use by their owner only. Throws if it cannot be created. Creates one directory at a
 * time, because Node's recursive mkdir never returns where the kernel refuses directories, as in /proc.
 */
export function makeDirectory(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const directory of missing) makeOne(directory)
}

/** Another process may have created it first. */
function makeOne(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** The permissions that other users of the machine must not have. */
const OTHERS = 0o077

/** How many files and directories are no longer accessible to other users, and how many permissions could not be changed. */
export interface Closed {
  closed: number
  failed: number
}

/**
 * Removes other users' permissions from a directory that belongs to Bookbell, from everything in it, and from all files that this
 * process creates from now on. Does not follow symbolic links.
 */
export function closeToOthers(directory: string): Closed {
  process.umask(OTHERS)
  const counts: Closed = { closed: 0, failed: 0 }
  if (process.platform === 'win32' || !statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return counts
  closeOne(directory, counts)
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink()) closeOne(join(entry.parentPath, entry.name), counts)
  return counts
}

function closeOne(path: string, counts: Closed): void {
  try {
    const { mode } = lstatSync(path)
    if ((mode & OTHERS) === 0) return
    chmodSync(path, mode & 0o700)
    counts.closed++
  } catch (error) {
    // Another process may have removed the file.
    if (codeOf(error) !== 'ENOENT') counts.failed++
  }
}
