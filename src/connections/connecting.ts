import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { changesBetween } from '../audit/changes.ts'
import { recordAudit } from '../audit/service.ts'
import { type Outcome, refuse, refuseField, refuseNotFound } from '../errors.ts'
import { lockMembers } from '../members/service.ts'
import type { Transaction } from '../platform/database.ts'
import { checkUrl, type TargetPolicy } from '../webhooks/target-guard.ts'
import { mergeTimes } from './busy-times.ts'
import { UNREACHABLE } from './calendar-client.ts'
import * as claims from './claim-store.ts'
import * as entries from './entry-store.ts'
import { ICS_CALENDAR } from './ics-source.ts'
import { isOAuth } from './oauth-providers.ts'
import type { CalendarPatch, Connection, ConnectionInput, ConnectionPatch } from './schema.ts'
import { findVisible, refuseMissing, showOne, switchesOf } from './showing.ts'
import type { Credentials, SourceDeps } from './sources.ts'
import * as store from './store.ts'

export interface ConnectingDeps extends Omit<SourceDeps, 'send'> {
  policy: TargetPolicy
  /** Lists a member's upcoming meetings, which must be written to a newly selected calendar. */
  listUpcoming: (
    tx: Transaction,
    organization: OrganizationId,
    member: number,
  ) => Promise<readonly { id: number; uid: string; endsAt: string }[]>
}

/** How many connections a member may have. */
const MOST_CONNECTIONS = 20

type Connected = Promise<Outcome<{ connection: Connection }>>

/** Connects a member's account, and reads it in the background. The member cannot be booked until the first read succeeds. */
export async function createConnection(deps: ConnectingDeps, actor: Actor, input: ConnectionInput): Connected {
  const { database, clock, secrets, policy } = deps
  const { organization } = actor
  if ((limitedTo(actor) ?? input.member) !== input.member)
    return refuse('forbidden', 'Members can only connect their own calendars. Ask the member to do it.')
  const verdict = readAddress(policy, input.url)
  if (!verdict.ok) return verdict
  const { url } = verdict
  const credentials: Credentials =
    input.provider === 'caldav'
      ? { url: url.href, username: input.username, password: input.password }
      : { url: url.href }
  const now = clock.timestamp()
  const name = input.name ?? url.hostname
  return database.transaction(async (tx) => {
    if ((await lockMembers(tx, organization, [input.member])).length === 0)
      return refuseField('member', `There is no member ${input.member}`)
    if (await isFull(tx, organization, input.member))
      return refuse('conflict', `A member can have at most ${MOST_CONNECTIONS} connections. Delete one first.`)
    const row = await store.insertConnection(tx, organization, {
      member_id: input.member,
      provider: input.provider,
      name,
      credentials: secrets.encrypt(JSON.stringify(credentials)),
      created_at: now,
    })
    if (input.provider === 'ics') await addFile(tx, organization, { connection: row, now })
    await claims.wakeSync(tx)
    await recordAudit(tx, actor, { action: 'connection.created', object: auditObject(row), clock })
    return showOne(tx, organization, row.id)
  })
}

/** Whether a member has as many connections as a member can have. */
export async function isFull(tx: Transaction, organization: OrganizationId, member: number): Promise<boolean> {
  return (await store.countConnections(tx, organization, member)) >= MOST_CONNECTIONS
}

/** A calendar file contains one calendar, which is read from the beginning. */
async function addFile(
  tx: Transaction,
  organization: OrganizationId,
  { connection, now }: { connection: store.ConnectionRow; now: string },
): Promise<void> {
  await store.insertCalendar(tx, organization, {
    connection_id: connection.id,
    member_id: connection.member_id,
    provider_id: ICS_CALENDAR,
    name: connection.name,
    reads: true,
    created_at: now,
  })
}

function readAddress(policy: TargetPolicy, text: string) {
  const verdict = checkUrl(policy, text.trim().replace(/^webcals?:/i, 'https:'))
  return verdict.ok ? verdict : refuseField('url', UNREACHABLE)
}

/** Changes a connection's name, address or password. A new address or password is used immediately. */
export async function changeConnection(
  { database, clock, secrets, policy }: ConnectingDeps,
  actor: Actor,
  { id, name, ...access }: ConnectionPatch & { id: number },
): Connected {
  const { organization } = actor
  const verdict = access.url === undefined ? null : readAddress(policy, access.url)
  if (verdict && !verdict.ok) return verdict
  return database.transaction(async (tx) => {
    const row = await findVisible(tx, actor, id)
    if (!row) return refuseMissing(id)
    const isRenewed = Object.values(access).some((value) => value !== undefined)
    if (isRenewed && isOAuth(row.provider))
      return refuseField(
        'url',
        'The account has no address or password; connect it again by signing in at its provider',
      )
    const extra = row.provider === 'ics' && (access.username ?? access.password) !== undefined
    if (extra) return refuseField('password', 'A calendar file has no password; send only a new url')
    const now = clock.timestamp()
    if (name !== undefined) await store.updateConnection(tx, organization, { id, name })
    if (isRenewed) {
      const stored = await store.findCredentials(tx, organization, id)
      if (!stored) return refuseMissing(id)
      const before = JSON.parse(secrets.decrypt(stored)) as Credentials
      // Otherwise, anyone who may change the connection could send the password to a server of their choice.
      const isMoved = verdict !== null && verdict.url.origin !== new URL(before.url).origin
      if (row.provider === 'caldav' && isMoved && (access.username === undefined || access.password === undefined))
        return refuseField('password', 'A new server needs a new user name and password; send them with the url')
      const given = { ...access, ...(verdict ? { url: verdict.url.href } : {}) }
      const credentials = secrets.encrypt(JSON.stringify({ ...before, ...withoutUndefined(given) }))
      await renewAccess(tx, organization, { id, credentials, now })
    }
    const changes = changesBetween({ name: row.name }, { name: name ?? row.name })
    if (isRenewed || changes.length > 0)
      await recordAudit(tx, actor, { action: 'connection.changed', object: auditObject(row), changes, clock })
    return showOne(tx, organization, id)
  })
}

