import { rm } from 'node:fs/promises'
import { createTestDirectory } from './embedded.ts'
import { createTestDatabase } from './postgres.ts'

/**
 * Returns environment variables for a server whose data is kept after it stops, on the named database. `cleanup` receives the
 * steps that remove the data.
 */
export async function prepareEnvironment(
  name: string,
  cleanup: (() => Promise<unknown>)[],
): Promise<Record<string, string>> {
  const directory = await createTestDirectory()
  cleanup.push(() => rm(directory, { recursive: true, force: true }))
  if (name === 'PGlite') return { BOOKBELL_DATA: directory }
  const { url, drop } = await createTestDatabase()
  cleanup.push(drop)
  return { BOOKBELL_DATA: directory, DATABASE_URL: url }
}
