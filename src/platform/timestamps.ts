/** Converts PostgreSQL's text form of a timestamptz (in a session whose zone is UTC) to RFC 3339 with six fraction digits. */
export function parseTimestamp(text: string): string {
  const [date, rest = ''] = text.split(' ')
  const [time, fraction = ''] = rest.replace(/[+-]\d\d(:?\d\d)?$/, '').split('.')
  return `${date}T${time}.${fraction.padEnd(6, '0')}Z`
}
