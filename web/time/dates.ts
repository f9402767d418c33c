/**
 * Returns the dates from the first to the last, both included. Returns an empty list if a date is missing or the last is before
 * the first.
 */
export function datesBetween(first: string, last: string): string[] {
  const [from, to] = [first, last].map((date) => Date.parse(`${date}T12:00:00Z`)) as [number, number]
  if (!(from <= to)) return []
  const count = Math.round((to - from) / 86_400_000) + 1
  return Array.from({ length: count }, (_, at) => new Date(from + at * 86_400_000).toISOString().slice(0, 10))
}
