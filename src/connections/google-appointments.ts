import { z } from 'zod'
import { findZone } from '../calendars/wall-clock.ts'
import { type Interval, unite } from '../time/intervals.ts'
import type { SourceReading } from './ics-source.ts'
import type { CalendarEntryContent, FoundEntry } from './provider.ts'

/** The time of an event: `date` for all-day events, otherwise `dateTime` with an offset. */
const timeSchema = z.object({ date: z.iso.date().optional(), dateTime: z.iso.datetime({ offset: true }).optional() })

/** The parts of an event that are read: no titles, places or people. */
export const eventSchema = z.object({
  id: z.string().min(1),
  etag: z.string().optional(),
  iCalUID: z.string().optional(),
  status: z.string().optional(),
  transparency: z.string().optional(),
  eventType: z.string().optional(),
  start: timeSchema.optional(),
  end: timeSchema.optional(),
  attendees: z.array(z.object({ self: z.boolean().optional(), responseStatus: z.string().optional() })).optional(),
})
export type GoogleAppointment = z.output<typeof eventSchema>

/** The fields of an event to request, for `eventSchema`. */
export const EVENT_FIELDS = 'id,etag,iCalUID,status,transparency,eventType,start,end,attendees(self,responseStatus)'

/** What the events of a calendar mean for its owner. */
export interface ReadAppointments {
  busy: Interval[]
  entries: FoundEntry[]
  unreadable: number
}

/** Reads events that the server has expanded. `timezone` is the calendar's time zone, for all-day events. */
export function readGoogleAppointments(
  items: readonly unknown[],
  { timezone, reading }: { timezone: string | null; reading: SourceReading },
): ReadAppointments {
  const zone = findZone(timezone ?? '') ?? reading.timezone ?? reading.memberTimezone
  const busy: Interval[] = []
  const entries: FoundEntry[] = []
  let unreadable = 0
  for (const item of items) {
    const parsed = eventSchema.safeParse(item)
    const event = parsed.data
    if (event?.status === 'cancelled') continue
    const times = event && timesOf(event, zone)
    if (!times) unreadable++
    else if (event.iCalUID !== undefined && reading.isOwn(event.iCalUID)) entries.push(toEntry(event, times.from))
    else if (counts(event, reading)) busy.push(times)
  }
  return { busy: unite(busy), entries, unreadable }
}

/** Returns one of our entries; null if the event has no readable start. */
export function readGoogleEntry(
  event: GoogleAppointment,
  { timezone, memberTimezone }: SourceReading,
): FoundEntry | null {
  const times = timesOf(event, timezone ?? memberTimezone)
  return times && toEntry(event, times.from)
}

function toEntry({ id, etag, iCalUID = '' }: GoogleAppointment, start: number): FoundEntry {
  return { id, version: etag ?? null, uid: iCalUID, start }
}

function timesOf({ start, end }: GoogleAppointment, zone: string): Interval | null {
  const from = start && instantOf(start, zone)
  const to = end && instantOf(end, zone)
  return from == null || to == null ? null : { from, to }
}

function instantOf({ date, dateTime }: z.output<typeof timeSchema>, zone: string): number | null {
  if (dateTime !== undefined) return Date.parse(dateTime)
  return date === undefined ? null : Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
}

/** Event types that say where someone is, or that someone else has a birthday. */
const NOT_BUSY = new Set(['workingLocation', 'birthday'])

function counts(event: GoogleAppointment, { tentativeBlocks, allDayBlocks }: SourceReading): boolean {
  const answer = event.attendees?.find(({ self }) => self)?.responseStatus
  if (event.transparency === 'transparent' || answer === 'declined' || NOT_BUSY.has(event.eventType ?? '')) return false
  if (event.start?.date !== undefined && !allDayBlocks) return false
  return tentativeBlocks || (event.status !== 'tentative' && answer !== 'tentative')
}

/** Builds the event of an entry. Without attendees, Google invites no one. */
export function toGoogleEntry(content: CalendarEntryContent) {
  return {
    iCalUID: content.uid,
    summary: content.title,
    description: content.description,
    location: content.location ?? '',
    status: content.isTentative ? 'tentative' : 'confirmed',
    transparency: 'opaque',
    start: { dateTime: new Date(content.start).toISOString() },
    end: { dateTime: new Date(content.end).toISOString() },
    source: { title: 'Bookbell', url: content.url },
  }
}
