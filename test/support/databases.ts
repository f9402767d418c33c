import { rm } from 'node:fs/promises'
import { after, describe } from 'node:test'
import { type Database, openPglite, openPostgres } from '../../src/platform/database.ts'
import { createTestDirectory } from './embedded.ts'
import { createTestDatabase } from './postgres.ts'

/** The two databases that Bookbell runs on. */
export type DatabaseName = 'PGlite' | 'PostgreSQL'

/** Opens a new, migrated database for a test. It is closed and removed after the tests of `eachDatabase`. */
export type OpenDatabase = () => Promise<Database>

/**
 * Declares the same tests for both databases, so that every rule is tested on both.
 *
 *     eachDatabase((open) => {
 *       test('keeps what was committed', async () => {
 *         const database = await open()
 *         …
 *       })
 *     })
 */
export function eachDatabase(declare: (open: OpenDatabase, name: DatabaseName) => void): void {
  for (const name of databaseNames()) {
    describe(`on ${name}`, () => {
      const release: (() => Promise<void>)[] = []
      declare(() => (name === 'PGlite' ? openEmbedded(release) : openServer(release)), name)
      // Hooks run in the order in which they are declared, so the database closes after everything that the tests shut down.
      after(async () => {
        for (const step of release.reverse()) await step()
      })
    })
  }
}

/** The databases in this run. `TEST_DATABASES=PostgreSQL` omits the embedded database, to test only one server version. */
export function databaseNames(): DatabaseName[] {
  return process.env.TEST_DATABASES === 'PostgreSQL' ? ['PostgreSQL'] : ['PGlite', 'PostgreSQL']
}

async function openEmbedded(release: (() => Promise<void>)[]): Promise<Database> {
  const directory = await createTestDirectory()
  release.push(() => rm(directory, { recursive: true, force: true }))
  const database = await openPglite(directory)
  release.push(() => database.close())
  return database
}

async function openServer(release: (() => Promise<void>)[]): Promise<Database> {
  const { url, drop } = await createTestDatabase()
  release.push(drop)
  const database = await openPostgres(url)
  release.push(() => database.close())
  return database
}
