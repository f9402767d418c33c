import type { OrganizationId } from '../../src/access/gate.ts'
import { sampleSnapshot } from '../../src/activities/sample.ts'
import { appendActivities } from '../../src/activities/service.ts'
import type { ActivityDraft } from '../../src/activities/snapshot.ts'
import { enqueueDeliveries } from '../../src/deliveries/service.ts'
import { manualClock } from '../../src/platform/clock.ts'
import type { Database, Transaction } from '../../src/platform/database.ts'

export interface SampleOptions {
  meeting?: number
  name?: string
  drafts?: ActivityDraft[]
  tags?: string[]
  /** When the activity happens, in epoch milliseconds. */
  now?: number
}

export const scheduledDraft: ActivityDraft = {
  action: 'Meeting.scheduled',
  attendeeId: null,
  message: null,
  metadata: null,
}

export const remindedDraft: ActivityDraft = {
  action: 'Attendee.reminded',
  attendeeId: 6293499,
  message: null,
  metadata: { reminder: { minutes_before: 60 } },
}

/** Appends activities about an invented meeting and enqueues their deliveries, in the caller's transaction. */
export async function appendSample(
  tx: Transaction,
  organization: OrganizationId,
  { meeting = 1, name, drafts = [scheduledDraft], tags = [], now = Date.UTC(2027, 2, 1, 8) }: SampleOptions = {},
): Promise<void> {
  const sample = sampleSnapshot('Meeting.scheduled', 'one_on_one', now)
  const snapshot = { ...sample, id: meeting, name: name ?? sample.name }
  const deps = { clock: manualClock(now), url: 'https://book.example.com' }
  const activities = await appendActivities(tx, deps, organization, { meeting: snapshot, tags, drafts })
  await enqueueDeliveries(tx, organization, activities)
}

/** Does the same in a separate transaction. */
export function writeSample(database: Database, organization: OrganizationId, options?: SampleOptions): Promise<void> {
  return database.transaction((tx) => appendSample(tx, organization, options))
}
