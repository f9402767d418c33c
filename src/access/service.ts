import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { DAY } from '../time/durations.ts'
import * as store from './store.ts'

export interface AccessDeps {
  database: Database
  clock: Clock
}

/** Deletes up to `limit` expired Idempotency-Keys (older than a day), in all organizations. Returns the count. */
export async function deleteExpiredKeys(
  { database, clock }: AccessDeps,
  { limit }: { limit: number },
): Promise<number> {
  return store.deleteExpiredKeys(database.executor, { dayAgo: toTimestamp(clock.now() - DAY), limit })
}

export { deleteResponsesWith, listResponsesWith } from './stored-responses.ts'
