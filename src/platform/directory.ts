import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf } from './thrown.ts'

/**
 * Makes a directory for its owner alone, with those above it. Throws where it cannot be. One at a time: where the kernel takes
 * no directory at all, as in /proc, Node's own recursive way never ends.
 */
export function makeDirectory(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const directory of missing) makeOne(directory)
}

/** Another process may have been quicker. */
function makeOne(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
