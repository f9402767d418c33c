import { randomUUID } from 'node:crypto'
import { lockMembers } from '../members/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import type { OrganizationId } from '../platform/organization-id.ts'
import { DAY, MINUTE, SECOND } from '../time/durations.ts'
import { mergeTimes, replaceBusy } from './busy-times.ts'
import * as claims from './claim-store.ts'
import { cleanName, describeFailure, mustNotify, nextSync, nextTry } from './connection.ts'
import { countEntries, forgetPast, resumeEntries } from './entry-store.ts'
import type { HostChanges, ReadCalendar } from './host-changes.ts'
import { type CalendarProvider, type CalendarWindow, ProviderError } from './provider.ts'
import { openSource, type SourceDeps } from './sources.ts'
import * as store from './store.ts'
import { WorkSlots } from './work-slots.ts'

export interface SyncingDeps extends SourceDeps {
  logger: Pick<Logger, 'warn'>
  hostChanges: Pick<HostChanges, 'compare' | 'listWritten' | 'notify'>
}

/** How far ahead calendars are read, and how much of that range may pass before they are read again. */
const AHEAD = 400 * DAY
const SLIDE = DAY / 2
/** How often an account's calendars are listed to find new and renamed ones. */
const LISTED_EVERY = DAY
/** How long a disconnected account waits for its entries to be removed before it is deleted anyway. */
const DISCONNECTED_WITHIN = DAY
/** How long to remember which calendars past meetings were written to. */
const PAST_KEPT = 7 * DAY
/** How many failures in a row count at most if some calendars of an account can be read. */
const MOST_PARTIAL = 3
/** How long a claim lasts. A read takes a few requests of at most 30 seconds each. */
const LEASE = 5 * MINUTE

interface SyncOptions {
  signal: AbortSignal
  /** Reads everything, even if nothing has changed. */
  fresh?: boolean
}

/**
 * Reads a claimed connection. Checks each calendar for changes, reads the changed ones and replaces their busy times. Sends no
 * requests inside a transaction. Never rejects: failures are stored, so that the member can see them.
 */
export async function syncConnection(
  deps: SyncingDeps,
  claimed: claims.ClaimedConnection,
  options: SyncOptions,
): Promise<void> {
  try {
    if (claimed.disconnectingAt !== null) await finishDisconnecting(deps, claimed)
    else await storeSuccess(deps, claimed, await syncCalendars(deps, claimed, options))
  } catch (error) {
    deps.logger.warn({ err: error, connection: claimed.id }, 'a calendar could not be read')
    await storeFailure(deps, claimed, error)
  }
}

/** Reads the calendars. Returns when to read them again at the latest, in epoch milliseconds, or null if nothing is urgent. */
async function syncCalendars(
  deps: SyncingDeps,
  claimed: claims.ClaimedConnection,
  options: SyncOptions,
): Promise<number | null> {
  const { clock, database } = deps
  const { organization, id } = claimed
  const isListed = claimed.listedAt !== null && clock.now() - claimed.listedAt < LISTED_EVERY
  if (claimed.provider !== 'ics' && (options.fresh || !isListed)) await listCalendars(deps, claimed, options.signal)
  const calendars = await store.listCalendars(database.executor, organization, [id])
  // If one calendar cannot be read, the others are still read.
  const synced = await Promise.allSettled(
    calendars
      .filter(({ reads, writes }) => reads || writes)
      .map((calendar) => {
        const others = calendars.flatMap((other) => (other.id === calendar.id ? [] : other.provider_id))
        return syncCalendar(deps, claimed, { calendar, others, ...options })
      }),
  )
  const failed = synced.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') {
    const isPartial = synced.some(({ status }) => status === 'fulfilled')
    throw isPartial ? new PartialFailure(failed.reason) : failed.reason
  }
  const again = synced.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []))
  return again.length === 0 ? null : Math.min(...again)
}

/** Some calendars of an account were read, and others were not. */
class PartialFailure extends Error {
  constructor(cause: unknown) {
    super('Some calendars could not be read.', { cause })
  }
}

async function storeSuccess(
  { database, clock }: SyncingDeps,
  claimed: claims.ClaimedConnection,
  again: number | null,
): Promise<void> {
  const { executor } = database
  const { organization, id } = claimed
  const now = clock.now()
  await resumeEntries(executor, organization, { connection: id, now: toTimestamp(now) })
  const lookedAt = await claims.findLookedAt(executor, organization, id)
  const next = nextSync({ now, lookedAt, random: Math.random() })
  await claims.settle(executor, claimed, {
    state: 'connected',
    problem: null,
    failures: 0,
    failing_since: null,
    notified_at: null,
    last_synced_at: toTimestamp(now),
    due_at: toTimestamp(Math.min(next, again ?? next)),
  })
}

