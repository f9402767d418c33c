import { setTimeout as pause } from 'node:timers/promises'
import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { isActive, type MeetingSnapshot, uidOf } from '../activities/snapshot.ts'
import type { Outcome } from '../errors.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { MINUTE, SECOND } from '../time/durations.ts'
import type { AuthorizingDeps } from './authorizing.ts'
import * as claims from './claim-store.ts'
import * as entries from './entry-store.ts'
import type { HostChanges } from './host-changes.ts'
import type { Connection, HostChangesInput } from './schema.ts'
import { findVisible, refuseMissing, showAll, showOne } from './showing.ts'
import * as store from './store.ts'
import { type SyncingDeps, syncNow } from './syncing.ts'

export { completeAuthorization, startAuthorization } from './authorizing.ts'
export { changeCalendar, changeConnection, createConnection, deleteConnection } from './connecting.ts'

export interface ConnectionsDeps extends SyncingDeps, AuthorizingDeps {
  hostChanges: HostChanges
}

/** The maximum age of a read. Older calendars are read again for a booking, and when someone views the booking page. */
const STALE = MINUTE
/** How long a booking may wait for calendars to be read. */
const BOOKING_WAITS = 3 * SECOND
/** How often a booking checks whether another process has read the calendars. */
const CHECKED_EVERY = 100
/** How long `POST …/sync` may wait for a calendar to be read. */
const SYNC_WAITS = 20 * SECOND
/** How often `POST …/sync` checks whether another read of the connection has ended. */
const CLAIM_POLLED_EVERY = SECOND / 4

/**
 * Lists the connections that the actor may see, oldest first. Members see their own connections. Managers and admins see all
 * connections.
 */
export async function listConnections(
  { database }: Pick<ConnectionsDeps, 'database'>,
  actor: Actor,
  page: PageRequest & { member?: number | undefined },
) {
  const { executor } = database
  const rows = await store.listConnections(executor, actor.organization, { ...page, limitedTo: limitedTo(actor) })
  const shown = await showAll(executor, actor.organization, rows)
  return toPage(shown, page.limit, ({ id }) => [id])
}

/** Returns a connection that the actor may see. */
export async function getConnection(
  { database }: Pick<ConnectionsDeps, 'database'>,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ connection: Connection }>> {
  const row = await findVisible(database.executor, actor, id)
  return row ? showOne(database.executor, actor.organization, id) : refuseMissing(id)
}

/** Reads a connection now. `isDone` is false if this takes longer than 20 seconds; reading then continues in the background. */
export async function syncConnectionNow(
  deps: ConnectionsDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ connection: Connection; isDone: boolean }>> {
  if (!(await findVisible(deps.database.executor, actor, id))) return refuseMissing(id)
  const { organization } = actor
  const work = syncSoon(deps, organization, id)
  const isDone = await inTime(work, SYNC_WAITS)
  const found = await getConnection(deps, actor, { id })
  return found.ok ? { ...found, isDone } : found
}

/** Reads a connection as soon as no one else reads it. Returns false if that takes longer than a minute. */
async function syncSoon(deps: ConnectionsDeps, organization: OrganizationId, id: number): Promise<boolean> {
  const signal = AbortSignal.timeout(MINUTE)
  while (!signal.aborted) {
    if (await syncNow(deps, organization, { id, fresh: true, signal })) return true
    await pause(CLAIM_POLLED_EVERY)
  }
  return false
}

/**
 * Before a booking, rereads these members' calendars if they were read more than a minute ago. Waits up to three seconds. If a
 * calendar cannot be read in this time, its last known busy times are used.
 */
export async function refreshCalendars(
  deps: ConnectionsDeps,
  organization: OrganizationId,
  { members }: { members: readonly number[] },
): Promise<void> {
  const readBefore = toTimestamp(deps.clock.now() - STALE)
  const stale = await claims.listStale(deps.database.executor, organization, { members, readBefore })
  if (stale.length === 0) return
  const signal = AbortSignal.timeout(MINUTE)
  const reading = stale.map((id) => syncNow(deps, organization, { id, signal }))
  const read = Promise.allSettled(reading)
    .then((results) => results.every((result) => result.status === 'fulfilled' && result.value))
    .then((isRead) => isRead || untilRead(deps, organization, { members, readBefore }))
  await inTime(read, BOOKING_WAITS)
}

