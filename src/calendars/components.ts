/** An event or a time zone in a calendar file, as text. */
export interface ComponentText {
  name: 'VEVENT' | 'VTIMEZONE'
  text: string
}

/** The beginning of a calendar file, which applies to the whole file. */
export interface FileHeader {
  name: string | null
  timezone: string | null
}

/** The properties that affect times. Other properties, such as titles, people and attachments, are not parsed. */
const READ = new Set([
  ...['UID', 'SEQUENCE', 'DTSTART', 'DTEND', 'DURATION', 'RRULE', 'RDATE', 'EXDATE', 'RECURRENCE-ID'],
  ...['STATUS', 'TRANSP', 'ATTENDEE', 'X-MICROSOFT-CDO-BUSYSTATUS'],
  ...['TZID', 'TZOFFSETFROM', 'TZOFFSETTO', 'X-LIC-LOCATION', 'BEGIN', 'END'],
])

/** The maximum length of an unfolded line. A list of 10,000 dates fits into it. */
const LONGEST_LINE = 400_000

/** Returns whether a text is a complete calendar file. A truncated body does not have an end line. */
export function isCalendarFile(text: string): boolean {
  return /^\uFEFF?\s*BEGIN:VCALENDAR[ \t]*\r?\n/i.test(text) && /\nEND:VCALENDAR\s*$/i.test(text.slice(-200))
}

/** Reads the calendar's name and time zone, which precede its components. */
export function readHeader(text: string): FileHeader {
  const end = text.search(/\nBEGIN:(?!VCALENDAR)/i)
  const lines = unfold(text.slice(0, Math.min(end < 0 ? text.length : end, 20_000)))
  const find = (property: string) => {
    const line = lines.find((candidate) => nameOf(candidate) === property)
    return line === undefined ? null : line.slice(line.indexOf(':') + 1).trim() || null
  }
  return { name: find('X-WR-CALNAME'), timezone: find('X-WR-TIMEZONE') ?? find('TIMEZONE-ID') }
}

/** Yields the events and time zones in calendar files, without alarms and unneeded properties. */
export function* findComponents(text: string): Generator<ComponentText> {
  const begin = /^BEGIN:(VEVENT|VTIMEZONE)[ \t]*\r?$/gim
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const name = match[1]?.toUpperCase() === 'VTIMEZONE' ? 'VTIMEZONE' : 'VEVENT'
    const end = new RegExp(`^END:${name}[ \\t]*\\r?$`, 'gim')
    end.lastIndex = match.index
    const found = end.exec(text)
    if (!found) return
    begin.lastIndex = found.index + found[0].length
    yield { name, text: `${keepRead(unfold(text.slice(match.index, found.index))).join('\r\n')}\r\nEND:${name}\r\n` }
  }
}

/** Joins folded lines (RFC 5545, 3.1). */
function unfold(text: string): string[] {
  return text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
}

function keepRead(lines: readonly string[]): string[] {
  const kept: string[] = []
  let alarms = 0
  for (const line of lines) {
    if (/^BEGIN:VALARM/i.test(line)) alarms++
    if (alarms === 0 && line.length <= LONGEST_LINE && READ.has(nameOf(line))) kept.push(line)
    if (/^END:VALARM/i.test(line)) alarms--
  }
  return kept
}

function nameOf(line: string): string {
  return /^[A-Za-z\d-]*/.exec(line)?.[0].toUpperCase() ?? ''
}
