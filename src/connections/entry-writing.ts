import { randomUUID } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import { findMember } from '../members/service.ts'
import { toTimestamp } from '../platform/clock.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'
import { MINUTE, SECOND } from '../time/durations.ts'
import { describeFailure, nextTry } from './connection.ts'
import * as store from './entry-store.ts'
import type { HostChanges } from './host-changes.ts'
import { type CalendarEntryContent, type CalendarProvider, type KnownEntry, ProviderError } from './provider.ts'
import { openSource, type SourceDeps } from './sources.ts'
import * as connections from './store.ts'
import { WorkSlots } from './work-slots.ts'

export interface EntryWritingDeps extends SourceDeps {
  logger: Pick<Logger, 'warn'>
  /** Describes a meeting for one of its hosts' calendars. Returns null if the entry must be removed. */
  describeMeeting: (
    organization: OrganizationId,
    entry: { meeting: number; member: number },
  ) => Promise<CalendarEntryContent | null>
  hostChanges: Pick<HostChanges, 'noteMove' | 'noteMissing' | 'notify'>
}

/** How long a claim lasts. A write takes a few requests of at most 30 seconds each. */
const LEASE = 5 * MINUTE
/** How many entries are claimed at a time. */
const BATCH = 100

/**
 * The job that keeps calendar entries in step with the meetings. Each account is written to separately, so that a slow account
 * delays only its own entries.
 */
export function makeEntriesJob(deps: EntryWritingDeps): Job {
  return {
    name: store.ENTRIES_JOB,
    everyMs: 30 * SECOND,
    async run(signal) {
      const slots = new WorkSlots()
      for (;;) {
        const claimed = signal.aborted || slots.free === 0 ? [] : await claimNext(deps)
        for (const entries of Map.groupBy(claimed, accountOf).values()) slots.add(writeEntries(deps, entries, signal))
        if (slots.isEmpty) return 'done'
        await slots.wait()
      }
    },
  }
}

function claimNext({ database, clock }: EntryWritingDeps): Promise<store.ClaimedEntry[]> {
  const now = clock.now()
  const times = { now: toTimestamp(now), until: toTimestamp(now + LEASE) }
  return store.claimEntries(database.executor, { claim: randomUUID(), ...times, limit: BATCH })
}

function accountOf({ organization, connection }: store.ClaimedEntry): string {
  return `${organization} ${connection}`
}

/** Writes the claimed entries of one account one by one. Never rejects: failures are stored. */
async function writeEntries(deps: EntryWritingDeps, entries: store.ClaimedEntry[], signal: AbortSignal): Promise<void> {
  const [first] = entries
  if (!first) return
  try {
    const source = await openSource(deps, first)
    for (const entry of entries) {
      if (!(await writeOrFail(deps, { entry, source, signal }))) return
    }
  } catch (error) {
    deps.logger.warn({ err: error, connection: first.connection }, 'meetings could not be written to a calendar')
  }
}

interface Writing {
  entry: store.ClaimedEntry
  source: CalendarProvider
  signal: AbortSignal
}

/** Returns whether further entries can be written to the account. */
async function writeOrFail(deps: EntryWritingDeps, writing: Writing): Promise<boolean> {
  try {
    await writeEntry(deps, writing)
    return true
  } catch (error) {
    deps.logger.warn(
      { err: error, connection: writing.entry.connection },
      'a meeting could not be written to a calendar',
    )
    return storeFailure(deps, writing.entry, error)
  }
}

async function writeEntry(deps: EntryWritingDeps, { entry, source, signal }: Writing): Promise<void> {
  const { executor } = deps.database
  const content = entry.wanted ? await deps.describeMeeting(entry.organization, entry) : null
  if (content && content.end <= deps.clock.now()) return store.releaseEntry(executor, entry, { due_at: null })
  if (content && isUndecided(entry, content)) return store.releaseEntry(executor, entry, { due_at: null })
  if (content) return writeContent(deps, { entry, source, signal }, content)
  if (!(await store.holdsClaim(executor, entry))) return
  if (entry.providerId !== null || entry.attempted.length > 0)
    await source.deleteEntry(entry.calendarId, { uid: entry.uid, known: knownOf(entry) }, signal)
  await store.settleRemoved(executor, entry)
}

