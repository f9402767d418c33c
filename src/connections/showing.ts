import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { type Outcome, type Refusal, refuseNotFound } from '../errors.ts'
import { toInstantText } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { listHostChanges } from './entry-store.ts'
import type { Connection } from './schema.ts'
import * as store from './store.ts'

/** Returns a connection if the actor may see it. */
export async function findVisible(
  executor: Executor,
  actor: Actor,
  id: number,
): Promise<store.ConnectionRow | undefined> {
  const row = await store.findConnection(executor, actor.organization, id)
  return row && (limitedTo(actor) ?? row.member_id) === row.member_id ? row : undefined
}

export function refuseMissing(id: number): Refusal {
  return refuseNotFound('connection', id, 'GET /api/v1/connections lists them.')
}

/** Returns connections with their calendars in the API's format. */
export async function showAll(
  executor: Executor,
  organization: OrganizationId,
  rows: readonly store.ConnectionRow[],
): Promise<Connection[]> {
  const ids = rows.map(({ id }) => id)
  const calendars = await store.listCalendars(executor, organization, ids)
  const changes = await listHostChanges(executor, organization, ids)
  return rows.map(({ member_id: member, ...row }) => ({
    id: row.id,
    provider: row.provider,
    member,
    name: row.name,
    state: row.state,
    problem: row.problem,
    last_synced_at: row.last_synced_at,
    calendars: calendars.filter((calendar) => calendar.connection_id === row.id).map(showCalendar),
    changes: changes
      .filter(({ connection }) => connection === row.id)
      .map(({ meeting, kind, start }) => ({
        meeting,
        kind,
        start: start === null ? null : toInstantText(Date.parse(start)),
      })),
    created_at: row.created_at,
  }))
}

/** Returns one connection after a change. */
export async function showOne(
  executor: Executor,
  organization: OrganizationId,
  id: number,
): Promise<Outcome<{ connection: Connection }>> {
  const row = await store.findConnection(executor, organization, id)
  const [connection] = row ? await showAll(executor, organization, [row]) : []
  return connection ? { ok: true, connection } : refuseMissing(id)
}

/** Returns the calendar settings that its member can change. */
export function switchesOf({ reads, writes, tentative_blocks, all_day_blocks }: store.CalendarRow) {
  return { reads, writes, tentative_blocks, all_day_blocks }
}

function showCalendar(row: store.CalendarRow): Connection['calendars'][number] {
  const { id, name, timezone, writable, read_at, unreadable, problem } = row
  return { id, name, timezone, ...switchesOf(row), writable, read_at, unreadable, problem }
}
