import ical, { ICalEventBusyStatus, ICalEventStatus, ICalEventTransparency } from 'ical-generator'
import type { CalendarEntryContent } from './provider.ts'

/**
 * Builds the calendar file of an entry (RFC 5545). Without an organizer and attendees, the server sends no invitations. Times are in
 * UTC, so that a later change of a time zone's rules does not move the meeting. `at` is when the file was written.
 */
export function entryFile(content: CalendarEntryContent, at: number): string {
  const calendar = ical({ prodId: { company: 'Bookbell', product: 'Bookbell', language: 'EN' }, scale: 'gregorian' })
  const { isTentative } = content
  calendar.createEvent({
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
  })
  // RFC 5545, 3.1: every line ends with CRLF, including the last one.
  return `${calendar.toString()}\r\n`
}
