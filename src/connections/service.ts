import { setTimeout as pause } from 'node:timers/promises'
import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, type Refusal, refuse, refuseField, refuseNotFound } from '../errors.ts'
import { lockMembers } from '../members/service.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Executor, Transaction } from '../platform/database.ts'
import { type PageRequest, toPage } from '../platform/pagination.ts'
import { MINUTE, SECOND } from '../time/durations.ts'
import { checkUrl, type TargetPolicy } from '../webhooks/target-guard.ts'
import { mergeTimes } from './busy-times.ts'
import { UNREACHABLE } from './calendar-client.ts'
import * as claims from './claim-store.ts'
import { ICS_CALENDAR } from './ics-source.ts'
import type { CalendarPatch, Connection, ConnectionInput } from './schema.ts'
import * as store from './store.ts'
import { type Credentials, type SyncingDeps, syncNow } from './syncing.ts'

export interface ConnectionsDeps extends SyncingDeps {
  policy: TargetPolicy
}

/** How many connections a member can have. */
const MOST_CONNECTIONS = 20
/** How old a read may be. Older calendars are read again for a booking, and when someone views the page. */
const STALE = MINUTE
/** How long a booking waits for calendars to be read. */
const BOOKING_WAITS = 3 * SECOND
/** How long `POST …/sync` waits. */
const SYNC_WAITS = 20 * SECOND

/**
 * Lists the connections that the actor may see, oldest first. Members see their own connections. Managers and admins see all
 * connections.
 */
export async function listConnections(
  { database }: Pick<ConnectionsDeps, 'database'>,
  actor: Actor,
  page: PageRequest,
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
  const [connection] = row ? await showAll(database.executor, actor.organization, [row]) : []
  return connection ? { ok: true, connection } : refuseMissing(id)
}

/** Connects a member's calendar. It is read in the background. Until then, the member is not offered. */
export async function createConnection(
  { database, clock, secrets, policy }: ConnectionsDeps,
  actor: Actor,
  input: ConnectionInput,
): Promise<Outcome<{ connection: Connection }>> {
  const { organization } = actor
  if ((limitedTo(actor) ?? input.member) !== input.member)
    return refuse('forbidden', 'Members can only connect their own calendars. Ask the member to do it.')
  const verdict = checkUrl(policy, input.url.trim().replace(/^webcals?:/i, 'https:'))
  if (!verdict.ok) return refuseField('url', UNREACHABLE)
  const now = clock.timestamp()
  const name = input.name ?? verdict.url.hostname
  return database.transaction(async (tx) => {
    if ((await lockMembers(tx, organization, [input.member])).length === 0)
      return refuseField('member', `There is no member ${input.member}`)
    if ((await store.countConnections(tx, organization, input.member)) >= MOST_CONNECTIONS)
      return refuse('conflict', `A member can have at most ${MOST_CONNECTIONS} connections. Delete one first.`)
    const row = await store.insertConnection(tx, organization, {
      member_id: input.member,
      provider: input.provider,
      name,
      credentials: secrets.encrypt(JSON.stringify({ url: verdict.url.href } satisfies Credentials)),
      state: 'connecting',
      problem: null,
      last_synced_at: null,
      looked_at: null,
      due_at: now,
      claim: null,
      claimed_until: null,
      created_at: now,
    })
    await store.insertCalendar(tx, organization, {
      connection_id: row.id,
      member_id: input.member,
      provider_id: ICS_CALENDAR,
      name,
      timezone: null,
      reads: true,
      mark: null,
      read_at: null,
      read_until: null,
      created_at: now,
    })
    await claims.wakeSync(tx)
    await recordAudit(tx, actor, { action: 'connection.created', object: auditObject(row), clock })
    const [connection] = await showAll(tx, organization, [row])
    if (!connection) throw new Error('A connection was not stored.')
    return { ok: true, connection }
  })
}

