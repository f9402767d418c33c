import { readDatabaseConfig } from '../config.ts'
import { openMigratedDatabase } from '../main.ts'

/** Migrates the database to this version, then exits. */
export async function migrate(): Promise<void> {
  const database = await openMigratedDatabase(readDatabaseConfig())
  console.log('The database is up to date: it has every migration of this version.')
  await database.close()
}
