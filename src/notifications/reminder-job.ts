import type { OrganizationId } from '../access/gate.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import type { Mailer } from '../platform/mailer.ts'
import type { Secrets } from '../platform/secrets.ts'
import { mailKind, type ReminderKey } from './mail-content.ts'
import { reminderMail } from './recipients.ts'
import { type RemindedMeetings, readOnce } from './reminded-meetings.ts'
import { isStillDue } from './reminder.ts'
import * as store from './store.ts'

/** The dependencies of this folder's workers. */
export interface ReminderDeps {
  database: Database
  clock: Clock
  logger: Logger
  mailer: Mailer
  /** Decrypts the links in stored emails. */
  secrets: Secrets
  /** The server's public URL. */
  url: string
  meetings: RemindedMeetings
}

const LOOK_MS = 15_000
const BATCH = 50

/**
 * Enqueues emails for reminders that are due. After downtime, late reminders are still sent if the meeting has not started. Also
 * records reminders whose email was accepted just before a process died.
 */
export function createReminderJob(deps: ReminderDeps): Job {
  return {
    name: 'reminders',
    everyMs: LOOK_MS,
    async run() {
      const found = await queueDueReminders(deps)
      await recordAccepted(deps)
      return found === BATCH ? 'more' : 'done'
    },
  }
}

/** Returns the number of reminders that were due. */
async function queueDueReminders({ database, clock, ...deps }: ReminderDeps): Promise<number> {
  return database.transaction(async (tx) => {
    const due = await store.lockDueReminders(tx, { now: clock.timestamp(), limit: BATCH })
    const meetings = readOnce(deps.meetings)
    for (const row of due) await queueReminder(tx, { clock, meetings }, row)
    return due.length
  })
}

async function queueReminder(
  tx: Transaction,
  { clock, meetings }: Pick<ReminderDeps, 'clock' | 'meetings'>,
  row: store.ReminderRow,
): Promise<void> {
  const { organization } = row
  const reminder = keyOf(row)
  const meeting = await meetings.findMeeting(tx, organization, row.meeting)
  if (!meeting || !isStillDue(meeting, reminder, clock.now())) {
    await store.deleteReminder(tx, organization, reminder)
    return
  }
  const mail = reminderMail(organization, meeting, reminder)
  const mails = [{ ...mail, kind: mailKind(mail.content) }]
  await store.insertMails(tx, organization, { mails, now: clock.timestamp(), expiresAt: toTimestamp(reminder.start) })
  await store.advanceReminder(tx, organization, { ...reminder, from: 'waiting', to: 'queued' })
}

async function recordAccepted(deps: ReminderDeps): Promise<void> {
  for (const row of await store.listAcceptedReminders(deps.database.executor, BATCH))
    await recordReminder(deps, { organization: row.organization, meeting: row.meeting, reminder: keyOf(row) })
}

/**
 * Records once that an attendee has been reminded. The reminder's row and the activity change in one transaction. If it fails,
 * the reminder stays `accepted`, and the next run tries again.
 */
export async function recordReminder(
  { database, meetings, logger }: Pick<ReminderDeps, 'database' | 'meetings' | 'logger'>,
  { organization, meeting, reminder }: { organization: OrganizationId; meeting: number; reminder: ReminderKey },
): Promise<void> {
  const { attendee, minutesBefore } = reminder
  try {
    await database.transaction(async (tx) => {
      const isFirst = await store.advanceReminder(tx, organization, { ...reminder, from: 'accepted', to: 'told' })
      if (!isFirst) return
      const recorded = await meetings.remindAttendee(tx, organization, { meeting, attendee, minutesBefore })
      if (!recorded.ok)
        logger.warn(
          { organization, meeting, attendee, reason: recorded.detail },
          'no activity for a reminder: its attendee no longer exists',
        )
    })
  } catch (error) {
    logger.error({ err: error, organization, meeting, attendee }, 'failed to record a reminder; it will be retried')
  }
}

function keyOf({ attendee, starts_at, minutes_before }: store.ReminderRow): ReminderKey {
  return { attendee, start: Date.parse(starts_at), minutesBefore: minutes_before }
}
