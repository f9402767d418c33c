import ical, { ICalEventBusyStatus, type ICalEventData, ICalEventStatus, ICalEventTransparency } from 'ical-generator'
import type { CalendarEntryContent } from './provider.ts'

/**
 * Builds the calendar file of an entry (RFC 5545). It has no organizer and no attendees, so that the server sends no invitations.
 * Times are in UTC, so that a change in a time zone's rules does not move the meeting. `at` is the time when the file is written.
 */
export function entryFile(content: CalendarEntryContent, at: number): string {
  return calendarFile([content], { at })
}

/** Builds a calendar file with an entry for each meeting. Programs that subscribe to the file show `name`. */
export function calendarFile(
  contents: readonly CalendarEntryContent[],
  { at, name }: { at: number; name?: string },
): string {
  const calendar = ical({ prodId: { company: 'Bookbell', product: 'Bookbell', language: 'EN' }, scale: 'gregorian' })
  if (name !== undefined) calendar.name(name)
  for (const content of contents) calendar.createEvent(toEvent(content, at))
  // RFC 5545, 3.1: every line ends with CRLF, including the last one.
  return `${calendar.toString()}\r\n`
}

function toEvent(content: CalendarEntryContent, at: number): ICalEventData {
  const { isTentative } = content
  return {
    id: content.uid,
    stamp: new Date(at),
    start: new Date(content.start),
    end: new Date(content.end),
    summary: content.title,
    description: content.description,
    location: content.location,
    url: content.url,
    status: isTentative ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
    busystatus: isTentative ? ICalEventBusyStatus.TENTATIVE : ICalEventBusyStatus.BUSY,
    transparency: ICalEventTransparency.OPAQUE,
  }
}