/** Stores new access to an account, which is read and written again immediately. What a process does with the old one is void. */
export async function renewAccess(
  tx: Transaction,
  organization: OrganizationId,
  { id, credentials, now }: { id: number; credentials: Buffer; now: string },
): Promise<void> {
  const started = { state: 'connecting', problem: null, failures: 0, failing_since: null, notified_at: null } as const
  const unclaimed = { claim: null, claimed_until: null, token_claim: null, token_claimed_until: null }
  const change = { credentials, ...started, ...unclaimed, listed_at: null, due_at: now }
  await store.updateConnection(tx, organization, { id, ...change })
  await store.clearProblems(tx, organization, { connection: id })
  await entries.resumeEntries(tx, organization, { connection: id, now })
  await claims.wakeSync(tx)
}

/**
 * Deletes a connection and all data that was read from it. With `entries: 'remove'`, the connection is hidden first, and deleted
 * once its upcoming entries have been removed from the calendar.
 */
export async function deleteConnection(
  { database, clock }: Pick<ConnectingDeps, 'database' | 'clock'>,
  actor: Actor,
  { id, entries: kept }: { id: number; entries: 'keep' | 'remove' },
): Promise<Outcome> {
  const { organization } = actor
  return database.transaction(async (tx) => {
    const row = await findVisible(tx, actor, id)
    if (!row) return refuseMissing(id)
    await lockMembers(tx, organization, [row.member_id])
    if (kept === 'remove' && row.state !== 'revoked')
      await disconnectLater(tx, organization, { id, now: clock.timestamp() })
    else if (!(await store.deleteConnection(tx, organization, id))) return refuseMissing(id)
    await mergeTimes(tx, organization, row.member_id)
    await recordAudit(tx, actor, { action: 'connection.deleted', object: auditObject(row), clock })
    return { ok: true }
  })
}

async function disconnectLater(
  tx: Transaction,
  organization: OrganizationId,
  { id, now }: { id: number; now: string },
): Promise<void> {
  const calendars = (await store.listCalendars(tx, organization, [id])).map((calendar) => calendar.id)
  await entries.emptyCalendars(tx, organization, { calendars, now })
  await store.markDisconnecting(tx, organization, { id, now })
  await claims.wakeSync(tx)
}

/**
 * Changes which events of a calendar block time, and whether meetings are written to it. The calendar is then read again
 * immediately.
 */
export async function changeCalendar(
  deps: ConnectingDeps,
  actor: Actor,
  { id, calendar: calendarId, ...patch }: CalendarPatch & { id: number; calendar: number },
): Connected {
  const { database, clock } = deps
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
    if (after.writes && !calendar.writable)
      return refuseField('writes', 'The provider does not allow writing to this calendar; choose another one')
    const changes = changesBetween(before, after)
    if (changes.length > 0) {
      if (before.writes !== after.writes) await moveEntries(tx, deps, organization, { calendar, writes: after.writes })
      // Without a mark, the whole calendar is read. A calendar that is not read has no read time.
      const unread = after.reads ? { mark: null, problem: null } : { mark: null, problem: null, read_at: null }
      await store.updateCalendar(tx, organization, { id: calendarId, ...after, ...unread })
      await mergeTimes(tx, organization, row.member_id)
      await store.updateConnection(tx, organization, { id, due_at: clock.timestamp() })
      await claims.wakeSync(tx)
      await recordAudit(tx, actor, { action: 'connection.changed', object: auditObject(row), changes, clock })
    }
    return showOne(tx, organization, id)
  })
}

/**
 * Removes a member's upcoming entries from the calendar that they were written to, and writes them to this one if `writes` is
 * true.
 */
async function moveEntries(
  tx: Transaction,
  { clock, listUpcoming }: ConnectingDeps,
  organization: OrganizationId,
  { calendar, writes }: { calendar: store.CalendarRow; writes: boolean },
): Promise<void> {
  const now = clock.timestamp()
  const { id, member_id: member } = calendar
  const left = await store.stopWriting(tx, organization, { member })
  await entries.emptyCalendars(tx, organization, { calendars: left, now })
  if (!writes) return
  const meetings = await listUpcoming(tx, organization, member)
  await entries.fillCalendar(tx, organization, { calendar: id, member, meetings, now })
}

/** The connection, as the audit log names it. */
export function auditObject({ id, name }: store.ConnectionRow) {
  return { type: 'connection', id, label: name } as const
}

function withoutUndefined<T extends object>(given: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entriesGiven = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entriesGiven) as { [Key in keyof T]?: Exclude<T[Key], undefined> }
}