/** Deletes a connection and all data that was read from it. */
export async function deleteConnection(
  { database, clock }: Pick<ConnectionsDeps, 'database' | 'clock'>,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await findVisible(tx, actor, id)
    if (!row) return refuseMissing(id)
    await lockMembers(tx, organization, [row.member_id])
    if (!(await store.deleteConnection(tx, organization, id))) return refuseMissing(id)
    await mergeTimes(tx, organization, row.member_id)
    await recordAudit(tx, actor, { action: 'connection.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

/** Changes which data is read from a calendar. The calendar is then read again immediately. */
export async function changeCalendar(
  { database, clock }: Pick<ConnectionsDeps, 'database' | 'clock'>,
  actor: Actor,
  { id, calendar: calendarId, ...patch }: CalendarPatch & { id: number; calendar: number },
): Promise<Outcome<{ connection: Connection }>> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await findVisible(tx, actor, id)
    if (!row) return refuseMissing(id)
    await lockMembers(tx, organization, [row.member_id])
    const calendar = (await store.listCalendars(tx, organization, [id])).find((one) => one.id === calendarId)
    if (!calendar)
      return refuseNotFound(
        'calendar',
        calendarId,
        `GET /api/v1/connections/${id} lists the calendars of this connection.`,
      )
    const before = switchesOf(calendar)
    const after = { ...before, ...withoutUndefined(patch) }
    const changes = changesBetween(before, after)
    if (changes.length > 0) {
      // Without a mark, the whole calendar is read. A calendar that is not read has no read time either.
      const unread = after.reads ? { mark: null } : { mark: null, read_at: null }
      await store.updateCalendar(tx, organization, { id: calendarId, ...after, ...unread })
      await mergeTimes(tx, organization, row.member_id)
      await store.makeDue(tx, organization, { id, now: clock.timestamp() })
      await claims.wakeSync(tx)
      await recordAudit(tx, actor, { action: 'connection.changed', object: auditObject(row), changes, clock })
    }
    const [connection] = await showAll(tx, organization, [row])
    return connection ? { ok: true, connection } : refuseMissing(id)
  })
}

/** Reads a connection now. `isDone` is false if this takes longer than 20 seconds. Reading then continues in the background. */
export async function syncConnectionNow(
  deps: ConnectionsDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<Outcome<{ connection: Connection; isDone: boolean }>> {
  if (!(await findVisible(deps.database.executor, actor, id))) return refuseMissing(id)
  const { organization } = actor
  const work = syncNow(deps, organization, { id, fresh: true, signal: AbortSignal.timeout(MINUTE) })
  const isDone = await inTime(work, SYNC_WAITS)
  const found = await getConnection(deps, actor, { id })
  return found.ok ? { ...found, isDone } : found
}

/**
 * Before a booking, rereads these members' calendars if they were read more than a minute ago. Waits up to three seconds. For
 * calendars that cannot be read by then, the last known busy times count.
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
  await inTime(
    Promise.allSettled(reading).then(() => true),
    BOOKING_WAITS,
  )
}

/** Makes these members' calendars due, because someone views their page. Does not wait for them to be read. */
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

/** Deletes all of a member's calendar data, in the transaction that deletes the member. */
export async function deleteConnectionsOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await store.deleteOfMember(tx, organization, member)
}

/** Whether the work succeeded in time. Otherwise it continues in the background. */
async function inTime(work: Promise<boolean>, milliseconds: number): Promise<boolean> {
  const ended = new AbortController()
  const late = pause(milliseconds, false, { signal: ended.signal }).catch(() => false)
  const result = await Promise.race([work, late])
  ended.abort()
  return result
}

async function findVisible(executor: Executor, actor: Actor, id: number): Promise<store.ConnectionRow | undefined> {
  const row = await store.findConnection(executor, actor.organization, id)
  return row && (limitedTo(actor) ?? row.member_id) === row.member_id ? row : undefined
}

function refuseMissing(id: number): Refusal {
  return refuseNotFound('connection', id, 'GET /api/v1/connections lists them.')
}

function auditObject({ id, name }: store.ConnectionRow) {
  return { type: 'connection', id, label: name } as const
}

function switchesOf({ reads, tentative_blocks, all_day_blocks }: store.CalendarRow) {
  return { reads, tentative_blocks, all_day_blocks }
}

function withoutUndefined(patch: CalendarPatch): Partial<ReturnType<typeof switchesOf>> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
}

async function showAll(
  executor: Executor,
  organization: OrganizationId,
  rows: readonly store.ConnectionRow[],
): Promise<Connection[]> {
  const calendars = await store.listCalendars(
    executor,
    organization,
    rows.map(({ id }) => id),
  )
  return rows.map(({ member_id: member, ...row }) => ({
    id: row.id,
    provider: row.provider,
    member,
    name: row.name,
    state: row.state,
    problem: row.problem,
    last_synced_at: row.last_synced_at,
    calendars: calendars.filter((calendar) => calendar.connection_id === row.id).map(showCalendar),
    created_at: row.created_at,
  }))
}

function showCalendar(row: store.CalendarRow): Connection['calendars'][number] {
  const { id, name, timezone, writes, read_at, unreadable } = row
  return { id, name, timezone, ...switchesOf(row), writes, read_at, unreadable }
}
