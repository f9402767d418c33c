import { createHash, randomBytes } from 'node:crypto'
import type { Actor, OrganizationId } from '../access/gate.ts'
import { recordAudit } from '../audit/service.ts'
import { calendarFile } from '../connections/entry-file.ts'
import { type Outcome, refuse } from '../errors.ts'
import { listMeetingsAround } from '../meetings/service.ts'
import type { Member } from '../members/schema.ts'
import { getMember, lockMembers } from '../members/service.ts'
import { describeMeetingsForHost } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import { getSettings } from '../settings/service.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import type { CalendarFeed, NewCalendarFeed } from './schema.ts'
import * as store from './store.ts'

export interface CalendarFeedsDeps {
  database: Database
  clock: Clock
  /** The server's public URL. */
  url: string
}

/** A feed's path, without the token at the end. */
export const FEED_PATH = '/api/v1/public/calendars/'
/** The time range and the maximum number of meetings in a feed. If there are more, the latest meetings are omitted. */
const BACK = 30 * DAY
const AHEAD = 400 * DAY
const MOST_MEETINGS = 2000
/** The shortest time between two updates of a feed's read time. */
const READ_TIME_EVERY = MINUTE
const TOKEN_BYTES = 24

/** Returns whether a member has a feed. Only the member and admins may do this. */
export async function getFeed(
  { database }: Pick<CalendarFeedsDeps, 'database'>,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ feed: CalendarFeed }>> {
  const owner = await findFor(database.executor, actor, { id, admits: mayManage })
  if (!owner.ok) return owner
  const [row] = await store.listFeeds(database.executor, actor.organization, [id])
  const feed = {
    exists: row !== undefined,
    created_at: row?.created_at ?? null,
    last_read_at: row?.last_read_at ?? null,
  }
  return { ok: true, feed }
}

/**
 * Creates a member's feed, replacing an existing one. The previous URL stops working. Only the member may do this, because anyone
 * with the URL can see their meetings.
 */
export async function createFeed(
  { database, clock, url }: CalendarFeedsDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ feed: NewCalendarFeed }>> {
  const { organization } = actor
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  return database.transaction(async (tx) => {
    const owner = await findFor(tx, actor, { id, admits: isSelf })
    if (!owner.ok) return owner
    await lockMembers(tx, organization, [id])
    await store.deleteFeed(tx, organization, id)
    const created_at = clock.timestamp()
    await store.insertFeed(tx, organization, { token_hash: hashOf(token), member_id: id, created_at })
    await recordAudit(tx, actor, { action: 'calendar_feed.created', object: auditObject(owner.member), clock })
    return { ok: true, feed: { url: `${url}${FEED_PATH}${token}.ics`, created_at } }
  })
}

/** Revokes a member's feed: its URL stops working. Only the member and admins may do this. */
export async function revokeFeed(
  { database, clock }: CalendarFeedsDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    const owner = await findFor(tx, actor, { id, admits: mayManage })
    if (!owner.ok) return owner
    if (!(await store.deleteFeed(tx, actor.organization, id)))
      return refuse('not_found', 'This member does not have a calendar feed.')
    await recordAudit(tx, actor, { action: 'calendar_feed.revoked', object: auditObject(owner.member), clock })
    return { ok: true }
  })
}

/** A feed's content. */
export interface FeedContent {
  /** The file, or null if the client already has it. */
  text: string | null
  etag: string
  meetings: number
}

/**
 * Returns the feed that a token opens, with meetings from 30 days ago to 400 days ahead. The ETag depends only on the meetings,
 * because the file itself contains the time when it was written.
 */
export async function readFeed(
  { database, clock, url }: CalendarFeedsDeps,
  { token, knownEtags }: { token: string; knownEtags: readonly string[] },
): Promise<Outcome<FeedContent>> {
  const { executor } = database
  const owner = await store.findOwner(executor, hashOf(token))
  if (!owner) return refuse('not_found', 'There is no calendar feed at this URL. It may have been revoked.')
  const { organization, member, last_read_at: lastReadAt } = owner
  const now = clock.now()
  if (lastReadAt === null || Date.parse(lastReadAt) <= now - READ_TIME_EVERY)
    await store.updateReadTime(executor, owner, toTimestamp(now))
  const range = { from: now - BACK, to: now + AHEAD, limit: MOST_MEETINGS }
  const meetings = await listMeetingsAround(executor, organization, { member, ...range })
  const entries = await describeMeetingsForHost({ database, url }, organization, { meetings, member })
  const { name } = await getSettings(executor, organization)
  const etag = `W/"${createHash('sha256')
    .update(JSON.stringify([name, entries]))
    .digest('base64url')}"`
  const text = knownEtags.includes(etag) ? null : calendarFile(entries, { at: now, name })
  return { ok: true, text, etag, meetings: entries.length }
}

/** Lists when these members' feeds were created and read, for exporting a person's data. */
export async function listFeedsOf(executor: Executor, organization: OrganizationId, members: readonly number[]) {
  return store.listFeeds(executor, organization, members)
}

/** Revokes a member's feed, in the transaction that deletes the member. */
export async function deleteFeedOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteFeed(tx, organization, member)
}

/** Revokes all feeds of an organization that is being deleted. */
export async function deleteFeedsOfOrganization(tx: Transaction, organization: OrganizationId): Promise<void> {
  await store.deleteFeeds(tx, organization)
}

async function findFor(
  executor: Executor,
  actor: Actor,
  { id, admits }: { id: number; admits: (actor: Actor, id: number) => boolean },
): Promise<Outcome<{ member: Member }>> {
  const found = await getMember(executor, actor, { id })
  if (!found.ok || admits(actor, id)) return found
  return refuse('forbidden', 'A calendar feed shows all meetings of a member, so only the member can create it.')
}

const isSelf = (actor: Actor, id: number) => actor.memberId === id

const mayManage = (actor: Actor, id: number) =>
  isSelf(actor, id) || actor.role === 'admin' || actor.role === 'read_only'

function auditObject({ id, first_name, last_name }: Member) {
  return { type: 'member', id, label: `${first_name} ${last_name}`.trim() } as const
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
