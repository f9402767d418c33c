import { DAY, MINUTE } from './durations.ts'
import { formatLocalDate, formatWallTime, toLocalDay } from './local-dates.ts'

/**
 * Creates a function that formats instants (epoch milliseconds) as RFC 3339 in UTC without fractional seconds. It is meant for
 * long sorted lists. It formats each date only once, which takes a quarter of the time of creating one `Date` per instant.
 */
export function makeInstantWriter(): (instant: number) => string {
  let day = Number.NaN
  let date = ''
  return (instant) => {
    const today = Math.floor(instant / DAY)
    if (today !== day) {
      day = today
      date = formatLocalDate(toLocalDay(today))
    }
    const seconds = Math.floor(instant / 1000) % 60
    const minutes = Math.floor((instant - today * DAY) / MINUTE)
    return `${date}T${formatWallTime(minutes)}:${String(seconds < 0 ? seconds + 60 : seconds).padStart(2, '0')}Z`
  }
}
