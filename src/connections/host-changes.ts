import type { OrganizationId } from '../access/gate.ts'
import type { Outcome } from '../errors.ts'
import { findMember } from '../members/service.ts'
import { notifyHost } from '../notifications/service.ts'
import { type Clock, toTimestamp } from '../platform/clock.ts'
import type { Database, Transaction } from '../platform/database.ts'
import { MINUTE } from '../time/durations.ts'
import { nextTry } from './connection.ts'
import * as store from './entry-store.ts'
import type { CalendarProvider, FoundEntry } from './provider.ts'
import { readAgain } from './store.ts'

/** A meeting in a host's calendar. */
interface HostedMeeting {
  meeting: number
  member: number
  /** Only if the meeting still has this start (epoch milliseconds). Null: whatever its start. */
  from: number | null
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
 * `written` contains the entries as they were known before the read.
 */
export interface ReadCalendar {
  organization: OrganizationId
  member: number
  calendar: { id: number; provider_id: string; name: string }
  source: CalendarProvider
  found: readonly FoundEntry[] | null
  written: readonly store.WrittenEntry[]
  /** The provider's ids of the account's other calendars. */
  others: readonly string[]
}

/** How long an entry must be missing before it counts as deleted. */
export const MISSING_FOR = MINUTE
/** How many entries may be looked up individually in one sync. */
const MOST_LOOKUPS = 50
/** After this many conflicts in a row, the next read of a calendar is delayed. */
const MOST_CONFLICTS = 3

/** The changes that were found in a calendar's entries. */
interface Findings {
  /** Entries that became all-day events, which a meeting cannot be. */
  spoiled: { entry: store.WrittenEntry; current: FoundEntry }[]
  moved: { entry: store.WrittenEntry; current: FoundEntry }[]
  /** The entries that were found to be deleted now. */
  deleted: store.WrittenEntry[]
  /** How many entries are missing, including those that were deleted or have yet to be looked up a second time. */
  missing: number
  /** Whether an entry must be looked up a second time. */
  isOpen: boolean
}

/**
 * Detects changes that hosts make in their calendars. Depending on the member's setting, it applies the change, asks the member
 * or restores the entry. A change is stored before anything follows from it, so a killed process loses none.
 */
export type HostChanges = ReturnType<typeof makeHostChanges>

export function makeHostChanges(deps: HostChangesDeps) {
  const { database, clock } = deps
  const { executor } = database

  /**
   * Compares a calendar's entries with what was written. Returns the time of the next check in epoch milliseconds, or null if no
   * entry is missing.
   */
  async function compare(read: ReadCalendar, signal: AbortSignal): Promise<number | null> {
    const member = await findMember(executor, read.organization, { id: read.member })
    if (!member || member.calendar_changes === 'ignore') return null
    const follows = member.calendar_changes === 'follow'
    const findings = await examine(read, signal)
    const mayCancel = follows && findings.missing < 3 && findings.missing * 3 < read.written.length
    const cancelled = mayCancel ? await listDeletedEverywhere(read, findings.deleted, signal) : new Set<number>()
    await storeFindings(read, { findings, follows, cancelled })
    for (const { entry, current } of findings.spoiled) {
      const place = { provider_id: current.id, version: current.version, missing_since: null }
      if (await store.changeQuiet(executor, read.organization, entry, place))
        await rewrite(read, entry, { isMissing: false, isRefused: true })
    }
    if (follows) await follow(read, { cancelled })
    return findings.isOpen ? clock.now() + MISSING_FOR : null
  }

  /** Returns the meetings whose entries are not in another calendar of the account either, where a host may have moved them. */
  async function listDeletedEverywhere(
    { source, others }: ReadCalendar,
    deleted: readonly store.WrittenEntry[],
    signal: AbortSignal,
  ): Promise<Set<number>> {
    const gone = new Set<number>()
    for (const { uid, meeting } of deleted) {
      let found: FoundEntry | null = null
      for (const other of others) found ??= await source.findEntry(other, { uid, known: null }, signal)
      if (!found) gone.add(meeting)
    }
    return gone
  }

  async function examine(
    { organization, calendar, source, found, written }: ReadCalendar,
    signal: AbortSignal,
  ): Promise<Findings> {
    const findings: Findings = { spoiled: [], moved: [], deleted: [], missing: 0, isOpen: false }
    const byUid = new Map(found?.map((entry) => [entry.uid, entry]))
    let lookups = 0
    for (const entry of written) {
      const known = { id: entry.providerId, version: entry.version }
      const isAsked = entry.change === 'deleted'
      const isUnread = found === null && entry.missingSince === null
      let current: FoundEntry | null | undefined = byUid.get(entry.uid)
      if (!current && !isAsked && !isUnread && lookups < MOST_LOOKUPS) {
        lookups++
        current = await source.findEntry(calendar.provider_id, { uid: entry.uid, known }, signal)
      }
      if (current) await examineFound(organization, { entry, current, findings })
      else if (isAsked) findings.missing++
      else if (current === null) await examineMissing(organization, { entry, findings })
    }
    return findings
  }

  async function examineFound(
    organization: OrganizationId,
    { entry, current, findings }: { entry: store.WrittenEntry; current: FoundEntry; findings: Findings },
  ): Promise<void> {
    const isSame = current.version !== null && current.version === entry.version && current.id === entry.providerId
    const isKnown = isSame && entry.missingSince === null && entry.change !== 'deleted'
    if (isKnown) return
    const isBack = current.start === entry.writtenStart || (isSame && entry.change === 'deleted')
    const isAsked = entry.change === 'moved' && current.start === entry.changedStart
    if (current.isAllDay && !isSame) {
      findings.spoiled.push({ entry, current })
      return
    }
    if (!isBack && !isAsked && !isSame) {
      findings.moved.push({ entry, current })
      return
    }
    const place = { provider_id: current.id, version: current.version, missing_since: null }
    const change = isBack ? { ...place, change: null, changed_start: null } : place
    await store.changeQuiet(executor, organization, entry, change)
  }

  async function examineMissing(
    organization: OrganizationId,
    { entry, findings }: { entry: store.WrittenEntry; findings: Findings },
  ): Promise<void> {
    findings.missing++
    const now = clock.now()
    if (entry.missingSince !== null && now - entry.missingSince >= MISSING_FOR) {
      findings.deleted.push(entry)
      return
    }
    findings.isOpen = true
    if (entry.missingSince === null)
      await store.changeQuiet(executor, organization, entry, { missing_since: toTimestamp(now) })
  }

  /** Stores the changes and notifies the host of those to decide on, all in one transaction. */
  async function storeFindings(
    read: ReadCalendar,
    { findings, follows, cancelled }: { findings: Findings; follows: boolean; cancelled: ReadonlySet<number> },
  ): Promise<void> {
    const { moved, deleted } = findings
    if (moved.length === 0 && deleted.length === 0) return
    const { organization, calendar } = read
    await database.transaction(async (tx) => {
      let asked = 0
      for (const { entry, current } of moved) {
        const place = { provider_id: current.id, version: current.version, missing_since: null }
        const change = { ...place, change: 'moved', changed_start: toTimestamp(current.start) } as const
        if ((await store.changeQuiet(tx, organization, entry, change)) && !follows) asked++
      }
      for (const entry of deleted) {
        const change = { change: 'deleted', changed_start: null } as const
        if ((await store.changeQuiet(tx, organization, entry, change)) && !cancelled.has(entry.meeting)) asked++
      }
      if (asked > 0) await notify(tx, read, { about: 'calendar_changes', calendar: calendar.name, count: asked })
    })
  }

  /** Applies the stored moves, and the deletions that may be applied. */
  async function follow(read: ReadCalendar, { cancelled }: { cancelled: ReadonlySet<number> }): Promise<void> {
    const { organization, calendar } = read
    const pending = await store.listWritten(executor, organization, { calendar: calendar.id, now: clock.timestamp() })
    for (const entry of pending) {
      if (entry.change === 'moved' && entry.changedStart !== null) await followMove(read, entry, entry.changedStart)
      else if (entry.change === 'deleted' && cancelled.has(entry.meeting)) await followDeletion(read, entry)
    }
  }

  async function followMove(read: ReadCalendar, entry: store.WrittenEntry, start: number): Promise<void> {
    const { organization, member } = read
    const { meeting, writtenStart: from } = entry
    const outcome = await deps.meetings.reschedule(organization, { meeting, member, from, start })
    await rewrite(read, entry, { isMissing: false, isRefused: !outcome.ok })
  }

  async function followDeletion(read: ReadCalendar, entry: store.WrittenEntry): Promise<void> {
    const { organization, member } = read
    const { meeting, writtenStart: from } = entry
    const outcome = await deps.meetings.cancel(organization, { meeting, member, from })
    if (!outcome.ok) await rewrite(read, entry, { isMissing: true, isRefused: true })
  }

  /** Enqueues an entry to be written again. If its meeting could not be changed, the host is notified. */
  async function rewrite(
    read: ReadCalendar,
    entry: store.WrittenEntry,
    { isMissing, isRefused }: { isMissing: boolean; isRefused: boolean },
  ): Promise<void> {
    const { meeting, calendar, writtenStart: start } = entry
    await database.transaction(async (tx) => {
      await store.rewriteEntry(tx, read.organization, { meeting, calendar, now: clock.timestamp(), isMissing })
      if (isRefused) await notify(tx, read, { about: 'calendar_restored', calendar: read.calendar.name, start })
    })
  }

  /** Enqueues a notice to the owner of a calendar. */
  async function notify(
    tx: Transaction,
    { organization, member: id }: Pick<ReadCalendar, 'organization' | 'member'>,
    notice: Parameters<typeof notifyHost>[3]['notice'],
  ): Promise<void> {
    const host = await findMember(tx, organization, { id })
    if (!host) return
    const isClosed = host.calendar_failure === 'closed'
    const worded = notice.about === 'calendar_failing' ? { ...notice, isClosed } : notice
    await notifyHost(tx, deps, organization, { host, notice: worded })
  }

  /** Reads the calendar again now, or later if this keeps happening. */
  async function noteConflict(entry: store.ClaimedEntry, change: { missing: boolean }): Promise<void> {
    const now = clock.now()
    await store.releaseConflict(executor, entry, { ...change, now: toTimestamp(now) })
    const failures = Math.max(0, entry.failures - MOST_CONFLICTS)
    const due = failures === 0 ? now : nextTry({ now, failures, retryAfter: null, random: Math.random() })
    await readAgain(executor, entry.organization, { calendar: entry.calendar, due: toTimestamp(due) })
  }

  return {
    compare,
    notify,

    /** Lists the entries of a calendar as they are known before it is read. */
    listWritten: (organization: OrganizationId, calendar: number) =>
      store.listWritten(executor, organization, { calendar, now: clock.timestamp() }),

    /** Handles an entry that the host moved just before it was written. The next sync compares it with the calendar. */
    noteMove: (entry: store.ClaimedEntry) => noteConflict(entry, { missing: false }),

    /** Handles an entry that the host deleted just before it was written. The next sync looks it up again. */
    noteMissing: (entry: store.ClaimedEntry) => noteConflict(entry, { missing: true }),

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
      const hosted = { meeting, member, from: null }
      const outcome =
        kind === 'moved' && start !== null
          ? await deps.meetings.reschedule(organization, { ...hosted, start: Date.parse(start) })
          : await deps.meetings.cancel(organization, hosted)
      // Rescheduling enqueues the entry, except if the meeting already has the new time.
      if (!outcome.ok || kind === 'moved') await write()
      return outcome
    },
  }
}
