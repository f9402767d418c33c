import { Jobs } from '../platform/jobs.ts'
import type { Metrics } from '../platform/metrics.ts'
import { type AccountMailDeps, createAccountMailJob } from './account-mail-job.ts'
import { createCleaningJob } from './cleaning-job.ts'
import { createMailJob } from './mail-job.ts'
import { registerMailMetrics } from './mail-metrics.ts'
import { createReminderJob, type ReminderDeps } from './reminder-job.ts'

export interface NotificationWorkerDeps extends ReminderDeps, AccountMailDeps {
  config: { retentionDays: number }
  metrics: Metrics
}

/**
 * Creates the background worker: sends emails, sends reminders, cleans up. Each job has its own loop, so that an
 * unreachable mail server does not delay the others.
 */
export function createNotificationWorker(deps: NotificationWorkerDeps): {
  start(): Promise<void>
  stop(): Promise<void>
} {
  const { database, clock, mailer, config } = deps
  registerMailMetrics(deps.metrics, deps)
  const cleaning = createCleaningJob({ database, clock, retentionDays: config.retentionDays })
  const jobs = new Jobs(deps, [createMailJob(deps), createAccountMailJob(deps), createReminderJob(deps), cleaning])
  return {
    start: () => jobs.start(),
    async stop() {
      await jobs.stop()
      mailer.close()
    },
  }
}