/** Stores a failure. The host is notified once if the failure lasts long or cannot resolve itself. */
async function storeFailure(deps: SyncingDeps, claimed: claims.ClaimedConnection, error: unknown): Promise<void> {
  const isPartial = error instanceof PartialFailure
  const { state, problem, retryAfter } = describeFailure(isPartial ? error.cause : error)
  if (claimed.disconnectingAt !== null && state === 'revoked') return removeConnection(deps, claimed)
  const now = deps.clock.now()
  // The calendars that can be read must be read often.
  const failures = isPartial ? Math.min(claimed.failures + 1, MOST_PARTIAL) : claimed.failures + 1
  const since = claimed.failingSince ?? now
  const notifies = claimed.notifiedAt === null && mustNotify({ state, since, now })
  const change = {
    state,
    problem,
    failures,
    failing_since: toTimestamp(since),
    ...(notifies ? { notified_at: toTimestamp(now) } : {}),
    due_at: toTimestamp(nextTry({ now, failures, retryAfter, random: Math.random() })),
  }
  await deps.database.transaction(async (tx) => {
    const isSettled = await claims.settle(tx, claimed, change)
    if (!isSettled || !notifies) return
    const notice = { about: 'calendar_failing', calendar: claimed.name, since, problem } as const
    await deps.hostChanges.notify(tx, claimed, notice)
  })
}

/** Lists an account's calendars: adds new ones, renames known ones, and removes those that no longer exist and are unused. */
async function listCalendars(deps: SyncingDeps, claimed: claims.ClaimedConnection, signal: AbortSignal): Promise<void> {
  const { organization, id, member } = claimed
  const source = await openSource(deps, accountOf(claimed))
  const found = await source.listCalendars(signal)
  const now = deps.clock.timestamp()
  await deps.database.transaction(async (tx) => {
    if (!(await claims.lockClaim(tx, claimed))) return
    await store.mergeListed(tx, organization, { connection: id, member, found, now })
    await store.updateConnection(tx, organization, { id, listed_at: now })
    const before = toTimestamp(deps.clock.now() - PAST_KEPT)
    await forgetPast(tx, organization, { connection: id, before })
  })
}

interface CalendarSync extends SyncOptions {
  calendar: store.CalendarRow
  /** The provider's ids of the account's other calendars. */
  others: readonly string[]
}

async function syncCalendar(
  deps: SyncingDeps,
  claimed: claims.ClaimedConnection,
  { calendar, others, signal, fresh = false }: CalendarSync,
): Promise<number | null> {
  const { clock } = deps
  const now = clock.now()
  try {
    const source = await openSource(deps, accountOf(claimed), calendar)
    const isShort = calendar.read_until === null || Date.parse(calendar.read_until) < now + AHEAD - SLIDE
    const mustRead =
      fresh ||
      isShort ||
      calendar.mark === null ||
      (await source.changedSince(calendar.provider_id, calendar.mark, signal))
    // Before the calendar is read: what is written in the meantime is not compared.
    const written = calendar.writes ? await deps.hostChanges.listWritten(claimed.organization, calendar.id) : []
    const read = mustRead ? await readCalendar(deps, claimed, { calendar, source, signal }) : null
    if (!read) await storeUnchanged(deps, claimed, { calendar, now })
    if (!calendar.writes) return null
    const found = read?.entries ?? null
    return await compareEntries(deps, claimed, { calendar, source, found, written, others, signal })
  } catch (error) {
    throw nameCalendar(error, claimed, calendar)
  }
}

/** The busy times are known even if the entries cannot be compared, which is then tried again soon. */
async function compareEntries(
  { hostChanges, clock, logger }: SyncingDeps,
  { organization, member, id }: claims.ClaimedConnection,
  { signal, ...read }: Omit<ReadCalendar, 'organization' | 'member'> & { signal: AbortSignal },
): Promise<number | null> {
  try {
    return await hostChanges.compare({ organization, member, ...read }, signal)
  } catch (error) {
    if (error instanceof ProviderError && error.next === 'reconnect') throw error
    logger.warn({ err: error, connection: id }, 'entries could not be compared')
    return clock.now() + MINUTE
  }
}

async function storeUnchanged(
  { database }: SyncingDeps,
  { organization }: claims.ClaimedConnection,
  { calendar, now }: { calendar: store.CalendarRow; now: number },
): Promise<void> {
  if (!calendar.reads) return
  await store.confirmRead(database.executor, organization, { id: calendar.id, now: toTimestamp(now) })
}