/** Waits until other processes have read the calendars that they are reading at the moment. Returns false if it takes too long. */
async function untilRead(
  { database }: ConnectionsDeps,
  organization: OrganizationId,
  stale: { members: readonly number[]; readBefore: string },
): Promise<boolean> {
  for (let waited = 0; waited < BOOKING_WAITS; waited += CHECKED_EVERY) {
    if ((await claims.listStale(database.executor, organization, stale)).length === 0) return true
    await pause(CHECKED_EVERY)
  }
  return false
}

/** Makes these members' calendars due because someone is viewing their page. Does not wait for them to be read. */
export async function wakeCalendars(
  { database, clock }: Pick<ConnectionsDeps, 'database' | 'clock'>,
  organization: OrganizationId,
  { members }: { members: readonly number[] },
): Promise<void> {
  const now = clock.now()
  const times = { now: toTimestamp(now), readBefore: toTimestamp(now - STALE) }
  await claims.wakeConnections(database.executor, organization, { members, ...times })
}

/** Lists these members' connections, for exporting a person's data. */
export async function listConnectionsOf(
  executor: Executor,
  organization: OrganizationId,
  members: readonly number[],
): Promise<Connection[]> {
  return showAll(executor, organization, await store.listConnectionsOf(executor, organization, members))
}

/**
 * Enqueues the calendar updates for a changed meeting, in the transaction of the change. Returns the hosts whose calendars
 * contain the meeting.
 */
export async function requestEntries(
  tx: Transaction,
  { clock }: { clock: Clock },
  organization: OrganizationId,
  { meeting }: { meeting: MeetingSnapshot },
): Promise<number[]> {
  const now = clock.timestamp()
  if (!isActive(meeting)) return entries.removeEntries(tx, organization, { meeting: meeting.id, now })
  const members = meeting.hosts.flatMap(({ memberId }) => memberId ?? [])
  const uid = uidOf(organization, meeting)
  return entries.wantEntries(tx, organization, {
    meeting: meeting.id,
    uid,
    members,
    endsAt: toTimestamp(meeting.end),
    now,
  })
}

/** Applies a host's decision on changes in the calendar. If a meeting cannot be changed, its calendar entry is restored. */
export async function decideHostChanges(
  deps: ConnectionsDeps,
  actor: Actor,
  { id, meetings, decision }: HostChangesInput & { id: number },
): Promise<Outcome<{ followed: number; restored: { meeting: number; problem: string | null }[] }>> {
  const { executor } = deps.database
  const { organization } = actor
  if (!(await findVisible(executor, actor, id))) return refuseMissing(id)
  const pending = await entries.listHostChanges(executor, organization, [id])
  const restored: { meeting: number; problem: string | null }[] = []
  let followed = 0
  for (const change of pending.filter(({ meeting }) => meetings.includes(meeting))) {
    const outcome = await deps.hostChanges.decide(organization, change, decision)
    if (!outcome.ok) restored.push({ meeting: change.meeting, problem: outcome.detail })
    else if (decision === 'restore') restored.push({ meeting: change.meeting, problem: null })
    else followed++
  }
  return { ok: true, followed, restored }
}

/** Deletes all calendar data of a member, in the transaction that deletes the member. */
export async function deleteConnectionsOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteOfMember(tx, organization, member)
}

/** Returns whether the work succeeded within the time limit. Unfinished work continues in the background. */
async function inTime(work: Promise<boolean>, milliseconds: number): Promise<boolean> {
  const ended = new AbortController()
  const late = pause(milliseconds, false, { signal: ended.signal }).catch(() => false)
  const result = await Promise.race([work, late])
  ended.abort()
  return result
}
