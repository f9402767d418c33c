import { deleteExpiredKeys } from './access/service.ts'
import { deleteExpiredRequests } from './inspectors/service.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { type Job, Jobs } from './platform/jobs.ts'
import type { Logger } from './platform/log.ts'
import { HOUR } from './time/durations.ts'

interface CleaningDeps {
  database: Database
  clock: Clock
  logger: Logger
}

/** How many rows one statement deletes. */
const STEP = 500

/** Deletes expired Idempotency-Keys and recorded requests of inspectors, in small steps. */
export function createCleaningWorker(deps: CleaningDeps): Jobs {
  return new Jobs(deps, [
    repeatInSteps('idempotency-cleaning', () => deleteExpiredKeys(deps, { limit: STEP })),
    repeatInSteps('inspector-cleaning', () => deleteExpiredRequests(deps, STEP)),
  ])
}

function repeatInSteps(name: string, deleteStep: () => Promise<number>): Job {
  return { name, everyMs: HOUR, run: async () => ((await deleteStep()) === STEP ? 'more' : 'done') }
}
