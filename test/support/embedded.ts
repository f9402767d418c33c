import { existsSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPglite } from '../../src/platform/database.ts'
import { migrate } from '../../src/platform/migrations.ts'
import { digestMigrations } from './migrations-digest.ts'

const cache = fileURLToPath(new URL('../../.cache/', import.meta.url))

const directories: string[] = []

// Removes directories that tests have kept for a second start, or left behind after a failure.
process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/**
 * Creates a data directory with a migrated, empty embedded database, and returns its path. It is deleted when this process exits,
 * at the latest. The directory is copied from a template, which takes 0.1 seconds instead of two.
 */
export async function createTestDirectory(): Promise<string> {
  const template = await prepareTemplate()
  const directory = await mkdtemp(join(tmpdir(), 'bookbell-data-'))
  directories.push(directory)
  await cp(template, directory, { recursive: true })
  return directory
}

/** Several processes may create the template at the same time. The first one to finish names it. */
async function prepareTemplate(): Promise<string> {
  const template = join(cache, `embedded-private-${digestMigrations()}`)
  if (existsSync(template)) return template
  await mkdir(cache, { recursive: true })
  await removeOldTemplates()
  const own = await mkdtemp(join(cache, 'unfinished-'))
  const database = await openPglite(own)
  await migrate(database)
  await database.close()
  try {
    await rename(own, template)
  } catch (error) {
    if (!existsSync(template)) throw error
    await rm(own, { recursive: true, force: true })
  }
  return template
}

/** Removes templates of other versions and leftovers of interrupted runs. Anything less than an hour old may still be in use. */
async function removeOldTemplates(): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^(embedded|unfinished)-/.test(name))
  for (const path of names.map((name) => join(cache, name))) {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true })
  }
}
