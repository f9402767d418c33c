import type { OrganizationId } from '../access/gate.ts'
import { eraseBookersOfMeetings, listEndedMeetings } from '../meetings/service.ts'
import { toTimestamp } from '../platform/clock.ts'
import { listMeetingRetentions } from '../settings/service.ts'
import { DAY } from '../time/durations.ts'
import { completeErasure, eraseCopies, type PeopleDeps } from './erasing.ts'
import * as store from './store.ts'

/** How many meetings one transaction erases. It locks their hosts while it runs. */
const BATCH = 100
/** How many meetings are erased before their deliveries are searched. One search covers all of these meetings. */
const MOST_NOTED = 5_000

/**
 * Erases the people from the next past meetings whose retention period is over, in every organization that has one. Returns
 * whether there are more. Meetings are processed in the order of their starts, and the progress is stored in the same
 * transaction.
 */
export async function erasePastMeetings(deps: PeopleDeps): Promise<boolean> {
  let isMore = false
  for (const { organization, days } of await listMeetingRetentions(deps.database.executor)) {
    const before = toTimestamp(deps.clock.now() - days * DAY)
    const { found, erasure, noted } = await eraseBatch(deps, organization, before)
    const isLast = found < BATCH
    if (erasure !== undefined && (isLast || noted >= MOST_NOTED)) await completeErasure(deps, organization, erasure)
    isMore ||= !isLast
  }
  return isMore
}

async function eraseBatch({ database, clock }: PeopleDeps, organization: OrganizationId, before: string) {
  return database.transaction(async (tx) => {
    const after = await store.lockRetention(tx, organization)
    const found = await listEndedMeetings(tx, organization, { before, after, limit: BATCH })
    const last = found.at(-1)
    if (!last) return { found: 0, noted: 0 }
    const erased = await eraseBookersOfMeetings(tx, organization, { meetings: found.map(({ id }) => id) })
    await store.setRetention(tx, organization, last)
    if (erased.length === 0) return { found: found.length, noted: 0 }
    const erasure = await store.insertErasure(tx, organization, { email: null, now: clock.timestamp() })
    await eraseCopies(tx, organization, { id: erasure, erased })
    const row = await store.lockErasure(tx, organization, erasure)
    return { found: found.length, erasure, noted: row?.meetings.length ?? 0 }
  })
}
