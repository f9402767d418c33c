import { z } from 'zod'
import { findZone } from '../calendars/wall-clock.ts'
import { DAY } from '../time/durations.ts'
import { type Interval, unite } from '../time/intervals.ts'
import type { SourceReading } from './ics-source.ts'
import type { CalendarEntryContent, FoundEntry } from './provider.ts'

/** The time of an event, in UTC, because the requests ask for it: `2027-03-01T08:00:00.0000000`. */
const timeSchema = z.object({ dateTime: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/) })

/** The extended property that holds the UID of an entry. The GUID is that of the property set for named string properties. */
export const UID_PROPERTY = 'String {00020329-0000-0000-C000-000000000046} Name BookbellUid'

/** The parts of an event that are read: no titles, places or people. */
export const eventSchema = z.object({
  id: z.string().min(1),
  '@odata.etag': z.string().optional(),
  transactionId: z.string().nullish(),
  isCancelled: z.boolean().nullish(),
  isAllDay: z.boolean().nullish(),
  showAs: z.string().nullish(),
  responseStatus: z.object({ response: z.string().nullish() }).nullish(),
  originalStartTimeZone: z.string().nullish(),
  start: timeSchema,
  end: timeSchema,
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string().nullish() })).nullish(),
})
export type MicrosoftAppointment = z.output<typeof eventSchema>

/** The fields of an event to request, for `eventSchema`. */
export const EVENT_FIELDS =
  'id,transactionId,isCancelled,isAllDay,showAs,responseStatus,originalStartTimeZone,start,end'

/** What the events of a calendar mean for its owner. */
export interface ReadAppointments {
  busy: Interval[]
  entries: FoundEntry[]
  unreadable: number
}

/** Reads events that the server has expanded. */
export function readMicrosoftAppointments(items: readonly unknown[], reading: SourceReading): ReadAppointments {
  const busy: Interval[] = []
  const entries: FoundEntry[] = []
  let unreadable = 0
  for (const item of items) {
    const { data: event } = eventSchema.safeParse(item)
    if (!event) {
      unreadable++
      continue
    }
    const entry = readMicrosoftEntry(event, reading)
    if (entry.uid !== '' && reading.isOwn(entry.uid)) entries.push(entry)
    else if (counts(event, reading)) busy.push(timesOf(event, reading))
  }
  return { busy: unite(busy), entries, unreadable }
}

/** Returns an entry. Its UID is empty if the event is not ours. */
export function readMicrosoftEntry(event: MicrosoftAppointment, reading: SourceReading): FoundEntry {
  return {
    id: event.id,
    version: event['@odata.etag'] ?? null,
    uid: uidOf(event),
    start: timesOf(event, reading).from,
  }
}

/** The extended property survives every change. A lookup by this property does not return it, but returns the transaction's ID. */
function uidOf({ singleValueExtendedProperties: properties, transactionId }: MicrosoftAppointment): string {
  return properties?.find(({ id }) => id.endsWith(' Name BookbellUid'))?.value ?? transactionId ?? ''
}

/**
 * The dates of an all-day event arrive as midnight in UTC, wherever its calendar is. They are days in the time zone in which the event was
 * created, if it has one, which is usually that of the mailbox.
 */
function timesOf(
  { start, end, isAllDay, originalStartTimeZone }: MicrosoftAppointment,
  reading: SourceReading,
): Interval {
  const [from, to] = [start, end].map(({ dateTime }) => Date.parse(`${dateTime.replace(/Z$/, '')}Z`)) as [
    number,
    number,
  ]
  if (!isAllDay || from % DAY !== 0 || to % DAY !== 0) return { from, to }
  const found = findZone(originalStartTimeZone ?? '')
  const zone = found === null || found === 'UTC' || found === 'Etc/UTC' ? reading.memberTimezone : found
  return { from: startOfDay(from, zone), to: startOfDay(to, zone) }
}

/** The start of a day in a zone. The day is given by its start in UTC. */
function startOfDay(utc: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(utc).toZonedDateTimeISO('UTC').toPlainDate().toZonedDateTime(zone)
    .epochMilliseconds
}

/** Someone who works elsewhere can be met: Outlook shows it as free. */
const FREE = new Set(['free', 'workingElsewhere'])

function counts(event: MicrosoftAppointment, { tentativeBlocks, allDayBlocks }: SourceReading): boolean {
  const answer = event.responseStatus?.response
  if (event.isCancelled || answer === 'declined' || FREE.has(event.showAs ?? '')) return false
  if (event.isAllDay && !allDayBlocks) return false
  return tentativeBlocks || (event.showAs !== 'tentative' && answer !== 'tentativelyAccepted')
}

/** Builds the event of an entry. Without attendees, Microsoft invites no one. */
export function toMicrosoftEntry(content: CalendarEntryContent) {
  const time = (instant: number) => ({ dateTime: new Date(instant).toISOString().slice(0, 19), timeZone: 'UTC' })
  return {
    subject: content.title,
    body: { contentType: 'text', content: `${content.description}\n\n${content.url}` },
    location: { displayName: content.location ?? '' },
    showAs: content.isTentative ? 'tentative' : 'busy',
    isAllDay: false,
    start: time(content.start),
    end: time(content.end),
    singleValueExtendedProperties: [{ id: UID_PROPERTY, value: content.uid }],
  }
}