async function readCalendar(
  { database, clock }: SyncingDeps,
  claimed: claims.ClaimedConnection,
  { calendar, source, signal }: { calendar: store.CalendarRow; source: CalendarProvider; signal: AbortSignal },
): Promise<CalendarWindow> {
  const { organization, member } = claimed
  const now = clock.now()
  const window = { from: now - DAY, to: now + AHEAD }
  const read = await source.readWindow(calendar.provider_id, window, signal)
  const { mark, name, timezone, unreadable } = read
  await database.transaction(async (tx) => {
    // Bookings take the same lock, so they see either all of the old busy times or all of the new ones.
    await lockMembers(tx, organization, [member])
    if (!(await claims.lockClaim(tx, claimed))) return
    // The settings may have changed since the calendar was listed.
    const current = (await store.listCalendars(tx, organization, [claimed.id])).find(({ id }) => id === calendar.id)
    if (!current || !isSameReading(current, calendar)) return
    const busy = calendar.reads ? read.busy : []
    const hasChanged = await replaceBusy(tx, organization, { calendar: calendar.id, busy })
    if (hasChanged) await mergeTimes(tx, organization, member)
    const found = { ...(name === null ? {} : { name: cleanName(name) }), ...(timezone === null ? {} : { timezone }) }
    const readAt = calendar.reads ? { read_at: toTimestamp(now) } : {}
    const state = { mark, unreadable, ...readAt, read_until: toTimestamp(window.to) }
    await store.updateCalendar(tx, organization, { id: calendar.id, ...found, ...state })
  })
  return read
}

/** Returns whether a calendar's reading settings are unchanged. */
function isSameReading(one: store.CalendarRow, other: store.CalendarRow): boolean {
  const keys = ['mark', 'reads', 'tentative_blocks', 'all_day_blocks'] as const
  return keys.every((key) => one[key] === other[key])
}

function accountOf({ id, ...claimed }: claims.ClaimedConnection) {
  return { ...claimed, connection: id }
}

/** Adds the calendar's name to an error, because an account may have several. A calendar file has only one. */
function nameCalendar(error: unknown, { provider }: claims.ClaimedConnection, { name }: store.CalendarRow): unknown {
  if (!(error instanceof ProviderError) || provider === 'ics' || error.next !== 'retry') return error
  const { next, retryAfter } = error
  return new ProviderError(`${name}: ${error.message}`, { next, retryAfter, cause: error })
}

/** Deletes a disconnected account once its entries have been removed, or after a day at the latest. */
async function finishDisconnecting(deps: SyncingDeps, claimed: claims.ClaimedConnection): Promise<void> {
  const { database, clock } = deps
  const { organization, id } = claimed
  const now = clock.now()
  const left = await countEntries(database.executor, organization, { connection: id })
  const isLate = now - (claimed.disconnectingAt ?? now) > DISCONNECTED_WITHIN
  if (left === 0 || isLate) return removeConnection(deps, claimed)
  await claims.settle(database.executor, claimed, { due_at: toTimestamp(now + MINUTE) })
}

async function removeConnection(
  { database }: SyncingDeps,
  { organization, id }: claims.ClaimedConnection,
): Promise<void> {
  await database.transaction((tx) => store.deleteConnection(tx, organization, id))
}

/** Claims one connection and reads it now. Returns false if another process is reading it. */
export async function syncNow(
  deps: SyncingDeps,
  organization: OrganizationId,
  { id, ...options }: { id: number } & SyncOptions,
): Promise<boolean> {
  const claimed = await claims.claimOne(deps.database.executor, organization, { id, ...newClaim(deps.clock) })
  if (!claimed) return false
  await syncConnection(deps, claimed, options)
  return true
}

function newClaim(clock: Clock): claims.Claiming {
  const now = clock.now()
  return { claim: randomUUID(), now: toTimestamp(now), until: toTimestamp(now + LEASE) }
}

/** The job that reads due connections. Slow servers hardly delay the accounts on other servers. */
export function makeSyncJob(deps: SyncingDeps): Job {
  return {
    name: claims.SYNC_JOB,
    everyMs: 10 * SECOND,
    async run(signal) {
      const slots = new WorkSlots()
      for (;;) {
        const limit = signal.aborted ? 0 : slots.free
        const due = limit > 0 ? await claims.claimDue(deps.database.executor, { ...newClaim(deps.clock), limit }) : []
        for (const claimed of due) slots.add(syncConnection(deps, claimed, { signal }))
        if (slots.isEmpty) return 'done'
        await slots.wait()
      }
    },
  }
}
