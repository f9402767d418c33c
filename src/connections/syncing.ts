import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { findMember, lockMembers } from '../members/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import type { OrganizationId } from '../platform/organization-id.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY, MINUTE, SECOND } from '../time/durations.ts'
import { mergeTimes, replaceBusy } from './busy-times.ts'
import type { SendToCalendar } from './calendar-client.ts'
import * as claims from './claim-store.ts'
import { describeFailure, nextSync, nextTry } from './connection.ts'
import { makeIcsSource } from './ics-source.ts'
import * as store from './store.ts'

export interface SyncingDeps {
  database: Database
  clock: Clock
  secrets: Secrets
  send: SendToCalendar
  logger: Pick<Logger, 'warn'>
  /** The UIDs of a member's own meetings. They do not count as busy when they appear in a calendar. */
  listUids: (organization: OrganizationId, member: number) => Promise<ReadonlySet<string>>
}

/** How far ahead calendars are read, and how much of that range may be missing before they are read again. */
const AHEAD = 400 * DAY
const SLIDE = DAY / 2
/** How long a claim lasts. A read takes one or two requests of at most 30 seconds each. */
const LEASE = 3 * MINUTE
/** How many connections one process reads at a time. */
const MOST_AT_ONCE = 20

/** The encrypted data needed to access an account. */
export interface Credentials {
  url: string
}

/**
 * Reads a claimed connection. For each calendar, asks whether it changed, and if so reads it and replaces its busy times. Makes
 * no requests inside a transaction. Never rejects. A failure is stored, so that the member can see it.
 */
export async function syncConnection(
  deps: SyncingDeps,
  claimed: claims.ClaimedConnection,
  { signal, fresh = false }: { signal: AbortSignal; fresh?: boolean },
): Promise<void> {
  const { clock, database } = deps
  const { executor } = database
  try {
    for (const calendar of await store.listCalendars(executor, claimed.organization, [claimed.id])) {
      if (calendar.reads) await syncCalendar(deps, claimed, { calendar, signal, fresh })
    }
    const now = clock.now()
    const lookedAt = await claims.findLookedAt(executor, claimed.organization, claimed.id)
    await claims.settle(executor, claimed, {
      state: 'connected',
      problem: null,
      failures: 0,
      last_synced_at: toTimestamp(now),
      due_at: toTimestamp(nextSync({ now, lookedAt, random: Math.random() })),
    })
  } catch (error) {
    const { state, problem, retryAfter } = describeFailure(error)
    const failures = claimed.failures + 1
    const due = nextTry({ now: clock.now(), failures, retryAfter, random: Math.random() })
    deps.logger.warn({ err: error, connection: claimed.id }, 'a calendar could not be read')
    await claims.settle(executor, claimed, { state, problem, failures, due_at: toTimestamp(due) })
  }
}

async function syncCalendar(
  deps: SyncingDeps,
  claimed: claims.ClaimedConnection,
  { calendar, signal, fresh }: { calendar: store.CalendarRow; signal: AbortSignal; fresh: boolean },
): Promise<void> {
  const { database, clock } = deps
  const { organization, member } = claimed
  const now = clock.now()
  const source = await openSource(deps, claimed, calendar)
  const isShort = calendar.read_until === null || Date.parse(calendar.read_until) < now + AHEAD - SLIDE
  const mustRead =
    fresh ||
    isShort ||
    calendar.mark === null ||
    (await source.changedSince(calendar.provider_id, calendar.mark, signal))
  const readAt = toTimestamp(now)
  if (!mustRead) {
    await store.updateCalendar(database.executor, organization, { id: calendar.id, read_at: readAt })
    return
  }
  const window = { from: now - DAY, to: now + AHEAD }
  const read = await source.readWindow(calendar.provider_id, window, signal)
  const { busy, mark, name, timezone, unreadable } = read
  await database.transaction(async (tx) => {
    // Takes the same lock as a booking, so a booking sees either all old busy times or all new ones.
    await lockMembers(tx, organization, [member])
    if (!(await claims.lockClaim(tx, claimed))) return
    const hasChanged = await replaceBusy(tx, organization, { calendar: calendar.id, busy })
    if (hasChanged) await mergeTimes(tx, organization, member)
    const found = { ...(name === null ? {} : { name: name.slice(0, 200) }), ...(timezone === null ? {} : { timezone }) }
    const state = { mark, unreadable, read_at: readAt, read_until: toTimestamp(window.to) }
    await store.updateCalendar(tx, organization, { id: calendar.id, ...found, ...state })
  })
}

async function openSource(deps: SyncingDeps, claimed: claims.ClaimedConnection, calendar: store.CalendarRow) {
  const { organization, member: id } = claimed
  const { url } = JSON.parse(deps.secrets.decrypt(claimed.credentials)) as Credentials
  const member = await findMember(deps.database.executor, organization, { id })
  const own = await deps.listUids(organization, id)
  const reading = {
    timezone: null,
    memberTimezone: member?.timezone ?? 'UTC',
    addresses: member ? [member.email] : [],
    tentativeBlocks: calendar.tentative_blocks,
    allDayBlocks: calendar.all_day_blocks,
    isOwn: (uid: string) => own.has(uid),
  }
  return makeIcsSource({ send: deps.send, url, reading })
}

/** Claims one connection and reads it now. Returns false if another process is reading it. */
export async function syncNow(
  deps: SyncingDeps,
  organization: OrganizationId,
  { id, ...options }: { id: number; signal: AbortSignal; fresh?: boolean },
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

/** The job that reads due connections. A slow server delays only its own accounts, as long as fewer than twenty are slow. */
export function makeSyncJob(deps: SyncingDeps): Job {
  return {
    name: claims.SYNC_JOB,
    everyMs: 5 * SECOND,
    async run(signal) {
      const reading = new Set<Promise<void>>()
      for (;;) {
        const limit = signal.aborted ? 0 : MOST_AT_ONCE - reading.size
        const due = limit > 0 ? await claims.claimDue(deps.database.executor, { ...newClaim(deps.clock), limit }) : []
        for (const claimed of due) {
          const work = syncConnection(deps, claimed, { signal }).finally(() => reading.delete(work))
          reading.add(work)
        }
        if (reading.size === 0) return 'done'
        await Promise.race([...reading, pause(SECOND)])
      }
    },
  }
}
