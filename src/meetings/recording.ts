import type { OrganizationId } from '../access/gate.ts'
import { appendActivities } from '../activities/service.ts'
import type { Action } from '../activities/snapshot.ts'
import { requestEntries } from '../connections/service.ts'
import { enqueueDeliveries } from '../deliveries/service.ts'
import { notifyOfActivities } from '../notifications/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'

import type { Change } from './life-cycle.ts'

export interface RecordingDeps {
  clock: Clock
  /** The server's public URL (`BOOKBELL_URL`), for the links in emails and activities. */
  url: string
}

/** A change that is stored but not recorded yet. */
export interface StoredChange {
  /** The change, with the names of the tags that the meeting has after it. */
  change: Change & { tags: readonly string[] }
  /** The meeting type's reminders in minutes before the start. If they are needed and not given, they are looked up. */
  reminders?: readonly number[] | undefined
  /** Whether only the hosts are emailed. */
  skipAttendeeMail?: boolean | undefined
}

/**
 * Records a change and notifies everyone it concerns, in the same transaction as the change. The order matters:
 *   1. enqueue the meeting's entries in its hosts' calendars
 *   2. enqueue the emails and plan the reminders
 *   3. append the activities to the feed, which locks the organization's counter row until the commit
 *   4. enqueue a delivery of each activity for each webhook that subscribes to it
 * Call it last, because every other change in the organization waits for that counter row.
 */
export async function recordAndNotify(
  tx: Transaction,
  { clock, url }: RecordingDeps,
  organization: OrganizationId,
  { change, reminders, skipAttendeeMail = false }: StoredChange,
): Promise<void> {
  const { meeting, tags, drafts } = change
  // A calendar does not show tags.
  const isShown = drafts.some(({ action }) => !isAboutTags(action))
  const hostsWithEntry = isShown ? await requestEntries(tx, { clock }, organization, { meeting }) : []
  const notified = { meeting, drafts, skipAttendeeMail, hostsWithEntry, ...(reminders ? { reminders } : {}) }
  await notifyOfActivities(tx, { clock }, organization, notified)
  const activities = await appendActivities(tx, { clock, url }, organization, { meeting, tags, drafts })
  await enqueueDeliveries(tx, organization, activities)
}

function isAboutTags(action: Action): boolean {
  return action === 'Meeting.tagged' || action === 'Meeting.untagged'
}
