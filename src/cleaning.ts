import { deleteExpiredKeys } from './access/service.ts'
import { deleteExpiredSignIns } from './accounts/signing-in.ts'
import { deleteOldEntries } from './audit/service.ts'
import { deleteOldBudgets } from './budgets/service.ts'
import { deleteExpiredRequests } from './inspectors/service.ts'
import { cleanHolds } from './meetings/service.ts'
import { DELETION_JOB, deleteNextOrganization } from './organizations/service.ts'
import { completeOldestErasure, erasePastMeetings } from './people/service.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { type Job, Jobs } from './platform/jobs.ts'
import type { Logger } from './platform/log.ts'
import type { Secrets } from './platform/secrets.ts'
import { HOUR, MINUTE } from './time/durations.ts'

interface CleaningDeps {
  database: Database
  clock: Clock
  logger: Logger
  secrets: Secrets
}

/** How many rows one statement deletes. */
const STEP = 500

/**
 * Deletes expired data in small steps: Idempotency-Keys, budgets, holds, recorded requests, sessions and audit entries. Also
 * completes erasures and deletions of organizations, and erases people from past meetings.
 */
export function createCleaningWorker(deps: CleaningDeps): Jobs {
  return new Jobs(deps, [
    repeatInSteps('sign-in-cleaning', () => deleteExpiredSignIns(deps, { limit: STEP })),
    repeatInSteps('idempotency-cleaning', () => deleteExpiredKeys(deps, { limit: STEP })),
    repeatInSteps('audit-cleaning', () => deleteOldEntries(deps, { limit: STEP })),
    repeatInSteps('budget-cleaning', () => deleteOldBudgets(deps, { limit: STEP })),
    repeatInSteps('inspector-cleaning', () => deleteExpiredRequests(deps, STEP)),
    { ...repeatInSteps('hold-cleaning', () => cleanHolds(deps, { limit: STEP })), everyMs: MINUTE },
    {
      name: 'erasures',
      everyMs: MINUTE,
      run: async () => ((await completeOldestErasure(deps)) ? 'more' : 'done'),
    },
    {
      name: DELETION_JOB,
      everyMs: MINUTE,
      run: async (signal) => ((await deleteNextOrganization(deps, signal)) ? 'more' : 'done'),
    },
    {
      name: 'meeting-retention',
      everyMs: HOUR,
      run: async (signal) => ((await erasePastMeetings(deps)) && !signal.aborted ? 'more' : 'done'),
    },
  ])
}

function repeatInSteps(name: string, deleteStep: () => Promise<number>): Job {
  return { name, everyMs: HOUR, run: async () => ((await deleteStep()) === STEP ? 'more' : 'done') }
}
