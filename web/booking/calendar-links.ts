/** What a calendar needs to know of a meeting. */
export type CalendarEntry = {
  /** As in the mails about the meeting, so that a calendar that has both holds one entry. */
  uid: string
  sequence: number
  title: string
  start: string
  end: string
  location: string
  details: string
}

/** `2027-03-01T08:00:00Z` -> `20270301T080000Z` (RFC 5545, form 2). */
const compact = (instant: string) => new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '')

export function googleLink(entry: CalendarEntry): string {
  const query = new URLSearchParams({
    action: 'TEMPLATE',
    text: entry.title,
    dates: `${compact(entry.start)}/${compact(entry.end)}`,
    details: entry.details,
    location: entry.location,
  })
  return `https://calendar.google.com/calendar/render?${query}`
}

export function outlookLink(entry: CalendarEntry): string {
  const query = new URLSearchParams({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: entry.title,
    startdt: new Date(entry.start).toISOString(),
    enddt: new Date(entry.end).toISOString(),
    body: entry.details,
    location: entry.location,
  })
  return `https://outlook.live.com/calendar/0/deeplink/compose?${query}`
}

/** One meeting as an iCalendar file (RFC 5545). */
export function icsText(entry: CalendarEntry, now: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Bookbell//Booking page//EN',
    'BEGIN:VEVENT',
    `UID:${entry.uid}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTAMP:${compact(new Date(now).toISOString())}`,
    `DTSTART:${compact(entry.start)}`,
    `DTEND:${compact(entry.end)}`,
    `SUMMARY:${escapeText(entry.title)}`,
    `LOCATION:${escapeText(entry.location)}`,
    `DESCRIPTION:${escapeText(entry.details)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return `${lines.map(foldLine).join('\r\n')}\r\n`
}

const escapeText = (text: string) => text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r\n|\r|\n/g, '\\n')

/** At most 75 octets a line, never inside a character (RFC 5545, 3.1). */
function foldLine(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const size = new TextEncoder().encode(character).length
    if (octets + size > 75) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += character
    octets += size
  }
  return [...lines, current].join('\r\n')
}