/**
 * Writes the meeting's current state. If the host moved or deleted the entry in the meantime, a new start time set in Bookbell
 * takes precedence. Otherwise the host's change is stored, and the entry is not overwritten until it is decided.
 */
async function writeContent(
  deps: EntryWritingDeps,
  { entry, source, signal }: Writing,
  content: CalendarEntryContent,
): Promise<void> {
  const { executor } = deps.database
  const write = (known: KnownEntry | null) => source.writeEntry(entry.calendarId, { content, known }, signal)
  if (!(await store.recordAttempt(executor, entry, content.start))) return
  const isOurs = await makeIsOurs(deps, entry, content)
  let result = await write(knownOf(entry))
  if (result.kind === 'changed') {
    if (!isOurs(result.entry.start)) return deps.hostChanges.noteMove(entry)
    result = await write(result.entry)
  } else if (result.kind === 'missing') {
    if (!isOurs(null)) return deps.hostChanges.noteMissing(entry)
    result = await write(null)
  }
  if (result.kind !== 'written') throw new ProviderError('The entry keeps changing.', { next: 'retry' })
  const written = { ...result.entry, start: toTimestamp(content.start) }
  await store.settleWritten(executor, entry, written)
}

/**
 * Returns a function that decides whether an entry may be overwritten although its version has changed. It receives the entry's
 * start, or null if the entry is missing.
 */
async function makeIsOurs(
  { database }: EntryWritingDeps,
  { organization, member, writtenStart, attempted }: store.ClaimedEntry,
  content: CalendarEntryContent,
): Promise<(start: number | null) => boolean> {
  const found = await findMember(database.executor, organization, { id: member })
  const wins = content.start !== writtenStart || found?.calendar_changes === 'ignore'
  const sent = new Set([writtenStart, ...attempted, content.start])
  return (start) => wins || (start !== null && sent.has(start))
}

/** Returns whether the host must first decide on a change in the calendar. A new start of the meeting makes the decision. */
function isUndecided({ change, writtenStart }: store.ClaimedEntry, { start }: CalendarEntryContent): boolean {
  return change !== null && start === writtenStart
}

function knownOf({ providerId, version }: store.ClaimedEntry): KnownEntry | null {
  return providerId === null ? null : { id: providerId, version }
}

/** Stores a failure. Returns whether other entries of the account can be written now. */
async function storeFailure(deps: EntryWritingDeps, entry: store.ClaimedEntry, error: unknown): Promise<boolean> {
  const { database, clock } = deps
  const { executor } = database
  const { organization, connection, calendar } = entry
  const { problem, retryAfter } = describeFailure(error)
  const next = error instanceof ProviderError ? error.next : 'retry'
  if (next === 'give_up') {
    await connections.updateCalendar(executor, organization, { id: calendar, problem })
    await store.stopCalendar(executor, organization, { calendar })
    return false
  }
  if (next === 'reconnect') {
    const now = clock.now()
    const revoked = { id: connection, credentials: entry.credentials, problem, now: toTimestamp(now) }
    await database.transaction(async (tx) => {
      const calendar = await connections.revokeConnection(tx, organization, revoked)
      await store.postponeEntries(tx, organization, { connection, until: null })
      if (calendar !== null)
        await deps.hostChanges.notify(tx, entry, { about: 'calendar_failing', calendar, since: now, problem })
    })
    return false
  }
  const failures = entry.failures + 1
  const due = toTimestamp(nextTry({ now: clock.now(), failures, retryAfter, random: Math.random() }))
  await store.releaseEntry(executor, entry, { failures, due_at: due })
  if (isOfEntry(error)) return true
  await store.postponeEntries(executor, organization, { connection, until: due })
  return false
}

/** Returns whether a failure may concern only one entry: the server responded, and did not ask for fewer requests. */
function isOfEntry(error: unknown): boolean {
  const status = error instanceof ProviderError ? error.status : null
  return status !== null && status !== 429 && status !== 503
}
