/** The meeting details that the calendar links need. */
export type LinkedEntry = {
  title: string
  start: string
  end: string
  location: string
  details: string
}

/** `2027-03-01T08:00:00Z` becomes `20270301T080000Z` (RFC 5545, form 2). */
const compact = (instant: string) => new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '')

/** Writes spaces as `%20`, because Outlook displays a `+` literally. */
const encode = (query: Record<string, string>) =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

export function googleLink(entry: LinkedEntry): string {
  const query = encode({
    action: 'TEMPLATE',
    text: entry.title,
    dates: `${compact(entry.start)}/${compact(entry.end)}`,
    details: entry.details,
    location: entry.location,
  })
  return `https://calendar.google.com/calendar/render?${query}`
}

/** For personal accounts (outlook.com, hotmail.com). */
export const outlookLink = (entry: LinkedEntry): string => composeLink('https://outlook.live.com', entry)

/** For company and school accounts (Microsoft 365). */
export const office365Link = (entry: LinkedEntry): string => composeLink('https://outlook.office.com', entry)

/** Omits `path` and `rru`, because with them Outlook shows every space as a `+`. */
function composeLink(origin: string, entry: LinkedEntry): string {
  const query = encode({
    subject: entry.title,
    startdt: new Date(entry.start).toISOString(),
    enddt: new Date(entry.end).toISOString(),
    body: entry.details,
    location: entry.location,
  })
  return `${origin}/calendar/0/deeplink/compose?${query}`
}
