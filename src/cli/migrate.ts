import { readDatabaseConfig } from '../config.ts'
import { openMigratedDatabase } from '../main.ts'

/** Brings the database to this version's schema, then ends. */
export async function migrate(): Promise<void> {
  const database = await openMigratedDatabase(readDatabaseConfig())
  console.log('The database has every migration of this version.')
  await database.close()
}
