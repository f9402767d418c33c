import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Job } from '../platform/jobs.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { deleteOldAccountMails } from './account-mail-store.ts'
import * as store from './store.ts'

/** How many emails the built-in mailbox keeps for each organization. */
export const MAILBOX_SIZE = 1000

export interface CleaningOptions {
  database: Database
  clock: Clock
  retentionDays: number
  mailboxSize?: number
}

/** Deletes emails and reminders older than the retention period, and the oldest emails of a full mailbox. */
export function createCleaningJob(options: CleaningOptions): Job {
  const { database, clock, retentionDays, mailboxSize = MAILBOX_SIZE } = options
  return {
    name: 'mail-cleaning',
    everyMs: HOUR,
    async run() {
      const before = toTimestamp(clock.now() - retentionDays * DAY)
      await database.transaction(async (tx) => {
        await store.deleteOldMails(tx, before)
        await deleteOldAccountMails(tx, before)
        await store.deleteSurplusMails(tx, mailboxSize)
        await store.deleteOldReminders(tx, before)
      })
      return 'done'
    },
  }
}
