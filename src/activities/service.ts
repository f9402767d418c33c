import type { OrganizationId } from '../access/gate.ts'
import { type Outcome, refuse, refuseField } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { elementAt } from '../platform/element-at.ts'
import { bodyAfterId } from './entity.ts'
import { type ErasedPeople, eraseBodies } from './erasure.ts'
import { conditionsMet } from './filter.ts'
import type { ActivityDraft, MeetingSnapshot } from './snapshot.ts'
import * as store from './store.ts'

/** The activity feed's NOTIFY channel. The payload is the organization's id. */
export const FEED_CHANNEL = 'bookbell_activities'

/** The activities of one change. */
export interface ActivitiesOfChange {
  /** The meeting after the change. All activities of one change show the same state. */
  meeting: MeetingSnapshot
  /** The names of the meeting's tags after the change. */
  tags: readonly string[]
  /** In the order in which they happened. */
  drafts: readonly ActivityDraft[]
}

/**
 * Appends activities to the feed, in the same transaction as the change, so that neither is committed without the other. Returns
 * the activities with their ids, for the deliveries in that transaction. The caller must have locked the meeting's row before
 * reading it. The organization's counter row stays locked from here to the end of the transaction. Every other writer in the
 * organization waits for it, so do little afterwards.
 */
export async function appendActivities(
  tx: Transaction,
  { clock, url }: { clock: Clock; url: string },
  organization: OrganizationId,
  { meeting, tags, drafts }: ActivitiesOfChange,
): Promise<{ id: number }[]> {
  if (drafts.length === 0) return []
  const createdAt = clock.timestamp()
  const activities = drafts.map((draft) => ({
    action: draft.action,
    attendee_id: draft.attendeeId,
    body: bodyAfterId(meeting, draft, { createdAt, url }),
    conditions: JSON.stringify(conditionsMet({ meeting, tags, draft })),
  }))
  return store.insertActivities(tx, organization, { meeting: meeting.id, createdAt, activities, channel: FEED_CHANNEL })
}

/** Where a reader starts: after a position, or only with new activities. */
export type FeedStart = number | 'latest'

export interface FeedQuery extends Omit<store.FeedFilter, 'limitedTo'>, Partial<Pick<store.FeedFilter, 'limitedTo'>> {
  organization: OrganizationId
  after: FeedStart
  limit: number
}

/** A page of the feed. `next` is the position to continue from, even at the end. */
export interface FeedPage {
  activities: store.FeedRow[]
  next: number
  hasMore: boolean
}

/** Reads the feed in the order of commits. A reader that continues after `next` sees each activity exactly once. */
export async function readFeed(
  { executor }: { executor: Executor },
  { organization, after, actions, meeting, limitedTo = null, limit }: FeedQuery,
): Promise<Outcome<{ page: FeedPage }>> {
  const latest = after === 'latest'
  const found = await store.listFeed(executor, organization, {
    after: latest ? Number.MAX_SAFE_INTEGER : after,
    actions,
    meeting,
    limitedTo,
    limit: limit + 1,
  })
  if (!latest && after > found.last) return refuseAhead(after, found.last)
  const activities = found.rows.slice(0, limit)
  const hasMore = found.rows.length > limit
  return { ok: true, page: { activities, hasMore, next: hasMore ? elementAt(activities, -1).position : found.last } }
}

/** Returns one activity's frozen body. */
export async function getActivity(
  { executor }: { executor: Executor },
  { organization, id, limitedTo = null }: { organization: OrganizationId; id: number; limitedTo?: number | null },
): Promise<Outcome<{ body: string }>> {
  const body = await store.findActivityBody(executor, organization, { id, limitedTo })
  return body === undefined ? refuse('not_found', `There is no activity ${id}.`) : { ok: true, body }
}

/**
 * Erases people from their meetings' stored activities. The caller holds the meetings' locks and has already erased the people's
 * own rows. This is the only change ever made to stored bodies. Ids, positions and keys stay the same. Returns the number of
 * bodies changed.
 */
export async function eraseFromActivities(
  tx: Transaction,
  organization: OrganizationId,
  erased: readonly ErasedPeople[],
): Promise<number> {
  const meetings = erased.map(({ meeting }) => meeting)
  const stored = Map.groupBy(
    await store.listBodiesOfMeetings(tx, organization, meetings),
    ({ meeting_id }) => meeting_id,
  )
  const changed = erased.flatMap((people) => eraseBodies(stored.get(people.meeting) ?? [], people))
  if (changed.length > 0) await store.updateBodies(tx, organization, changed)
  await store.eraseConditions(tx, organization, meetings)
  return changed.length
}

/** Lists these meetings' stored bodies, in the order of the feed. */
export async function listBodiesOfMeetings(
  executor: Executor,
  organization: OrganizationId,
  { meetings }: { meetings: readonly number[] },
): Promise<{ id: number; meeting_id: number; body: string }[]> {
  return store.listBodiesOfMeetings(executor, organization, meetings)
}

/** A reader that continued from this position would skip the activities that are assigned the positions before it. */
function refuseAhead(after: number, last: number) {
  return refuseField(
    'after',
    `${after} is past the end of the feed (${last}). The cursor comes from another server, or is newer than a backup that was restored. Start again with after=0`,
  )
}
