/** What the calendar links need to know about a meeting. */
export type LinkedEntry = {
  title: string
  start: string
  end: string
  location: string
  details: string
}

/** `2027-03-01T08:00:00Z` -> `20270301T080000Z` (RFC 5545, form 2). */
const compact = (instant: string) => new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '')

export function googleLink(entry: LinkedEntry): string {
  const query = new URLSearchParams({
    action: 'TEMPLATE',
    text: entry.title,
    dates: `${compact(entry.start)}/${compact(entry.end)}`,
    details: entry.details,
    location: entry.location,
  })
  return `https://calendar.google.com/calendar/render?${query}`
}

export function outlookLink(entry: LinkedEntry): string {
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
