import type { OrganizationId } from '../access/gate.ts'
import type { Outcome } from '../errors.ts'
import { findMember } from '../members/service.ts'
import { notifyHost } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { MINUTE } from '../time/durations.ts'
import * as store from './entry-store.ts'
import type { CalendarProvider, FoundEntry } from './provider.ts'
import { readAgain } from './store.ts'

/** A meeting in a host's calendar. */
interface HostedMeeting {
  meeting: number
  member: number
}

/** Applies a host's change in the calendar to the meeting, like the host's own command. Both functions can be repeated safely. */
export interface MeetingDoor {
  reschedule(organization: OrganizationId, moved: HostedMeeting & { start: number }): Promise<Outcome>
  cancel(organization: OrganizationId, cancelled: HostedMeeting): Promise<Outcome>
}

export interface HostChangesDeps {
  database: Database
  clock: Clock
  meetings: MeetingDoor
}

/**
 * A calendar that was read. `found` contains our entries in it, or is null if the calendar has not changed since the last read.
 */
export interface ReadCalendar {
  organization: OrganizationId
  member: number
  calendar: { id: number; provider_id: string; name: string }
  source: CalendarProvider
  found: readonly FoundEntry[] | null
}

/** How long an entry must be missing before it counts as deleted. */
export const MISSING_FOR = MINUTE
/** How many entries may be looked up individually in one sync. */
const MOST_LOOKUPS = 50

/**
 * Detects changes that hosts make in their calendars. Depending on the member's setting, it applies the change, asks the member
 * or restores the entry.
 */
export type HostChanges = ReturnType<typeof makeHostChanges>

