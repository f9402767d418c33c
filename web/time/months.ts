/* Dates as people write them, without a time zone: `YYYY-MM-DD` and `YYYY-MM`. Sorting the text sorts by time. */

const pad = (value: number) => String(value).padStart(2, '0')

export const isMonth = (text: string | null): text is string => /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '')

/** Returns whether the text is an existing date. */
export function isDate(text: string | null): text is string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? '')) return false
  const parsed = new Date(`${text}T12:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(`${text}T`)
}

export const monthOf = (date: string): string => date.slice(0, 7)

export function addDays(date: string, days: number): string {
  const [year, month, day] = numbers(date)
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)
}

export function addMonths(month: string, months: number): string {
  const [year, index] = numbers(month)
  return new Date(Date.UTC(year, index - 1 + months, 1)).toISOString().slice(0, 7)
}

export const firstDate = (month: string): string => `${month}-01`

export const lastDate = (month: string): string => addDays(firstDate(addMonths(month, 1)), -1)

/**
 * Returns the dates to request so that a month is complete in every time zone. A month begins up to 14 hours earlier and ends up
 * to 12 hours later than in UTC.
 */
export const rangeAround = (month: string) => ({ from: addDays(firstDate(month), -1), to: addDays(lastDate(month), 1) })

/** Returns the date as the calendar widget expects it: noon in the browser's own time zone, which no clock change affects. */
export function toLocalNoon(date: string): Date {
  const [year, month, day] = numbers(date)
  return new Date(year, month - 1, day || 1, 12)
}

/** The inverse of `toLocalNoon`. */
export const fromLocal = (date: Date): string =>
  `${String(date.getFullYear()).padStart(4, '0')}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`

function numbers(date: string): [number, number, number] {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return [year, month, day]
}
