import type { Actor, OrganizationId } from '../access/gate.ts'
import { type Outcome, refuseField } from '../errors.ts'
import { getMember } from '../members/service.ts'
import { type Clock, toInstantText } from '../platform/clock.ts'
import type { Database, Executor } from '../platform/database.ts'
import { intervalsOfDates, parseSchedule } from '../schedules/schedule.ts'
import { DAY } from '../time/durations.ts'
import { type Interval, unite } from '../time/intervals.ts'
import { type LocalDay, readLocalDate } from '../time/local-dates.ts'
import { instantsOfDates, type ZoneOffsets, zoneOffsets } from '../time/zones.ts'
import type { MemberBusy, MemberBusyQuery } from './schema.ts'
import * as store from './store.ts'

const MAX_DATES = 31
/** A local date begins at most 14 hours before, and ends at most 12 hours after the same date in UTC. */
const AROUND = DAY
/** No meeting type has this id, because the meetings of all types are listed. */
const NO_TYPE = 0

type BusyDeps = { database: Database; clock: Clock }
type BusyTime = Interval & { kind: MemberBusy['busy'][number]['kind']; calendar: string | null }

/**
 * Lists when a member works and when they are busy, on dates in the member's time zone. It contains times only: no titles, and no
 * people. Members can only see themselves.
 */
export async function listMemberBusy(
  { database: { executor }, clock }: BusyDeps,
  actor: Actor,
  { id, from, to }: MemberBusyQuery & { id: number },
): Promise<Outcome<{ busy: MemberBusy }>> {
  const [first, last] = [readLocalDate(from), readLocalDate(to)]
  if (last < first) return refuseField('to', `is ${to}, before from (${from})`)
  if (last - first >= MAX_DATES)
    return refuseField('to', `${from} to ${to} are ${last - first + 1} dates; request at most ${MAX_DATES} at a time`)
  const found = await getMember(executor, actor, { id })
  if (!found.ok) return found
  const { timezone } = found.member
  const around = { from: first * DAY - AROUND, to: (last + 1) * DAY + AROUND }
  const zone = zoneOffsets(timezone, around.from, around.to)
  const dates = instantsOfDates(zone, { first, last }, around)
  const reach = { from: dates[0]?.from ?? around.from, to: dates.at(-1)?.to ?? around.to }
  const wanted = { members: [id], reach, schedule: null }
  const [host] = await store.listHosts(executor, actor.organization, wanted)
  const busy = await listTimes(executor, actor.organization, { ...wanted, now: clock.timestamp() })
  const timeOff = (host?.time_off ?? []).flatMap((off) => toTimeOff(off, { zone, first, last }))
  const hours = hoursWithin(host?.schedule ?? null, reach).map(showTime)
  return { ok: true, busy: { timezone, hours, busy: showBusy([...busy, ...timeOff], reach) } }
}

/** Returns the busy times from meetings and calendars. */
async function listTimes(
  executor: Executor,
  organization: OrganizationId,
  wanted: { members: number[]; reach: Interval; now: string },
): Promise<BusyTime[]> {
  const meetings = await store.listMeetings(executor, organization, { ...wanted, meetingType: NO_TYPE, except: null })
  const [calendars] = await store.listNamedCalendarTimes(executor, organization, wanted)
  return [
    ...meetings.map(({ start, end }) => ({ kind: 'meeting' as const, from: start, to: end, calendar: null })),
    ...(calendars?.times ?? []).map(toCalendarTime),
  ]
}

function toCalendarTime([from, to, calendar]: store.CalendarTimesRow['times'][number]): BusyTime {
  return { kind: 'calendar', from, to, calendar: calendar ?? null }
}

/** Only the requested dates of whole-day time off are listed, because time off can last for years. */
function toTimeOff(
  off: store.HostRow['time_off'][number],
  { zone, first, last }: { zone: ZoneOffsets; first: LocalDay; last: LocalDay },
): BusyTime[] {
  if (off.from !== null) return [{ kind: 'time_off', from: off.from, to: off.to, calendar: null }]
  const dates = { first: Math.max(first, off.first_day), last: Math.min(last, off.last_day) }
  const around = { from: first * DAY - AROUND, to: (last + 1) * DAY + AROUND }
  return instantsOfDates(zone, dates, around).map((span) => ({ ...span, kind: 'time_off', calendar: null }))
}

function hoursWithin(schedule: store.HostRow['schedule'], reach: Interval): Interval[] {
  if (schedule === null) return []
  const zone = zoneOffsets(schedule.timezone, reach.from, reach.to)
  return unite(intervalsOfDates(parseSchedule(schedule), zone, reach)).filter((hours) => touches(hours, reach))
}

function showBusy(times: readonly BusyTime[], reach: Interval): MemberBusy['busy'] {
  return times
    .filter((time) => touches(time, reach))
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .map(({ kind, calendar, ...time }) => ({ kind, ...showTime(time), calendar }))
}

function touches(time: Interval, reach: Interval): boolean {
  return time.from < reach.to && time.to > reach.from
}

function showTime({ from, to }: Interval) {
  return { start: toInstantText(from), end: toInstantText(to) }
}