export function makeHostChanges(deps: HostChangesDeps) {
  const { database, clock } = deps
  const { executor } = database

  /** The changes that were found in a calendar's entries. */
  interface Findings {
    moved: { entry: store.WrittenEntry; start: number }[]
    deleted: store.WrittenEntry[]
    /** How many entries are missing, including those that were deleted or have yet to be looked up a second time. */
    missing: number
  }

  /**
   * Compares a calendar's entries with what was written. Returns the time of the next check in epoch milliseconds, or null if no
   * entry is missing.
   */
  async function compare(read: ReadCalendar, signal: AbortSignal): Promise<number | null> {
    const { organization, calendar } = read
    const member = await findMember(executor, organization, { id: read.member })
    if (!member || member.calendar_changes === 'ignore') return null
    const written = await store.listWritten(executor, organization, { calendar: calendar.id, now: clock.timestamp() })
    const findings = await examine(read, written, signal)
    const mayCancel = findings.missing < 3 && findings.missing * 3 < written.length
    const follows = member.calendar_changes === 'follow'
    let asked = 0
    for (const { entry, start } of findings.moved) {
      if (follows) await followMove(read, entry, start)
      else if (await ask(read, entry, { change: 'moved', changed_start: toTimestamp(start) })) asked++
    }
    for (const entry of findings.deleted) {
      if (follows && mayCancel) await followDeletion(read, entry)
      else if (await ask(read, entry, { change: 'deleted', changed_start: null })) asked++
    }
    if (asked > 0) await notify(read, { about: 'calendar_changes', calendar: calendar.name, count: asked })
    return findings.missing > findings.deleted.length ? clock.now() + MISSING_FOR : null
  }

  async function examine(
    { organization, calendar, source, found }: ReadCalendar,
    written: readonly store.WrittenEntry[],
    signal: AbortSignal,
  ): Promise<Findings> {
    const findings: Findings = { moved: [], deleted: [], missing: 0 }
    const byUid = new Map(found?.map((entry) => [entry.uid, entry]))
    let lookups = 0
    for (const entry of written) {
      let current: FoundEntry | null | undefined = byUid.get(entry.uid)
      if (!current) {
        if (found === null && entry.missingSince === null) continue
        if (++lookups > MOST_LOOKUPS) break
        const known = { id: entry.providerId, version: entry.version }
        current = await source.findEntry(calendar.provider_id, { uid: entry.uid, known }, signal)
      }
      if (current) await examineFound(organization, { entry, current, findings })
      else await examineMissing(organization, { entry, findings })
    }
    return findings
  }

  async function examineFound(
    organization: OrganizationId,
    { entry, current, findings }: { entry: store.WrittenEntry; current: FoundEntry; findings: Findings },
  ): Promise<void> {
    const isKnown = current.version !== null && current.version === entry.version && entry.missingSince === null
    if (isKnown || (entry.change === 'moved' && current.start === entry.changedStart && entry.missingSince === null))
      return
    const isBack = current.start === entry.writtenStart
    const change = {
      version: current.version,
      missing_since: null,
      ...(isBack ? { change: null, changed_start: null } : {}),
    }
    if (!(await store.changeQuiet(executor, organization, entry, change))) return
    if (!isBack) findings.moved.push({ entry: { ...entry, version: current.version }, start: current.start })
  }

  async function examineMissing(
    organization: OrganizationId,
    { entry, findings }: { entry: store.WrittenEntry; findings: Findings },
  ): Promise<void> {
    findings.missing++
    const now = clock.now()
    if (entry.missingSince === null)
      await store.changeQuiet(executor, organization, entry, { missing_since: toTimestamp(now) })
    else if (now - entry.missingSince >= MISSING_FOR) findings.deleted.push(entry)
  }

  /**
   * Stores a change for the host to decide on. Returns false if the host was already asked, or the entry has changed in the
   * meantime.
   */
  async function ask(
    { organization }: ReadCalendar,
    entry: store.WrittenEntry,
    change: { change: 'moved' | 'deleted'; changed_start: string | null },
  ): Promise<boolean> {
    if (entry.change === change.change && change.change === 'deleted') return false
    return store.changeQuiet(executor, organization, entry, change)
  }

  async function followMove(read: ReadCalendar, entry: store.WrittenEntry, start: number): Promise<void> {
    const { organization, member } = read
    const outcome = await deps.meetings.reschedule(organization, { meeting: entry.meeting, member, start })
    if (outcome.ok) await rewrite(read, entry, false)
    else await restore(read, entry, false)
  }

  async function followDeletion(read: ReadCalendar, entry: store.WrittenEntry): Promise<void> {
    const { organization, member } = read
    const outcome = await deps.meetings.cancel(organization, { meeting: entry.meeting, member })
    if (!outcome.ok) await restore(read, entry, true)
  }

  /** Restores an entry because its meeting cannot be changed, and notifies the host. */
  async function restore(read: ReadCalendar, entry: store.WrittenEntry, isMissing: boolean): Promise<void> {
    await rewrite(read, entry, isMissing)
    await notify(read, { about: 'calendar_restored', calendar: read.calendar.name, start: entry.writtenStart })
  }

  async function rewrite({ organization }: ReadCalendar, entry: store.WrittenEntry, isMissing: boolean): Promise<void> {
    const { meeting, calendar } = entry
    const rewritten = { meeting, calendar, now: clock.timestamp(), isMissing }
    await database.transaction((tx) => store.rewriteEntry(tx, organization, rewritten))
  }

  async function notify(
    { organization, member: id }: Pick<ReadCalendar, 'organization' | 'member'>,
    notice: Parameters<typeof notifyHost>[3]['notice'],
  ): Promise<void> {
    const host = await findMember(executor, organization, { id })
    if (host) await database.transaction((tx) => notifyHost(tx, deps, organization, { host, notice }))
  }

  return {
    compare,
    notify,

    /** Handles an entry that the host moved just before it was written. The next sync compares it with the calendar. */
    async noteMove(entry: store.ClaimedEntry): Promise<void> {
      await store.releaseEntry(executor, entry, { due_at: null })
      await readAgain(executor, entry.organization, { calendar: entry.calendar, now: clock.timestamp() })
    },

    /** Handles an entry that the host deleted just before it was written. The next sync looks it up again. */
    async noteMissing(entry: store.ClaimedEntry): Promise<void> {
      await store.releaseEntry(executor, entry, { due_at: null, missing_since: clock.timestamp() })
      await readAgain(executor, entry.organization, { calendar: entry.calendar, now: clock.timestamp() })
    },

    /** Applies a host's decision on a change in the calendar: the meeting is changed, or the entry is restored. */
    async decide(
      organization: OrganizationId,
      change: store.HostChange,
      decision: 'follow' | 'restore',
    ): Promise<Outcome> {
      const { meeting, member, calendar, kind, start } = change
      const restored = { meeting, calendar, now: clock.timestamp(), isMissing: kind === 'deleted' }
      const write = () => database.transaction((tx) => store.rewriteEntry(tx, organization, restored))
      if (decision === 'restore') {
        await write()
        return { ok: true }
      }
      const outcome =
        kind === 'moved' && start !== null
          ? await deps.meetings.reschedule(organization, { meeting, member, start: Date.parse(start) })
          : await deps.meetings.cancel(organization, { meeting, member })
      // Rescheduling enqueues the entry, except if the meeting already has the new time.
      if (!outcome.ok || kind === 'moved') await write()
      return outcome
    },
  }
}
