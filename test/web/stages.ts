import { describe } from 'node:test'
import type { BrowserContextOptions } from 'playwright-core'
import { type DatabaseName, databaseNames } from '../support/databases.ts'
import { createTestDatabase } from '../support/postgres.ts'
import type { ServerOptions } from '../support/server.ts'
import { desktop, openStory, phone, type Story } from './story.ts'

/** The database and the screen size that a story runs on. */
export type Stage = {
  database: DatabaseName
  size: 'phone' | 'desktop'
  /** A server on that database, and a browser whose pages have that size by default. */
  openStory: (options?: ServerOptions) => Promise<Story>
}

const screens: Record<Stage['size'], BrowserContextOptions> = {
  phone: { ...phone, colorScheme: 'dark', reducedMotion: 'reduce' },
  desktop,
}

/**
 * Declares the same stories for two stages, so that each runs on both databases and at both sizes: on PGlite with a phone, in dark
 * mode and with reduced motion, and on PostgreSQL with a desktop.
 */
export function onEachStage(declare: (stage: Stage) => void): void {
  for (const database of databaseNames()) {
    const size = database === 'PGlite' ? 'phone' : 'desktop'
    const open = database === 'PGlite' ? openStory : openOnPostgres
    const stage: Stage = { database, size, openStory: (options = {}) => open({ ...options, screen: screens[size] }) }
    describe(`on ${database}, on a ${size}`, () => declare(stage))
  }
}

async function openOnPostgres(options: Parameters<typeof openStory>[0] = {}): Promise<Story> {
  const { url, drop } = await createTestDatabase()
  const env = { ...options.env, DATABASE_URL: url }
  const story = await openStory({ ...options, env }).catch(async (error) => {
    await drop()
    throw error
  })
  return { ...story, stop: () => story.stop().finally(drop) }
}
